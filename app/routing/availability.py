"""Who can receive now: hosts that cannot drop in rank with the reason; equals are spread by load, old hosts kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.routing.catalogue import HostProfile
from app.routing.dates import LONGEST_WINDOW, is_day_off
from app.routing.types import Enquiry, Proposal, RankedHost, Reason

AWAY, FULL = 0.4, 0.6  # of the score: weighs more than a good deal of subject
SHORT, WORDLESS = 0.92, 0.92  # settles it between near equals only
KNOWN = 1.12  # the host that led the same organisation's earlier visit
LEADS_AGAIN = 0.7  # of the best score: with so much an earlier host is a plausible lead and goes first
HEAD = 12  # whoever comes after these is asked by nobody; their order among themselves does not matter
EQUAL = 0.9  # of the better score: the subject does not tell them apart
SERIOUS = frozenset({"out-of-office", "quiet-period", "over-cap"})
OBSTACLES = (*SERIOUS, "too-short-notice", "language-lacking")
# These put a host where it is by rule or by wish, not by the weight of a subject: load does not undo them.
PLACED = frozenset({"level", "does-the-work", "coordinates", "wished", "named", "network", "nordic-twin", "twin"})
ASKED_FOR = frozenset({"level", "wished", "named"})  # by high office, or today's own wish: goes before an earlier host
SCANDINAVIAN = frozenset({"no", "nb", "nn", "sv", "da"})  # understood by each other's speakers


@dataclass(frozen=True, slots=True)
class Standing:
    """A ranked host with what its profile says of these dates."""

    ranked: RankedHost
    load: int
    owner: str
    known: bool

    def has(self, *codes: str) -> bool:
        """Whether one of its reasons has one of these codes."""
        return any(reason.code in codes for reason in self.ranked.reasons)


@dataclass(frozen=True, slots=True)
class Wished:
    """The wished days, and the Mondays and firsts of months of their weeks and months."""

    days: tuple[date, ...]
    weeks: frozenset[date]
    months: frozenset[date]


def weigh_availability(
    proposal: Proposal, enquiry: Enquiry, hosts: Iterable[HostProfile], *, holiday_calendar: str = "NO"
) -> Proposal:
    """The proposal with its hosts in the order in which they can receive; nobody vanishes.

    A declined request stays as it is. A host that is away is not suggested for a part. When the lead falls to
    another host, or its host is away or full, the proposal is not sure any more.
    """
    if proposal.lead is None or not proposal.ranked:
        return proposal
    profiles = {host.slug: host for host in hosts}
    wished = _wished(wished_days(enquiry, holiday_calendar))
    standings = [_standing(one, profiles.get(one.slug), enquiry, wished) for one in proposal.ranked]
    order = _spread(sorted(standings, key=lambda one: (-one.ranked.score, one.ranked.slug)))
    involved = {host.slug for host in proposal.ranked if host.part}
    ranked = tuple(
        replace(one.ranked, part=_part(one, at == 0, one.ranked.slug in involved)) for at, one in enumerate(order)
    )
    return replace(
        proposal,
        ranked=ranked,
        lead=ranked[0].slug,
        co_hosts=tuple(host.slug for host in ranked if host.part == "part"),
        sure=proposal.sure and ranked[0].slug == proposal.lead and not order[0].has(*SERIOUS),
    )


def wished_days(enquiry: Enquiry, calendar: str) -> tuple[date, ...]:
    """Every wished working day; where all wished days are days off, every wished day."""
    days = sorted(
        {
            first + timedelta(days=offset)
            for first, last in enquiry.windows
            for offset in range(min(max((last - first).days, 0), LONGEST_WINDOW) + 1)
        }
    )
    return tuple(day for day in days if not is_day_off(day, calendar)) or tuple(days)


def _wished(days: tuple[date, ...]) -> Wished:
    weeks = frozenset(day - timedelta(days=day.weekday()) for day in days)
    return Wished(days, weeks, frozenset(day.replace(day=1) for day in days))


def _standing(ranked: RankedHost, host: HostProfile | None, enquiry: Enquiry, wished: Wished) -> Standing:
    if host is None:
        return Standing(ranked, 0, "", False)
    score, reasons = ranked.score, list(ranked.reasons)
    for share, reason in _obstacles(host, enquiry, wished):
        reasons.append(replace(reason, weight=round(score * share - score, 3)))
        score *= share
    known = host.slug in enquiry.earlier_hosts
    if known:
        reasons.append(Reason("earlier-host", "", (), round(score * KNOWN - score, 3)))
        score *= KNOWN
    made = replace(ranked, score=round(score, 3), reasons=tuple(reasons))
    return Standing(made, host.load, host.owner, known)


def _obstacles(host: HostProfile, enquiry: Enquiry, wished: Wished) -> Iterator[tuple[float, Reason]]:
    """What stands in the way, with the share of its score that the host keeps; the words are the host's own data."""
    days = wished.days
    if shown := _covering(host.out_of_office, days):
        yield AWAY, Reason("out-of-office", "out_of_office", shown)
    elif shown := _covering((*host.quiet, *host.out_of_office), days):
        yield FULL, Reason("quiet-period", "quiet", shown)
    if cap := _cap_reached(host, wished):
        yield FULL, Reason("over-cap", cap, (str(getattr(host, cap)),))
    if host.notice_days and days and 0 <= (days[-1] - enquiry.submitted_on).days < host.notice_days:
        yield SHORT, Reason("too-short-notice", "notice_days", (str(host.notice_days),))
    if not enquiry.interpreter_needed and not _understand_each_other(enquiry.languages, host.languages):
        yield WORDLESS, Reason("language-lacking", "languages", host.languages)


