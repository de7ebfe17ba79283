from dataclasses import replace

import pytest

from analysis import RepStarted
from tests.tracker.coach_builders import Person, a_sitting
from tracker import words
from tracker.coach_commands import PageCommands
from tracker.coach_cues import CoachState, Key, Prepare, SessionOver
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.settings import CoachSettings
from tracker.training_plan import StepState

PRONE, SQUAT, SEATED = "ecc_prone_helper", "squat_single", "conc_seated"
STRETCH = "stretch_hamstring"


def one_leg():
    return a_sitting((PRONE, "left"), (SQUAT, "left"))


def do_set(person):
    return person.hold_still().rep().rep().wait(2)


def do_exercise(person):
    do_set(person).key(Key.NEXT).key(Key.NEXT)
    return do_set(person).key(Key.NEXT)


def page_of(person):
    commands = PageCommands(person.coach, CoachSettings())

    def say(deed, **more):
        person.take(commands.take(Command(do=Deed(deed), **more), person.now_s))
        return person

    return say


def states_of(person):
    return [step["state"] for step in person.coach.route.message()["steps"]]


def test_one_exercise_comes_after_the_other_in_one_session():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT)

    do_exercise(person).key(Key.NEXT)
    do_exercise(person)

    assert person.coach.state is CoachState.DONE
    assert [(card["exercise"], card["set"]) for card in person.cards()] == [
        (PRONE, 1), (PRONE, 2), (SQUAT, 1), (SQUAT, 2),
    ]  # fmt: skip
    assert states_of(person) == ["done", "done"]
    assert person.outputs.count(SessionOver()) == 1
    assert [one for one in person.outputs if isinstance(one, Prepare)] == [
        Prepare(PRONE), Prepare(SQUAT),
    ]  # fmt: skip


def test_the_card_of_an_exercise_waits_for_a_key_and_hands_free_it_goes_on_by_itself():
    waiting = Person(of=one_leg()).start().connect().wait(60)
    hands_free = Person(of=one_leg(), is_hands_free=True).start().connect().wait(13)

    assert waiting.state() == "intro"
    assert hands_free.state() == "calibrating"


def test_the_sensor_is_moved_once_and_the_patient_is_told_to_which_leg():
    plan = a_sitting((SEATED, "left"), (SQUAT, "left"), (SEATED, "right"), (SQUAT, "right"))
    person = Person(of=plan, is_hands_free=True).start().connect()

    for _ in range(4):
        person.wait(60)
        do_exercise(person)
    moves = [one["step"] for one in person.told("state") if one["state"] == "move_sensor"]

    assert moves == [3]
    assert words.MOVE_SENSOR["right"] in person.said()
    assert person.state() == "done"


def test_questions_are_asked_once_for_the_whole_sitting():
    plan = replace(one_leg(), has_questions=True)
    person = Person(of=plan).start().connect()
    asked = []

    for _ in range(300):
        question = person.coach.question
        if person.state() == "questions" and question is not None:
            asked.append(question.code)
            person.take(person.coach.answer(1, person.now_s))
        elif person.state() in {"intro", "card", "rest"}:
            person.key(Key.NEXT)
        elif person.state() == "done":
            break
        else:
            do_set(person)

    assert asked == [
        "pain_before", "soreness", "painkiller", "pain_worst", "rpe", "band_tight",
    ]  # fmt: skip


def test_skipping_in_mid_set_keeps_its_repetitions_and_goes_to_the_next_exercise():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT).hold_still().rep()

    page_of(person)("skip")
    person.key(Key.NEXT)

    assert person.cards()[0]["reps"] == 1
    assert person.coach.step.exercise.id == SQUAT
    assert states_of(person) == ["skipped", "doing"]


def test_an_exercise_can_be_done_before_its_turn_and_the_one_that_was_left_comes_back():
    person = Person(of=one_leg()).start().connect()
    say = page_of(person)

    say("goto", step=2).key(Key.NEXT)
    do_exercise(person).key(Key.NEXT)

    assert person.coach.step.exercise.id == PRONE
    assert states_of(person) == ["doing", "done"]


def test_going_elsewhere_in_mid_set_keeps_its_repetitions():
    plan = a_sitting((PRONE, "left"), (SEATED, "left"), (SQUAT, "left"))
    person = Person(of=plan).start().connect().key(Key.NEXT).hold_still().rep()

    page_of(person)("goto", step=3)
    person.key(Key.NEXT)

    assert person.cards()[0]["reps"] == 1
    assert person.coach.step.exercise.id == SQUAT
    assert states_of(person) == ["todo", "todo", "doing"]


