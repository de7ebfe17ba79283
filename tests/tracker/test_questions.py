import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import words
from tracker.questions import AnswerKind, Question, Stage, advice, next_question, read_answer
from tracker.screen import question_text


def codes_asked(stage, replies, *, has_band=True):
    answers, asked = {}, []
    while (question := next_question(stage, answers, has_band=has_band)) is not None:
        asked.append(question.code)
        answers[question.code] = replies.get(question.code)
    return asked


def test_a_page_reads_the_question_alone_and_the_terminal_the_ends_of_its_scale_as_well():
    question = Question("rpe", AnswerKind.SCALE, words.RPE_QUESTION)

    page, terminal = question.as_json()["text"]["nl"], question_text(question, "nl")

    assert page == "Hoe zwaar was het?"
    assert terminal == "Hoe zwaar was het? (0 heel licht - 10 zo zwaar als het kan)"


def test_a_session_starts_with_pain_now_and_soreness():
    asked = codes_asked(Stage.START, {"pain_before": 2, "soreness": 1})

    assert asked == ["pain_before", "soreness"]


@pytest.mark.parametrize("pain", [6, 8, 10])
def test_warning_signs_are_asked_first_from_a_pain_of_6(pain):
    asked = codes_asked(Stage.START, {"pain_before": pain})

    assert asked == ["pain_before", "warning_signs_start", "soreness", "go_on"]


@pytest.mark.parametrize("pain", [0, 3, 5])
def test_below_6_no_warning_signs_are_asked(pain):
    asked = codes_asked(Stage.END, {"pain_worst": pain})

    assert asked == ["pain_worst", "rpe", "band_tight"]


def test_without_a_band_nobody_is_asked_whether_it_was_tight():
    asked = codes_asked(Stage.END, {"pain_worst": 1}, has_band=False)

    assert asked == ["pain_worst", "rpe"]


def test_reassurance_is_said_only_after_a_no_to_the_warning_signs():
    reassuring = words.REST_DAYS.with_values(days=3)

    after_no = advice(Stage.END, "warning_signs_end", {"warning_signs_end": 0})
    after_yes = advice(Stage.END, "warning_signs_end", {"warning_signs_end": 1})
    left_open = advice(Stage.END, "warning_signs_end", {"warning_signs_end": None})

    assert after_no == reassuring
    assert after_yes == words.CALL_TODAY
    assert left_open == words.UNANSWERED_SIGNS


@pytest.mark.parametrize(
    ("pain", "said"), [(3, None), (4, words.LIGHTER), (5, words.LIGHTER), (6, None)]
)
def test_at_4_and_5_a_lighter_band_is_named(pain, said):
    assert advice(Stage.START, "pain_before", {"pain_before": pain}) == said


def test_the_dutch_warning_signs_are_worded_as_agreed():
    agreed = (
        "Voelde je een knap, zie je een bloeduitstorting, is je been plots krachteloos, of heb je "
        "tintelingen of een doof gevoel? Stop en bel vandaag je sportarts of huisarts."
    )

    assert words.WARNING_SIGNS.nl.startswith(agreed)


@given(pain=st.none() | st.integers(0, 10), signs=st.sampled_from([None, 0, 1]))
def test_every_screen_ends_whatever_is_answered(pain, signs):
    replies = {"pain_before": pain, "pain_worst": pain}
    replies |= {f"warning_signs_{stage}": signs for stage in Stage}

    n_asked = [len(codes_asked(stage, replies)) for stage in Stage]

    assert max(n_asked) <= 4


@pytest.mark.parametrize(("typed", "value"), [("0", 0), ("10", 10), (" 7 ", 7), ("", None)])
def test_a_scale_takes_0_to_10(typed, value):
    question = Question("pain_before", AnswerKind.SCALE, words.PAIN_NOW)

    assert read_answer(question, typed) == value


@pytest.mark.parametrize("typed", ["11", "-1", "two", "²", "j"])
def test_a_scale_refuses_what_is_off_it(typed):
    question = Question("pain_before", AnswerKind.SCALE, words.PAIN_NOW)

    with pytest.raises(ValueError, match="no answer"):
        read_answer(question, typed)


@pytest.mark.parametrize(("typed", "value"), [("j", 1), ("ja", 1), ("Y", 1), ("nee", 0), ("n", 0)])
def test_yes_and_no_are_read_in_both_languages(typed, value):
    question = Question("band_tight", AnswerKind.YES_NO, words.BAND_QUESTION)

    assert read_answer(question, typed) == value
