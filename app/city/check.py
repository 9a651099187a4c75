"""Checking what no single file can: that every slug one file mentions is declared by another."""

from __future__ import annotations

from app.city.nodes import Entry, Register, suggestion


def check_mentions(register: Register) -> None:
    """Raises CityFileError at the first mention of a slug that no file declares."""
    for kind, entry in register.mentioned:
        if kind == "sdg":
            _check(register, "goal", f"sdg-{int(entry.text())}", entry)
        else:
            _check(register, kind, entry.text(), entry)


def _check(register: Register, kind: str, slug: str, entry: Entry) -> None:
    known = register.declared.get(kind, {})
    if slug not in known:
        entry.fail(f"there is no {kind} {slug!r}" + suggestion(slug, known))
