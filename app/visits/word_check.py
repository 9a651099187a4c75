"""Edits of words against the labelled cases: routed without an edit and with it, before it may be put in force."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from app.core.errors import NotAllowed
from app.routing import Catalogue
from app.routing.bench import bench
from app.routing.edits import Factor, WordChange, in_force
from app.routing.measure import Measured, Row, fallen
from app.visits.taught import hold_taught, weights_in_force, word_changes

MOST_KEPT = 4  # measurements in memory: what is in force need not be measured again for every edit
Words = tuple[WordChange, ...]
Edit = Callable[[Words], Words]


class State(NamedTuple):
    """All that a city has taught, as it is in force at one moment."""

    words: Words
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class WordCheck:
    """What an edit does to the labelled cases, seen from one state: which measures fall, and which cases go wrong."""

    state: State
    cases: int
    fallen: dict[str, tuple[float | None, float | None]]
    wrong: tuple[str, ...] = ()  # cases that come out wrong with it, or wrong in another way


def state_in_force() -> State:
    """What is taught now."""
    return State(word_changes(), weights_in_force().factors)


def taught_as(topic: str, language: str, word: str, weight: float) -> Edit:
    """The edit that gives a word this weight; 0 takes it out."""
    return partial(_with_change, change=WordChange(topic, language, word, weight))


def undone(topic: str, language: str, word: str) -> Edit:
    """The edit after which the files count again for a word."""
    return partial(_without, key=_key(WordChange(topic, language, word, 0.0)))


def check_edit(edit: Edit, cases: Sequence[Row], base: Catalogue) -> WordCheck:
    """Route the labelled cases as things stand and with the edit; some 20 ms a case where little is in memory.

    Raises ValueError naming a case that is no request.
    """
    state = state_in_force()
    before = _measured(state, cases, base)
    after = _measured(state._replace(words=edit(state.words)), cases, base)
    worse = fallen(before, after)
    values = {name: (before.value(name), after.value(name)) for name in worse}
    return WordCheck(state, len(cases), values, _wrong(before, after) if worse else ())


def require_current(checked: WordCheck) -> None:
    """Refuse what was checked before somebody else taught something; from here on nobody else does.

    Two edits that are harmless one by one may do harm together: the second is checked again with the first.
    """
    hold_taught()
    if state_in_force() != checked.state:
        raise NotAllowed("taught-meanwhile")


def require_harmless(checked: WordCheck) -> None:
    """Refuse an edit with which a labelled measure falls, too."""
    require_current(checked)
    if checked.fallen:
        raise NotAllowed("worse-on-labelled-cases")


def _with_change(words: Words, change: WordChange) -> Words:
    found = {_key(one): one for one in words}
    known = found.get(_key(change))
    found[_key(change)] = change._replace(word=known.word) if known else change
    return tuple(sorted(found.values()))


def _without(words: Words, key: tuple[str, str, str]) -> Words:
    return tuple(one for one in words if _key(one) != key)


def _key(change: WordChange) -> tuple[str, str, str]:
    return change.topic, change.language, change.word.casefold()


def _wrong(before: Measured, after: Measured) -> tuple[str, ...]:
    known = {(one.id, one.measure, repr(one.got)) for one in before.wrong}
    return tuple(dict.fromkeys(one.id for one in after.wrong if (one.id, one.measure, repr(one.got)) not in known))


_Key = tuple[int, str, State]
_KEPT: OrderedDict[_Key, tuple[Catalogue, Measured]] = OrderedDict()


def _measured(state: State, cases: Sequence[Row], base: Catalogue) -> Measured:
    key = (id(base), json.dumps(cases, sort_keys=True), state)
    kept = _KEPT.get(key)
    if kept is None or kept[0] is not base:
        known = frozenset(theme.slug for theme in base.themes)
        themes = in_force(base.themes, known, state.words, state.factors)
        _KEPT[key] = kept = (base, bench(cases, replace(base, themes=themes)).measured)
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return kept[1]
