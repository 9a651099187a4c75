"""What stands in the way of stops, in words: one stop fits or does not, several fit together or do not."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from app.core.dates import LOCALES
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import Span
from app.web.host.suggest_words import obstacle_words

NAMES = {"a": "Pipes", "b": "Pumps"}
WORDS = {
    ("en", "lunch"): ("“Pipes” fits only without lunch.", "“Pipes” and “Pumps” fit together only without lunch."),
    ("nb", "lunch"): ("«Pipes» får bare plass uten lunsj.", "«Pipes» og «Pumps» går bare sammen uten lunsj."),
    ("nn", "lunch"): ("«Pipes» får berre plass utan lunsj.", "«Pipes» og «Pumps» går berre saman utan lunsj."),
    ("en", "order"): ("“Pipes” fits only in another order.", "“Pipes” and “Pumps” fit together only in another order."),
    ("en", "together"): ("“Pipes” does not fit: free ", "“Pipes” and “Pumps” do not fit together: free "),
}


@pytest.mark.one_engine
@pytest.mark.parametrize(("language", "code"), WORDS)
def test_one_stop_fits_and_several_fit_together(app: Flask, language: str, code: ObstacleCode) -> None:
    for wishes, words in zip((("a",), ("a", "b")), WORDS[language, code], strict=True):
        obstacle = Obstacle(date(2027, 5, 10), wishes, code, free=(Span(540, 600),))
        with app.test_request_context("/"), force_locale(LOCALES[language]):
            assert obstacle_words(obstacle, NAMES).startswith(words)
