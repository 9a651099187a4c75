"""The rules of a programme written a second time, slowly and plainly, and a search that tries everything.

Nothing here uses the search in app.planning: only its data. What is found quickly is held against this.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise, product
from math import prod

from app.core.time import from_venue, in_venue
from app.planning.daylight import daylight
from app.planning.holidays import is_working_day
from app.planning.scene import Scene
from app.planning.travel import leg_between
from app.planning.wishes import Placed, Request, Wish

SPLIT, DAY, WINDOW, GRID, FINE = 60, 120, 60, 15, 5
One = tuple[datetime, str]  # when a wish begins, and who receives
Plan = dict[str, One]


def moment(day: date, minute: int) -> datetime:
    return from_venue(datetime(day.year, day.month, day.day) + timedelta(minutes=minute))


def minutes(value: int) -> timedelta:
    return timedelta(minutes=value)


def days(request: Request) -> list[date]:
    found = set()
    for window in request.windows:
        day = window.first_on
        while day <= window.last_on:
            found.add(day)
            day += timedelta(days=1)
    return sorted(day for day in found if request.weekends or is_working_day(day))


def is_open(scene: Scene, calendar, starts: datetime, ends: datetime) -> bool:
    """Open the whole time, and nothing in the way."""
    if calendar is None:
        return True
    if any(busy.starts_at < ends and starts < busy.ends_at for busy in calendar.busy):
        return False
    if calendar.hours is None:
        return True
    day = in_venue(starts).date()
    return any(
        moment(day, span.starts) <= starts and ends <= moment(day, span.ends)
        for span in calendar.hours.get(day.weekday(), ())
    )


def alone_problems(scene: Scene, request: Request, wish: Wish, one: One) -> list[str]:  # noqa: C901 - one line a rule
    """What is wrong with this wish at that time, whatever the others do."""
    starts, contact = one
    ends, day, limits = starts + minutes(wish.minutes), in_venue(starts).date(), scene.limits
    wrong = []
    if day not in days(request):
        wrong.append("day")
    if starts <= scene.now:
        wrong.append("past")
    if ends > moment(day, 1440):
        wrong.append("midnight")
    if wish.fixed_at is not None and starts != wish.fixed_at:
        wrong.append("fixed")
    if wish.on is not None and day != wish.on:
        wrong.append("only on")
    if wish.fixed_at is None and in_venue(starts).minute % FINE:
        wrong.append("grid")
    if (contact not in wish.contacts) if wish.contacts else contact:
        wrong.append("contact")
    calendars = [scene.hosts.get(host) for host in wish.hosts] + [scene.people.get(contact)]
    if wish.place in scene.sites:
        calendars.append(scene.sites[wish.place].calendar)
    if not all(is_open(scene, calendar, starts, ends) for calendar in calendars):
        wrong.append("busy")
    if wish.daylight:
        site = scene.sites.get(wish.place)
        light = daylight(day, site.latitude, site.longitude) if site else daylight(day, scene.latitude, scene.longitude)
        if not (moment(day, light.starts) <= starts and ends <= moment(day, light.ends)):
            wrong.append("dark")
    if wish.serves_lunch:
        window, lunch = limits.lunch_window, min(limits.lunch, wish.minutes)
        if not moment(day, window.starts) <= starts <= moment(day, window.ends - lunch):
            wrong.append("not lunch")
    return wrong


def groups(scene: Scene, request: Request, plan: Plan, day: date) -> list[list[Wish | Placed]] | None:
    """The day's stops in order, those at once together; None where the group is asked to be at two places."""
    stops = [w for w in request.wishes if in_venue(plan[w.key][0]).date() == day]
    stops += [p for p in request.placed if in_venue(p.starts_at).date() == day]
    rows: list[list[Wish | Placed]] = []
    for stop in sorted(stops, key=lambda stop: span(plan, stop)):
        if rows and span(plan, stop)[0] < max(span(plan, other)[1] for other in rows[-1]):
            rows[-1].append(stop)
        else:
            rows.append([stop])
    return None if any(len(row) > 1 and not may_be_at_once(scene, request, plan, row) for row in rows) else rows


