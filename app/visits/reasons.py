"""Codes a person chooses from when saying no; the web words them. Counted in the report on unmet demand."""

from __future__ import annotations

# Why the city declines a visit.
DECLINE_REASONS = (
    "no-capacity",
    "dates",
    "not-our-field",
    "too-large",
    "too-late",
    "repeat",
    "no-purpose",
    "commercial",
    "leisure",
    "wrong-city",
    "invitation-letter",
    "other",
)
# Why one host declines an offer.
NOT_OURS = "not-ours"
OFFER_DECLINE_REASONS = (NOT_OURS, "no-capacity", "dates", "other")
