"""One page of a long list: which rows, how many pages, and the address of each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select

from app.extensions import db

Row = TypeVar("Row")
Rows = Select[*tuple[Any, ...]]  # a query for any columns
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page; `total` counts all of them, `number` is counted from 1."""

    rows: list[Row]
    total: int
    number: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * PAGE_SIZE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.number * PAGE_SIZE, self.total)


def page_of(query: Rows, read: Callable[[Rows], list[Row]]) -> Page[Row]:
    """The page that the address asks for; a number beyond the end gives the last page, nonsense the first."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    asked = request.args.get("page", "1")
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 7 else 1
    rows = read(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(rows, total, number, pages)
