"""The board of a programme in a real browser: dragged with a mouse, moved with keys, swapped, resized, taken back."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.core.time import in_venue
from tests import cast
from tests.harness.browser import DESK, PHONE, OpenPage
from tests.web.hosting import Case, Store, find_visit
from tests.web.stop_forms import QUARTER, ola_is_away, open_lunch_case, stop

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
Axe = Callable[[Page], None]


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    return open_lunch_case(app, store)


@pytest.fixture
def board(case: Case, open_page: OpenPage) -> Page:
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email])
    page.set_viewport_size({"width": DESK, "height": 2000})
    return page


def times(case: Case) -> dict[str, str]:
    with case.store() as session:
        return {
            one.title: f"{in_venue(one.starts_at):%d %H:%M}-{in_venue(one.ends_at):%H:%M}"
            for one in find_visit(session, case.ref).appointments
        }


def drag(page: Page, grip: Locator, *, right: float = 0, down: float = 0, grab: float = 12, drop: bool = True) -> None:
    box = grip.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + (grab if box["height"] > grab else box["height"] / 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    if drop:
        with page.expect_navigation():
            page.mouse.up()


def test_stop_is_dragged_to_another_time_and_taken_back(case: Case, board: Page) -> None:
    drag(board, stop(board, "Pipe"), down=-4 * QUARTER)
    assert times(case)["Pipe renewal on site"] == "10 08:00-10:00"
    expect(stop(board, "Pipe").locator("a")).to_be_focused()
    board.get_by_role("button", name="Undo").click()
    assert times(case)["Pipe renewal on site"] == "10 09:00-11:00"


def test_stop_is_dragged_to_another_day(case: Case, board: Page) -> None:
    width = board.locator("[data-board] section").first.bounding_box()
    assert width is not None
    drag(board, stop(board, "Lunch"), right=width["width"])
    assert times(case)["Lunch"] == "11 12:00-13:00"


def test_stop_is_made_longer_by_its_edge(case: Case, board: Page) -> None:
    drag(board, stop(board, "Lunch").locator("[data-edge]"), down=2 * QUARTER)
    assert times(case)["Lunch"] == "10 12:00-13:30"


def test_stop_dropped_onto_another_is_swapped_with_it(case: Case, board: Page) -> None:
    pipe, lunch = stop(board, "Pipe").bounding_box(), stop(board, "Lunch").bounding_box()
    assert pipe is not None
    assert lunch is not None
    drag(board, stop(board, "Lunch"), down=pipe["y"] - lunch["y"] + 20)
    assert times(case) == {"Pipe renewal on site": "10 11:00-13:00", "Lunch": "10 09:00-10:00"}


def test_two_stops_are_swapped_with_the_keyboard(case: Case, board: Page) -> None:
    """S chooses every other stop in turn and then none; an arrow key moves instead; what is put down is swapped."""
    stop(board, "Lunch").locator("a").focus()
    says = board.locator("[data-board-says]")
    for key, words in (
        (" ", "Picked up."),
        ("s", "Swap with Pipe renewal on site"),
        ("s", "12:00–13:00."),
        ("S", "Swap with Pipe renewal on site"),
        ("ArrowDown", "12:15–13:15."),
    ):
        board.keyboard.press(key)
        expect(says).to_contain_text(words)
    expect(says).not_to_contain_text("Swap")
    board.keyboard.press("s")
    expect(stop(board, "Pipe")).to_have_attribute("data-target", "")
    with board.expect_navigation():
        board.keyboard.press(" ")
    assert times(case) == {"Pipe renewal on site": "10 11:00-13:00", "Lunch": "10 09:00-10:00"}
    expect(stop(board, "Lunch").locator("a")).to_be_focused()


def test_what_a_swap_meets_is_shown_before_it_is_saved_and_after(case: Case, board: Page, axe: Axe) -> None:
    """Of both stops: by key on the board, and beside the list of stops to swap with."""
    ola_is_away(case)
    met = board.locator("[data-board-conflicts]")
    stop(board, "Lunch").locator("a").focus()
    board.keyboard.press(" ")
    board.keyboard.press("s")
    expect(met).to_contain_text("You can save this; mind:")
    expect(met.get_by_text("“Lunch”: Ola Overvann is away that day.")).to_have_count(1)
    expect(met.get_by_text("“Pipe renewal on site”: Ola Overvann is away that day.")).to_have_count(1)
    board.keyboard.press("Escape")
    expect(met).to_be_empty()
    board.get_by_text("Move, swap or change the person – Lunch").click()
    form = board.locator(f"#swap-{stop(board, 'Lunch').get_attribute('data-stop')}")
    form.get_by_label("Swap with").focus()
    expect(form.locator("[data-conflicts-here]")).to_contain_text("“Lunch”: Ola Overvann is away that day.")
    with board.expect_navigation():
        form.get_by_role("button").click()
    warnings = board.locator(".flashes [data-color=warning]")
    expect(warnings).to_have_count(2)
    expect(warnings.first).to_contain_text("Ola Overvann is away that day.")
    axe(board)


def test_conflict_is_shown_before_the_stop_is_put_down_and_escape_leaves_it(case: Case, board: Page) -> None:
    drag(board, stop(board, "Lunch"), down=-5 * QUARTER, grab=50, drop=False)
    expect(board.locator("[data-board-conflicts]")).to_contain_text("Ola Overvann is taken: “Pipe renewal on site”")
    expect(board.locator("[data-board-conflicts]")).to_contain_text("This cannot be saved")
    board.keyboard.press("Escape")
    expect(board.locator("[data-board-says]")).to_have_text("Left where it was.")
    board.mouse.up()
    assert times(case)["Lunch"] == "10 12:00-13:00"


def test_refused_drop_says_why_and_keeps_what_was_wanted(case: Case, board: Page, axe: Axe) -> None:
    drag(board, stop(board, "Lunch"), down=-5 * QUARTER, grab=50)
    expect(board.locator("[data-error-summary]")).to_contain_text("Ola Overvann is taken")
    assert board.get_by_label("From").last.input_value() == "10:45"
    assert times(case)["Lunch"] == "10 12:00-13:00"
    axe(board)


def test_stop_is_dragged_with_a_finger_on_a_tablet(case: Case, board: Page) -> None:
    finger = board.context.new_cdp_session(board)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    box = stop(board, "Lunch").bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 12

    def touch(kind: str, down: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y + down}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0)
    for step in range(1, 5):
        touch("touchMove", 2 * QUARTER * step / 4)
    with board.expect_navigation():
        touch("touchEnd", 0)
    assert times(case)["Lunch"] == "10 12:30-13:30"


def test_keyboard_moves_resizes_and_cancels(case: Case, board: Page, axe: Axe) -> None:
    link = stop(board, "Lunch").locator("a")
    link.focus()
    for key in ("Space", "ArrowDown", "ArrowRight", "Escape"):
        board.keyboard.press(key)
    assert times(case)["Lunch"] == "10 12:00-13:00"
    for key in ("Space", "ArrowDown", "ArrowRight", "Shift+ArrowDown"):
        board.keyboard.press(key)
    expect(board.locator("[data-board-says]")).to_contain_text("12:15–13:30")
    expect(board.locator("[data-board-conflicts]")).to_contain_text("Nothing is in the way.")
    axe(board)
    with board.expect_navigation():
        board.keyboard.press("Space")
    assert times(case)["Lunch"] == "11 12:15-13:30"


@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("nb", PHONE), ("nn", DESK), ("en", PHONE)])
def test_everything_without_a_script_and_on_a_phone(
    case: Case, open_page: OpenPage, axe: Axe, language: str, width: int
) -> None:
    script = width == DESK
    page = open_page(
        case.url("/arrange"), language=language, width=width, user=case.sessions[cast.OLA.email], script=script
    )
    if script:
        axe(page)
    else:
        page.locator("button[value=later-30]").last.click()
        assert times(case)["Lunch"] == "10 12:30-13:30"
        page.locator("form[action*=undo] button").click()
        page.locator("li[id^=stop-] summary").last.click()
        page.locator("form[action$=swap] button").last.click()
        assert times(case) == {"Pipe renewal on site": "10 11:00-13:00", "Lunch": "10 09:00-10:00"}
    if folder := os.environ.get("PICTURES"):
        for summary in page.locator("li[id^=stop-] summary").all()[:1]:
            summary.click()
        page.screenshot(path=f"{folder}/arrange-{language}-{width}.png", full_page=True)
