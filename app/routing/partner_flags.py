"""Flags about the sender's ties to the city: twin, network, or astray."""

from __future__ import annotations

from app.routing.partners import Partners
from app.routing.types import Flag, Reason


def twin_flag(partners: Partners) -> Flag | None:
    """The sender is a twin city or a civic institution of one."""
    if partners.twin is None:
        return None
    return Flag("twin-city", (Reason("twin", "city", subject=partners.twin.slug),))


def network_flag(partners: Partners) -> Flag | None:
    """The sender comes through, or appeals to, a network the city belongs to."""
    reasons = tuple(
        Reason("network", mention.source, (mention.quote,), 1.0, network.slug) for network, mention in partners.networks
    )
    return Flag("network", reasons) if reasons else None
