import re
from importlib import resources
from pathlib import Path

import pytest

from analysis.errors import CatalogueError
from analysis.exercise import load_catalogue
from analysis.feedback import LANGUAGES
from analysis.programme_advice import Advice, advice_text
from analysis.programme_facts import FACTS
from analysis.programme_reading import PROGRAMMES, load_programme, parse_programme

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "programme.md"
FILES = resources.files("analysis").joinpath("catalogue")
TEXT = FILES.joinpath("programme.toml").read_text("utf-8")


def every_text(programme):
    yield programme.name
    yield from (rule.texts for rule in programme.rules)
    for sport in programme.sports.values():
        yield sport.name
        yield from sport.checklist
        yield from (day.texts for day in sport.days.values())


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_text_stands_in_both_languages(name):
    texts = list(every_text(load_programme(name)))

    assert texts
    assert all(set(text) == set(LANGUAGES) and text["en"] != text["nl"] for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_piece_of_advice_can_be_said(name, language):
    programme = load_programme(name)

    spoken = [advice_text(programme, Advice(rule=rule), language) for rule in programme.rules]

    assert all("{" not in text for text in spoken)


def test_the_numbers_in_the_words_are_the_settings():
    changed = parse_programme(
        TEXT.replace("offered_rest_days = 3", "offered_rest_days = 4"), load_catalogue()
    )
    rule = next(rule for rule in changed.rules if rule.code == "rest_days")

    assert "4 rustdagen" in advice_text(changed, Advice(rule=rule), "nl")


def test_a_limit_follows_its_setting():
    changed = parse_programme(
        TEXT.replace("pain_severe_from = 6", "pain_severe_from = 8"), load_catalogue()
    )
    rule = next(rule for rule in changed.rules if rule.code == "rest_days")
    facts = dict.fromkeys(FACTS)

    assert not rule.fits(facts | {"pain": 7})
    assert rule.fits(facts | {"pain": 8})


def test_every_fact_is_asked_for_by_a_rule():
    asked = {
        condition.fact
        for name in PROGRAMMES
        for rule in load_programme(name).rules
        for condition in (*rule.when, *rule.unless)
    }

    assert asked == FACTS


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("weeks = [3, 4]", "weeks = [4, 4]", "blocks: weeks [4, 4] do not follow: week 3"),
        ("weeks = [3, 4]", "weeks = [4, 3]", "blocks[1]: weeks [4, 3]"),
        ('"squat_single", "plank', '"squat", "plank', "blocks[1]: no exercise 'squat'"),
        ('series_by = "course"', 'series_by = "turn"', "days.sprint: series_by 'turn' is none of"),
        ("minutes = 45", "minute = 45", "blocks[1]: unknown fields ['minute']"),
        ("max_weeks = 12\n", "", "top level: missing fields ['max_weeks']"),
        ("max_weeks = 12", "max_weeks = -1", "max_weeks: -1"),
        ('kind = "stop"', 'kind = "shout"', "rules[0] warning_signs: unknown kind 'shout'"),
        ('[["warning_signs", ">="', '[["omens", ">="', "warning_signs: unknown fact 'omens'"),
        ('["warning_signs", ">=", 1]', '["warning_signs", "~", 1]', "unknown comparison '~'"),
        ('["warning_signs", ">=", 1]', '["warning_signs"]', "is not [fact, comparison, limit]"),
        ('">=", "pain_severe_from"', '">=", "pain_huge"', "no setting 'pain_huge'"),
        ("{offered_rest_days} rust", "{rust} rust", "the text names no setting: ['rust']"),
        ('code = "rest_days"', 'code = "ask_physician"', "ask_physician: the code is taken"),
        ('nl = "Stop nu en bel vandaag je sportarts of huisarts."', 'nl = " "', "no text in 'nl'"),
        ("pain_light_max = 3", 'pain_light_max = "3"', "settings.pain_light_max: '3'"),
        ("core_sets_for_session = 2", "", "missing fields ['core_sets_for_session']"),
        ('stated = ["ice_weeks"', 'stated = ["snow_weeks"', "names no setting: ['snow_weeks']"),
        ('cycle = ["walk_jog", "rest"]', 'cycle = ["swim"]', "stages[0]: unknown days ['swim']"),
        ('cycle = ["walk_jog", "rest"]', "cycle = []", "stages[0]: an empty cycle"),
        ("weeks = [9, 10]", "weeks = [10, 10]", "sports.running.stages: weeks [10, 10]"),
        ("duration_s = 60, step_s = 60", "step_s = 60", "parts[1]: missing fields ['duration_s']"),
        ('name = { en = "Cycling", nl = "Wielersport" }', 'name = { en = "C" }', "sports.cycling"),
        ("[settings]", "[settings", "not TOML"),
    ],
)
def test_a_bad_file_is_refused_with_the_place_of_the_fault(old, new, place):
    assert old in TEXT

    with pytest.raises(CatalogueError, match=re.escape(place)):
        parse_programme(TEXT.replace(old, new, 1), load_catalogue())


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('based_on = "free_movement"', 'based_on = "flying"', "no exercise 'flying'"),
        ("is_core = true", "is_score = true", "heel_drop_straight: unknown fields ['is_score']"),
        ("reps = 15", 'reps = 15\nmovement = "flight"', "heel_drop_straight: 'flight'"),
    ],
)
def test_a_bad_exercise_of_a_programme_is_refused_with_its_name(old, new, place):
    text = FILES.joinpath("programme_achilles.toml").read_text("utf-8")

    with pytest.raises(CatalogueError, match=re.escape(place)):
        parse_programme(text.replace(old, new, 1), load_catalogue())


def test_a_programme_without_blocks_is_refused():
    text = re.sub(r"\[\[blocks\]\][^\[]*\[[^\]]*\][^\[]*\[[^\]]*\]", "", TEXT)

    with pytest.raises(CatalogueError, match="missing fields \\['blocks'\\]"):
        parse_programme(text, load_catalogue())
    with pytest.raises(CatalogueError, match="blocks: empty"):
        parse_programme(f"blocks = []\n{text}", load_catalogue())


def test_an_unknown_programme_is_refused_with_the_known_ones():
    with pytest.raises(CatalogueError, match="hamstring, achilles"):
        load_programme("elbow")


def test_the_page_tells_every_block_setting_rule_and_sport_day_of_the_programme():
    programme = load_programme()
    page = PAGE.read_text("utf-8")
    due = []

    for block in programme.blocks:
        names = ", ".join(" or ".join(f"`{name}`" for name in slot) for slot in block.slots)
        due.append(f"| {block.weeks[0]}-{block.weeks[1]} | {block.minutes:g} | {names} |")
    for name, value in programme.settings.items():
        whose = "source" if name in programme.stated else "ours"
        due.append(f"| `{name}` | {value:g} | {whose} |")
    for rule in programme.rules:
        whose = "source" if rule.is_stated else "ours"
        due.append(f"| `{rule.code}` | {rule.kind} | {whose} | {rule.texts['en']} |")
    for sport in programme.sports.values():
        for stage in sport.stages:
            cycle = ", ".join(f"`{day}`" for day in stage.cycle)
            weeks = f"{stage.weeks[0]}-{stage.weeks[1]}"
            due.append(f"| `{sport.id}` | {weeks} | `{stage.id}` | {cycle} |")

    assert [line for line in due if line not in page] == []
    rows = [line for line in page.splitlines() if re.match(r"\| [`\d]", line)]
    assert sorted(rows) == sorted(due)
