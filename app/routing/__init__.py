"""Routing: which host should receive an enquiry, what it serves, what to look out for, and why."""

from app.routing.availability import weigh_availability
from app.routing.catalogue import (
    Catalogue,
    GoalProfile,
    HostProfile,
    OccasionProfile,
    PartnershipProfile,
    ThemeProfile,
    TopicProfile,
)
from app.routing.decide import propose
from app.routing.types import Enquiry, Flag, Proposal, RankedHost, Reason, Suggestion

__all__ = [
    "Catalogue",
    "Enquiry",
    "Flag",
    "GoalProfile",
    "HostProfile",
    "OccasionProfile",
    "PartnershipProfile",
    "Proposal",
    "RankedHost",
    "Reason",
    "Suggestion",
    "ThemeProfile",
    "TopicProfile",
    "propose",
    "weigh_availability",
]
