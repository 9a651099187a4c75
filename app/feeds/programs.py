"""Which calendar program fetches: a coarse name from its User-Agent, which itself is never kept."""

from __future__ import annotations

import re

OTHER = "other"
# The first that fits counts: several programs name the parts they are built of after their own name.
_SIGNS = (
    ("google", re.compile(r"google", re.I)),
    ("outlook", re.compile(r"outlook|microsoft|office|exchange|owa/", re.I)),
    ("thunderbird", re.compile(r"thunderbird|lightning|betterbird", re.I)),
    ("nextcloud", re.compile(r"nextcloud|owncloud", re.I)),
    ("davx5", re.compile(r"davx5|icsx5|davdroid|icsdroid", re.I)),
    ("vdirsyncer", re.compile(r"vdirsyncer|pimutils", re.I)),
    ("evolution", re.compile(r"evolution|gnome", re.I)),
    ("korganizer", re.compile(r"kio/|korganizer|akonadi|kontact", re.I)),
    ("apple", re.compile(r"dataaccessd|calendaragent|cfnetwork|darwin|ios/|macos/|mac os x/", re.I)),
    ("browser", re.compile(r"mozilla/5\.0 .*(firefox|chrome|safari|edg)/", re.I)),
)
PROGRAMS = (*(name for name, _sign in _SIGNS), OTHER)


def program_of(user_agent: str | None) -> str:
    """One of PROGRAMS."""
    if not user_agent:
        return OTHER
    said = user_agent[:300]
    return next((name for name, sign in _SIGNS if sign.search(said)), OTHER)
