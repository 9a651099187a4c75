"""Routing a labelled file: every request's decision, and how well they agree with the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.routing.cases import enquiry_from, prediction
from app.routing.catalogue import Catalogue
from app.routing.decide import propose
from app.routing.labelled import Unreadable
from app.routing.measure import Measured, Row, measure
from app.routing.types import Enquiry, Proposal


@dataclass(frozen=True, slots=True)
class Benched:
    """A labelled file as routed: the requests, the decisions by case id, and the measures."""

    enquiries: dict[str, Enquiry]
    proposals: dict[str, Proposal]
    measured: Measured


def enquiries_of(cases: Sequence[Row]) -> dict[str, Enquiry]:
    """The requests by case id; raises Unreadable naming the case that holds none."""
    found: dict[str, Enquiry] = {}
    for case in cases:
        try:
            found[case["id"]] = enquiry_from(case["id"], case["request"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise Unreadable("no-request", 0, case=case["id"], detail=str(problem)) from problem
    return found


def bench(cases: Sequence[Row], catalogue: Catalogue) -> Benched:
    """Route labelled cases and measure; some 10 ms for each. Raises ValueError naming a case that is no request."""
    enquiries = enquiries_of(cases)
    proposals: dict[str, Proposal] = {}
    for identity, enquiry in enquiries.items():
        earlier = [other for other in enquiries.values() if other.submitted_on < enquiry.submitted_on]
        proposals[identity] = propose(enquiry, catalogue, earlier=earlier)
    predictions = [prediction(identity, proposal) for identity, proposal in proposals.items()]
    return Benched(enquiries, proposals, measure(cases, predictions))
