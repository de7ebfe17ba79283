import pytest

from tracker.narrator import Narrator, Rank
from tracker.sounds import Cue


def rep(n, verdict="in_tempo", flags=()):
    return {"type": "rep", "n": n, "verdict": verdict, "flags": list(flags)}


def in_a_set_of(reps_target):
    narrator = Narrator()
    narrator.take({"type": "state", "reps_target": reps_target})
    return narrator


def card(number=1, **told):
    about = {"type": "card", "step": 1, "set": number}
    return about | {"praise": None, "correction": None, "next_step": None} | told


def both(words):
    return {"en": words, "nl": words}


def test_a_set_of_15_is_counted_up_and_its_end_is_counted_down():
    narrator = in_a_set_of(15)

    said = [narrator.take(rep(n)).text.nl for n in range(1, 17)]

    assert said[:3] == ["1", "2", "3"]
    assert said[10:] == ["11", "Nog drie", "Nog twee", "Nog één", "15", "16"]


def test_a_short_set_is_only_counted_up():
    narrator = in_a_set_of(5)

    said = [narrator.take(rep(n)).text.en for n in range(1, 6)]

    assert said == ["1", "2", "3", "4", "5"]


def test_without_a_voice_as_many_tones_sound_as_are_left():
    narrator = in_a_set_of(10)

    cues = [narrator.take(rep(n)).cue for n in range(1, 11)]

    assert cues == [None] * 6 + [Cue.LEFT_3, Cue.LEFT_2, Cue.LEFT_1, None]


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("in_tempo", "4"),
        ("accepted", "4"),
        ("too_fast", "4, te snel"),
        ("too_slow", "4, mag iets vlotter"),
        ("shallow", "4, verder buigen"),
    ],
)
def test_a_repetition_is_remarked_on_only_where_something_is_to_change(verdict, said):
    narrator = in_a_set_of(15)

    assert narrator.take(rep(4, verdict)).text.nl == said


def test_a_leg_that_dropped_is_spoken_of_by_the_coach_not_twice():
    narrator = in_a_set_of(15)

    assert narrator.take(rep(4, "too_fast", ["fast_drop"])).text.nl == "4"


def test_the_result_of_a_set_waits_for_its_turn_and_is_said_once():
    narrator = in_a_set_of(15)
    told = card(praise=both("Mooi rustig."), next_step=both("Nog een keer zo."))

    first, again = narrator.take(told), narrator.take(told | {"has_correction": True})

    assert first.rank is Rank.RESULT
    assert first.text.nl == "Mooi rustig. Nog een keer zo."
    assert first.cue is Cue.RESULT_GOOD
    assert again is None


def test_something_to_change_sounds_other_than_praise_alone():
    said = in_a_set_of(15).take(card(correction=both("Rem langer.")))

    assert said.cue is Cue.RESULT_CHANGE


def test_a_card_without_words_is_not_said():
    assert in_a_set_of(15).take(card()) is None


def test_let_go_is_said_the_first_times_and_left_to_the_tone_then():
    narrator = Narrator()

    said = [narrator.cue(Cue.LET_GO) for _ in range(4)]

    assert [None if one is None else one.text.nl for one in said] == [
        "Laat los", "Laat los", None, None,
    ]  # fmt: skip
    assert narrator.cue(Cue.GO) is None
