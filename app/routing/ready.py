"""What the first decision would otherwise have to build, built before anybody asks."""

from __future__ import annotations

from datetime import date

from app.routing.catalogue import Catalogue
from app.routing.decide import propose
from app.routing.types import Enquiry

SAMPLE = Enquiry(
    id="sample",
    organisation="City of Utrecht",
    organisation_type="city",
    country="NL",
    city="Utrecht",
    purpose="We would like to learn how the city plans its cycle paths, and to meet those who build them.",
    submitted_on=date(2027, 3, 1),
)


def make_ready(catalogue: Catalogue) -> None:
    """Decide once: the word model, the indexes of the words always read, and the expressions are then there."""
    propose(SAMPLE, catalogue)
