"""From topics to the goals a visit serves: strategy priorities and UN goals, at most three of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.routing.model import Guess
from app.routing.topics import TopicScore, quoted_in, told_in
from app.routing.types import Enquiry, Reason, Suggestion

NOTHING: Mapping[str, Guess] = {}
MOST = 3
LIKENESS = 15.0
PRIORITY_SHARE = 0.5
SDG_SHARE = 0.5
OFFICIAL_SHARE = 0.55
HEAD_OF_STATE_SHARE = 1.05
EMBASSY_SHARE = 0.42
MEDIA_SHARE = 1.0
BUILDING_UP_SHARE = 0.6
SHARED_PRACTICE = "3.3"
OFFICIAL = "1.1"
GLOBAL = "1.3"
HEAD_OF_STATE = "head-of-state-or-government"
# Countries where municipal services are being built up (least developed and lower-middle-income countries of the
# OECD's list of aid recipients, and those rebuilding after war or reforming towards accession).
BUILDING_UP = frozenset(
    "AF AO BD BJ BT BF BI KH CF TD KM CD DJ ER ET GM GN GW HT KI LA LS LR MG MW ML MR MZ MM NP NE RW ST SN SL "
    "SB SO SS SD TL TG TV UG TZ YE ZM BO CM CV CG CI EG SV SZ GH HN IN KE KG MA MN NI NG PK PG PH LK TJ TN UZ "
    "VN ZW PS SY LB JO IQ IR UA MD GE AM AZ KZ AL BA XK MK ME RS NA BW GA GQ GT GY PE PY EC ID ZM LY DZ TM FJ "
    "VU WS TO".split()
)
SERVICE_THEMES = frozenset(
    "health-care social-housing water emergency-rescue governance municipal-operations digitalisation urban-planning "
    "schools-kindergartens finance-procurement mobility archives information-security".split()
)


def _suggest(scores: dict[str, float], reasons: dict[str, list[Reason]], share: float) -> tuple[Suggestion, ...]:
    best = max(scores.values(), default=0.0)
    order = sorted(
        (code for code in scores if scores[code] >= share * best > 0), key=lambda code: (-scores[code], code)
    )
    return tuple(
        Suggestion(code, round(scores[code], 3), tuple(sorted(reasons[code], key=lambda r: -r.weight)[:4]))
        for code in order[:MOST]
    )


def suggest_priorities(
    enquiry: Enquiry,
    topics: list[TopicScore],
    political: bool,
    reporting: bool,
    likeness: Mapping[str, Guess] = NOTHING,
) -> tuple[Suggestion, ...]:
    """Strategy priorities, best first; a reporter's visit makes the region visible, whatever its subject."""
    scores: dict[str, float] = defaultdict(float)
    reasons: dict[str, list[Reason]] = defaultdict(list)
    best = max((topic.score for topic in topics), default=0.0)
    for topic in topics:
        goals = topic.topic.goals or topic.theme.goals
        standing = topic.standing(best)
        for code, weight in goals.items():
            _add(scores, reasons, code, standing * weight, _from(topic, standing * weight))
        shared = goals.get(SHARED_PRACTICE, 0.0)
        if enquiry.country in BUILDING_UP and topic.theme.slug in SERVICE_THEMES and shared >= 0.8:
            missing = standing * (BUILDING_UP_SHARE - goals.get(GLOBAL, 0.0))
            reason = Reason("building-up", "country", (enquiry.country,), round(max(missing, 0.0), 2), topic.theme.slug)
            _add(scores, reasons, GLOBAL, max(missing, 0.0), reason)
    _from_likeness(scores, reasons, likeness)
    highest = max(scores.values(), default=1.0)
    of_state = enquiry.head_level == HEAD_OF_STATE
    for wanted, share, reason in (
        (
            political,
            HEAD_OF_STATE_SHARE if of_state else OFFICIAL_SHARE,
            Reason("level", "head_level", (enquiry.head_title,)),
        ),
        (
            enquiry.organisation_type == "embassy",
            EMBASSY_SHARE,
            Reason("sender-type", "organisation_type", ("embassy",)),
        ),
        (reporting, MEDIA_SHARE, Reason("sender-type", "organisation_type", ("media",))),
    ):
        if wanted and scores[OFFICIAL] < share * highest:
            _add(scores, reasons, OFFICIAL, share * highest - scores[OFFICIAL], reason)
    return _suggest(scores, reasons, PRIORITY_SHARE)


def suggest_sdgs(topics: list[TopicScore], likeness: Mapping[str, Guess] = NOTHING) -> tuple[Suggestion, ...]:
    """UN goals as "sdg-11", best first."""
    scores: dict[str, float] = defaultdict(float)
    reasons: dict[str, list[Reason]] = defaultdict(list)
    best = max((topic.score for topic in topics), default=0.0)
    for topic in topics:
        for number, weight in (topic.topic.sdgs or topic.theme.sdgs).items():
            points = topic.standing(best) * weight
            _add(scores, reasons, f"sdg-{number}", points, _from(topic, points))
    _from_likeness(scores, reasons, likeness)
    return _suggest(scores, reasons, SDG_SHARE)


def _from_likeness(scores: dict[str, float], reasons: dict[str, list[Reason]], likeness: Mapping[str, Guess]) -> None:
    """A few points for goals that requests in such words served."""
    for guess in likeness.values():
        points = LIKENESS * max(guess.share, 0.0)
        reason = Reason("resembles", "purpose", guess.words, round(points, 2), guess.label)
        _add(scores, reasons, guess.label, points, reason)


def _from(topic: TopicScore, points: float) -> Reason:
    subject = f"{topic.theme.slug}/{topic.topic.slug}".rstrip("/")
    source = told_in(topic)
    return Reason("serves", source, quoted_in(topic, source), round(points, 2), subject)


def _add(scores: dict[str, float], reasons: dict[str, list[Reason]], code: str, points: float, reason: Reason) -> None:
    if points > 0:
        scores[code] += points
        reasons[code].append(reason)
