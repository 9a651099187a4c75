"""Sheets as PDF: tagged, the same bytes for the same data, and no character lost without a word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typst

from app.core import pdf
from app.core.pdf import breakable, spelled_out, typeset
from tests.harness.pdf import Pdf

pytestmark = pytest.mark.one_engine

AT = datetime(2027, 3, 2, 8, tzinfo=UTC)
SHEET = Path(__file__).resolve().parents[2] / "app/templates/paper/sheet.typ"
EMPTY: dict[str, Any] = {
    "lang": "en",
    "region": "gb",
    "city": "Bergen",
    "title": "Programme",
    "subtitle": "Visit",
    "reference": "K7M-4QX",
    "lead": [],
    "made": "Made now",
    "page": ["Page ", " of ", ""],
    "nothing": "Nothing yet.",
    "facts_heading": "",
    "facts": [],
    "people": {"heading": "", "columns": [], "rows": []},
    "days": [],
}
# What would be markup, code, a file or a link if anything in the data were read as such.
HOSTILE = [
    '#eval("1+1")', "$x^2$", "\\", "*bold*", "_em_", "@ref", "<label>", "`raw`", "= Heading", "- item", "/ term: x",
    "#read(\"/etc/passwd\")", "#import \"@preview/x:1.0.0\"", "https://example.org/x", "// comment", "/* open", "[",
    "#]", "\"}],\"title\":\"x", "~--...", "{{7*7}}",
]  # fmt: skip


def printed(**changes: Any) -> Pdf:
    """A sheet with these changes, read back."""
    return Pdf(typeset(SHEET, EMPTY | changes, notice="NOTICE", at=AT).body)


def people(*names: str) -> dict[str, Any]:
    return {"heading": "People", "columns": ["Name"], "rows": [[name] for name in names]}


def test_sheet_is_tagged_titled_and_in_its_language() -> None:
    sheet = printed(people=people("Ola"))
    assert "<pdfuaid:part>1</pdfuaid:part>" in sheet.metadata
    assert "/Marked true" in sheet.heads
    assert "/Lang(en-GB)" in sheet.heads
    assert "DisplayDocTitle true" in sheet.heads
    assert [tag for tag in ("H1", "H2", "Table", "TH", "TD") if tag not in sheet.tags] == []


def test_same_data_and_moment_give_the_same_bytes() -> None:
    one, other = (typeset(SHEET, EMPTY, notice="", at=AT).body for _ in range(2))
    assert one == other


@pytest.mark.parametrize("text", HOSTILE)
def test_data_is_never_read_as_markup(text: str) -> None:
    sheet = printed(title=f"A {text} Z", people=people(text), lead=[text])
    assert sheet.text.count(" ".join(text.split())) == 3
    assert sheet.links == set()


@pytest.mark.parametrize(
    "name",
    ["Łukasz Żółć", "Þórður Ægisson", "Nguyễn Thị Đào", "Владимир Шевченко", "Ωμέγα Ήλιος", "Åse Bjørnøy"],
)
def test_latin_greek_and_cyrillic_are_printed_as_written(name: str) -> None:
    made = typeset(SHEET, EMPTY | {"people": people(name)}, notice="NOTICE", at=AT)
    assert (name in Pdf(made.body).text, made.spelled) == (True, frozenset())


def test_arabic_and_hebrew_are_printed() -> None:
    made = typeset(SHEET, EMPTY | {"people": people("محمد", "שלום")}, notice="NOTICE", at=AT)
    assert made.spelled == frozenset()
    assert {"محمد"[::-1] in Pdf(made.body).text, "שלום"[::-1] in Pdf(made.body).text} == {True}


@pytest.fixture
def only_own_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any font of its own."""
    monkeypatch.setattr("app.core.pdf._fonts", lambda: typst.Fonts(include_system_fonts=False))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "[U+5F20 U+4F1F]"),
        ("김철수", "[gimceolsu]"),
        ("さくら", "[sakura]"),
        ("ไทย", "[U+0E44 U+0E17 U+0E22]"),
        ("Anna 😀", "Anna [grinning face]"),
        ("👨‍👩‍👧", "[man woman girl]"),
        ("አማርኛ", "[U+12A0 U+121B U+122D U+129B]"),
    ],
)
@pytest.mark.usefixtures("only_own_fonts")
def test_what_no_font_shows_is_spelled_out_and_said(name: str, shown: str) -> None:
    made = typeset(SHEET, EMPTY | {"people": people(name, "Ola")}, notice="NOTICE", at=AT)
    sheet = Pdf(made.body)
    assert (shown in sheet.text, "Ola" in sheet.text, "NOTICE" in sheet.text) == (True, True, True)
    assert made.spelled <= set(name)


@pytest.mark.usefixtures("only_own_fonts")
def test_every_kind_of_character_gets_through() -> None:
    blocks = ["".join(chr(code) for code in range(start, start + 97, 8)) for start in range(0x250, 0x3_0000, 0x100)]
    clean = ["".join(letter for letter in block if letter.isprintable()) for block in blocks]
    made = typeset(SHEET, EMPTY | {"people": people(*filter(None, clean))}, notice="NOTICE", at=AT)
    assert "NOTICE" in Pdf(made.body).text


class PanicException(BaseException):
    """As typst raises it: typst 0.15.2 does for a paragraph with every eighth character of Unicode."""


def test_fault_in_the_compiler_does_not_end_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then no letter beyond the ordinary ones is trusted."""
    real, calls = pdf._compiler, []

    class Faulty:
        def compile(self, **_options: object) -> bytes:
            raise PanicException

    def compiler(source: Any, inputs: dict[str, str]) -> Any:
        calls.append(source)
        return Faulty() if len(calls) < 3 else real(source, inputs)

    monkeypatch.setattr(pdf, "_compiler", compiler)
    made = typeset(SHEET, EMPTY | {"people": people("Владимир")}, notice="NOTICE", at=AT)
    assert (made.spelled, "[U+0412 U+043B" in Pdf(made.body).text) == (frozenset("Владимир"), True)


def test_sheet_without_strange_characters_says_nothing_of_them() -> None:
    assert "NOTICE" not in printed(people=people("Ola")).text


def test_long_words_get_places_to_break_and_addresses_none() -> None:
    assert breakable("x" * 45) == "\u200b".join(("x" * 20, "x" * 20, "x" * 5))
    address = "a-name-of-forty-letters@example.org/" + "x" * 20
    assert breakable(address) == address


def test_nothing_is_spelled_where_nothing_is_missing() -> None:
    assert spelled_out("张伟 [x]", frozenset()) == "张伟 [x]"


def test_long_text_goes_on_over_pages() -> None:
    long = "\n".join(f"line {number}" for number in range(300))
    fact = {"label": "Note:", "parts": [{"text": long, "url": ""}]}
    stop = {"time": "9", "title": "Tour", "status": "Confirmed", "facts": [fact], "way": ""}
    sheet = printed(days=[{"heading": "Monday", "stops": [stop]}])
    assert [f"line {number}" in sheet.text for number in (0, 150, 299)] == [True, True, True]
    assert [f"Page {number} of {len(sheet.pages)}" in page for number, page in enumerate(sheet.pages, 1)] == [
        True
    ] * len(sheet.pages)
