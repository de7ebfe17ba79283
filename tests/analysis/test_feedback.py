import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import CatalogueError
from analysis.exercise import load_catalogue
from analysis.feedback import (
    FACTS,
    LANGUAGES,
    choose_feedback,
    feedback_text,
    load_feedback,
    parse_feedback,
    warning_text,
)
from analysis.results import Feedback, FeedbackKind
from tests.analysis.flagged_reps import BOTH_PHASES, FREE, PRONE, PRONE_RAISE, SEATED, rep

GOOD = {"eccentric_s": 3.0}
FAST = {"eccentric_s": 1.6}
DROP = {"eccentric_s": 0.8}
SHALLOW = {"peak_deg": 60.0}
WARNINGS = {
    "still_pose_missing",
    "axis_near_vertical",
    "saturated",
    "low_rate",
    "gap",
    "gyro_bias_large",
    "gravity_not_1g",
    "rest_pose_moved",
    "sensor_restarted",
    "strap_slipped",
    "wrong_segment_suspected",
    "band_escape_suspected",
}


def card(*groups, exercise=PRONE, language="nl", prescribed=15, **situation):
    """What is said of so many reps of each kind, as {kind: (code, text)}."""
    reps = [rep(exercise, **kind) for n, kind in groups for _ in range(n)]
    chosen = choose_feedback(exercise, reps, reps_prescribed=prescribed, **situation)
    assert len({one.kind for one in chosen}) == len(chosen)
    return {str(one.kind): (one.code, feedback_text(one, language)) for one in chosen}


def test_a_good_set_is_praised_for_what_was_measured_and_asked_for_again():
    said = card((2, {"eccentric_s": 2.2}), (12, GOOD), (1, {"eccentric_s": 2.2}))

    assert said == {
        "praise": ("good_tempo", "12 van de 15 keer ongeveer 3 seconden. Mooi rustig."),
        "next_step": ("same_again", "De volgende serie weer zo."),
    }


def test_the_card_speaks_english_too():
    said = card((15, GOOD), language="en")

    assert said["praise"][1] == "15 of 15 took about 3 seconds. Nice and calm."


def test_three_fast_reps_of_a_set_are_corrected_and_two_are_not():
    two = card((13, GOOD), (2, FAST))
    three = card((12, GOOD), (3, FAST))

    assert "correction" not in two
    assert three["correction"][0] == "lower_more_slowly"
    assert three["correction"][1] == (
        "3 van de 15 keer ging het te snel, in ongeveer 1,6 seconden. "
        "Laat je voet langzaam zakken: tel rustig tot 3."
    )


def test_the_seated_leg_is_told_to_come_back_and_never_to_be_lowered():
    said = card((15, FAST), exercise=SEATED)["correction"][1]

    assert "Laat je been langzaam teruggaan" in said
    assert "zakken" not in said


def test_no_seated_text_speaks_of_lowering():
    texts = [
        rule.texts[wording]["nl"]
        for rule in load_feedback().rules
        for exercise in (SEATED, BOTH_PHASES)
        if (wording := rule.wording_for(exercise)) is not None
    ]

    assert not [text for text in texts if "zakken" in text]


def test_the_tempo_that_is_named_is_the_prescribed_one():
    slower = replace(PRONE, eccentric_s=4.0, in_tempo_s=(3.5, 4.5), accepted_s=(3.0, 5.0))

    said = card((15, GOOD | {"eccentric_s": 2.5}), exercise=slower)["correction"][1]

    assert said.endswith("tel rustig tot 4.")


def test_one_drop_is_named_before_anything_else():
    said = card((10, GOOD), (4, FAST), (1, DROP))

    assert said["correction"] == (
        "brake_the_drop",
        "Je been viel 1 keer terug. Rem het elastiek af tot je voet weer op de grond is.",
    )


def test_depth_in_the_prone_exercise_is_asked_of_the_helper():
    said = card((15, SHALLOW))

    assert said["correction"] == (
        "go_deeper",
        "Helper: til de voet iets verder op, tot de knie ongeveer haaks is.",
    )


