from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    LiveState,
    PhaseKind,
)
from tests.tracker.coach_builders import STILL, Person
from tracker.coach_cues import (
    CoachState,
    Key,
    SessionOver,
)

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


@settings(max_examples=60, deadline=None)
@given(st.lists(DEEDS, max_size=20))
def test_a_patient_who_walks_away_leaves_no_session_open(deeds):
    person = Person(has_questions=False).start()

    for deed, value in deeds:
        do(person, deed, value)
    person.wait(2400, step_s=2.0)

    assert person.coach.state is CoachState.DONE
    assert person.outputs[-1] == SessionOver()