def may_be_at_once(scene: Scene, request: Request, plan: Plan, row: list[Wish | Placed]) -> bool:
    if all(isinstance(stop, Placed) for stop in row):
        return True
    if len(row) != 2 or any(isinstance(stop, Placed) for stop in row):
        return False
    one, other = row
    site = scene.sites.get(one.place)
    return (
        one.splits
        and other.splits
        and plan[one.key][0] == plan[other.key][0]
        and (plan[one.key][1] != plan[other.key][1] or not plan[one.key][1])
        and not (one.place == other.place and site is not None and site.exclusive)
    )


def span(plan: Plan, stop: Wish | Placed) -> tuple[datetime, datetime]:
    if isinstance(stop, Placed):
        return stop.starts_at, stop.ends_at
    return plan[stop.key][0], plan[stop.key][0] + minutes(stop.minutes)


def problems(scene: Scene, request: Request, plan: Plan) -> list[str]:
    """Every rule that the plan breaks."""
    wrong = [p for w in request.wishes for p in alone_problems(scene, request, w, plan[w.key])]
    wishes = {wish.key: wish for wish in request.wishes}
    for first, second in request.orders:
        if span(plan, wishes[first])[1] > plan[second][0]:
            wrong.append("order")
    used = sorted({in_venue(starts).date() for starts, _contact in plan.values()})
    own = [in_venue(stop.starts_at).date() for stop in request.placed]
    longest = max(request.longest_stay, (max(own) - min(own)).days + 1 if own else 1)
    spanned = [*used, *own]
    if (max(spanned) - min(spanned)).days + 1 > longest:
        wrong.append("stay")
    if not any(w.first_on <= used[0] and used[-1] <= w.last_on for w in request.windows):
        wrong.append("window")
    return wrong + [problem for day in used for problem in day_problems(scene, request, plan, day)]


def day_problems(scene: Scene, request: Request, plan: Plan, day: date) -> list[str]:
    rows = groups(scene, request, plan, day)
    if rows is None:
        return ["two places at once"]
    wrong = []
    if len(rows) > (request.stops_a_day or scene.limits.stops_a_day):
        wrong.append("too many")
    for row, following in pairwise(rows):
        if begins(plan, following) - finishes(plan, row) < apart(scene, row, following):
            wrong.append("travel")
    if request.lunch and not has_lunch(scene, plan, rows, day):
        wrong.append("lunch")
    return wrong


def begins(plan: Plan, row: list[Wish | Placed]) -> datetime:
    return min(span(plan, stop)[0] for stop in row)


def finishes(plan: Plan, row: list[Wish | Placed]) -> datetime:
    return max(span(plan, stop)[1] for stop in row)


def apart(scene: Scene, row: list[Wish | Placed], following: list[Wish | Placed]) -> timedelta:
    if isinstance(row[0], Placed) and isinstance(following[0], Placed):
        return timedelta(0)
    way = max(leg_between(scene, a.place, b.place).minutes for a, b in product(row, following))
    return minutes(scene.limits.buffer + way)


def has_lunch(scene: Scene, plan: Plan, rows: list[list[Wish | Placed]], day: date) -> bool:
    """Try every minute at which lunch could begin."""
    limits = scene.limits
    if any(all(isinstance(stop, Wish) and stop.serves_lunch for stop in row) for row in rows):
        return True
    for minute in range(limits.lunch_window.starts, limits.lunch_window.ends - limits.lunch + 1):
        starts, ends = moment(day, minute), moment(day, minute + limits.lunch)
        before = [row for row in rows if finishes(plan, row) <= starts]
        after = [row for row in rows if begins(plan, row) >= ends]
        if len(before) + len(after) < len(rows):
            continue
        if not before or not after:
            return True
        room = apart(scene, before[-1], after[0]) + minutes(limits.lunch)
        if begins(plan, after[0]) - finishes(plan, before[-1]) >= room:
            return True
    return False


