"""Slugs: the short ASCII names by which rows are known in addresses and files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

FOLDS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ß": "ss", "đ": "d", "ł": "l"})
LONGEST = 60  # characters


def slug_of(name: str) -> str:
    """The name in lower-case ASCII with hyphens, at most 60 characters; "row" where nothing is left."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(FOLDS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded)[:LONGEST].strip("-") or "row"


def free_slug(name: str, taken: Container[str]) -> str:
    """A slug for the name that is not taken: the plain one, or with a number after it."""
    slug = slug_of(name)
    number = 2
    while slug in taken:
        slug = f"{slug_of(name)}-{number}"
        number += 1
    return slug
