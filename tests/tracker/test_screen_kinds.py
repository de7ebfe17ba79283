import io

import pytest
from rich.console import Console

from tests.tracker.coach_builders import a_sitting
from tracker.coach import Coach
from tracker.questions import AnswerKind, Question
from tracker.screen import Screen, card_lines, question_text, render
from tracker.screen_kinds import clock
from tracker.words import PAINKILLER_QUESTION, PAINKILLERS

PLAN = a_sitting(("stretch_hamstring", None), ("ecc_prone_helper", "left"), ("run_intervals", None))


def shown(screen, *, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(render(screen, 0.0))
    return console.file.getvalue()


def a_screen(state, *, step=1, language="nl", has_unicode=True, **frame):
    coach = Coach(PLAN)
    screen = Screen(language=language, has_unicode=has_unicode)
    coach.route.begin(step)
    screen.take(coach.route.message())
    screen.take(coach.state_message() | {"state": state, "set": 1})
    if frame:
        screen.take({"type": "frame", "a": None, "phase": None, "phase_s": None, **frame})
    return screen


@pytest.mark.parametrize("has_unicode", [True, False])
def test_keeping_still_before_a_set_fills_a_bar(has_unicode):
    screen = a_screen("calibrating", step=2, still_s=1.0, still_of_s=2.0, has_unicode=has_unicode)

    text = shown(screen)

    full, empty = ("━", "─") if has_unicode else ("=", "-")
    assert full * 15 + empty * 15 in text
    assert "1 van 2 s stil" in text


@pytest.mark.parametrize("has_unicode", [True, False])
def test_a_hold_fills_a_bar_with_its_seconds(has_unicode):
    screen = a_screen("set", hold_s=15.2, is_still=True, has_unicode=has_unicode)

    text = shown(screen)

    full, empty = ("━", "─") if has_unicode else ("=", "-")
    assert full * 15 + empty * 15 in text
    assert "15 / 30 s" in text


def test_an_interval_shows_what_is_left_of_it_and_what_comes_next():
    interval = {
        "kind": "jog", "left_s": 45.0, "of_s": 60.0, "elapsed_s": 15.0,
        "round": 2, "rounds": 3, "next": "walk_backward",
    }  # fmt: skip
    screen = a_screen("set", step=3, interval=interval, cadence_per_min=158.4)

    text = shown(screen)

    assert "Rustig joggen." in text
    assert "2/3" in text
    assert "0:45" in text
    assert "158" in text
    assert "daarna: Achteruit wandelen." in text


def test_the_card_of_an_exercise_shows_the_way_through_the_sitting():
    screen = a_screen("intro", step=2)
    screen.plan["steps"][0]["state"] = "done"

    text = shown(screen)

    assert "✓ Rekoefening hamstrings" in text
    assert "▶ Excentrische training met helper  2 x 2, links" in text
    assert "minuten" in text


def test_what_the_clock_led_is_not_called_measured():
    card = {
        "type": "card", "set": 1, "reps": 0, "reps_target": 0, "eccentric_mean_s": None,
        "dose_s": None, "dose_prescribed_s": None, "praise": None, "correction": None,
        "next_step": None, "reps_list": [], "is_measured": False,
        "holds": [{"held_s": 30.0, "interruptions": 2}],
        "bouts": [{"kind": "walk", "duration_s": 61.0, "cadence_per_min": None}],
    }  # fmt: skip

    dutch = card_lines(card, Screen(language="nl")).plain
    english = card_lines(card, Screen(language="en")).plain

    assert "30 s vastgehouden, 2 keer losgelaten" in dutch
    assert "Stevig wandelen. 1:01" in dutch
    assert "op de klok, niet gemeten" in dutch
    assert "timed, not measured" in english


def test_a_choice_is_asked_with_the_numbers_to_type():
    question = Question("painkiller", AnswerKind.CHOICE, PAINKILLER_QUESTION, PAINKILLERS)

    text = question_text(question, "nl")

    assert text.splitlines()[1:3] == ["  0  Nee", "  1  Paracetamol"]
    assert question.accepts(3)
    assert not question.accepts(4)


def test_minutes_and_seconds_are_written_as_a_clock_does():
    assert [clock(one) for one in (0, 59.9, 60, 615)] == ["0:00", "0:59", "1:00", "10:15"]