def cost(scene: Scene, request: Request, plan: Plan) -> int:
    """What the programme is worth, as app.planning.programmes says it; less is better."""
    used = sorted({in_venue(starts).date() for starts, _contact in plan.values()})
    windows = [n for n, w in enumerate(request.windows) if w.first_on <= used[0] and used[-1] <= w.last_on]
    total = DAY * (len(used) - 1) + WINDOW * windows[0]
    for day in used:
        rows = groups(scene, request, plan, day) or []
        length = max(finishes(plan, row) for row in rows) - min(begins(plan, row) for row in rows)
        divided = sum(1 for row in rows if len(row) > 1 and isinstance(row[0], Wish))
        total += int(length / minutes(1)) + SPLIT * divided
    return total


def every_start(scene: Scene, request: Request, wish: Wish, grid: int = GRID) -> list[One]:
    """Every time and person that is right for the wish by itself, on a grid of minutes."""
    found = []
    for day in days(request):
        times = [moment(day, minute) for minute in range(0, 1440, grid)]
        if wish.fixed_at is not None:
            times = [wish.fixed_at] if in_venue(wish.fixed_at).date() == day else []
        for starts, contact in product(times, wish.contacts or ("",)):
            if not alone_problems(scene, request, wish, (starts, contact)):
                found.append((starts, contact))
    return found


def how_many(scene: Scene, request: Request, grid: int = GRID) -> int:
    """The number of plans there are to try."""
    return prod(len(every_start(scene, request, wish, grid)) for wish in request.wishes)


def every_plan(scene: Scene, request: Request, grid: int = GRID) -> Iterator[Plan]:
    """Every choice of a start and a person for each wish, but those with one group at two places at once."""
    keys = [wish.key for wish in request.wishes]
    for chosen in product(*(every_start(scene, request, wish, grid) for wish in request.wishes)):
        plan = dict(zip(keys, chosen, strict=True))
        if not clash(request, plan):
            yield plan


def clash(request: Request, plan: Plan) -> bool:
    """A quick look that leaves out most of what `problems` would refuse: two stops at once that do not both split."""
    return any(
        span(plan, one)[0] < span(plan, other)[1]
        and span(plan, other)[0] < span(plan, one)[1]
        and not (one.splits and other.splits)
        for one, other in combinations(request.wishes, 2)
    )


def least_cost(scene: Scene, request: Request, grid: int = GRID) -> int | None:
    """The cost of the best plan there is, None when there is none, by looking at them all."""
    least: int | None = None
    for plan in every_plan(scene, request, grid):
        if least is None or cost_at_least(plan, request) < least:
            if not problems(scene, request, plan):
                least = min(cost(scene, request, plan), least if least is not None else 99999)
    return least


def cost_at_least(plan: Plan, request: Request) -> int:
    """The length of the days' wished part alone: no programme costs less."""
    found: dict[date, list[tuple[datetime, datetime]]] = {}
    for wish in request.wishes:
        one = span(plan, wish)
        found.setdefault(one[0].date(), []).append(one)
    return sum(int((max(b for _a, b in one) - min(a for a, _b in one)) / minutes(1)) for one in found.values())


def could_be_more(scene: Scene, request: Request, found: list[Plan]) -> bool:
    """Whether more plans than these differ from the first of them and from each other, up to three in all."""
    others = {
        tuple(sorted((key, starts) for key, (starts, _contact) in plan.items()))
        for plan in every_plan(scene, request, FINE)
        if is_elsewhere(plan, found[0]) and not problems(scene, request, plan)
    }
    if len(found) == 1:
        return bool(others)
    plans = [{key: (starts, "") for key, starts in one} for one in others]
    return any(is_elsewhere(one, other) for one, other in combinations(plans, 2))


def is_elsewhere(one: Plan, other: Plan) -> bool:
    moved = sum(1 for key in one if abs(one[key][0] - other[key][0]) >= minutes(60))
    return moved * 3 >= len(one) and moved > 0
