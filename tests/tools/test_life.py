"""A few days of a life, lived as `make life` lives twelve weeks."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest

from tests.browser import find_chromium
from tools.living.browsing import WatchedPage, open_browser
from tools.living.camera import Camera
from tools.living.coverage import every_exercise, every_rule, shortfalls
from tools.living.keyboard_hand import KeyboardHand, UnreachableError
from tools.living.lives import Met, live
from tools.living.moments import at_rep, in_state
from tools.living.paced_loop import FLYING, REAL, STOPPED, PacedLoop
from tools.living.watching import Moment

BESIDE_THE_CORE = frozenset(
    {"stretch_hamstring", "stretch_adductor", "mob_knee_chest", "mob_knee_across"}
) | {"iso_prone_raise"}


def some_days(patient):
    """A tear, the first training cut short by severe pain, rest days, and a swim that hurt."""
    patient.home.calendar.move(patient.on(1), 9)
    patient.begin(
        {
            "warning_signs": "no",
            "complete_tear": "no",
            "side": patient.side,
            "cause": "tear",
            "baseline": "6",
            "variant": "ecc_prone_helper",
        },
        {"injured_on": patient.on(1) - timedelta(days=2)},
    )
    patient.be(1, 10)
    patient.be(4, 8)
    patient.train(
        Moment("calibrating", "message", in_state("calibrating", "ecc_prone_helper")),
        skips=BESIDE_THE_CORE,
        until=at_rep("ecc_prone_helper", 3),
        pain_before=5,
        pain_worst=7,
        warning_signs_end=0,
    )
    patient.accept("rest_days")
    patient.be(5, 9)
    patient.look("rest")
    patient.play("other", pain=2)
    patient.train_elsewhere(8, ["ecc_prone_helper"])


@pytest.fixture(scope="module")
def browser():
    find_chromium()
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def lived(browser, tmp_path_factory):
    met, folder = Met(), tmp_path_factory.mktemp("life")
    camera = Camera(browser, folder, met.problems, readers=(("nl", "dark"),), widths_px=(390,))
    try:
        live(some_days, folder / "data", browser, camera, met)
        camera.print_sheets()
    finally:
        camera.close()
    return met, folder


def test_some_days_are_lived_by_keyboard_without_a_problem(lived):
    met, _ = lived

    assert met.problems == []
    assert met.n_keys > 100


def test_rules_speak_and_an_exercise_is_trained_through_the_coach(lived):
    met, _ = lived

    assert {"rest_after_tear", "rest_days", "sport_hurts", "relative_rest"} <= met.heard
    assert met.coached == {(1, "ecc_prone_helper")}


def test_every_moment_has_its_pictures_and_its_sheet(lived):
    _, folder = lived

    pictures = {path.parent.name for path in folder.glob("pictures/*/nl-390-dark.png")}
    sheets = {path.stem for path in folder.glob("sheets/*.png")}

    assert pictures == sheets == {"calibrating", "rest"}


BAD_PAGE = """data:text/html,<meta http-equiv="Content-Security-Policy" content="img-src 'none'">
<script>console.error("broken")</script><img src="https://localhost/x.png">
<p id="dead" onclick="1">press</p><button style="outline: none">dark</button>"""


def test_errors_and_breaches_of_the_policy_and_a_hidden_focus_are_noted(browser):
    problems = []
    bad = WatchedPage(browser, problems)
    bad.go(BAD_PAGE)

    KeyboardHand(bad.page, problems).press(bad.page.locator("button"))
    bad.close()

    told = " ".join(problems)
    assert "broken" in told
    assert "content policy: img-src" in told
    assert "cannot be seen" in told


def test_what_only_a_mouse_can_press_is_out_of_reach(browser):
    bad = WatchedPage(browser, [])
    bad.go(BAD_PAGE)

    with pytest.raises(UnreachableError, match="dead"):
        KeyboardHand(bad.page, []).press(bad.page.locator("#dead"))
    bad.close()


def test_what_was_never_met_is_told():
    silent = shortfalls(every_rule() - {"ice"}, set())
    nothing = shortfalls(every_rule(), every_exercise() | {(1, "ecc_seated_solo")})

    assert silent[0] == "rule ice never spoke"
    assert "conc_seated was never trained in week 5" in silent
    assert not any(
        "cycling" not in one and "run" not in one and "sprint" not in one for one in nothing
    )


@pytest.fixture
def loop():
    paced = PacedLoop()
    thread = threading.Thread(target=paced.run_forever)
    thread.start()
    yield paced
    paced.call_soon_threadsafe(paced.stop)
    thread.join()
    paced.close()


def lasts_s(loop, virtual_s):
    began_s = time.monotonic()
    asyncio.run_coroutine_threadsafe(asyncio.sleep(virtual_s), loop).result(30)
    return time.monotonic() - began_s


def set_pace(loop, pace):
    loop.call_soon_threadsafe(setattr, loop, "pace", pace)


def test_an_hour_flies_and_a_moment_can_last_as_long_as_on_the_wall(loop):
    set_pace(loop, FLYING)
    hour_s = lasts_s(loop, 3600)
    set_pace(loop, REAL)
    moment_s = lasts_s(loop, 0.2)

    assert hour_s < 30
    assert moment_s >= 0.2


def test_while_time_stands_still_work_is_done_and_no_timer_is_due(loop):
    async def work():
        return "done"

    set_pace(loop, STOPPED)
    waiting = asyncio.run_coroutine_threadsafe(asyncio.sleep(0.001), loop)
    done = asyncio.run_coroutine_threadsafe(work(), loop).result(30)
    still_waits = not waiting.done()
    set_pace(loop, FLYING)
    waiting.result(30)

    assert (done, still_waits) == ("done", True)
