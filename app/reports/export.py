"""Figures as CSV, safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# First characters that spreadsheet programs take for a formula. Source: OWASP ASVS 5.0, 1.2.10
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet program runs: a leading quote where it would begin a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text.lstrip(" \"'").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text


def as_csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte-order mark (for Excel), semicolons, CRLF; text cells are made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([cell if isinstance(cell, int | float) else safe_cell(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()
