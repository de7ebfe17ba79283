from tests.tracker.coach_builders import STILL, Person
from tracker import words
from tracker.coach_cues import (
    Ask,
    CoachState,
    Go,
    Key,
    SessionOver,
)
from tracker.sounds import Cue


def test_a_whole_session_needs_no_key():
    person = Person(sets=2, reps=3).start().connect()

    for _ in range(2):
        person.hold_still().rep().rep().rep().wait(70)

    assert person.coach.state is CoachState.DONE
    assert [card["reps"] for card in person.cards()] == [3, 3]
    assert len(person.stored) == 6


def test_go_is_said_after_two_still_seconds_and_not_before():
    person = Person().start().connect()

    person.take(person.coach.events([STILL], 0.0, person.now_s))
    person.wait(1.5)
    too_early = Go(reps=3) in person.outputs
    person.wait(1.0)

    assert not too_early
    assert Go(reps=3) in person.outputs
    assert person.sounds()[:2] == [Cue.CALIBRATED, Cue.GO]


def test_the_request_to_hold_still_fits_the_posture():
    lying = Person(exercise_id="ecc_prone_helper").start().connect()
    sitting = Person(exercise_id="ecc_seated_solo").start().connect()

    assert "stil ligt" in lying.said()[-1].nl
    assert "stil zit" in sitting.said()[-1].nl


def test_the_rest_counts_from_the_end_of_the_set_and_ends_by_itself():
    person = Person().start().connect().hold_still().rep().rep().rep()

    person.wait(59)
    before = person.coach.state
    person.wait(2)

    assert before is CoachState.REST
    assert person.coach.state is CoachState.CALIBRATING
    assert person.coach.set_number == 2
    assert Cue.REST_END in person.sounds()


def test_the_next_set_is_announced_ten_seconds_before_it():
    person = Person(sets=3, reps=1).start().connect().hold_still().rep()

    person.wait(48)
    before = person.said()[-1]
    person.wait(5)

    assert before == words.REST
    assert person.said()[-1].nl == "Nog tien seconden. Dan serie 2 van 3."
    assert person.said().count(person.said()[-1]) == 1


def test_a_skipped_rest_is_noted_once_and_is_no_fault():
    person = Person(sets=3, reps=1).start().connect()

    for _ in range(3):
        person.hold_still().rep().wait(2).key(Key.NEXT).key(Key.NEXT)

    assert person.said().count(words.SHORT_REST) == 1
    assert len(person.stored) == 3


def test_stopping_in_mid_set_keeps_what_was_done():
    person = Person(reps=15).start().connect().hold_still().rep().rep()

    person.key(Key.STOP)

    assert person.coach.state is CoachState.DONE
    assert len(person.stored) == 2
    assert SessionOver() in person.outputs


def test_an_interrupt_asks_nothing_more():
    person = Person(has_questions=True).start()
    person.take(person.coach.answer(1, person.now_s))
    person.take(person.coach.answer(0, person.now_s))
    person.connect().hold_still().rep()

    person.take(person.coach.interrupt(person.now_s))

    assert person.coach.state is CoachState.DONE
    assert len(person.stored) == 1
    assert "pain_worst" not in person.coach.answers


def test_without_a_sensor_the_session_closes_and_says_what_to_check():
    person = Person().start()

    person.wait(121)

    assert person.coach.state is CoachState.DONE
    assert words.NO_SENSOR in person.said()


def test_severe_pain_at_the_start_leaves_the_choice_to_the_patient():
    person = Person(has_questions=True).start().connect()

    for answer in (7, 0, 2, 1):  # pain, no warning signs, soreness, go on
        person.take(person.coach.answer(answer, person.now_s))

    assert words.REST_DAYS.with_values(days=3) in person.said()
    assert person.coach.state is CoachState.CALIBRATING


def test_warning_signs_say_call_today_and_still_impose_nothing():
    person = Person(has_questions=True).start().connect()

    for answer in (8, 1, 2):
        person.take(person.coach.answer(answer, person.now_s))
    question = person.coach.question.code
    person.take(person.coach.answer(0, person.now_s))

    assert words.CALL_TODAY in person.said()
    assert question == "go_on"
    assert person.coach.state is CoachState.DONE


def test_worst_pain_is_asked_after_the_last_set():
    person = Person(has_questions=True, sets=1, reps=1).start().connect()
    person.key(Key.NEXT).key(Key.NEXT).hold_still().rep().wait(9)

    asked = person.coach.question.code
    person.take(person.coach.answer(4, person.now_s))
    person.take(person.coach.answer(1, person.now_s))

    assert asked == "pain_worst"
    assert words.LIGHTER in person.said()
    assert person.coach.answers == {
        "pain_before": None, "soreness": None, "pain_worst": 4, "band_tight": 1,
    }  # fmt: skip
    assert person.outputs[-1] == SessionOver()


def test_a_low_battery_is_said_at_the_end_only():
    person = Person(sets=1, reps=1).start()
    person.coach.battery(12)

    person.connect().hold_still()
    said_early = words.CHARGE in person.said()
    person.rep().wait(9)

    assert not said_early
    assert words.CHARGE in person.said()


def test_the_live_page_is_told_the_targets_of_the_exercise():
    message = Person(exercise_id="ecc_prone_helper").coach.state_message()

    assert message["tempo_s"] == 3.0
    assert message["tempo_band_s"] == [2.5, 3.5]
    assert message["accepted_s"] == [2.0, 4.0]
    assert message["peak_target_deg"] == 90
    assert message["rest_s"] == 60


def test_a_question_at_the_end_that_nobody_answers_does_not_keep_the_session_open():
    person = Person(has_questions=True, sets=1, reps=1).start().connect()
    person.key(Key.NEXT).key(Key.NEXT).hold_still().rep()

    person.wait(400)

    assert person.coach.state is CoachState.DONE
    assert person.coach.answers["pain_worst"] is None


def test_asking_twice_for_the_start_does_nothing():
    person = Person(has_questions=True).start()

    again = person.coach.start(person.now_s)

    assert again == []
    assert sum(isinstance(output, Ask) for output in person.outputs) == 1
