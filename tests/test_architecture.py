"""The house keeps its order: who imports whom, who commits, who may speak of the web, who may change what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_engine

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
# From left to right: a room imports itself and rooms to its left.
ORDER = (
    *("core", "extensions", "people", "strategy", "routing", "planning", "calendars", "visits", "feeds"),
    *("notifications", "reports", "upkeep", "city", "jobs", "scheduler", "web", "cli"),
)
PURE = ("routing", "planning")
# Who may import what: the library, and the only places that do.
ONLY_IN = {
    "icalendar": ("calendars",),
    "recurring_ical_events": ("calendars",),
    "smtplib": ("notifications",),
    "imaplib": ("notifications",),
    "apscheduler": ("scheduler",),
    "typst": ("core",),
    "prometheus_client": ("web",),
}
WEB_WORDS = {"request", "session", "flash", "current_user", "login_user", "logout_user"}
MAY_COMMIT = ("web", "jobs", "scheduler", "cli")
# The runner is a script beside the application; create_app binds everything.
OUTSIDE = ("serve.py", "__init__.py")
LONGEST_FILE = 300


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in APP.rglob("*.py") if str(path.relative_to(APP)) not in OUTSIDE))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    """The room a file stands in; `cli.py` and its parts `cli_….py` are one room."""
    first = path.relative_to(APP).parts[0].removesuffix(".py")
    return first.split("_")[0] if first.startswith("cli") else first


def imports(path: Path) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Line, module and names of every import, wherever it stands in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, ()
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", tuple(alias.name for alias in node.names)


def rooms_imported(path: Path) -> Iterator[tuple[int, str]]:
    for line, module, names in imports(path):
        parts = module.split(".")
        if parts[0] == "app":
            yield from ((line, name) for name in names) if len(parts) == 1 else [(line, parts[1])]


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room(path) for path in files()} - set(ORDER) == set()


def test_rooms_import_only_to_their_left() -> None:
    wrong = [
        f"{where(path, line)} imports {other}"
        for path in files()
        for line, other in rooms_imported(path)
        if other.split("_")[0] not in ORDER[: ORDER.index(room(path)) + 1]
    ]
    assert wrong == []


def test_pure_rooms_import_only_core() -> None:
    wrong = [
        f"{where(path, line)} imports {other}"
        for path in files()
        if room(path) in PURE
        for line, other in rooms_imported(path)
        if other not in ("core", room(path))
    ]
    assert wrong == []


def test_pure_rooms_know_neither_database_nor_web() -> None:
    wrong = [
        f"{where(path, line)} imports {module}"
        for path in files()
        if room(path) in PURE
        for line, module, _ in imports(path)
        if module.split(".")[0] in ("flask", "sqlalchemy", "flask_sqlalchemy", "flask_login", "flask_babel")
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_library_is_imported_only_where_it_belongs(library: str) -> None:
    users = {room(path) for path in files() for _, module, _ in imports(path) if module.split(".")[0] == library}
    assert users - set(ONLY_IN[library]) == set()


def test_imports_stand_at_the_top() -> None:
    wrong = [
        where(path, node.lineno)
        for path in files()
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_only_doors_commit() -> None:
    wrong = [
        where(path, node.lineno)
        for path in files()
        if room(path) not in MAY_COMMIT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit" and ast.unparse(node.value) != "savepoint"
    ]
    assert wrong == []


def test_only_web_speaks_of_requests_and_sessions() -> None:
    wrong = [
        f"{where(path, line)} imports {', '.join(WEB_WORDS & set(names))}"
        for path in files()
        if room(path) != "web"
        for line, module, names in imports(path)
        if module.split(".")[0] in ("flask", "flask_login") and WEB_WORDS & set(names)
    ]
    assert wrong == []


def test_only_web_ends_a_request_early() -> None:
    wrong = [
        where(path, line)
        for path in files()
        if room(path) != "web"
        for line, module, names in imports(path)
        if module in ("flask", "werkzeug.exceptions") and "abort" in names
    ]
    assert wrong == []


def test_the_databases_clock_is_never_read() -> None:
    wrong = [
        where(path, node.lineno)
        for path in files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "current_timestamp", "utcnow")
        and isinstance(node.value, ast.Name)
        and node.value.id == "func"
    ]
    assert wrong == []


def test_no_user_text_becomes_markup() -> None:
    in_code = [where(path, line) for path in files() for line, _, names in imports(path) if "Markup" in names]
    in_pages = [str(page) for page in (APP / "templates").rglob("*.*") if "|safe" in page.read_text().replace(" ", "")]
    assert (in_code, in_pages) == ([], [])


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in files() if tree(path).body and not ast.get_docstring(tree(path))]
    assert silent == []


def test_files_stay_short() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert {path: length for path, length in lines.items() if length > LONGEST_FILE} == {}
