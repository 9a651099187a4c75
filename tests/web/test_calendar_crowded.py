"""A week and a day with many stops at once: as many beside each other as can be read, no word broken, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import cast
from tests.factories import make_appointment, make_visit
from tests.harness.browser import OpenPage
from tests.web.office import Store, open_office, user_called

WEEK, DAY = "/calendar?view=week&date=2027-05-10", "/calendar?view=day&date=2027-05-11"
PEOPLE = (cast.OLA, cast.BRITA, cast.SIRI, cast.KARI, cast.ULRIK)
TITLES = (
    "Rehabilitation after injury and what the municipality learned from it in twelve years",
    "Overvannshåndteringsplanleggingsverktøy i bratte gater",
    "Apprentices",
    "Flood",
    "Kunnskapsdepartementet inviterer",
)
# For every stop that is drawn: the lines its time stands on, whether time and status stay within it, and its words that
# stand on two lines. What a browser with a dictionary hyphenates is no broken word, so that is switched off.
MEASURE = """() => [...document.querySelectorAll('.entry')].filter(
  e => getComputedStyle(e.closest('li')).position !== 'absolute'
).map(entry => {
  const box = entry.getBoundingClientRect(), broken = []
  const fits = e => e.getBoundingClientRect().right <= box.right && e.getBoundingClientRect().left >= box.left
  for (const part of entry.querySelectorAll('*')) part.style.hyphens = 'manual'
  const texts = document.createTreeWalker(entry, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[\\p{L}\\p{N}.:]+/gu)) {
    const range = document.createRange()
    range.setStart(texts.currentNode, word.index), range.setEnd(texts.currentNode, word.index + word[0].length)
    const lines = new Set([...range.getClientRects()].map(line => Math.round(line.top)))
    if (lines.size > 1) broken.push(word[0])
  }
  const time = entry.querySelector('time'), status = entry.querySelector('.status-mark')
  return {broken, times: time.getClientRects().length, fits: fits(time) && fits(status)}
})"""
CUT = """() => [...document.querySelectorAll('.entry :is(.what, .of-whom, .of-place)')].filter(
  e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight + 1).length"""
SHOWN = "e => getComputedStyle(e, '::after').content"


@pytest.fixture
def crowd(app: Flask, store: Store) -> str:
    """Five stops at once on a Tuesday, two on each other working day, a holiday on Sunday; the coordinator's session.

    So the week has three lanes beyond a first for each day: five stops of those thirteen are not drawn.
    """
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("claimed", user=user_called(session, cast.OLA), organisation="Arbeitsgemeinschaft Nord")
        for number, (person, title) in enumerate(zip(PEOPLE, TITLES, strict=True)):
            whole = {"user": user_called(session, person), "host": visit.lead_host, "title": title}
            make_appointment(visit, day=date(2027, 5, 11), start="10:15", end="11:45", **whole)  # type: ignore[arg-type]
            for day in (10, 12, 13, 14) if number < 2 else ():
                make_appointment(visit, day=date(2027, 5, day), start="10:15", end="11:00", **whole)  # type: ignore[arg-type]
    return office.sessions[cast.KARI.email]


def measured(page: Page) -> list[dict[str, Any]]:
    """Every stop that is drawn, see MEASURE."""
    found: list[dict[str, Any]] = page.evaluate(MEASURE)
    return found


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize(
    ("path", "width", "drawn"),
    [(WEEK, 1280, 8), (WEEK, 1216, 8), (WEEK, 768, 13), (WEEK, 360, 13), (DAY, 1280, 5), (DAY, 360, 5)],
)
def test_no_word_and_no_time_is_broken_however_many_are_at_once(
    open_page: OpenPage, crowd: str, path: str, width: int, drawn: int, language: str
) -> None:
    page = open_page(path + f"&lang={language}", width=width, user=crowd, script=False)
    stops = measured(page)
    assert len(stops) == drawn
    assert [stop for stop in stops if stop != {"broken": [], "times": 1, "fits": True}] == []


@pytest.mark.parametrize("width", [1047, 718], ids=["landscape", "portrait"])
@pytest.mark.parametrize(("path", "drawn"), [(WEEK, 13), (DAY, 5)], ids=["week", "day"])
def test_paper_has_every_stop_whole(open_page: OpenPage, crowd: str, path: str, drawn: int, width: int) -> None:
    page = open_page(path, width=width, user=crowd)
    page.emulate_media(media="print")
    assert (len(measured(page)), page.evaluate(CUT)) == (drawn, 0)
    assert [stop for stop in measured(page) if not stop["fits"] or stop["times"] != 1] == []


def test_stops_without_a_lane_are_counted_lead_to_the_day_and_are_there_for_ear_and_keyboard(
    open_page: OpenPage, crowd: str, axe: Callable[[Page], None]
) -> None:
    page = open_page(WEEK, user=crowd)
    axe(page)
    tuesday = page.get_by_role("region", name="Tuesday 11 May 2027")
    for title in TITLES:
        expect(tuesday.get_by_role("link", name=title)).to_have_count(1)
    folded = tuesday.locator("li[data-folded] a")
    expect(folded).to_have_count(3)
    folded.first.focus()
    box = folded.first.bounding_box()
    assert box is not None
    assert box["width"] > 100
    assert box["height"] > 40
    tuesday.get_by_role("link", name="+3 more").click()
    expect(page).to_have_url("/calendar?view=day&date=2027-05-11")
    for title in TITLES:
        expect(page.get_by_role("link", name=title)).to_be_in_viewport()


@pytest.mark.parametrize("path", [WEEK, DAY, "/calendar?view=month&date=2027-05"], ids=["week", "day", "month"])
def test_what_a_lane_cuts_is_shown_whole_on_focus_and_hover_until_escape(
    open_page: OpenPage, crowd: str, path: str
) -> None:
    page = open_page(path, user=crowd)
    stop = page.get_by_role("link", name=TITLES[1]).first
    assert stop.evaluate(SHOWN) == "none"
    page.get_by_role("link", name=TITLES[0]).first.focus()
    page.keyboard.press("Tab")
    expect(stop).to_be_focused()
    whole = f"{TITLES[1]}\\a Arbeitsgemeinschaft Nord\\a Øvre Dreggsallmenningen"
    assert whole in stop.evaluate(SHOWN)
    page.keyboard.press("Escape")
    assert stop.evaluate(SHOWN) == "none"
    page.keyboard.press("Tab")
    stop.hover()
    assert whole in stop.evaluate(SHOWN)
    page.keyboard.press("Escape")
    assert stop.evaluate(SHOWN) == "none"
