"""Files made to hurt end by themselves, in a process of their own, with an error that has a name."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass

import pytest

from app.calendars import sandbox
from app.calendars.busy import NotTaken
from app.calendars.recurrence import estimated_occurrences
from app.calendars.sandbox import read_safely
from tests.calendars.bombs import BOMBS, DAILY, DUDS, MORE_OF_THE_SAME
from tests.calendars.others import HORIZON, busy, calendar

pytestmark = pytest.mark.one_engine
HOUR = busy("2027-03-08 08:00", "2027-03-08 09:00")


@dataclass
class Cost:
    """What a reading took: seconds on the clock, seconds of work."""

    wall: float
    cpu: float


def work() -> float:
    """Seconds that ended children have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(body: bytes) -> tuple[str | int, Cost]:
    """The error's code, or how many busy times there are; and what it took."""
    began, worked = time.monotonic(), work()
    try:
        found: str | int = len(read_safely(body, HORIZON).busy)
    except NotTaken as error:
        found = error.code
    return found, Cost(time.monotonic() - began, work() - worked)


@pytest.mark.parametrize("name", [name for name in BOMBS if name not in MORE_OF_THE_SAME])
def test_bomb_ends_with_a_named_error(name: str) -> None:
    found, cost = read(BOMBS[name])
    assert found == "too-much"
    assert cost.wall < 5.5
    assert cost.cpu < 2.6


@pytest.mark.parametrize("name", DUDS)
def test_harmless_part_of_a_bomb_is_read(name: str) -> None:
    assert read_safely(DUDS[name], HORIZON).busy == (HOUR,)


def test_daily_for_twenty_years_is_no_bomb() -> None:
    found, cost = read(DAILY)
    assert found == 412
    assert cost.cpu < 1.5


def test_estimates() -> None:
    starts, last = HORIZON.first.replace(year=1970), HORIZON.last
    assert estimated_occurrences({"FREQ": ["SECONDLY"]}, starts, last) > 1_800_000_000
    assert estimated_occurrences({"FREQ": ["SECONDLY"], "COUNT": [5]}, starts, last) == 5
    assert estimated_occurrences({"FREQ": ["DAILY"]}, last.replace(year=2007), last) == 7_674
    assert estimated_occurrences({"FREQ": ["DAILY"]}, last.replace(year=2040), last) == 0
    with pytest.raises(ValueError):
        estimated_occurrences({"FREQ": ["SOMETIMES"]}, starts, last)


def test_child_is_killed_when_it_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_BEGIN", "import time; time.sleep(60)")
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 1)
    found, cost = read(calendar())
    assert found == "too-much"
    assert cost.wall < 3


@pytest.mark.parametrize(
    "attempt",
    ["os.write(os.open('/tmp/vertskap-child', os.O_WRONLY | os.O_CREAT), b'x')", "os.environ['DATA_KEY']"],
)
def test_child_may_not_write_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch, attempt: str) -> None:
    limits = sandbox._BEGIN.split("sys.modules", maxsplit=1)[0]
    done = f'{limits}\nimport os\n{attempt}\nprint(\'{{{{"error": "too-much"}}}}\')'
    monkeypatch.setattr(sandbox, "_BEGIN", done)
    monkeypatch.setenv("DATA_KEY", "secret")
    with pytest.raises(NotTaken, match="unreadable"):  # it ended at the attempt
        read_safely(calendar(), HORIZON)
    monkeypatch.setattr(sandbox, "_BEGIN", done.replace(attempt, "pass"))
    with pytest.raises(NotTaken, match="too-much"):
        read_safely(calendar(), HORIZON)


def test_without_the_guards_a_bomb_goes_off() -> None:
    """The control: the parser alone, without estimate and without limits, is still at it after two seconds."""
    script = (
        "import icalendar, recurring_ical_events, sys, signal, datetime\n"
        "signal.alarm(2)\n"
        "found = icalendar.Calendar.from_ical(sys.stdin.buffer.read())\n"
        "recurring_ical_events.of(found).between(datetime.date(2027, 3, 1), datetime.date(2027, 3, 8))\n"
    )
    ended = sandbox.subprocess.run(
        [sys.executable, "-c", script], input=BOMBS["every second since 1970"], capture_output=True, check=False
    )
    assert ended.returncode == -14
