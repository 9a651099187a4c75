"""What a page's forms would send as they were loaded: the values that stand in them."""

from __future__ import annotations

import re
from html import unescape

INPUT = re.compile(r"<input [^>]*>")
SELECT = re.compile(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', re.S)
AREA = re.compile(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', re.S)
OPTION = re.compile(r"<option[^>]* selected[^>]*>")


def as_loaded(page: str) -> dict[str, str | list[str]]:
    """Every field of the page and its value, the first form's where several have one; without the keys of the form."""
    fields: dict[str, str | list[str]] = {}
    ticked: dict[str, list[str]] = {}
    for tag in INPUT.findall(page):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        kind = _attribute(tag, "type")
        if kind == "radio" and " checked" in tag:
            fields[name] = value
        elif kind == "radio":
            continue
        elif kind == "checkbox":
            if " checked" in tag:
                ticked.setdefault(name, []).append(value)
        elif name:
            fields.setdefault(name, value)
    for name, body in SELECT.findall(page):
        chosen = OPTION.search(body)
        fields.setdefault(name, _attribute(chosen[0], "value") if chosen else "")
    for name, body in AREA.findall(page):
        fields.setdefault(name, unescape(body.lstrip("\r\n")))
    return {name: value for name, value in (fields | ticked).items() if name not in ("once", "csrf_token")}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""