def test_depth_in_the_seated_exercise_is_asked_of_the_patient():
    said = card((15, SHALLOW), exercise=SEATED)["correction"][1]

    assert said.startswith("Duw je onderbeen iets verder naar beneden")


@pytest.mark.parametrize("pain", range(4, 11))
def test_at_a_pain_of_four_or_more_nobody_is_asked_to_go_deeper(pain):
    said = card((15, SHALLOW), pain=pain)

    assert "correction" not in said


def test_at_a_pain_of_three_depth_may_be_asked():
    assert card((15, SHALLOW), pain=3)["correction"][0] == "go_deeper"


@pytest.mark.parametrize("language", LANGUAGES)
@given(pain=st.integers(4, 10), groups=st.data())
def test_at_a_pain_of_four_or_more_no_text_asks_for_deeper_heavier_or_more(language, pain, groups):
    kinds = groups.draw(st.lists(st.sampled_from([GOOD, FAST, DROP, SHALLOW]), max_size=15))
    asks = re.compile(r"verder|vol\b|further|complete|(?<!niet )zwaarder\.|slightly heavier")

    said = card(*((1, kind) for kind in kinds), pain=pain, language=language)

    assert not [text for _, text in said.values() if asks.search(text)]


def test_pain_of_four_or_five_means_not_heavier():
    said = card((15, GOOD), pain=4)["next_step"]

    assert said == (
        "pain_caution",
        "Maak het nu niet zwaarder. Neem zo nodig een lichter elastiek.",
    )


def test_pain_of_six_or_more_means_stop_and_look_for_the_warning_signs():
    code, text = card((15, GOOD), pain=6)["next_step"]

    assert code == "pain_severe"
    assert "Voelde je een knap" in text
    assert "sportarts of huisarts" in text


def test_light_pain_is_not_spoken_of():
    assert card((15, GOOD), pain=3) == card((15, GOOD), pain=0) == card((15, GOOD))


def test_over_four_seconds_is_only_a_little_quicker():
    said = card((15, {"eccentric_s": 4.6}))["correction"]

    assert said == ("a_little_quicker", "Het mag iets vlotter: ongeveer 3 seconden is genoeg.")


def test_halting_on_the_way_down_asks_for_one_flowing_movement():
    said = card((15, {"eccentric_s": 3.2, "pause_s": 1.6}))["correction"]

    assert said == (
        "one_flowing_movement",
        "15 keer ging het met horten. Laat je voet in één vloeiende beweging zakken.",
    )


def test_a_foot_that_does_not_come_back_is_asked_to_reach_the_floor():
    said = card((15, {"eccentric_s": 3.0, "end_above_rest_deg": 25.0}))["correction"]

    assert said == ("return_all_the_way", "Laat je voet helemaal teruggaan tot de grond.")


def test_extra_reps_are_no_fault():
    said = card((18, GOOD))

    assert "correction" not in said
    assert said["next_step"][0] == "same_again"


def test_missing_reps_are_named_without_blame():
    said = card((11, GOOD))["next_step"]

    assert said == (
        "complete_the_set",
        "Je deed 11 van de 15 herhalingen. Lukt het, maak dan de volgende serie vol.",
    )


def test_getting_quicker_towards_the_end_is_the_next_thing_to_mind():
    tiring = [(1, {"eccentric_s": 3.5 - 0.07 * i}) for i in range(15)]

    assert card(*tiring)["next_step"][0] == "mind_the_last_reps"


def test_a_poor_signal_is_said_in_place_of_praise_and_corrections():
    said = card((12, FAST), coverage=0.8)

    assert said == {
        "correction": (
            "signal_poor",
            "Ik heb 20 % van deze serie niet ontvangen. Leg de ontvanger dichter bij je been.",
        )
    }


