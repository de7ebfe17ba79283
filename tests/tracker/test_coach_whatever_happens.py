from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    LiveState,
    PhaseChanged,
    PhaseKind,
)
from tests.tracker.coach_builders import STILL, Person, a_sitting
from tracker.coach_commands import PageCommands
from tracker.coach_cues import (
    CoachState,
    Key,
    SessionOver,
)
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.settings import CoachSettings

DEEDS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.25, 3.0, 30.0, 130.0])),
    st.tuples(st.just("rep"), st.sampled_from([0.6, 2.0, 3.0])),
    st.tuples(st.just("key"), st.sampled_from(list(Key))),
    st.tuples(st.just("sensor"), st.booleans()),
    st.tuples(st.just("still"), st.none()),
    st.tuples(st.just("answer"), st.none() | st.integers(-1, 11)),
    st.tuples(st.just("live"), st.floats(-20, 120)),
    st.tuples(st.just("interrupt"), st.none()),
)


def do(person, deed, value):
    coach = person.coach
    match deed:
        case "wait":
            person.wait(value, step_s=value / 4)
        case "rep":
            person.rep(eccentric_s=value)
        case "key":
            person.key(value)
        case "sensor":
            person.take(coach.sensor(value, person.now_s))
        case "still":
            person.take(coach.events([STILL], 0.0, person.now_s))
        case "answer":
            person.take(coach.answer(value, person.now_s))
        case "live":
            person.take(coach.live(LiveState(0.0, value, PhaseKind.HOLD, 0.0, 0), person.now_s))
        case "interrupt":
            person.take(coach.interrupt(person.now_s))


@settings(max_examples=150, deadline=None)
@given(st.lists(DEEDS, max_size=30), st.booleans())
def test_whatever_happens_every_session_ends_and_keeps_every_repetition(deeds, has_questions):
    person = Person(has_questions=has_questions).start()
    n_done = 0

    for deed, value in deeds:
        n_done += deed == "rep" and person.is_measuring
        do(person, deed, value)
    person.take(person.coach.interrupt(person.now_s))

    assert person.coach.state is CoachState.DONE
    assert person.outputs.count(SessionOver()) == 1
    assert not person.is_measuring
    assert len(person.stored) == n_done
    assert sum(card["reps"] for card in person.cards()) == n_done


COMMANDS = st.builds(
    Command,
    do=st.sampled_from(list(Deed)),
    step=st.integers(0, 6),
    set=st.integers(1, 3),
    reps=st.none() | st.integers(0, 30),
    code=st.sampled_from(["pain_before", "soreness", "rpe", "rest_days"]),
    value=st.none() | st.integers(0, 11),
    on=st.booleans(),
    state=st.none() | st.sampled_from(["card", "set"]),
)
PHASES = st.tuples(st.just("phase"), st.none() | st.sampled_from(list(PhaseKind)))
EVERY_KIND = a_sitting(
    ("stretch_hamstring", None),
    ("mob_knee_chest", "left"),
    ("ecc_prone_helper", "left"),
    ("squat_single", "right"),
    ("run_intervals", None),
    has_questions=True,
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(DEEDS | PHASES | st.tuples(st.just("command"), COMMANDS), max_size=40), st.booleans()
)
def test_whatever_pages_ask_for_a_sitting_of_every_kind_ends_and_keeps_every_set(deeds, hands_free):
    person = Person(of=EVERY_KIND, is_hands_free=hands_free).start()
    page = PageCommands(person.coach, CoachSettings())
    n_done = 0

    for deed, value in deeds:
        n_done += deed == "rep" and person.is_measuring
        if deed == "command":
            with suppress(CommandRefusedError):
                person.take(page.take(value, person.now_s))
        elif deed == "phase":
            change = PhaseChanged(kind=value, at_s=0.0)
            person.take(person.coach.events([change], 0.0, person.now_s))
        else:
            do(person, deed, value)
    person.take(person.coach.interrupt(person.now_s))

    assert person.coach.state is CoachState.DONE
    assert person.outputs.count(SessionOver()) == 1
    assert not person.is_measuring
    assert len(person.stored) == n_done
    assert not [one for one in person.coach.route.message()["steps"] if one["state"] == "doing"]


@settings(max_examples=30, deadline=None)
@given(st.lists(DEEDS, max_size=10))
def test_hands_free_a_sitting_of_every_kind_goes_to_its_end_by_itself(deeds):
    person = Person(of=EVERY_KIND, is_hands_free=True).start()

    for deed, value in deeds:
        do(person, deed, value)
    person.wait(9000, step_s=2.0)

    assert person.coach.state is CoachState.DONE


@settings(max_examples=60, deadline=None)
@given(st.lists(DEEDS, max_size=20))
def test_a_patient_who_walks_away_leaves_no_session_open(deeds):
    person = Person(has_questions=False).start()

    for deed, value in deeds:
        do(person, deed, value)
    person.wait(2400, step_s=2.0)

    assert person.coach.state is CoachState.DONE
    assert person.outputs[-1] == SessionOver()