def _covering(spans: Iterable[tuple[date, date]], days: tuple[date, ...]) -> tuple[str, ...]:
    """The spans, written, when every wished day lies within one; else nothing."""
    spans = sorted(spans)
    if not days or not all(any(first <= day <= last for first, last in spans) for day in days):
        return ()
    touching = [span for span in spans if span[0] <= days[-1] and span[1] >= days[0]]
    return tuple(f"{first.isoformat()}/{last.isoformat()}" for first, last in touching)


def _cap_reached(host: HostProfile, wished: Wished) -> str:
    """The cap that is reached in every wished week, or every wished month; empty while there is room in one."""
    if host.weekly_cap is not None and _all_full(wished.weeks, dict(host.weeks), host.weekly_cap):
        return "weekly_cap"
    if host.monthly_cap is not None and _all_full(wished.months, dict(host.months), host.monthly_cap):
        return "monthly_cap"
    return ""


def _all_full(spans: frozenset[date], counts: Mapping[date, int], cap: int) -> bool:
    return bool(spans) and all(counts.get(span, 0) >= cap for span in spans)


def _understand_each_other(spoken: Iterable[str], received_in: Iterable[str]) -> bool:
    theirs, ours = _wide(spoken), _wide(received_in)
    return not theirs or not ours or bool(theirs & ours)


def _wide(languages: Iterable[str]) -> set[str]:
    found = set(languages)
    return found | SCANDINAVIAN if found & SCANDINAVIAN else found


def _spread(order: list[Standing]) -> list[Standing]:
    """The earlier host first where it may well lead; then, of those the subject does not tell apart, the one with
    fewer visits this year."""
    left = order[:HEAD]
    spread = _leading_again(left)
    left = [one for one in left if one not in spread]
    while left:
        best = left[0]
        equals = [one for one in left[1:] if _is_equal(one, best)]
        first = min([best, *equals], key=lambda one: (not one.known, one.load))
        left.remove(first)
        spread.append(_passing(first, best) if first is not best and not first.known else first)
    return spread + order[HEAD:]


def _leading_again(order: list[Standing]) -> list[Standing]:
    """The best of the earlier hosts, where it is a plausible lead and can receive; at most one."""
    if not order or order[0].has(*ASKED_FOR):
        return []
    enough = LEADS_AGAIN * order[0].ranked.score
    known = (one for one in order if one.known and one.ranked.score >= enough and not one.has(*SERIOUS))
    return list(known)[:1]


def _is_equal(one: Standing, best: Standing) -> bool:
    """Near in score, both by their subjects, and not an agency and its own department (the agency goes first)."""
    if one.ranked.score < EQUAL * best.ranked.score or one.has(*PLACED) or best.has(*PLACED):
        return False
    related = one.owner == best.ranked.slug or best.owner == one.ranked.slug
    return not related and one.has(*OBSTACLES) <= best.has(*OBSTACLES)


def _passing(one: Standing, best: Standing) -> Standing:
    reason = Reason("spread-load", "", (), 0.0, best.ranked.slug)
    return replace(one, ranked=replace(one.ranked, reasons=(*one.ranked.reasons, reason)))


def _part(one: Standing, is_first: bool, was_involved: bool) -> str:
    if is_first:
        return "lead"
    return "part" if was_involved and not one.has("out-of-office") else ""
