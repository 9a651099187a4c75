"""Markup, script, spreadsheet formulas, orders to the software and disguised words in any field of an enquiry."""

from __future__ import annotations

import re
from dataclasses import fields

from app.routing.letters import disguised, seen
from app.routing.noise import order_for_name, orders_in
from app.routing.text import TEXT_CAP
from app.routing.types import Enquiry, Flag, Reason

_SCRIPT = re.compile(
    r"<!--|<!\[cdata|<\?(?:php|xml)|javascript\s*:|vbscript\s*:|data\s*:\s*text/html"
    r"|&(?:lt|#0*60|#x0*3c);\s*/?\s*(?:script|img|svg|iframe|object|embed|style)\b|%3c\s*/?script"
    r"|\bon(?:error|load|click|mouseover|focus)\s*=|document\s*\.\s*cookie|\beval\s*\("
    r"|\{\{.{0,80}\}\}|\$\{.{0,80}\}|\{%.{0,80}%\}|<%.{0,80}%>",
    re.IGNORECASE,
)
# What may stand in a call's brackets: a text, a number, a cell, another call; "(2 h)" and "(optional)" are words.
_ARGUMENT = r"\(\s*(?:\)|[\"'+\-]|\d[\d.,]*\s*[-+*/^&,;:)]|\$?[a-z]{1,3}\$?\d|[a-z_][a-z0-9_.]*\()"
# A sign with a space and words behind it is the mark of a list, unless a function in capitals is called at once.
_FORMULA = re.compile(
    r"^\s*(?:=\s*[a-z_]{2,}[a-z0-9_.]*\s*\(|=\s*[a-z]{1,3}\$?\d|=\s*['\"\d+\-(]"
    rf"|[+@\-][=+@\-]*[a-z_]{{2,}}[a-z0-9_.]*{_ARGUMENT}|[+@\-]\s*(?-i:[A-Z][A-Z0-9_.]+){_ARGUMENT}"
    r"|[=+@\-]\s*cmd\s*\||[+@\-][\d.+*/^()\-]+cmd\b|[=+@\-]\S*\|[^|]*'?!)",
    re.IGNORECASE,
)
# The fields that hold sentences, and those for names: there an assistant or a system is somebody's title or trade.
TOLD = frozenset({"purpose", "relation", "in_return", "event", "previous_visit"})
NAMED = ("organisation", "on_behalf_of", "city", "contact_name", "head_name", "head_title", "website")
WISHES = "wanted_hosts"
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:[\s/][^<>]*)?>|<(?:script|img|svg|iframe)\b", re.IGNORECASE)


def _texts(enquiry: Enquiry) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for field in fields(enquiry):
        value = getattr(enquiry, field.name)
        values = value if isinstance(value, tuple) else (value,)
        found.extend((field.name, text[:TEXT_CAP]) for text in values if isinstance(text, str) and text)
    return found


def unsafe_flag(enquiry: Enquiry) -> Flag | None:
    """The unsafe-input flag naming each field concerned, or None."""
    found = ((source, _unsafe(source, text)) for source, text in _texts(enquiry))
    reasons = tuple(Reason("unsafe", source, (quote[:60],)) for source, quote in found if quote)
    return Flag("unsafe-input", reasons) if reasons else None


def _unsafe(source: str, text: str) -> str:
    """What of a field is no plain text written for people; nothing where all is well."""
    lines = text.split("\n") if source == "purpose" else [text]
    match = _TAG.search(text) or _SCRIPT.search(text) or next(filter(None, map(_FORMULA.match, lines)), None)
    if match:
        return match.group()
    orders = orders_in(seen(text)) if source in TOLD else [order_for_name(seen(text))]
    if source == WISHES:
        orders += orders_in(seen(text))
    return next(filter(None, [*orders, *disguised(text)]), "").strip()
