"""Bodies that this process has at hand, so that they need not come from the database again to be sent.

Nothing is ever served because it lies here: the database says at each fetch which validator is good, and the validator
is a hash of the bytes. So every node may forget all of it at any time, and none can be behind.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from app.feeds.parts import Body


class Shelf:
    """The bodies used last, up to so many bytes; of each stored body and coding only the newest."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[tuple[int, str], Body] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, body_id: int, coding: str) -> Body | None:
        """What was put there last, whatever its validator."""
        with self._lock:
            held = self._held.get((body_id, coding))
            if held is not None:
                self._held.move_to_end((body_id, coding))
            return held

    def put(self, body_id: int, coding: str, body: Body) -> None:
        """Keep it, and let go of those not used for longest; one that is larger than the shelf is not kept."""
        with self._lock:
            before = self._held.pop((body_id, coding), None)
            self._bytes += len(body.content) - (len(before.content) if before else 0)
            self._held[(body_id, coding)] = body
            while self._bytes > self.most_bytes:
                _, oldest = self._held.popitem(last=False)
                self._bytes -= len(oldest.content)
