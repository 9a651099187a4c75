"""Database connections kept open outside transactions, for the few statements whose cost is counted in microseconds.

The pool asks a connection whether it lives before each use, begins and ends a transaction around it: three times to the
server and back. Here a statement goes there once; a connection that fails is closed, and its user does without. What is
asked all the time is a question: PostgreSQL plans it when a connection is opened, SQLite when it is first asked there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Engine, event
from sqlalchemy.dialects import postgresql, sqlite

from app.core.prepared import Prepared, Row

MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as text for the driver, with those of its values that are always the same."""

    text: str
    values: Mapping[str, object]

    def run(self, cursor: Any, **values: object) -> Any:
        """Carry it out; returns the cursor."""
        return cursor.execute(self.text, {**self.values, **values})


@dataclass(frozen=True, slots=True)
class Question:
    """A statement of a few texts and times, asked all the time, and its values in the driver's order."""

    name: bytes
    text: str
    in_order: Callable[[Mapping[str, str]], tuple[str, ...]]


class Line:
    """An open connection; used with `with`, and whatever is raised inside closes it."""

    def __init__(self, driver: Any, prepared: Prepared | None, free: list[Line]) -> None:
        self.driver, self._prepared, self._free = driver, prepared, free

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is None and len(self._free) < MOST_KEPT:
            self._free.append(self)
        else:
            self.driver.close()

    def ask(self, question: Question, values: Mapping[str, str]) -> list[Row]:
        """Every row of the answer."""
        given = question.in_order(values)
        if self._prepared is not None:
            return self._prepared.ask(question.name, given)
        rows: list[Row] = self.driver.execute(question.text, given).fetchall()
        return rows

    def cursor(self) -> Any:
        """The driver's own cursor, for statements."""
        # Binary: bytes come as bytes, not as twice as many hexadecimal digits.
        return self.driver.cursor() if self._prepared is None else self.driver.cursor(binary=True)


class StandingConnections:
    """A few connections of one engine; each statement sees one state of the database, and no longer than itself."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_postgres = engine.dialect.name == "postgresql"
        self._questions: list[Question] = []
        self._free: list[Line] = []  # pop and append are safe between threads
        event.listen(engine, "engine_disposed", self._close_all)

    def line(self) -> Line:
        """A connection to use."""
        return self._free.pop() if self._free else self._open()

    def question(self, statement: ClauseElement) -> Question:
        """The statement for `Line.ask`: to be made before the first connection is opened."""
        dialect = _postgres("numeric_dollar") if self.is_postgres else sqlite.dialect(paramstyle="qmark")
        compiled: Any = statement.compile(dialect=dialect)
        question = Question(b"question_%d" % len(self._questions), str(compiled), itemgetter(*compiled.positiontup))
        self._questions.append(question)
        return question

    def statement(self, statement: ClauseElement) -> Statement:
        """The statement for `run`, compiled once: that costs far more than carrying it out."""
        dialect = _postgres("pyformat") if self.is_postgres else sqlite.dialect(paramstyle="named")
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        # A member of a StrEnum is given as the text it is.
        values = {name: str(value) if isinstance(value, str) else value for name, value in compiled.params.items()}
        return Statement(str(compiled), values)

    def moment(self, moment: datetime) -> Any:
        """A time as the driver stores it."""
        utc = moment.astimezone(UTC)
        return utc if self.is_postgres else utc.replace(tzinfo=None).isoformat(" ", "microseconds")

    def asked_moment(self, moment: datetime) -> str:
        """A time as a question is given it."""
        return moment.astimezone(UTC).isoformat() if self.is_postgres else str(self.moment(moment))

    def read_moment(self, stored: Any) -> datetime:
        """A time as the driver gives it back."""
        return stored.astimezone(UTC) if self.is_postgres else datetime.fromisoformat(stored).replace(tzinfo=UTC)

    def _open(self) -> Line:
        """The driver's connection, made as the pool makes them, but no longer of the pool."""
        connection = self.engine.raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()
        if not self.is_postgres:
            return Line(driver, None, self._free)
        try:
            driver.autocommit = True
            driver.prepare_threshold = 0  # planned once, not at each of the first five uses
            driver.execute("SET plan_cache_mode = force_generic_plan")
            return Line(driver, Prepared(driver, [(one.name, one.text) for one in self._questions]), self._free)
        except BaseException:
            driver.close()
            raise

    def _close_all(self, _engine: Engine) -> None:
        while self._free:
            self._free.pop().driver.close()


def _postgres(paramstyle: str) -> Dialect:
    return postgresql.dialect(paramstyle=paramstyle)  # type: ignore[no-untyped-call,no-any-return]
