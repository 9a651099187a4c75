"""Questions that each connection to PostgreSQL prepares once, asked through libpq: the driver's cursor costs more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psycopg import Connection, Error, OperationalError, errors, pq
from psycopg.adapt import Transformer

Row = tuple[Any, ...]


class Prepared:
    """A connection with its prepared questions; how their rows are read is found out once for all of them."""

    def __init__(self, connection: Connection[Any], questions: Iterable[tuple[bytes, str]]) -> None:
        """Prepares all of them; raises psycopg.Error where one cannot be."""
        self._server, self._reader = connection.pgconn, Transformer(connection)
        for name, text in questions:
            result = self._server.prepare(name, text.encode())
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise _refused(result)

    def ask(self, name: bytes, values: Iterable[str]) -> list[Row]:
        """Every row of the answer; raises psycopg.Error like the driver, also when the connection is lost."""
        result = self._server.exec_prepared(name, [*map(str.encode, values)], result_format=pq.Format.BINARY)
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise _refused(result)
        self._reader.set_pgresult(result)
        return self._reader.load_rows(0, result.ntuples, tuple)


def _refused(result: pq.abc.PGresult) -> Error:
    return _kind_of(result)("PostgreSQL has not answered a prepared question")  # its own words may quote values


def _kind_of(result: pq.abc.PGresult) -> type[Error]:
    state = result.error_field(pq.DiagnosticField.SQLSTATE) or b""
    try:
        return errors.lookup(state.decode())
    except KeyError:
        return OperationalError  # without a state: the server went away in the middle
