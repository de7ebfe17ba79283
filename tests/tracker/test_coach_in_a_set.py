from dataclasses import replace

import pytest

from analysis import (
    LiveState,
    PhaseChanged,
    PhaseKind,
    RepStarted,
)
from tests.tracker.coach_builders import STILL, Person, a_plan, a_rep, a_set
from tracker import words
from tracker.coach import Coach
from tracker.coach_cues import (
    CoachState,
    Key,
    Publish,
    StartMeasuring,
)
from tracker.sounds import Cue


def test_a_repetition_before_go_is_counted():
    person = Person().start().connect()

    person.rep()

    assert person.coach.state is CoachState.SET
    assert person.coach.n_reps == 1


def test_the_set_ends_at_its_count_with_a_card_and_a_sound():
    person = Person(reps=2).start().connect().hold_still().rep()

    person.rep()
    sounded_at_once = person.sounds()[-1]
    person.wait(2)

    assert sounded_at_once is Cue.SET_END
    assert person.coach.state is CoachState.CARD
    assert person.cards()[0]["reps_list"] == [{"eccentric_s": 3.0, "verdict": "in_tempo"}] * 2


def test_lying_still_after_a_repetition_asks_first_and_then_ends_the_set():
    person = Person(reps=15).start().connect().hold_still().rep().rep()

    person.wait(9)
    asked = words.DONE_QUESTION in person.said()
    is_still_on = person.coach.state is CoachState.SET
    person.wait(11)

    assert asked
    assert is_still_on
    assert person.coach.state is CoachState.CARD
    assert person.cards()[0]["reps"] == 2


def test_going_on_after_the_question_keeps_the_set():
    person = Person(reps=15).start().connect().hold_still().rep().wait(9)

    person.take(person.coach.events([RepStarted(at_s=0.0)], 0.0, person.now_s))
    person.wait(5).rep()

    assert person.coach.state is CoachState.SET
    assert person.coach.n_reps == 2


def test_a_lost_sensor_stops_the_pause_clock_and_the_set_goes_on():
    person = Person(reps=15).start().connect().hold_still().rep()

    person.take(person.coach.sensor(False, person.now_s))
    person.wait(60)
    state_while_away = person.coach.state
    person.take(person.coach.sensor(True, person.now_s))
    person.wait(2).rep()

    assert state_while_away is CoachState.SET
    assert words.RECONNECTING in person.said()
    assert words.BACK in person.said()
    assert person.coach.n_reps == 2


def test_a_sensor_that_stays_away_closes_the_session_with_its_set():
    person = Person(reps=15).start().connect().hold_still().rep()

    person.take(person.coach.sensor(False, person.now_s))
    person.wait(125)

    assert person.coach.state is CoachState.DONE
    assert len(person.stored) == 1


def test_each_repetition_sounds_its_verdict_and_a_fast_drop_calls_attention():
    person = Person(reps=15).start().connect().hold_still()

    person.rep(eccentric_s=3.0)
    after_good = person.sounds()[-1]
    person.rep(eccentric_s=1.8, flags=["too_fast"])
    after_fast = person.sounds()[-1]
    person.rep(eccentric_s=0.6, flags=["too_fast", "fast_drop"])

    assert after_good is Cue.REP_GOOD
    assert after_fast is Cue.REP_FAST
    assert person.sounds()[-1] is Cue.ATTENTION
    assert person.said()[-1] == words.FAST_DROP


def test_the_seconds_of_the_return_are_heard_one_two_three():
    person = Person().start().connect().hold_still()
    n_before = len(person.sounds())

    person.take(
        person.coach.events([PhaseChanged(kind=PhaseKind.ECCENTRIC, at_s=7.8)], 8.0, person.now_s)
    )
    person.wait(4, step_s=0.05)

    assert person.sounds()[n_before:] == [Cue.PACE, Cue.PACE, Cue.PACE_END]


def test_the_helper_hears_let_go_once_a_repetition_near_90_degrees():
    person = Person().start().connect().hold_still()
    lift = PhaseChanged(kind=PhaseKind.LIFT, at_s=0.0)

    person.take(person.coach.events([lift], 0.0, person.now_s))
    for angle_deg in (30.0, 80.0, 84.0, 88.0, 90.0):
        live = LiveState(0.0, angle_deg, PhaseKind.LIFT, 0.0, 0)
        person.take(person.coach.live(live, person.now_s))

    assert person.sounds().count(Cue.LET_GO) == 1


def test_alone_and_seated_nobody_is_told_to_let_go():
    person = Person(exercise_id="ecc_seated_solo").start().connect().hold_still()

    person.take(person.coach.live(LiveState(0.0, 90.0, PhaseKind.LIFT, 0.0, 0), person.now_s))

    assert Cue.LET_GO not in person.sounds()


def at(person, angle_deg, phase=None):
    person.take(person.coach.live(LiveState(0.0, angle_deg, phase, 0.0, 0), person.now_s))
    return person


def test_who_moves_before_go_is_measured_again():
    person = Person().start().connect()

    person.take(person.coach.events([STILL], 0.0, person.now_s))
    at(person.wait(0.5), 40.0)
    person.wait(3)
    said_go_too_early = Cue.GO in person.sounds()
    person.hold_still()

    assert not said_go_too_early
    assert person.outputs.count(StartMeasuring(set_number=1)) == 2
    assert person.coach.state is CoachState.READY


def test_who_turns_over_after_go_is_measured_again():
    person = Person().start().connect().hold_still()

    for _ in range(30):
        at(person.wait(0.5), 60.0, PhaseKind.HOLD)

    assert person.coach.state is CoachState.CALIBRATING
    assert person.coach.set_number == 1


def test_a_helper_who_holds_the_foot_up_for_ten_seconds_is_waited_for():
    person = Person().start().connect().hold_still()

    for _ in range(20):
        at(person.wait(0.5), 90.0, PhaseKind.HOLD)
    person.rep()

    assert person.coach.state is CoachState.SET
    assert person.coach.n_reps == 1


def test_a_result_in_two_parts_after_a_long_gap_makes_one_card():
    coach = Coach(replace(a_plan(reps=4)))
    coach.start(0.0)
    coach.sensor(True, 0.0)
    coach.key(Key.NEXT, 1.0)
    coach.key(Key.NEXT, 2.0)

    outputs = coach.set_result([a_set([a_rep(0.0)]), a_set([a_rep(30.0), a_rep(36.0)])], 60.0)

    card = next(
        o.message for o in outputs if isinstance(o, Publish) and o.message["type"] == "card"
    )
    assert card["reps"] == 3
    assert card["dose_s"] == pytest.approx(9.0)


def test_the_seconds_of_a_prescribed_hold_are_shown_and_no_others():
    raising = Person(exercise_id="iso_prone_raise").start().connect().hold_still()
    braking = Person(exercise_id="ecc_prone_helper").start().connect().hold_still()
    held = PhaseChanged(kind=PhaseKind.HOLD, at_s=9.5)

    for person in (raising, braking):
        person.take(person.coach.events([held], 10.0, person.now_s))
        person.wait(1)

    assert raising.coach.frame(raising.now_s) == {"hold_s": 1.5}
    assert braking.coach.frame(braking.now_s) == {}
