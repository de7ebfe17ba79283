import re
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import select

from api import transaction
from api.course_models import CheckInRow, ProgrammeAnswerRow, SelfReportRow
from tests.api.builders import PATIENT_ID, exercise_set
from tests.api.course_builders import MONDAY, at, day, enrolled_patient
from tests.api.programme_forms import form_value
from tests.api.test_pages import words

TOLD = (CheckInRow, ProgrammeAnswerRow, SelfReportRow)


def test_the_day_shows_what_is_done_and_what_is_left(patient):
    patient.move(at(day(15))).train()

    text = words(patient.open("/").text)

    assert "Monday 18 May · Week 3, day 1" in text
    assert "Once more today, about 45 minutes." in text
    assert "Session 1: done Session 2: to do" in text
    assert "Eccentric leg curl, prone, with helper 3 × 15 · slowly in 3 s" in text  # noqa: RUF001
    assert "slowly in 3 s training band, yellow, single 3 of 6 sets" in text
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


def test_pain_that_was_mistyped_is_shown_and_taken_back(patient):
    patient.move(at(day(2), 12))
    told = patient.send("/check-in", id=str(uuid4()), pain="8", soreness="1", paracetamol="on")
    stored = patient.get("check-ins").json()["check_ins"]
    on_its_day = patient.open(f"/calendar/{day(2)}")

    undone = patient.send(f"/check-in/{stored[0]['id']}/undo")

    for page in (told, on_its_day):
        assert "told by you 12:00, pain 8, muscle soreness 1, paracetamol Undo" in words(page.text)
    assert "That is severe pain." in words(told.text)
    assert "severe pain" not in words(undone.text.partition("<footer>")[0])
    assert patient.get("check-ins").json() == {"check_ins": []}


def test_two_clicks_store_once_and_other_answers_from_the_same_form_are_kept(patient):
    form_id = str(uuid4())
    exercise = {"ecc_prone_helper.done": "on", "ecc_prone_helper.reps": "15"}
    report = exercise | {"ecc_prone_helper.sets": "3", "id": form_id, "on": str(MONDAY)}

    for minute in (0, 1):
        patient.move(at(MONDAY, 9, minute))
        patient.send("/check-in", id=form_id, pain="3")
        patient.send("/answers", id=form_id, question="warning_signs", is_yes="no")
        patient.send("/self-report", **report)
    patient.send("/check-in", id=form_id, pain="5")

    with transaction(patient.api.app.state.engine, writes=False) as db:
        stored = [len(db.exec(select(model)).all()) for model in TOLD]
    assert stored == [2, 1, 1]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/advice", {"key": "x" * 500, "answer": "seen"}),
        ("/advice", {"key": "ice", "answer": "eaten"}),
        ("/answers", {"question": "weather", "is_yes": "yes"}),
        ("/check-in", {"pain": "eleven"}),
        ("/rest-days", {"from_on": "soon", "days": "0"}),
    ],
)
def test_a_form_that_no_page_sends_changes_nothing(patient, path, fields):
    before = patient.today()

    answer = patient.send(path, id="no id", **fields)

    assert answer.url.path == "/"
    assert patient.today() == before


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


def test_a_day_of_sport_shows_its_parts_and_what_comes_before(patient):
    patient.enrol(sport="running", sport_from=str(day(43)), accepted_levels={"walk_jog": 2})

    walking = words(patient.move(at(day(43))).open("/").text)
    sprinting = words(patient.move(at(day(59))).open("/").text)

    assert "A day of your return to sport." in walking
    assert "walk: 1 min jog: 3 min walk backward: 1 min jog backward: 1 min 3 rounds" in walking
    assert "Before you go Warm trousers" in walking
    assert "run-up 40 m, sprint 20 m, run-out 20 m" in sprinting
    assert "at 70 % of your fastest sprint" in sprinting


def test_a_day_of_sport_leads_to_all_of_it_and_to_the_timer_where_there_is_one(patient):
    patient.enrol(sport="running", sport_from=str(day(43)))
    patient.move(at(day(59)))

    without = patient.open("/").text
    patient.api.app.add_api_route("/intervals", lambda: None)
    patient.api.app.add_api_route("/practice", lambda: None)
    sport_day = patient.open("/").text
    exercise_day = patient.move(at(day(1))).open("/").text

    assert 'href="/sport/running/sprint"' in without
    assert "/intervals" not in without
    assert 'href="/intervals?day=sprint"' in sport_day
    assert "3 times each, walk back; 5 minutes of rest" in words(sport_day)
    assert 'href="/practice"' in exercise_day


