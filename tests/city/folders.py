"""Copies of a city's folder with one thing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

BERGEN = Path(__file__).parents[2] / "app" / "city" / "data" / "bergen"
LILLEVIK = Path(__file__).parent / "data" / "lillevik"


def copy_with(target: Path, file: str, old: str, new: str, *, source: Path = BERGEN) -> tuple[Path, int]:
    """A copy in which the first `old` of `file` reads `new`; the folder, and the line (from 1) of the change."""
    folder = target / source.name
    shutil.copytree(source, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder, text[: text.index(old)].count("\n") + 1
