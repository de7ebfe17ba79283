"""The training page's modules that know no document, run in a real browser."""

import pytest

from tests.browser import open_browser, open_page
from tests.flow.training_story import PLAN, SUMMARY, card, frame, interval, rep, state
from tests.tracker.live_site import open_database, serve_live

RETURN = {"isOutward": False, "amplitudeDeg": 25}
OUTWARD = {"isOutward": True, "amplitudeDeg": 30}


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
        "([module, name, args]) => import(`/static/train/${module}.js`)"
        ".then(loaded => loaded[name](...args))",
        [module, function, list(arguments)],
    )


def after(page, messages, look, *arguments):
    """What `look(model, ...)` finds after messages that came one each 0.1 s."""
    return page.evaluate(
        f"""([messages, args]) => Promise.all([
             import("/static/live/model.js"), import("/static/train/way.js")
           ]).then(([{{ newModel, take }}, way]) => {{
             const model = newModel();
             const happened = messages.flatMap((message, k) =>
               take(model, message, 100 * k).map(one => one.kind));
             return ({look})({{ model, happened, way }}, ...args);
           }})""",
        [list(messages), list(arguments)],
    )


SLOW_WAY = "({ model, way }, manner) => way.slowWay(model, manner)"
HAPPENED = "({ happened }) => happened"


def test_the_return_of_a_raise_is_paced_from_where_it_turned_to_rest(page):
    lift = [frame(k / 10, 8.0 * k, "lift", k / 10) for k in range(4)]
    messages = [state("set", "iso_prone_raise"), *lift, frame(0.5, 23.0, "eccentric", 0.0)]

    way = after(page, messages, SLOW_WAY, RETURN)

    assert way == {"startDeg": 24, "endDeg": 0, "tempoS": 3, "isSure": True}


def test_a_lift_without_a_prescribed_time_is_not_paced(page):
    messages = [state("set", "iso_prone_raise"), frame(0.0, 10.0, "concentric", 0.5)]

    assert after(page, messages, SLOW_WAY, RETURN) is None


def test_a_two_way_tempo_is_paced_outward_as_far_as_this_person_goes(page):
    messages = [
        state("set", "iso_stand_ext", concentric_s=3.0),
        *(rep(n + 1, peak_deg=peak) for n, peak in enumerate((20, 22, 24))),
        frame(0.0, 2.0, "concentric", 0.1, 3),
    ]

    way = after(page, messages, SLOW_WAY, RETURN)

    assert way == {"startDeg": 0, "endDeg": 22, "tempoS": 3, "isSure": True}


def test_a_squat_is_paced_on_its_way_out_and_the_first_is_not_judged(page):
    messages = [state("set", "squat_single"), frame(0.0, 2.0, "eccentric", 0.1)]

    way = after(page, messages, SLOW_WAY, OUTWARD)

    assert way == {"startDeg": 0, "endDeg": 30, "tempoS": 3, "isSure": False}


def test_a_prescribed_depth_goes_before_what_this_person_does(page):
    messages = [state("set", peak_target_deg=90.0, concentric_s=3.0), rep(1, peak_deg=70)]

    way = after(page, [*messages, frame(0.0, 5.0, "concentric", 0.1, 1)], SLOW_WAY, RETURN)

    assert way["endDeg"] == 90


@pytest.mark.parametrize(
    ("times_ms", "per_min"),
    [([0, 2000, 4000], 30), ([0, 9000, 11_000, 13_000, 15_000], 30), ([5000], None), ([], None)],
)
def test_the_cadence_of_steps_is_that_of_the_last_few(page, times_ms, per_min):
    assert call(page, "way", "repsPerMin", times_ms) == per_min


def test_steps_that_were_told_all_at_once_have_no_cadence(page):
    assert call(page, "way", "repsPerMin", [0, 1, 2]) is None


def test_a_snapshot_brings_the_plan_the_card_and_the_summary_and_says_nothing_aloud(page):
    snapshot = {"type": "snapshot", "messages": [PLAN, state("done"), card(), SUMMARY]}

    kinds, told = after(
        page,
        [snapshot],
        "({ model, happened }) => [happened,"
        " [model.plan.at, model.card.set, model.summary.advice.length]]",
    )

    assert (kinds, told) == ([], [2, 1, 1])


