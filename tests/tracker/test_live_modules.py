"""The live page's modules that know no document, run in a real browser."""

import pytest

from tests.browser import open_browser, open_page
from tests.tracker.live_site import open_database, serve_live

BAND_S = [2.5, 3.5]


@pytest.fixture(scope="module")
def page():
    with (
        open_browser() as browser,
        open_database() as engine,
        serve_live(engine) as address,
        open_page(browser) as opened,
    ):
        opened.goto(address)
        yield opened


def call(page, module, function, *arguments):
    return page.evaluate(
        "([module, name, args]) => import(`/static/live/${module}.js`)"
        ".then(loaded => loaded[name](...args))",
        [module, function, list(arguments)],
    )


def after(page, *messages, at_ms=0):
    """The model after messages that came one each 0.1 s, and what happened."""
    return page.evaluate(
        """([messages, atMs]) => import("/static/live/model.js").then(({ newModel, take }) => {
             const model = newModel();
             const happened = messages.flatMap((message, k) =>
               take(model, message, message.atMs ?? atMs + 100 * k).map(one => one.kind));
             return { ...model, reps: [...model.reps.keys()], happened };
           })""",
        [list(messages), at_ms],
    )


def state(name, number=1, session="a-session"):
    return {"type": "state", "state": name, "set": number, "session": session, "rest_s": 60}


def frame(angle_deg, phase, phase_s, reps=0, **more):
    made = {"type": "frame", "a": angle_deg, "phase": phase, "phase_s": phase_s, "reps": reps}
    return made | more


def rep(n):
    return {"type": "rep", "n": n, "eccentric_s": 3.0, "peak_deg": 88, "verdict": "in_tempo"}


def drawn(page, came, at_ms):
    """The angles that are drawn at each time, when angles came at others."""
    return page.evaluate(
        """([came, atMs]) => import("/static/live/glide.js").then((loaded) => {
             const { glideTo, glidingDeg, newGlide } = loaded;
             const glide = newGlide();
             const left = [...came];
             return atMs.map((ms) => {
               while (left.length && left[0][0] <= ms) glideTo(glide, left[0][1], left.shift()[0]);
               return glidingDeg(glide, ms);
             });
           })""",
        [came, at_ms],
    )


def test_angles_that_come_eight_times_a_second_are_drawn_in_between(page):
    came = [(0, 0.0), (120, 10.0), (240, 20.0), (240.5, 20.0)]

    shown = drawn(page, came, [0, 120, 180, 240, 300, 360, 500])

    assert shown == pytest.approx([0, 0, 5, 10, 15, 20, 20])


def test_angles_that_come_often_or_after_a_rest_are_drawn_where_they_are(page):
    came = [(0, 0.0), (20, 1.0), (40, 2.0), (1000, 30.0), (1120, None), (1240, 40.0)]

    shown = drawn(page, came, [0, 20, 40, 1000, 1120, 1240])

    assert shown == [0, 1, 2, 30, None, 40]


def test_the_pacer_goes_from_90_degrees_to_rest_in_3_seconds_evenly(page):
    angles_deg = [call(page, "pacer", "paceDeg", t_s, 3, 90) for t_s in (0, 1, 1.5, 3, 4)]

    assert angles_deg == pytest.approx([90, 60, 45, 0, 0])


def test_the_corridor_is_what_the_tempo_band_allows_and_6_degrees_more(page):
    lowest_deg, highest_deg = call(page, "pacer", "corridorDeg", 1.75, BAND_S, 90)

    assert lowest_deg == pytest.approx(90 * (1 - 1.75 / 2.5) - 6)
    assert highest_deg == pytest.approx(45 + 6)


@pytest.mark.parametrize(("angle_deg", "said"), [(50.0, "on"), (15.0, "ahead"), (85.0, "behind")])
def test_halfway_in_time_the_leg_is_told_how_it_does(page, angle_deg, said):
    assert call(page, "pacer", "judgePace", angle_deg, 1.5, BAND_S, 90) == said


