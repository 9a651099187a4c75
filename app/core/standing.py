"""Database connections kept open outside transactions, for the few statements whose cost is counted in microseconds.

The pool asks a connection whether it lives before each use, begins and ends a transaction around it: three times to the
server and back. Here a statement goes there once; a connection that fails is closed, and its user does without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Engine, event
from sqlalchemy.dialects import postgresql, sqlite

MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as text for the driver, with those of its values that are always the same."""

    text: str
    values: Mapping[str, object]

    def run(self, cursor: Any, **values: object) -> Any:
        """Carry it out; returns the cursor."""
        return cursor.execute(self.text, {**self.values, **values})


class StandingConnections:
    """A few connections of one engine; each statement sees one state of the database, and no longer than itself."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_postgres = engine.dialect.name == "postgresql"
        self._free: list[Any] = []  # pop and append are safe between threads
        event.listen(engine, "engine_disposed", self._close_all)

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """The driver's own cursor; whatever is raised inside closes its connection."""
        connection = self._free.pop() if self._free else self._open()
        try:
            yield self._cursor_of(connection)
        except BaseException:
            connection.close()
            raise
        if len(self._free) < MOST_KEPT:
            self._free.append(connection)
        else:
            connection.close()

    def statement(self, statement: ClauseElement) -> Statement:
        """The statement for `run`, compiled once: that costs far more than carrying it out."""
        dialect: Dialect = (  # the call is untyped in the library
            postgresql.dialect(paramstyle="pyformat") if self.is_postgres else sqlite.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
        )
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        # A member of a StrEnum is given as the text it is.
        values = {name: str(value) if isinstance(value, str) else value for name, value in compiled.params.items()}
        return Statement(str(compiled), values)

    def moment(self, moment: datetime) -> Any:
        """A time as the driver stores it."""
        utc = moment.astimezone(UTC)
        return utc if self.is_postgres else utc.replace(tzinfo=None).isoformat(" ", "microseconds")

    def read_moment(self, stored: Any) -> datetime:
        """A time as the driver gives it back."""
        return stored.astimezone(UTC) if self.is_postgres else datetime.fromisoformat(stored).replace(tzinfo=UTC)

    def _open(self) -> Any:
        """The driver's connection, made as the pool makes them, but no longer of the pool."""
        connection = self.engine.raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()
        if self.is_postgres:
            driver.autocommit = True
            driver.prepare_threshold = 0  # planned once, not at each of the first five uses
            driver.execute("SET plan_cache_mode = force_generic_plan")
        return driver

    def _cursor_of(self, connection: Any) -> Any:
        # Binary: bytes come as bytes, not as twice as many hexadecimal digits.
        return connection.cursor(binary=True) if self.is_postgres else connection.cursor()

    def _close_all(self, _engine: Engine) -> None:
        while self._free:
            self._free.pop().close()
