"""A limit for all of a conversation with a mail server: a timeout for each answer lets a slow drip go on for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

LOOK_SECONDS = 0.1  # how exactly the whole is watched


class Watch:
    """Looks at the clock until told to end; past the limit it cuts, once."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        self._until: float | None = None  # on the clock that nobody sets
        self._over = threading.Event()
        threading.Thread(target=self._look, name="mail watch", daemon=True).start()

    @contextmanager
    def limit(self, until: float) -> Iterator[None]:
        """What is said inside must be done by then."""
        self._until = until
        try:
            yield
        finally:
            self._until = None

    def end(self) -> None:
        """The connection is closed."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            until = self._until
            if until is not None and monotonic() >= until:
                self._cut()
                return
