"""What stands in the way of stops, in words: one stop fits or does not, several fit together or do not."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from app.core.dates import LOCALES
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import Span
from app.planning.travel import Leg
from app.web.host.obstacle_words import obstacle_lines, obstacle_words

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


WAY = Obstacle(
    date(2037, 12, 9),
    ("a", "b"),
    "travel",
    free=(Span(630, 690), Span(695, 755)),
    data={"exact": True, "leg": Leg(19, "drive"), "buffer": 10},
)
DARK = Obstacle(date(2037, 12, 9), ("a",), "dark", free=(Span(572, 928),), data={"fixed": Span(525, 585)})
APART = Obstacle(None, ("a", "b"), "days-apart", data={"stay": 5, "on": ((date(2037, 12, 9),), (date(2037, 12, 14),))})
FEW = Obstacle(None, ("a", "b"), "days-few", data={"stay": 2})
SENTENCES = {
    "en": (
        "“Pipes” (City Hall) lasts until 11:30 and “Pumps” (Kronstad) begins at 11:35: the way takes 19 minutes by "
        "car, and 10 minutes are kept free.",
        "“Pipes”: it is dark until 9:32.",
        "“Pipes” is possible only on Wednesday 9 December 2037 and “Pumps” is possible only on Monday 14 December "
        "2037: that is more than 5 days.",
        "“Pipes” and “Pumps” do not fit within 2 days.",
    ),
    "nb": (
        "«Pipes» (City Hall) varer til kl. 11.30 og «Pumps» (Kronstad) begynner kl. 11.35: veien tar 19 minutter med "
        "bil, og 10 minutter holdes fri.",
        "«Pipes»: det er mørkt til kl. 9.32.",
        "«Pipes» er bare mulig onsdag 9. desember 2037 og «Pumps» er bare mulig mandag 14. desember 2037: "
        "det er mer enn 5 dager.",
        "«Pipes» og «Pumps» får ikke plass på 2 dager.",
    ),
    "nn": (
        "«Pipes» (City Hall) varer til kl. 11.30 og «Pumps» (Kronstad) tek til kl. 11.35: vegen tek 19 minutt med bil, "
        "og 10 minutt blir haldne fri.",
        "«Pipes»: det er mørkt til kl. 9.32.",
        "«Pipes» er berre mogleg onsdag 9. desember 2037 og «Pumps» er berre mogleg måndag 14. desember 2037: "
        "det er meir enn 5 dagar.",
        "«Pipes» og «Pumps» får ikkje plass på 2 dagar.",
    ),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("language", SENTENCES)
def test_the_way_the_dark_and_the_days_are_said_as_they_are(app: Flask, language: str) -> None:
    names = NAMES | {"place-of:a": "City Hall", "place-of:b": "Kronstad"}
    with app.test_request_context("/"), force_locale(LOCALES[language]):
        assert tuple(obstacle_words(one, names) for one in (WAY, DARK, APART, FEW)) == SENTENCES[language]


@pytest.mark.one_engine
def test_what_is_true_of_several_days_is_said_once(app: Flask) -> None:
    days = [date(2037, 12, day) for day in (7, 8, 9, 11, 14)]
    obstacles = [*(Obstacle(day, ("a", "b"), "together") for day in days), FEW]
    with app.test_request_context("/"), force_locale(LOCALES["en"]):
        assert [words for words, _sentence in obstacle_lines(obstacles, NAMES)] == [
            "7–9 December 2037, Friday 11 December 2037 and Monday 14 December 2037",
            "",
        ]


EACH = (("host", "fire", (Span(510, 720),)), ("person", "1", ()))
NEVER = Obstacle(date(2037, 12, 9), ("a",), "no-common", data={"each": EACH})
NOBODY = Obstacle(date(2037, 12, 9), ("a",), "nobody", "host", "fire", data={"each": EACH[:1], "fixed": False})
OPEN = Obstacle(date(2037, 12, 9), ("a",), "fixed-closed", "host", "fire", free=(Span(510, 720),))
WHO = {
    "en": (
        "“Pipes”: never long enough free at once (Fire: 8:30–12:00; Terje: not at all).",
        "“Pipes”: nobody at Fire is free long enough; those with the most free time: Fire: 8:30–12:00.",
        "“Pipes”: Fire is only open 8:30–12:00, not the whole of the fixed time.",
    ),
    "nb": (
        "«Pipes»: aldri ledige lenge nok samtidig (Fire: 8.30–12.00; Terje: ikke i det hele tatt).",
        "«Pipes»: ingen hos Fire er ledig lenge nok; de som har mest ledig tid: Fire: 8.30–12.00.",
        "«Pipes»: Fire har bare åpent 8.30–12.00, ikke hele det faste tidsrommet.",
    ),
    "nn": (
        "«Pipes»: aldri ledige lenge nok samstundes (Fire: 8.30–12.00; Terje: ikkje i det heile).",
        "«Pipes»: ingen hos Fire er ledig lenge nok; dei som har mest ledig tid: Fire: 8.30–12.00.",
        "«Pipes»: Fire har berre ope 8.30–12.00, ikkje heile det faste tidsrommet.",
    ),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("language", WHO)
def test_those_in_the_way_are_named_with_their_times(app: Flask, language: str) -> None:
    names = NAMES | {"host:fire": "Fire", "person:1": "Terje"}
    with app.test_request_context("/"), force_locale(LOCALES[language]):
        assert tuple(obstacle_words(one, names) for one in (NEVER, NOBODY, OPEN)) == WHO[language]
