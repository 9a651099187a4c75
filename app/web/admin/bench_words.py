"""The bench's measures and answers in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.routing.edits import Factor
from app.routing.measure import LOWER_IS_BETTER, Wrong
from app.strategy.edit_models import LearnedWeights
from app.web.admin.word_list import topic_words
from app.web.coordinator.shown import figure_written
from app.web.evidence import names
from app.web.formats import listed
from app.web.words import word

MEASURE_WORDS: Mapping[str, LazyString] = {
    "lead_at_1": _l("The right lead host comes first"),
    "lead_at_3": _l("The right lead host is among the first three"),
    "co_host_recall_at_5": _l("Co-hosts found among the first five"),
    "mistake_rate": _l("A clear mistake among the first three (fewer are better)"),
    "priority_at_1": _l("The first priority is right"),
    "priorities": _l("Priorities agree (F1)"),
    "sdgs": _l("UN goals agree (F1)"),
    "flags": _l("Flags agree (F1)"),
    "decision_accuracy": _l("The decision is right"),
}
OF_ERROR = {
    "lead@1": "lead_at_1",
    "lead@3": "lead_at_3",
    "co-host": "co_host_recall_at_5",
    "mistake": "mistake_rate",
    "priority@1": "priority_at_1",
    "decision": "decision_accuracy",
}
MOST_TOLD = 2  # of what was left out, on top of the page: a cookie carries it there
HOSTS = ("lead@1", "lead@3", "co-host", "mistake")


def measure_words(name: str) -> str:
    """What a measure, or an error's measure, says."""
    return str(MEASURE_WORDS.get(OF_ERROR.get(name, name), name))


def share_written(value: float | None) -> str:
    """0.976 as "97.6 %"; a dash where there was nothing to count."""
    return "–" if value is None else _("%(number)s %%", number=figure_written(100 * value))


def change_written(name: str, before: float | None, after: float | None) -> str:
    """How the second value differs from the first, in words."""
    if before is None or after is None or before == after:
        return _("The same")
    points = figure_written(abs(100 * (after - before)))
    if (after > before) is (name not in LOWER_IS_BETTER):
        return _("Better by %(points)s points", points=points)
    return _("Worse by %(points)s points", points=points)


def expected_written(wrong: Wrong) -> str:
    """What a person said, in words."""
    said = _answer(wrong.measure, wrong.expected)
    return _("None of %(hosts)s", hosts=said) if wrong.measure == "mistake" else said


def got_written(wrong: Wrong) -> str:
    """What routing said, in words; of flags, only what differs."""
    if isinstance(wrong.got, Mapping):
        missing, extra = (_answer("flags", wrong.got[name]) for name in ("missing", "extra"))
        parts = [_("missing: %(flags)s", flags=missing)] if wrong.got["missing"] else []
        parts += [_("too many: %(flags)s", flags=extra)] if wrong.got["extra"] else []
        return "; ".join(parts)
    return _answer(wrong.measure, wrong.got)


def _answer(measure: str, value: Any) -> str:
    if measure == "decision":
        return word("decision", value) or _("Nothing")
    return listed(_labels(measure, value)) or _("Nothing")


def _labels(measure: str, values: Iterable[Any]) -> list[str]:
    if measure in HOSTS:
        return [names().get(slug, slug) for slug in values]
    if measure == "flags":
        return [word("flag", code) for code in values]
    return [str(value) for value in values]


def factor_words(factor: Factor) -> str:
    """A learned weight as a sentence."""
    target = names().get(factor.target, factor.target)
    values = {"topic": topic_words(factor.topic), "target": target, "factor": f"{factor.factor:g}"}
    if "/" not in factor.topic:
        values["topic"] = names().get(factor.topic, factor.topic)
    if factor.kind == "part":
        return _("%(topic)s: %(target)s is likelier to be asked for a part", **values)
    if factor.kind == "lead":
        return _("%(topic)s: %(target)s leads, as people always decided", **values)
    return _("%(topic)s: %(target)s counts %(factor)s times as much", **values)


def left_out_words(row: LearnedWeights) -> list[str]:
    """What visits taught and the version does not have, each with the measures that would be worse."""
    return [_left_out(one) for one in row.measures.get("left_out", ())]


def left_out_told(row: LearnedWeights) -> list[str]:
    """The first of them in full and how many more there are, to be told on top of the page."""
    found = left_out_words(row)
    told, more = found[:MOST_TOLD], len(found[MOST_TOLD:])
    words = ngettext(
        "%(num)d more is not learned; it is named beside the version.",
        "%(num)d more are not learned; they are named beside the version.",
        more,
    )
    return [*told, words] if more else told


def _left_out(one: Mapping[str, Any]) -> str:
    factors = [Factor(**factor) for factor in one["factors"]]
    visits = max(factor.visits for factor in factors)
    worse = (f"{measure_words(name)}: {change_written(name, *values)}" for name, values in one["fallen"].items())
    return str(
        ngettext(
            "Not learned: %(what)s (%(num)d visit), because labelled requests come out worse with it. %(worse)s.",
            "Not learned: %(what)s (%(num)d visits), because labelled requests come out worse with it. %(worse)s.",
            visits,
            what="; ".join(map(factor_words, factors)),
            worse="; ".join(worse),
        )
    )
