"""Turns of phrase that say how a sentence is meant: words/cues.yaml, each list as one expression."""

from __future__ import annotations

import re
from functools import cache

from app.routing.data import table


@cache
def cue(name: str) -> re.Pattern[str]:
    """One cue of words/cues.yaml as a single expression over folded text."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in table("cues")[name]), re.MULTILINE)