def test_a_set_without_reps_asks_after_the_sensor():
    said = card()

    assert said["correction"][0] == "no_reps"
    assert "praise" not in said


def test_accepted_tempo_is_praised_as_such():
    said = card((15, {"eccentric_s": 2.2}))

    assert said["praise"] == ("accepted_tempo", "15 van de 15 keer dicht bij 3 seconden.")


def test_free_movement_is_counted_and_not_judged():
    said = card((8, FAST), exercise=FREE, prescribed=None)

    assert said == {"praise": ("reps_counted", "8 herhalingen geteld.")}


def test_a_raise_is_praised_for_its_holds_or_asked_to_hold_longer():
    base = {"peak_deg": 15.0, "eccentric_s": 2.2}
    held = card((20, base | {"hold_scored_s": 1.9}), exercise=PRONE_RAISE, prescribed=20)
    short = card((20, base | {"hold_scored_s": 0.9}), exercise=PRONE_RAISE, prescribed=20)

    assert held["praise"][0] == "accepted_tempo"
    assert short["correction"] == ("hold_longer", "Houd je been bovenin 2 seconden vast.")


def test_a_stretch_has_no_card_of_repetitions():
    stretch = load_catalogue()["stretch_hamstring"]

    assert choose_feedback(stretch, [], reps_prescribed=1) == ()


@pytest.mark.parametrize("rule", load_feedback().rules, ids=lambda rule: rule.code)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_filled_in(rule, language):
    for wording in rule.texts:
        values = dict.fromkeys(FACTS, 3.0) | {"wording": wording}
        text = feedback_text(Feedback(code=rule.code, kind=rule.kind, values=values), language)

        assert text.endswith((".", "?"))
        assert "{" not in text


def test_codes_are_unique_and_every_kind_has_some():
    rules = load_feedback().rules

    assert max(Counter(rule.code for rule in rules).values()) == 1
    assert {rule.kind for rule in rules} == set(FeedbackKind)


def test_wordings_are_those_of_the_exercises():
    known = {one.wording for one in load_catalogue().exercises.values()} | {"default"}

    used = {wording for rule in load_feedback().rules for wording in rule.texts}

    assert used <= known


@pytest.mark.parametrize("code", sorted(WARNINGS))
def test_every_warning_has_a_sentence_in_both_languages(code):
    dutch, english = warning_text(code, "nl"), warning_text(code, "en")

    assert dutch.endswith(".")
    assert english.endswith(".")
    assert dutch != english


def test_unknown_codes_and_languages_are_refused():
    praise = Feedback(code="same_again", kind=FeedbackKind.NEXT_STEP)

    with pytest.raises(CatalogueError, match="no warning 'rain'"):
        warning_text("rain", "nl")
    with pytest.raises(CatalogueError, match="no language 'fr'"):
        warning_text("gap", "fr")
    with pytest.raises(CatalogueError, match="no language 'fr'"):
        feedback_text(praise, "fr")
    with pytest.raises(CatalogueError, match="no feedback 'applause'"):
        feedback_text(replace(praise, code="applause"), "nl")
    with pytest.raises(CatalogueError, match=r"'good_tempo' comes without.*n_in_tempo"):
        feedback_text(replace(praise, code="good_tempo"), "nl")


RULE = """
[warnings]
[[rules]]
code = "hello"
kind = "praise"
when = [["n_reps", ">=", 1]]
[rules.text.default]
nl = "Dag {n_reps}."
en = "Hello."
"""


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"n_reps", ">="', '"n_steps", ">="', "no such condition"),
        ('"n_reps", ">="', '"n_reps", "~"', "no such condition"),
        ('en = "Hello."', "", "languages"),
        ("{n_reps}", "{mood}", "unknown facts.*mood"),
    ],
)
def test_a_faulty_rule_is_refused(old, new, complaint):
    assert parse_feedback(RULE).rules[0].code == "hello"

    with pytest.raises(CatalogueError, match=complaint):
        parse_feedback(RULE.replace(old, new))