def test_what_is_said_of_the_pace_does_not_flicker_at_the_edge(page):
    lowest_deg, _ = call(page, "pacer", "corridorDeg", 1.5, BAND_S, 90)

    from_inside = call(page, "pacer", "judgePace", lowest_deg - 1, 1.5, BAND_S, 90, "on")
    from_outside = call(page, "pacer", "judgePace", lowest_deg + 1, 1.5, BAND_S, 90, "ahead")

    assert (from_inside, from_outside) == ("on", "ahead")


def test_opening_the_line_again_is_tried_ever_more_patiently_up_to_5_seconds(page):
    waits_ms = [call(page, "link", "waitMs", n) for n in range(7)]

    assert waits_ms == [250, 500, 1000, 2000, 4000, 5000, 5000]


def test_the_pacer_starts_where_the_leg_turned_round_and_when_the_phase_began(page):
    model = after(
        page,
        state("set"),
        frame(40, "lift", 0.5),
        frame(87, "lift", 0.9),
        frame(85, "eccentric", 0.1),
    )

    assert model["startDeg"] == 87
    assert model["phaseAtMs"] == 200  # it came at 300 ms, 0.1 s into the phase


def test_a_page_that_comes_in_half_way_lets_the_pacer_start_where_the_last_one_did(page):
    model = after(page, state("set"), rep(1), frame(30, "eccentric", 2.0, 1))

    assert model["startDeg"] == 88


def test_the_next_repetition_starts_the_phase_clock_anew_even_if_its_lift_was_not_seen(page):
    model = after(
        page,
        state("set"),
        frame(2, "eccentric", 2.9, atMs=3000),
        frame(88, "eccentric", 0.1, 1, atMs=5000),
    )

    assert model["phaseAtMs"] == 4900
    assert model["count"] == 1


def test_a_snapshot_is_old_news_and_starts_nothing_aloud(page):
    told = [state("set") | {"age_s": 9.0}, rep(1) | {"age_s": 4.0}, rep(2) | {"age_s": 1.0}]

    model = after(page, {"type": "snapshot", "messages": told})

    assert model["happened"] == []
    assert model["reps"] == [1, 2]


def test_the_same_repetition_told_twice_counts_and_sounds_once(page):
    model = after(page, state("set"), rep(1), rep(1))

    assert model["happened"] == ["state", "rep"]
    assert model["count"] == 1


def test_the_next_set_begins_with_no_marks_and_no_card(page):
    card = {"type": "card", "set": 1, "reps": 1, "reps_list": []}

    model = after(page, state("set"), rep(1), card, state("rest"), state("calibrating", number=2))

    assert (model["reps"], model["card"], model["count"]) == ([], None, 0)


def test_rest_counts_from_the_end_of_the_set_not_from_the_screen_that_shows_it(page):
    left_s = page.evaluate(
        """([messages]) => import("/static/live/model.js").then(live => {
             const model = live.newModel();
             for (const message of messages) live.take(model, message, message.atMs);
             return live.restSeconds(model, 20000);
           })""",
        [[
            state("card") | {"atMs": 0},
            {"type": "card", "set": 1, "reps_list": [], "atMs": 0},
            state("rest") | {"atMs": 8000},
        ]],
    )  # fmt: skip

    assert left_s == 40


def test_the_arc_from_rest_to_90_degrees_is_a_quarter_turn_upwards_when_prone(page):
    prone = {"x": 0, "y": 0, "restDeg": 0, "turn": -1}

    path = call(page, "figure", "arcPath", prone, 0, 90, 100)

    assert path == "M100.0 0.0A100 100 0 0 0 0.0 -100.0"


def test_a_summary_is_put_away_for_who_opens_the_page_half_an_hour_later(page):
    def shown(age_s, *later):
        told = {"type": "snapshot", "messages": [state("done") | {"age_s": age_s}]}
        return page.evaluate(
            """messages => import("/static/live/model.js").then(({ newModel, stateName, take }) => {
                 const model = newModel();
                 for (const message of messages) take(model, message, 0);
                 return stateName(model);
               })""",
            [told, *later],
        )

    assert shown(60) == "done"
    assert shown(3600) == "idle"
    assert shown(3600, state("questions", session="the next")) == "questions"
