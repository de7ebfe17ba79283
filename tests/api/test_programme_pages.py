import re
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.builders import PATIENT_ID
from tests.api.course_builders import MONDAY, at, day, enrolled_patient, local_install
from tests.api.test_pages import words

INTAKE = {
    "id": "1d7c7f0a-7a3a-4a5e-8e7e-0c2f5a9b6d01",
    "warning_signs": "no",
    "complete_tear": "no",
    "side": "left",
    "cause": "overload",
    "baseline": "6",
    "variant": "ecc_prone_helper",
    "start_on": str(MONDAY),
    "time_zone": "Europe/Amsterdam",
}


@pytest.fixture
def patient():
    with enrolled_patient(is_own=True) as enrolled:
        yield enrolled


@pytest.fixture
def newcomer():
    with local_install() as patient:
        yield patient


def form_value(html, action, name, n=0):
    """The value that a form of a page carries."""
    form = re.findall(rf'<form[^>]*action="{action}".*?</form>', html, flags=re.DOTALL)[n]
    return re.search(rf'name="{name}" value="([^"]*)"', form)[1]


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


def test_the_day_shows_what_is_done_and_what_is_left(patient):
    patient.move(at(day(15))).train()

    text = words(patient.open("/").text)

    assert "Monday 18 May · Week 3, day 1" in text
    assert "Once more today, about 45 minutes." in text
    assert "Session 1: done Session 2: to do" in text
    assert "Eccentric leg curl, prone, with helper 3 × 15 · slowly in 3 s 3 of 6 sets" in text  # noqa: RUF001
    assert "Hamstring stretch 2 × hold 30 s · each leg 0 of 4 sets" in text  # noqa: RUF001


def test_dutch_speaks_as_a_physiotherapist(patient):
    patient.move(at(day(1))).train()

    text = words(patient.open("/", "nl").text)

    assert "Maandag 4 mei · Week 1, dag 1" in text
    assert "Vandaag nog 1 keer, ongeveer 22 minuten." in text
    assert "3 van 6 series" in text
    assert "Masseer de pijnlijke plek een paar minuten met ijs." in text


def test_an_offer_says_why_and_is_accepted_and_undone_by_its_buttons(patient):
    patient.move(at(day(5))).train(pain={"worst": 7}, warning_signs_end=False)
    shown = patient.open("/")
    offer_id = form_value(shown.text, "/advice", "id")

    accepted = patient.send("/advice", id=offer_id, key="rest_days", answer="accepted")
    again = patient.send("/advice", id=offer_id, key="rest_days", answer="accepted")
    undone = patient.send(f"/advice/{offer_id}/undo")

    text = words(shown.text)
    assert "Yes, rest for 3 days from Saturday 9 May" in text
    assert "your pain: 7 of 10 A rule of the programme." in text
    for page in (accepted, again):
        assert "Rest days Saturday 9 May Undo Sunday 10 May" in words(page.text)
    assert "Rest days Saturday" not in words(undone.text)


def test_an_offer_that_is_gone_by_now_leads_back_to_the_day(patient):
    answer = patient.send("/advice", id=str(uuid4()), key="rest_days", answer="accepted")

    assert (answer.status_code, answer.url.path) == (200, "/")
    assert patient.get("rest-days").json() == {"rest_days": []}


def test_a_warning_sign_takes_the_start_away_until_a_physician_has_looked(patient):
    patient.move(at(day(5))).train(pain={"worst": 8})

    stopped = patient.send("/answers", id=str(uuid4()), question="warning_signs", is_yes="yes")
    patient.move(at(day(7)))
    freed = patient.send("/answers", id=str(uuid4()), question="warning_signs", is_yes="no")

    assert "Do not train now." in words(stopped.text)
    assert 'href="/train' not in stopped.text
    assert 'href="/train"' in freed.text


def test_pain_told_between_trainings_is_on_the_calendar(patient):
    patient.send("/check-in", id=str(uuid4()), pain="3", soreness="1", paracetamol="on")

    days = patient.get("calendar").json()["days"]

    assert (days[0]["pain"], days[0]["soreness"]) == (3, 1)


def test_the_calendar_shows_every_day_and_says_it_in_words(patient):
    patient.move(at(day(1))).train(pain={"before": 1, "worst": 2})

    html = patient.open("/calendar").text

    assert len(re.findall(r'class="day ', html)) == 84
    assert (
        'aria-label="Monday 4 May, training, 1 of 2 sessions, eccentric time 50 %, pain 2"' in html
    )
    assert html.count('aria-current="date"') == 1


