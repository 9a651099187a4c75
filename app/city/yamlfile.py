"""Opening a YAML file as nodes with lines; whatever is wrong with it is told with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import yaml
from yaml.reader import Reader

from app.city.nodes import CityFileError, Entry

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def open_entry(path: Path) -> Entry:
    """The root of a YAML file; raises CityFileError for a missing, unreadable or malformed one."""
    text = _read(path)
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CityFileError(path, mark.line + 1 if mark else 1, _yaml_reason(error, text)) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise CityFileError(path, 1, f"this is not YAML: {error}") from error
    if node is None:
        raise CityFileError(path, 1, "the file is empty")
    return Entry(path, node, "the file")


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CityFileError(path, 1, "the file is missing") from None
    except OSError as error:
        raise CityFileError(path, 1, f"the file cannot be read: {error.strerror}") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CityFileError(path, raw.count(b"\n", 0, error.start) + 1, "the text is not UTF-8") from error
    strange = Reader.NON_PRINTABLE.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise CityFileError(path, line, f"a control character ({ord(strange.group()):#04x}) stands in the text")
    return text


def _yaml_reason(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    lines = text.splitlines()
    if mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return "a tab stands where spaces are needed"
    return f"this is not YAML: {error.problem or error.context}"
