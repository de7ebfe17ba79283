import tomllib
from importlib.resources import files

import pytest

from api.pages.appearance import CHOICES, Appearance
from api.pages.knowledge import sections
from api.pages.language import LOCALES
from tests.api.builders import service
from tests.api.course_builders import enrolled_patient
from tests.api.test_pages import words

SUBJECTS = {
    "purpose", "causes", "grades", "eccentric", "physiotherapy", "medication", "injection",
    "surgery", "insoles", "ice", "relative-rest",
}  # fmt: skip


def test_both_languages_say_the_same_number_of_things():
    entries = tomllib.loads((files("api.pages") / "knowledge.toml").read_text("utf-8"))["sections"]

    assert set(entries[0]) == {"id", "title", *LOCALES}
    for entry in entries:
        assert len(entry["nl"]) == len(entry["en"]), entry["id"]
        assert set(entry["title"]) == set(LOCALES)


@pytest.mark.parametrize("language", LOCALES)
def test_every_subject_is_on_the_page_and_in_its_contents(api, language):
    page = api.client.get("/good-to-know", headers={"Accept-Language": language}).text

    assert {section.id for section in sections(language)} >= SUBJECTS
    for section in sections(language):
        assert f'href="#{section.id}"' in page
        assert f'id="{section.id}"' in page
        assert all(paragraph in page for paragraph in section.paragraphs)


def test_the_page_says_what_the_program_is_not(api):
    page = words(api.client.get("/good-to-know", headers={"Accept-Language": "en"}).text)

    assert "not a diagnosis and not a medical device" in page
    assert "never changes your plan by itself" in page


def test_a_choice_is_a_class_of_every_page(api):
    fields = {"text": "large", "contrast": "more", "motion": "normal", "lang": "nl"}

    page = api.client.post("/settings", data=fields).text

    assert '<html lang="nl" class="text-large contrast-more">' in page
    assert "Opgeslagen" in page
    assert 'class="text-large contrast-more"' in api.client.get("/good-to-know").text
    assert 'class="text-large contrast-more"' in api.client.get("/sessions").text


def test_back_to_normal_leaves_nothing_in_the_browser(api):
    api.client.post("/settings", data={"text": "largest"})

    api.client.post("/settings", data=dict.fromkeys(CHOICES, "normal"))

    assert "look" not in api.client.cookies
    assert '<html lang="en">' in api.client.get("/settings").text


@pytest.mark.parametrize("cookie", ["", "text-huge", "text", '"><b>', "size-large", "-.-"])
def test_a_cookie_that_says_nothing_good_changes_nothing(cookie):
    assert Appearance.read(cookie) == Appearance()


def test_settings_show_the_patients_own_time_zone():
    with enrolled_patient(is_own=True, time_zone="Pacific/Auckland") as patient:
        page = words(patient.open("/settings").text)

    assert "those of Pacific/Auckland. There it is now 19:00." in page


def test_pages_of_one_person_are_in_the_menu_of_that_person_only():
    with service() as clinic, enrolled_patient(is_own=True) as patient:
        for path in ("/sport", "/reminders", "/my-data"):
            assert f'href="{path}"' in patient.open("/good-to-know").text
            assert f'href="{path}"' not in clinic.client.get("/good-to-know").text
