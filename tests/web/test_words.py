"""Words and formats in templates follow the reader, also where a template writes a constant."""

from __future__ import annotations

from flask import Flask

TEMPLATE = '{{ "lead" | word_for("part") }}, {{ "DE" | country }}, {{ ["a", "b"] | listed }}'


def test_constants_in_a_template_are_written_for_each_reader_in_turn(app: Flask) -> None:
    template, written = app.jinja_env.from_string(TEMPLATE), []
    for language in ("nb", "en", "nb"):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            written.append(template.render())
    assert written == ["Hovedvert, Tyskland, a og b", "Lead host, Germany, a and b", "Hovedvert, Tyskland, a og b"]