def test_a_day_of_sport_is_done_in_the_calendar_once_it_was_trained(patient):
    patient.enrol(sport="running", sport_from=str(day(43)))
    patient.move(at(day(43)))
    before = patient.calendar_day()

    walked = exercise_set(()) | {"exercise": "run_intervals", "reps": [], "bouts": []}
    patient.train(exercise_sets=[walked])

    after = patient.calendar_day()
    assert (before["sport_day"], before["sports_done"], after["sports_done"]) == ("walk_jog", 0, 1)
    assert "sport done" in patient.open("/calendar").text


def test_what_may_be_heavier_is_said_with_the_band_that_is_used_now(patient):
    band = {"kind": "inner_tube", "colour": "grijs", "is_double": False, "pre_stretch": "less"}
    one = exercise_set((3.0,) * 15, band=band)
    for n in (1, 2, 3):
        patient.move(at(day(n))).train(
            exercise_sets=[one] * 3, pain={"before": 0, "worst": 0}, soreness=0
        )

    text = words(patient.open("/").text)

    assert "you may make it heavier" in text
    assert "you use now: inner tube, grijs, single, pre-stretched less" in text


def test_explosive_sport_soon_after_an_injection_is_held_back(patient):
    patient.injure(injected_on=str(day(50)))
    patient.enrol(sport="running", sport_from=str(day(43)))

    text = words(patient.move(at(day(59))).open("/").text)

    assert "Leave this one out: it is too soon after your injection" in text


def test_a_ride_names_its_cadence(patient):
    patient.enrol(sport="cycling", sport_from=str(day(43)))

    text = words(patient.move(at(day(43))).open("/", "nl").text)

    assert "trapfrequentie boven de 85" in text
    assert "Zadel lager" in text


@pytest.mark.parametrize(
    ("injured_on", "n", "said"),
    [
        (
            MONDAY,
            1,
            "Rest after the tear. Gentle stretching is harmless. You start on Saturday 9 May.",
        ),
        (None, -3, "Your programme starts on Monday 4 May."),
        (None, 85, "The programme is complete. Well done."),
    ],
)
def test_a_day_without_training_says_why(patient, injured_on, n, said):
    if injured_on is not None:
        patient.injure(cause="tear", injured_on=str(injured_on))

    assert said in words(patient.move(at(day(n))).open("/").text)


def test_a_day_that_is_done_and_a_rest_day_are_named_as_such(patient):
    for hour in (8, 19):
        patient.move(at(day(1), hour)).train()
    done = words(patient.open("/").text)

    rested = patient.send("/rest-days", from_on=str(day(2)), days="1")
    patient.move(at(day(2)))

    assert "All done for today. See you tomorrow." in done
    assert rested.status_code == 200
    assert "A rest day. It does not count as missed." in words(patient.open("/").text)


def test_the_week_shows_which_returns_were_in_tempo(patient):
    patient.move(at(day(2))).train(eccentric_s=3.0, reps=10)
    patient.move(at(day(3))).train(eccentric_s=1.5, reps=10)
    patient.train(eccentric_s=3.0, reps=10)

    html = patient.move(at(day(4))).open("/").text

    assert "In tempo by day: Fr –, Sa –, Su –, Mo –, Tu 100 %, We 50 %, Th –" in html  # noqa: RUF001


def test_a_page_asks_the_database_no_more_often_after_many_sessions(patient):
    statements, counts = [], []
    engine = patient.api.app.state.engine
    event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

    for n in (1, 8, 9, 10):
        patient.move(at(day(n))).train()
        tries = []
        for _ in range(3):  # what runs beside the pages, once after a training, is not theirs
            statements.clear()
            for path in ("/", "/calendar", f"/calendar/{day(n)}"):
                patient.open(path)
            tries.append(len(statements))
        counts.append(min(tries))

    assert counts == [counts[0]] * 4


def test_the_latest_sessions_say_repetitions_of_what_is_counted_alone(patient):
    patient.move(at(day(15), 8)).train()
    patient.move(at(day(15), 12)).train("stretch_hamstring")
    patient.move(at(day(15), 16)).train("run_continuous", reps=0)

    text = words(patient.open("/").text)

    assert "Continuous jog 18 May 2026, 16:00 Hamstring stretch 18 May 2026, 12:00 Ecc" in text
    assert "18 May 2026, 08:00 · 45 of 45 repetitions" in text


def test_sets_of_an_exercise_whose_name_ends_in_a_number_are_told_apart_from_it(patient):
    patient.move(at(day(3))).report("mob_knee_across", sets=2, reps=None)

    text = words(patient.open("/", "nl").text)

    assert "Mobiliserende oefening 2, 2 × Ongedaan maken" in text  # noqa: RUF001
