"""A received mail whose words are read the same way whether it came as text alone or in several ways."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any


class Mail(EmailMessage):
    """`get_content()` of a mail in several ways is its plain text."""

    def get_content(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_multipart():
            return self.plain().get_content(*args, **kwargs)
        return super().get_content(*args, **kwargs)

    def plain(self) -> EmailMessage:
        """Its text part."""
        return next(part for part in self.walk() if part.get_content_type() == "text/plain")

    @property
    def page(self) -> str:
        """Its HTML."""
        part = next(part for part in self.walk() if part.get_content_type() == "text/html")
        return str(part.get_content())
