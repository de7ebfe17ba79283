"""The modules of the interval timer and of scheduled tones, run in a real browser."""

import pytest

from tests.browser import open_browser, open_page, serve
from tests.tracker.live_site import app_on, open_database
from tests.tracker.test_live_modules import call as call_live
from tracker.sounds import MELODIES

LEGS = [{"duration_s": 60}, {"duration_s": 30}, {"duration_s": None}, {"duration_s": 10}]


@pytest.fixture(scope="module")
def page():
    with (
        open_browser() as browser,
        open_database() as engine,
        serve(app_on(engine)) as address,
        open_page(browser) as opened,
    ):
        opened.goto(f"{address}/intervals")
        yield opened


def call(page, function, *arguments):
    return call_live(page, "../sound/course", function, *arguments)


def course(index=0, start_s=0.0, paused_s=None):
    paused = None if paused_s is None else 1000 * paused_s
    return {"index": index, "startMs": 1000 * start_s, "pausedMs": paused}


def test_the_tones_of_the_browser_are_those_of_the_coach(page):
    cues = page.evaluate("import('/static/sound/cues.js').then(loaded => loaded.CUES)")

    assert {cue: [tuple(note) for note in notes] for cue, notes in cues.items()} == {
        str(cue): list(melody) for cue, melody in MELODIES.items()
    }


@pytest.mark.parametrize(("at_s", "index", "start_s"), [(59.9, 0, 0), (60.0, 1, 60), (1e6, 2, 90)])
def test_a_course_stands_where_the_clock_says_however_long_the_page_slept(
    page, at_s, index, start_s
):
    stands = call(page, "at", LEGS, course(), 1000 * at_s)

    assert stands == course(index, start_s)


def test_a_leg_lasts_as_much_longer_as_the_pause_took(page):
    paused = call(page, "pause", course(), 20_000)
    resumed = call(page, "resume", paused, 50_000)

    assert call(page, "leftS", LEGS, paused, 45_000) == 40
    assert call(page, "leftS", LEGS, resumed, 50_000) == 40


def test_the_last_three_seconds_and_the_change_are_beeped_up_to_the_leg_without_an_end(page):
    beeps = call(page, "beeps", LEGS, course(), 58_500)

    assert [(beep["atMs"] / 1000, beep["cue"]) for beep in beeps] == [
        (59, "pace"), (60, "go"), (87, "pace"), (88, "pace"), (89, "pace"), (90, "go"),
    ]  # fmt: skip


def test_the_course_ends_with_its_own_sound(page):
    beeps = call(page, "beeps", LEGS, course(index=3), 0)

    assert (beeps[-1]["atMs"], beeps[-1]["cue"]) == (10_000, "set_end")


def test_tones_start_within_50_ms_of_the_clock_of_the_page(page):
    worst_ms = page.evaluate(
        """async () => {
             const { Schedule } = await import("/static/sound/schedule.js");
             const sound = new Schedule();
             await sound.open();
             const began = Date.now();
             sound.set([1, 2, 3].map(k => ({ atMs: began + 200 * k, cue: "pace" })), began);
             const misses = [];
             for (const { atMs, atS } of sound.given) {
               while (sound.nowS < atS) await new Promise(done => setTimeout(done, 4));
               misses.push(Math.abs(Date.now() - atMs));
             }
             return Math.max(...misses);
           }"""
    )

    assert worst_ms < 50
