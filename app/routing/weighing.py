"""How heavy each kind of evidence weighs; fitted on labelled texts and kept in the word model's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


class _Weights:
    """Weights by name, read from plain data; what is not given keeps its default."""

    __slots__ = ()

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """The weights of a file; names that are unknown here are ignored."""
        known = {one.name for one in fields(cls)}  # type: ignore[arg-type]  # both subclasses are dataclasses
        return cls(**{name: float(value) for name, value in found.items() if name in known})

    def sum(self, terms: Mapping[str, float]) -> float:
        """What the terms, by the names of their weights, are worth together."""
        return sum(getattr(self, name) * value for name, value in terms.items())


@dataclass(frozen=True, slots=True)
class LeadWeights(_Weights):
    """Points for leading: the subjects, likeness to texts that a host led or took part in, what the sender is."""

    subject: float = 1.0
    leads: float = 5.0
    involved: float = 3.5
    alike: float = 0.0  # the sender's own name and title are in words of what a host leads
    colleague: float = 2.0  # they tell of the subject
    ticked: float = 1.5
    sender: float = 0.5
    refused: float = 0.0  # of how much of what is told of its subjects is not wanted; taken away


@dataclass(frozen=True, slots=True)
class PartWeights(_Weights):
    """Log odds of taking part: from the subjects, likeness, what is usual beside the lead, names and rules.

    Those of being a mistake, which a shallow reader makes, are summed of the same terms with weights of their own.
    """

    base: float = -3.6
    subject: float = 3.4  # of the root of the share of the subjects' points
    like: float = 1.9
    like_root: float = 3.4
    usual: float = 0.7  # of the logarithm of how often the host takes part in what the lead leads
    owner: float = 0.0
    political: float = 4.4
    ceremony: float = 1.3
    nordic: float = 5.4
    twin: float = 5.3
    wished: float = 1.7
    named: float = 1.7
    network: float = 1.5
    network_formal: float = 1.5
    refused: float = 0.0
    tempting: float = 0.0  # likeness to texts where the host would have been a mistake
    tempting_root: float = 0.0
    apart: float = 0.0  # of the logarithm of how often it would have been one beside what the lead leads


ANY_MISTAKE = PartWeights(**{one.name: 0.0 for one in fields(PartWeights)} | {"base": -2.3})  # as often as any host is
