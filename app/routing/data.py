"""The room's own word tables: what does not differ from city to city (language marks, cues)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = Path(__file__).parent / "words"


@cache
def table(name: str) -> dict[str, Any]:
    """One table of words/, read once."""
    with (WORDS / f"{name}.yaml").open(encoding="utf-8") as file:
        loaded = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    return dict(loaded)