def test_one_more_set_can_be_asked_for():
    person = Person(of=a_sitting((PRONE, "left"))).start().connect().key(Key.NEXT)
    do_set(person).key(Key.NEXT).key(Key.NEXT)
    do_set(person)

    page_of(person)("again")
    person.key(Key.NEXT).key(Key.NEXT)
    do_set(person).key(Key.NEXT)

    assert [card["set"] for card in person.cards()] == [1, 2, 3]
    assert person.state() == "done"


def test_an_exercise_that_was_done_without_the_sensor_is_kept_apart_and_left_out():
    person = Person(of=one_leg()).start().connect()

    page_of(person)("self_report", step=1)

    assert states_of(person) == ["self_reported", "doing"]
    assert person.kept() == [
        ("self_reported", {"step": 1, "exercise": PRONE, "side": "left", "sets": 2, "reps": 2})
    ]


def test_the_patients_count_stands_beside_the_measured_one():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT)
    do_set(person)

    page_of(person)("correct", step=1, set=1, reps=3)

    card = person.cards()[-1]
    assert (card["reps"], card["reps_by_patient"], card["has_correction"]) == (2, 3, True)
    assert person.kept() == [("correction", {"step": 1, "set": 1, "reps": 3})]


def test_a_double_click_is_one_click_and_a_page_that_was_behind_is_not_obeyed():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT)
    say = page_of(do_set(person))

    say("next")
    say("next")
    after_two_clicks = person.state()
    say("next", state="card")

    assert after_two_clicks == "rest"
    assert person.state() == "rest"


@pytest.mark.parametrize(
    ("deed", "more"),
    [
        ("start", {"exercise": "step_up"}),
        ("accept", {"code": "rest_days"}),
        ("goto", {"step": 9}),
        ("correct", {"step": 1, "set": 1, "reps": 3}),
    ],
)
def test_what_cannot_be_done_is_refused_in_both_languages(deed, more):
    person = Person(of=one_leg()).start().connect()

    with pytest.raises(CommandRefusedError) as refused:
        page_of(person)(deed, **more)

    assert refused.value.text.en != refused.value.text.nl


def test_a_repetition_right_after_the_count_is_extra_and_no_fault():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT).hold_still().rep().rep()

    person.wait(1)
    person.take(person.coach.events([RepStarted(at_s=0.0)], 0.0, person.now_s))
    person.wait(6).rep().wait(2)

    card = person.cards()[0]
    assert (card["reps"], card["reps_target"], card["extra_reps"]) == (3, 2, 1)
    assert person.state() == "card"


def test_the_rest_counts_from_the_last_repetition_that_was_asked_for():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT)
    do_set(person)

    person.wait(17.5)
    before = person.state()
    person.wait(1)

    assert before == "rest"
    assert person.state() == "calibrating"


def test_a_sitting_that_was_cut_off_goes_on_with_what_is_left_or_starts_again():
    done = replace(one_leg().steps[0], sets_done=2), replace(one_leg().steps[1], sets_done=1)
    plan = replace(one_leg(), steps=done, has_questions=True, is_resumed=True)
    going_on, afresh = (Person(of=plan).start().connect() for _ in range(2))

    for person, answer in ((going_on, 1), (afresh, 0)):
        person.take(person.coach.answer(answer, person.now_s))
        person.key(Key.NEXT).key(Key.NEXT).key(Key.NEXT).key(Key.NEXT)

    assert (going_on.coach.step.exercise.id, going_on.coach.set_number) == (SQUAT, 2)
    assert (afresh.coach.step.exercise.id, afresh.coach.set_number) == (PRONE, 1)


def test_what_was_not_done_when_the_patient_stops_stays_to_do():
    person = Person(of=one_leg()).start().connect().key(Key.NEXT)
    do_exercise(person)

    person.key(Key.STOP)

    assert person.state() == "done"
    assert states_of(person) == ["done", "todo"]
    assert person.coach.route.state(1) is StepState.DONE


def test_a_card_that_nobody_touches_closes_the_sitting_after_half_an_hour():
    person = Person(of=one_leg()).start().connect()

    person.wait(1900, step_s=10)

    assert person.state() == "done"
