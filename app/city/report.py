"""What a load did and what it left alone, for the person who ran it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class LoadReport:
    """Rows as "kind slug"; updated and left alone with the fields or the reason."""

    created: list[str] = field(default_factory=list)
    updated: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    was: dict[str, dict[str, Any]] = field(default_factory=dict)  # what the updated fields held before
    left_alone: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    unchanged: int = 0

    def has_news(self) -> bool:
        """Whether anything was written."""
        return bool(self.created or self.updated)

    def __str__(self) -> str:
        lines = [
            f"City data: {len(self.created)} created, {len(self.updated)} updated, {self.unchanged} unchanged, "
            f"{len(self.left_alone)} left alone."
        ]
        lines += [f"  updated {row}: {', '.join(fields)}" for row, fields in self.updated]
        lines += [f"  left alone {row}: {', '.join(fields)}" for row, fields in self.left_alone]
        return "\n".join(lines)
