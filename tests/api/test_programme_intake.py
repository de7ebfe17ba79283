import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.course_builders import MONDAY, day
from tests.api.programme_forms import INTAKE, form_value
from tests.api.test_pages import words


def test_the_home_page_of_a_newcomer_invites_to_the_intake(newcomer):
    answer = newcomer.open("/")

    assert answer.status_code == 200
    assert "Shall we begin your programme?" in words(answer.text)
    assert 'href="/intake"' in answer.text
    assert 'href="/calendar"' in answer.text


def test_who_has_no_programme_yet_is_led_to_its_beginning(newcomer):
    newcomer.api.put_patient()
    report = {"id": str(uuid4()), "on": str(MONDAY), "ecc_prone_helper.done": "on"}

    pages = [
        newcomer.open("/calendar"),
        newcomer.open(f"/calendar/{MONDAY}"),
        newcomer.open("/self-report"),
        newcomer.send("/self-report", **report),
        newcomer.send("/advice", id=str(uuid4()), key="ice", answer="seen"),
    ]

    assert {page.status_code for page in pages} == {200}
    assert all("Shall we begin your programme?" in words(page.text) for page in pages)


def test_an_intake_begins_the_programme_and_shows_the_day(newcomer):
    answer = newcomer.send("/intake", **INTAKE, band="training band, yellow", sport="hockey")

    text = words(answer.text)
    assert answer.url.path == "/"
    assert "Monday 4 May · Week 1, day 1" in text
    assert "2 times today, about 22 minutes each." in text
    assert newcomer.get("enrolment").json()["band"] == "training band, yellow"
    injury = newcomer.get("injury-episodes").json()["injury_episodes"][0]
    assert (injury["sport"], injury["baseline_complaints"]) == ("hockey", 6)


def test_an_intake_that_is_sent_twice_is_one_intake(newcomer):
    for _ in range(2):
        newcomer.send("/intake", **INTAKE)

    assert len(newcomer.get("injury-episodes").json()["injury_episodes"]) == 1
    assert newcomer.today()["day"] == 1


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("warning_signs", "Stop, and call your sports physician or general practitioner today."),
        ("complete_tear", "A complete tear is for a physician to judge, not for an app."),
    ],
)
def test_a_warning_sign_at_the_intake_leads_to_a_physician_and_stores_nothing(
    newcomer, question, said
):
    answer = newcomer.send("/intake", **INTAKE | {question: "yes"})

    assert said in words(answer.text)
    assert newcomer.api.client.get("/api/v1/patients").json() == {"patients": []}


def test_an_intake_says_what_is_missing_and_keeps_what_was_filled_in(newcomer):
    given = {"id": INTAKE["id"], "warning_signs": "no", "cause": "tear", "sport": "hockey"}

    answer = newcomer.send("/intake", **given, baseline="11", start_on="soon")

    text = words(answer.text)
    assert answer.status_code == 422
    assert "Give a whole number from 0 to 10." in text
    assert "Give a date, such as 2026-05-04." in text
    assert 'value="hockey"' in answer.text
    assert re.search(r'name="cause" value="tear" checked', answer.text)
    for missing in ("complete_tear", "side", "injured_on"):
        assert f'id="{missing}-wrong"' in answer.text


def test_an_injury_does_not_lie_in_the_future(newcomer):
    tomorrow = str(MONDAY + timedelta(days=1))

    answer = newcomer.send("/intake", **INTAKE | {"cause": "tear", "injured_on": tomorrow})

    assert "This day is still to come." in words(answer.text)


def test_what_was_told_at_the_start_can_be_changed_and_keeps_the_return_to_sport(patient):
    patient.enrol(sport="running", sport_from=str(day(43)), choices=["ecc_prone_helper"])
    shown = patient.open("/intake").text

    patient.send("/intake", **INTAKE | {"variant": "ecc_seated_solo"})

    assert 'value="overload" checked' in shown
    enrolment = patient.get("enrolment").json()
    assert enrolment["choices"] == ["ecc_seated_solo"]
    assert (enrolment["sport"], enrolment["sport_from"]) == ("running", str(day(43)))


def test_a_new_injury_starts_with_an_empty_form(patient):
    shown = patient.open("/intake?new=true").text

    assert " checked" not in shown.replace('value="ecc_prone_helper" checked', "")
    assert form_value(shown, "/intake", "id") != INTAKE["id"]


def test_a_zone_that_nobody_knows_becomes_that_of_the_service(newcomer):
    newcomer.send("/intake", **INTAKE | {"time_zone": "Mars/Olympus"})

    assert newcomer.get("enrolment").json()["time_zone"] == "Europe/Amsterdam"


def test_what_is_filled_in_is_shown_as_words_and_never_as_html(newcomer):
    answer = newcomer.send("/intake", **INTAKE | {"sport": "<b>ball</b>", "baseline": ""})

    assert "<b>ball</b>" not in answer.text
    assert "&lt;b&gt;ball&lt;/b&gt;" in answer.text
