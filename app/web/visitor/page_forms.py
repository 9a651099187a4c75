"""Forms of the visitor's own page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField

from app.web.visitor.checks import Filled, PlainText
from app.web.visitor.forms import LINE, LONG, NAME, SHORT, StepForm

INVITATIONS = {
    "each": _l("An invitation of its own for each appointment, one mail each"),
    "together": _l("Fewer mails: several new appointments in one file, which your calendar does not update"),
    "none": _l("Not by mail"),
}


class ChangeForm(StepForm):
    """What should be different in the programme."""

    wish = TextAreaField(
        _l("What should be different?"), [Filled(_l("Write what should be different.")), PlainText(LONG)]
    )


class MessageForm(StepForm):
    """A message to the host, or the answer to a question."""

    body = TextAreaField(_l("Your message"), [Filled(_l("Write something first.")), PlainText(LONG)])


class DelegateForm(StepForm):
    """One person of the delegation: needs, never reasons."""

    name = StringField(_l("Name"), [Filled(_l("Write the person's name.")), PlainText(NAME)])
    title = StringField(_l("Title"), [PlainText(LINE)])
    needs = TextAreaField(
        _l("Needs"),
        [PlainText(SHORT)],
        description=_l("For example step-free access or no nuts. Say what is needed, not why."),
    )
    consent = BooleanField(_l("This person agrees that the hosts are told about these needs"))


class InvitationsForm(StepForm):
    """How appointments reach the visitor's own calendar."""

    invitations = RadioField(_l("Your appointments, in your own calendar"), choices=list(INVITATIONS.items()))


class WithdrawForm(StepForm):
    """Why the visit is called off."""

    reason = TextAreaField(
        _l("Why?"), [PlainText(SHORT)], description=_l("It helps the hosts to know, but you need not say.")
    )
