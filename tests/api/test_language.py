from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import api.pages
from analysis import Flag
from api.pages.language import LOCALES, NOTHING, Language, choose_language, read_messages
from api.pages.words import FLAGS

PAGES = Path(api.pages.__file__).parent
CATALOGUE = PAGES / "locale" / "nl" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)


def speak(code):
    return Language(code, read_messages(code, [PAGES / "locale"]), ZoneInfo("Europe/Amsterdam"))


def messages():
    found = extract_from_dir(
        PAGES.parent, METHODS, OPTIONS, keywords={"_": None, "N_": None, "gettext": None}
    )
    return {message for _, _, message, _, _ in found}


def catalogue():
    with CATALOGUE.open("rb") as file:
        return [message for message in read_po(file, locale="nl") if message.id]


def test_every_message_has_its_dutch_words_and_nothing_is_left_over():
    translated = {message.id for message in catalogue() if message.string and not message.fuzzy}

    assert messages() - translated == set()
    assert {message.id for message in catalogue()} - messages() == set()


def test_dutch_keeps_the_places_where_values_go():
    for message in catalogue():
        assert list(message.check()) == [], message.id


def test_every_flag_of_the_engine_has_its_words():
    assert set(FLAGS) == {flag.value for flag in Flag}


@pytest.mark.parametrize(
    ("asked", "remembered", "accept", "expected"),
    [
        ("nl", "en", "en", "nl"),
        ("xx", "nl", "en", "nl"),
        (None, "xx", "nl", "nl"),
        (None, None, "nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        (None, None, "en;q=0.5,nl;q=0.9", "nl"),
        (None, None, "nl;q=0,en;q=0.1", "en"),
        (None, None, "nl;q=many, de", "en"),
        (None, None, "fr, de;q=0.5", "en"),
        (None, None, "", "en"),
        (None, None, None, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_dearest(asked, remembered, accept, expected):
    assert choose_language(asked, remembered, accept) == expected


def test_numbers_are_written_as_the_reader_writes_them():
    dutch, english = speak("nl"), speak("en")

    assert (dutch.seconds(2.949), english.seconds(2.949)) == ("2,9 s", "2.9 s")
    assert (dutch.degrees(88.6), english.degrees(-0.4)) == ("89°", "0°")
    assert english.number(-1.62, 1) == "\N{MINUS SIGN}1.6"
    assert english.seconds(None) == english.degrees(None) == english.percent(None) == NOTHING


def test_a_share_is_rounded_down_so_that_almost_all_is_not_all():
    assert [speak("en").percent(share) for share in (1.0, 0.998, 0.29)] == ["100 %", "99 %", "29 %"]


def test_what_was_done_stands_before_what_was_due():
    assert speak("en").parts(12, 15) == ("12", "of 15")
    assert speak("nl").parts(43.2, 45.0, decimals=1, unit="s") == ("43,2", "van 45,0 s")
    assert speak("en").parts(12, None) == ("12", "")
    assert speak("en").parts(None, 15) == (NOTHING, "")


def test_one_thing_is_not_told_as_several():
    said = [speak("nl").count("1 day", "%(n)s days", n) for n in (0, 1, 2)]
    assert said == ["0 dagen", "1 dag", "2 dagen"]


def test_a_moment_is_shown_in_the_zone_of_the_reader():
    assert speak("nl").day(NOON) == "dinsdag 12 mei 2026"
    assert speak("en").time(NOON) == "12:00"
    assert speak("nl").moment(NOON) == "12 mei 2026 12:00"
    assert speak("en").short_day(NOON) == "12 May 2026"


def test_every_language_has_a_way_of_writing():
    for code in LOCALES:
        assert speak(code).locale.language == code
