"""Turns of phrase that say how a sentence is meant: words/cues.yaml, each list as one expression."""

from __future__ import annotations

import re
from functools import cache

from app.routing.data import table
from app.routing.turns import compiled


@cache
def cue(name: str) -> re.Pattern[str]:
    """One cue of words/cues.yaml as a single expression over folded text."""
    return compiled(table("cues")[name])
