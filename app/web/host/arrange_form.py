"""The small forms of the arranging page: a day and two times, and steps of some minutes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.core.errors import Invalid
from app.core.nights import fits_the_night
from app.core.time import in_venue
from app.visits import lifecycle
from app.visits.lifecycle import Plan
from app.visits.programme_models import Appointment
from app.web.host.clock_span import ClockSpan
from app.web.host.fields import ClockField, DayField, required

STEP = re.compile(r"(earlier|later|shorter|longer)-(10|15|30)")
STEPS = (10, 15, 30)  # minutes


class MoveForm(ClockSpan, FlaskForm):
    """Another day or other times of one stop; on the board the same form is filled in by dragging."""

    on = DayField(_l("Day"), validators=[required(_l("Choose the day."))])
    starts = ClockField(_l("From"), validators=[required(_l("Say when it starts."))])
    ends = ClockField(_l("Until"), validators=[required(_l("Say when it ends."))])

    def validate(self, *args: object, **kwargs: object) -> bool:
        """Each field by itself, then what they say together."""
        if not super().validate(*args, **kwargs):
            return False
        self.check_clock()
        return not self.errors

    def plan_for(self, stop: Appointment) -> Plan:
        """The stop at the day and times that were chosen; only after validation."""
        starts, ends = self.span
        return replace(lifecycle.as_planned(stop), starts_at=starts, ends_at=ends)

    @property
    def is_whole(self) -> bool:
        """Whether day, start and end are all there, each of them such a thing."""
        return not any(part.data is None or part.process_errors for part in (self.on, self.starts, self.ends))

    @property
    def words(self) -> list[str]:
        """What is wrong, without the fields' names."""
        return [str(word) for part in (self.on, self.starts, self.ends) for word in part.errors]


def stepped(stop: Appointment, step: str) -> Plan:
    """The stop some minutes earlier, later, shorter or longer; raises Invalid for a step that no button offers."""
    found = STEP.fullmatch(step)
    if found is None:
        raise Invalid("choice", "step")
    way, by = found[1], timedelta(minutes=int(found[2]))
    starts, ends = stop.starts_at, stop.ends_at
    if way in ("earlier", "later"):
        sign = 1 if way == "later" else -1
        starts, ends = starts + sign * by, ends + sign * by
    else:
        ends += by if way == "longer" else -by
    if ends <= starts or not fits_the_night(starts, ends):
        raise Invalid("end-before-start", "ends_at")
    return replace(lifecycle.as_planned(stop), starts_at=starts, ends_at=ends)


def minutes_of(moment: datetime) -> int:
    """Minutes after midnight on the venue's clock."""
    wall = in_venue(moment)
    return wall.hour * 60 + wall.minute


def minutes_between(starts: datetime, ends: datetime) -> int:
    """How long it is."""
    return int((ends - starts).total_seconds()) // 60


def day_value(moment: datetime) -> str:
    """The venue's date, as a date field holds it."""
    return in_venue(moment).date().isoformat()


def clock_value(moment: datetime) -> str:
    """The venue's time, as a time field holds it."""
    return f"{in_venue(moment):%H:%M}"
