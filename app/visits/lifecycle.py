"""Every verb of a visit in one place: a door calls `lifecycle.claim`, never a status assignment."""

from app.visits.addresses import send_again
from app.visits.arranging import (
    Step,
    as_planned,
    move_appointment,
    move_together,
    moved,
    swap_appointments,
    undo_move,
)
from app.visits.closing import (
    Commitment,
    cancel,
    complete,
    correct_goals,
    decline,
    finish_follow_up,
    mark_no_show,
    merge,
    reopen,
    report,
    withdraw,
)
from app.visits.offering import claim, decline_offer, join, lapse, offer, reassign, release
from app.visits.programming import (
    accept,
    accept_part,
    add_appointment,
    ask_for_change,
    decline_part,
    lapse_hold,
    propose,
    remove_appointment,
)
from app.visits.requesting import Request, expire, receive, register, submit
from app.visits.running_late import run_late
from app.visits.stops import Plan
from app.visits.talking import add_delegate, answer, ask_visitor, remove_delegate, write

__all__ = [
    "Commitment",
    "Plan",
    "Request",
    "Step",
    "accept",
    "accept_part",
    "add_appointment",
    "add_delegate",
    "answer",
    "as_planned",
    "ask_for_change",
    "ask_visitor",
    "cancel",
    "claim",
    "complete",
    "correct_goals",
    "decline",
    "decline_offer",
    "decline_part",
    "expire",
    "finish_follow_up",
    "join",
    "lapse",
    "lapse_hold",
    "mark_no_show",
    "merge",
    "move_appointment",
    "move_together",
    "moved",
    "offer",
    "propose",
    "reassign",
    "receive",
    "register",
    "release",
    "remove_appointment",
    "remove_delegate",
    "reopen",
    "report",
    "run_late",
    "send_again",
    "submit",
    "swap_appointments",
    "undo_move",
    "withdraw",
    "write",
]
