import io
from uuid import UUID

import pytest
from rich.console import Console

from tests.tracker.coach_builders import a_plan, a_rep, a_set
from tracker import words
from tracker.coach import Coach
from tracker.coach_cues import Key
from tracker.keyboard import Typing
from tracker.live_messages import card_message, rep_message, verdict
from tracker.questions import AnswerKind, Question
from tracker.screen import Screen, angle_bar, render, rep_dots, tempo_bar
from tracker.terminal import LiveView, PlainView, open_view

PAIN = Question("pain_before", AnswerKind.SCALE, words.PAIN_NOW)
PLAN = a_plan(reps=5)
MIXED = [
    a_rep(0.0),
    a_rep(10.0, eccentric_s=2.2),
    a_rep(20.0, eccentric_s=1.5, flags=["too_fast"]),
    a_rep(30.0, eccentric_s=4.5, flags=["too_slow"]),
    a_rep(40.0, peak_deg=60.0, flags=["shallow"]),
]


def a_screen(*, state="set", language="en", has_unicode=True):
    screen = Screen(language=language, has_unicode=has_unicode)
    screen.take(Coach(PLAN).state_message() | {"state": state, "set": 1})
    return screen


def a_console(*, is_terminal=False, width=90):
    return Console(
        file=io.StringIO(), force_terminal=is_terminal, width=width, legacy_windows=False
    )


def printed(renderable):
    console = a_console()
    console.print(renderable)
    return console.file.getvalue()


def test_every_verdict_has_a_shape_of_its_own_besides_its_colour():
    screen = a_screen()
    for n, rep in enumerate(MIXED, start=1):
        screen.take(rep_message(rep, n, PLAN.first.exercise))

    shapes = rep_dots(screen).plain.split()

    assert [verdict(rep, PLAN.first.exercise) for rep in MIXED] == [
        "in_tempo", "accepted", "too_fast", "too_slow", "shallow",
    ]  # fmt: skip
    assert len(set(shapes)) == 5


def test_the_angle_bar_marks_90_degrees_and_fills_up_to_the_angle():
    screen = a_screen(has_unicode=False)

    screen.take({"type": "frame", "t": 1.0, "a": 45.0, "phase": "lift", "phase_s": 1.0, "reps": 0})
    bar = angle_bar(screen).plain

    assert bar.index("|") == 36  # 90 of 110 degrees on 44 columns
    assert bar.count("#") == 18  # 45 of 110
    assert bar.endswith("45°  (90°)")


def test_the_seconds_of_the_return_stand_against_three():
    screen = a_screen()

    screen.take(
        {"type": "frame", "t": 1.0, "a": 45.0, "phase": "eccentric", "phase_s": 2.1, "reps": 0}
    )

    assert "2.1 / 3 s" in tempo_bar(screen).plain
    assert tempo_bar(screen).plain.count("━") == 21


def test_the_count_can_be_read_from_two_metres():
    screen = a_screen()
    screen.verdicts = ["in_tempo"] * 4

    lines = printed(render(screen, 0.0)).splitlines()

    assert any("██  ██" in line for line in lines)  # the top of a large 4


def test_the_card_names_the_dose_for_what_it_is():
    card = card_message(PLAN.first, 1, 1, [a_set(MIXED, in_tempo=1)])
    screen = a_screen(state="card", language="nl")

    screen.take(card)
    shown = printed(render(screen, 0.0))

    assert "excentrische tijd (gemeten beweging): 14,2 van 15,0 s" in shown
    assert "5/5 herhalingen" in shown
    assert "niet ver genoeg gebogen" in shown


def test_the_rest_counts_down():
    screen = a_screen(state="rest")
    screen.take(card_message(PLAN.first, 1, 1, [a_set(MIXED)]))
    screen.rest_ends_s = 160.0

    assert "rest  42 s" in printed(render(screen, 118.0))


def test_a_new_set_starts_with_empty_dots():
    screen = a_screen()
    screen.verdicts = ["in_tempo"] * 5

    screen.take(Coach(PLAN).state_message() | {"state": "calibrating", "set": 2})

    assert rep_dots(screen).plain.split() == ["·"] * 5


def test_only_the_last_sentences_stay_and_none_twice():
    screen = a_screen()

    for text in (words.HOLD_STILL, words.GO, words.GO, words.REST, words.REST_OVER):
        screen.note(text)

    assert screen.notes == ["Rest.", "Rest is over."]


def test_a_pipe_gets_plain_lines():
    console = a_console()
    view = open_view(console, "en", lambda: 0.0)

    with view:
        view.message(Coach(PLAN).state_message() | {"set": 1})
        view.message(rep_message(MIXED[0], 1, PLAN.first.exercise))
        view.say(words.GO)
        view.say(words.GO)
        view.ask(PAIN)
        view.draw()

    lines = console.file.getvalue().splitlines()
    assert isinstance(view, PlainView)
    assert lines[0] == "  1  3.0 s   90°  in tempo"
    assert lines[1] == "Go."
    assert lines[2].startswith("How much pain")
    assert "\x1b" not in console.file.getvalue()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_terminal_gets_a_live_picture_of_everything(language):
    console = a_console(is_terminal=True)
    sensor = {"type": "sensor", "state": "streaming", "battery_percent": 80, "rate_hz": 100.0}

    with open_view(console, language, lambda: 0.0) as view:
        view.message(Coach(PLAN).state_message() | {"state": "set", "set": 1})
        view.message(sensor | {"reason": None})
        view.draw()
        view.ask(PAIN, "7")
        view.draw()
        view.ask(None)
        view.message(card_message(PLAN.first, 1, 1, [a_set(MIXED)]))
        view.resting_until(60.0)
        view.message(Coach(PLAN).state_message() | {"state": "rest", "set": 1})
        view.draw()

    shown = console.file.getvalue()
    assert isinstance(view, LiveView)
    assert "80%" in shown
    assert "> 7_" in shown


def typed(text, question=None):
    typing = Typing()
    answers = [typing.character(character, question) for character in text]
    return [answer for answer in answers if answer is not None]


def test_enter_goes_on_and_q_stops():
    assert typed("\n x q") == [Key.NEXT, Key.NEXT, Key.NEXT, Key.STOP]


def test_an_answer_is_typed_and_ended_with_enter():
    assert typed("10\n", PAIN) == [(10,)]
    assert typed("1\x7f7\r", PAIN) == [(7,)]


def test_an_answer_that_is_none_is_asked_again():
    assert typed("99\n8\n", PAIN) == [(8,)]


def test_an_empty_answer_leaves_the_question_open():
    assert typed("\n", PAIN) == [(None,)]


def test_the_session_of_a_card_is_told_to_the_page():
    assert UUID(Coach(PLAN).state_message()["session"]) == PLAN.session_id