def test_another_step_begins_with_no_repetitions_though_its_set_has_the_same_number(page):
    messages = [state("set"), rep(1), state("set", "squat_single", step=3)]

    assert after(page, messages, "({ model }) => model.count") == 0


def test_a_card_with_the_patients_count_is_not_said_again(page):
    messages = [state("set"), state("card"), card(), card(reps_by_patient=15)]

    assert after(page, messages, HAPPENED).count("card") == 1


def test_each_interval_happens_once(page):
    run = state("set", "run_intervals", "gait")
    frames = [
        frame(0.0, interval=interval("walk")),
        frame(0.1, interval=interval("walk", 46.9)),
        frame(0.2, interval=interval("jog")),
    ]

    assert after(page, [run, *frames], HAPPENED).count("interval") == 2


def test_a_refusal_is_forgotten_with_the_next_state(page):
    refused = {"type": "refused", "text": {"en": "No.", "nl": "Nee."}}

    before = after(page, [state("set"), refused], "({ model }) => model.refused !== null")
    then = after(page, [state("set"), refused, state("card")], "({ model }) => model.refused")

    assert before
    assert then is None


def test_the_curve_is_kept_of_the_set_alone_with_the_spans_of_the_braking(page):
    frames = [
        frame(0.0, 10.0, "lift", 0.0),
        frame(0.5, 80.0, "eccentric", 0.1),
        frame(0.5, 79.0, "eccentric", 0.1),
        frame(1.5, 20.0, "eccentric", 1.1),
        frame(2.0, 0.0, None, None),
    ]
    messages = [state("ready"), frame(-1.0, 3.0), state("set"), *frames, state("card")]

    trace = after(page, [*messages, frame(3.0, 5.0)], "({ model }) => model.trace")

    assert trace["t"] == [0.0, 0.5, 1.5, 2.0]
    assert trace["spans"] == [[pytest.approx(0.4), 1.5]]


def test_the_curve_shows_all_angles_and_the_target(page):
    trace = {"t": [0, 1], "a": [-3, 70], "spans": []}

    marks = call(page, "trace", "marksOf", trace, 90)

    assert marks["range"] == [-7, 98]
    assert marks["yTicks"] == [0, 30, 60, 90]


@pytest.mark.parametrize(("share", "value"), [(0, 10), (0.25, 15), (0.5, 20), (1, 40), (1.15, 46)])
def test_a_pose_lies_straight_between_those_that_are_known(page, share, value):
    assert call(page, "pose", "between", [10, 20, 40], share) == pytest.approx(value)


def test_the_dial_is_half_a_turn_and_ends_at_its_greatest_cadence(page):
    degrees = [call(page, "dial", "dialDeg", cadence) for cadence in (0, 65, 130, 200, -5)]

    assert degrees == [0, 90, 180, 180, 0]


def test_an_interval_with_a_length_counts_down_and_one_without_counts_up(page):
    left_s = call(page, "stage", "secondsLeft", {"left_s": 10}, 4000)
    never_under_0 = call(page, "stage", "secondsLeft", {"left_s": 10}, 14_000)
    gone_s = call(page, "stage", "secondsLeft", {"left_s": None, "elapsed_s": 65}, 5000)

    assert (left_s, never_under_0, gone_s) == (6, 0, 70)


@pytest.mark.parametrize(("seconds", "text"), [(47, "47 s"), (59.2, "1:00"), (185, "3:05")])
def test_a_time_is_read_in_minutes_from_one_minute(page, seconds, text):
    assert call(page, "stage", "clock", seconds) == text


def test_help_with_the_sensor_is_given_when_it_takes_long_or_something_is_known(page):
    scanning = {"state": "scanning", "advice": None}
    advised = scanning | {"advice": {"en": "Switch it on.", "nl": "Zet hem aan."}}

    needed = [
        call(page, "connect", "needsHelp", sensor, since_ms)
        for sensor, since_ms in (
            (scanning, 2000),
            (scanning, 11_000),
            (advised, 0),
            (None, 11_000),
            ({"state": "streaming"}, 60_000),
        )
    ]

    assert needed == [False, True, True, True, False]


def test_a_command_tells_in_which_state_it_was_given(page):
    asked = call(page, "commands", "commandOf", "self", {"state": "intro", "step": 3})

    assert asked == {"do": "self_report", "step": 3, "state": "intro"}
