"""Mails in groups, as people choose between them: e-mail at once, once a day, or only in the application."""

from __future__ import annotations

from collections.abc import Mapping

NOW, DAILY, APP = "now", "daily", "app"
WAYS = (NOW, DAILY, APP)
# Whom to sign in, which address is right, what a calendar program must know: these leave whatever was chosen. What is
# told of a visit that its reader may not see is no notice either, since notices name their visit.
ALWAYS = frozenset({
    "sign-in", "sample", "confirm-address", "confirm-reminder", "invitation", "invitation-cancelled", "host-invitation",
    "host-invitation-cancelled", "stale-busy",
})  # fmt: skip
# Somebody sits and waits for it, or it only repeats what was held already.
DIGESTS = ("digest", "host-digest")
NEVER_HELD = frozenset({"sign-in", "confirm-address", "confirm-reminder", *DIGESTS})
GROUPS: Mapping[str, tuple[str, ...]] = {
    "offers": ("offer", "offer-lapsing", "taken", "assigned", "reassigned"),
    "parts": ("part-asked", "part-accepted", "part-declined", "part-refused", "joined"),
    "programme": (
        "accepted", "change-asked", "host-moved", "contact-named", "host-replaced", "contact-replaced", "host-removed",
        "host-running-late", "days-passed", "hold-lapsing", "hold-lapsed", "stale-feed",
    ),
    "messages": ("host-message", "answer-declined", "answer-counter"),
    "ends": ("host-released", "host-withdrawn", "host-cancelled", "host-merged"),
    "reminders": (
        "briefing", "host-day-before", "host-stop-soon", "host-reminder", "please-report", "follow-up", "follow-up-due",
    ),
    "office": ("released", "nobody-left", "nobody-there", "mail-failed"),
}  # fmt: skip
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


def way_of(kind: str, ways: Mapping[str, str]) -> str:
    """How the person wants that kind of mail; at once where nothing was chosen or nothing can be."""
    return ways.get(GROUP_OF.get(kind, ""), NOW)