def test_a_day_shows_its_sessions_and_can_become_a_rest_day(patient):
    session_id = patient.move(at(day(2))).train()
    patient.report("iso_prone_raise")
    patient.move(at(day(4)))

    shown = patient.open(f"/calendar/{day(2)}").text
    rested = patient.send("/rest-days", from_on=str(day(3)), days="1", back_to=str(day(3)))
    again = patient.send(f"/rest-days/{day(3)}/undo", back_to=str(day(3)))

    assert f'href="/sessions/{session_id}"' in shown
    assert "told by you Prone straight-leg raise" in words(shown)
    assert rested.url.path == f"/calendar/{day(3)}"
    assert "You took this day as rest." in words(rested.text)
    assert "This was a rest day" in words(again.text)


def test_a_report_of_yesterday_is_stored_on_that_day_and_undone(patient):
    patient.move(at(day(3)))
    fields = {"ecc_prone_helper.done": "on", "ecc_prone_helper.sets": "3"}
    sent = fields | {"ecc_prone_helper.reps": "12", "id": str(uuid4()), "on": str(day(2))}

    for _ in range(2):
        answer = patient.send("/self-report", **sent)
    report = patient.get("self-reports").json()["self_reports"]
    undone = patient.send(f"/self-report/{report[0]['id']}/undo", back_to=str(day(2)))

    assert "Eccentric leg curl, prone, with helper, 3 × 12" in words(answer.text)  # noqa: RUF001
    assert len(report) == 1
    assert report[0]["at"] == "2026-05-05T10:00:00Z"
    assert "Nothing was measured or told on this day." in words(undone.text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Tick what you did."),
        ({"on": str(day(9))}, "Choose a day of the last two weeks."),
        (
            {"ecc_prone_helper.done": "on", "ecc_prone_helper.sets": "many"},
            "Give a whole number from 1 to 20.",
        ),
    ],
)
def test_a_report_that_cannot_be_is_asked_again(patient, fields, said):
    answer = patient.send("/self-report", **{"id": str(uuid4()), "on": str(MONDAY)} | fields)

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert patient.get("self-reports").json() == {"self_reports": []}


def test_a_set_shows_the_patients_own_count_beside_the_measured_one(patient):
    session_id = patient.train(reps=13, sets=1)

    corrected = patient.send(f"/sessions/{session_id}/sets/1/correction", reps="15")
    undone = patient.send(f"/sessions/{session_id}/sets/1/correction", reps="")

    text = words(corrected.text)
    assert "You counted 15 repetitions yourself." in text
    assert "Repetitions 13 of 15" in text
    assert "You counted" not in words(undone.text)


def test_in_a_clinic_each_patient_has_the_pages_and_home_stays_the_list():
    with enrolled_patient() as patient:
        patient.move(at(day(1))).train()
        base = f"/patients/{PATIENT_ID}"

        home, today, calendar = (
            patient.open(f"{one}") for one in ("/", f"{base}/today", f"{base}/calendar")
        )
        seen = patient.send(f"{base}/advice", id=str(uuid4()), key="ice", answer="seen")
        nobody = patient.open("/calendar")

    assert "Latest session" in words(home.text)
    assert 'href="/calendar"' not in home.text
    assert "Once more today" in words(today.text)
    assert f'action="{base}/advice"' in today.text
    assert f'href="{base}/calendar/2026-05-04"' in calendar.text
    assert seen.url.path == f"{base}/today"
    assert nobody.status_code == 404


@pytest.mark.parametrize(
    "page", ["today", "calendar", "calendar/2026-05-04", "intake", "self-report"]
)
def test_a_patient_who_is_not_there_has_no_pages(patient, page):
    for nobody in ("nobody", uuid4()):
        assert patient.open(f"/patients/{nobody}/{page}").status_code == 404


def test_a_page_elsewhere_cannot_send_a_form(patient):
    headers = {"Origin": "https://elsewhere.example"}

    answer = patient.api.client.post("/rest-days", data={"from_on": "2026-05-04"}, headers=headers)

    assert answer.status_code == 403


def test_what_is_filled_in_is_shown_as_words_and_never_as_html(newcomer):
    answer = newcomer.send("/intake", **INTAKE | {"sport": "<b>ball</b>", "baseline": ""})

    assert "<b>ball</b>" not in answer.text
    assert "&lt;b&gt;ball&lt;/b&gt;" in answer.text
