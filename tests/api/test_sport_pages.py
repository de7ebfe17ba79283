from datetime import timedelta
from uuid import uuid4

import pytest

from analysis import load_programme
from api.pages.language import LOCALES
from tests.api.builders import PATIENT_ID
from tests.api.course_builders import MONDAY, at, day, enrolled_patient, local_install
from tests.api.test_pages import words

START = {"sport": "running", "confirmed_by": "patient", "is_improved": "yes"}


def enrolment(patient):
    return patient.get("enrolment").json()


def diary(patient):
    return next(iter(patient.get("diary").json().values()))


def test_sport_does_not_start_before_its_week(patient):
    patient.move(at(day(42)))

    answer = patient.send("/sport/start", **START)

    assert answer.status_code == 422
    assert enrolment(patient)["sport_from"] is None
    assert "From week 7 on" in words(answer.text)


def test_a_patients_own_statement_starts_sport_and_is_kept_as_such(patient):
    patient.move(at(day(43)))

    page = words(patient.send("/sport/start", **START).text)

    agreed = enrolment(patient)
    assert (agreed["sport"], agreed["sport_from"]) == ("running", str(day(43)))
    assert agreed["sport_confirmed_by"] == "patient"
    assert "on your own statement; no clinician confirmed it" in page
    assert patient.today()["sport"]["day"] == "walk_jog"


def test_a_statement_can_be_taken_back_but_not_a_clinicians_word(patient):
    patient.move(at(day(43))).send("/sport/start", **START)
    patient.send("/sport/undo")
    undone = enrolment(patient)["sport_from"]
    patient.enrol(
        sport="running", sport_from=str(day(43)), sport_confirmed_by="Synthetic clinician"
    )
    patient.send("/sport/undo")

    assert undone is None
    assert enrolment(patient)["sport_from"] == str(day(43))
    assert "confirmed by your clinician" in words(patient.open("/sport").text)


@pytest.mark.parametrize("lacking", ["sport", "confirmed_by", "is_improved"])
def test_sport_needs_every_statement(patient, lacking):
    patient.move(at(day(43)))

    answer = patient.send("/sport/start", **{k: v for k, v in START.items() if k != lacking})

    assert answer.status_code == 422
    assert enrolment(patient)["sport_from"] is None


def test_severe_pain_comes_before_sport(patient):
    patient.move(at(day(43))).check_in(pain=8)

    answer = patient.send("/sport/start", **START)

    assert answer.status_code == 422
    assert "look first at what your day asks of you" in words(answer.text)
    assert enrolment(patient)["sport_from"] is None


def test_on_a_clinics_service_the_patient_cannot_start_sport():
    with enrolled_patient() as patient:
        patient.move(at(day(43)))

        answer = patient.send(f"/patients/{PATIENT_ID}/sport/start", **START)

        assert answer.status_code == 422
        assert "Your clinician confirms the start" in words(answer.text)


@pytest.mark.parametrize("language", LOCALES)
def test_every_day_of_every_sport_has_its_page(patient, language):
    for sport in load_programme("hamstring").sports.values():
        for name in sport.days:
            answer = patient.open(f"/sport/{sport.id}/{name}", language)

            assert answer.status_code == 200
            assert sport.checklist[0][language] in answer.text
            assert "/intervals" not in answer.text


def test_a_day_leads_to_the_timer_where_there_is_one(patient):
    patient.api.app.add_api_route("/intervals", lambda: None)

    page = patient.open("/sport/running/walk_jog").text

    assert 'href="/intervals?day=walk_jog"' in page
    assert "/intervals" not in patient.open("/sport/cycling/ride").text


def test_the_courses_are_drawn_to_one_scale(patient):
    page = patient.open("/sport/running/sprint").text

    assert page.count('class="hard"') == 4
    assert 'width="338.0"' in page  # 40 m of the 80 m that 680 units show, less 2 of margin
    assert "Run-up 10 m, sprint 20 m, run-out 5 m" in page
    assert "5 minutes of rest" in page


def test_a_day_shows_the_level_that_was_accepted(patient):
    patient.enrol(sport="running", sport_from=str(day(43)), accepted_levels={"walk_jog": 2})
    patient.move(at(day(43)))

    page = words(patient.open("/sport/running/walk_jog").text)

    assert "jog: 3 min" in page.lower()
    assert "2 steps further" in page


@pytest.mark.parametrize("path", ["/sport/running/flying", "/sport/chess/ride"])
def test_a_day_that_no_programme_has_is_not_found(patient, path):
    assert patient.open(path).status_code == 404


def test_an_entry_of_the_diary_is_stored_once_shown_and_undone(patient):
    fields = {
        "id": str(uuid4()),
        "what": "cycling",
        "pain": "2",
        "on": str(MONDAY),
        "minutes": "40",
    }
    for _ in range(2):
        page = words(patient.send("/sport/diary", **fields).text)
    entry = diary(patient)[0]
    patient.send(f"/sport/diary/{entry['id']}/undo")

    assert "Cycling, 40 min, pain 2 of 10" in page
    assert (entry["sport"], entry["day"], entry["is_complete"]) == ("cycling", None, True)
    assert diary(patient) == []


def test_a_sport_day_of_yesterday_counts_at_its_level(patient):
    patient.enrol(sport="running", sport_from=str(day(43)), accepted_levels={"walk_jog": 1})
    patient.move(at(day(44)))

    patient.send(
        "/sport/diary",
        what="day:walk_jog",
        pain="5",
        on=str(day(43)),
        is_complete="no",
        returned="yes",
    )

    entry = diary(patient)[0]
    assert (entry["sport"], entry["day"], entry["level"]) == ("running", "walk_jog", 1)
    assert entry["at"].startswith(str(day(43)))
    assert (entry["is_complete"], entry["has_returned_complaints"]) == (False, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pain": ""},
        {"pain": "11"},
        {"what": "day:sprint"},
        {"on": str(MONDAY + timedelta(days=1))},
        {"on": str(MONDAY - timedelta(days=15))},
        {"minutes": "1441"},
    ],
)
def test_an_entry_that_cannot_be_is_refused_and_asked_again(patient, wrong):
    fields = {"what": "cycling", "pain": "2", "on": str(MONDAY), "notes": "windy"} | wrong

    answer = patient.send("/sport/diary", **fields)

    assert answer.status_code == 422
    assert 'value="windy"' in answer.text
    assert diary(patient) == []


def test_after_a_tear_the_page_speaks_of_rest_and_at_the_end_of_prevention(patient):
    patient.injure(cause="tear", injured_on=str(MONDAY))
    torn = words(patient.move(at(day(2))).open("/sport").text)
    done = words(patient.move(at(day(100))).open("/sport").text)

    assert "Gentle stretching is harmless" in torn
    assert "The programme is complete" in done


def test_who_has_no_programme_is_led_to_its_beginning():
    with local_install() as newcomer:
        pages = [
            newcomer.open("/sport"),
            newcomer.open("/sport/running/sprint"),
            newcomer.send("/sport/start", **START),
            newcomer.send("/sport/diary", what="cycling", pain="0"),
        ]

    assert {str(page.url.path) for page in pages} == {"/"}
