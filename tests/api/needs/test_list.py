"""The list by need, over HTTP: who is in it, why, and what a reader does with it."""

import re
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import select

from api.access import Role, Scope
from api.db import transaction
from api.models import PatientRow
from api.needs.keeping import rebuild_all
from api.needs.rows import PatientSummaryRow
from tests.api.access.people import open_clinic
from tests.api.builders import PATIENT_ID, service, session
from tests.api.needs.clinic_story import a_practice, clinic_of, on_day

LIST = "/api/v1/clinic/patients"


def listed(person, **params):
    person.log_in()
    answer = person.client.get(LIST, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def short(patient):
    return patient["name"].partition("-")[0]


def names(person, **params):
    return [short(one) for one in listed(person, **params)["patients"]]


def mark(person, patient, kind, **fields):
    path = f"/api/v1/patients/{patient.id}/need-marks"
    answer = person.client.post(path, json={"kind": kind} | fields)
    assert answer.status_code == 201, answer.text
    return f"{path}/{answer.json()['id']}"


def summaries(clinic):
    with transaction(clinic.engine, writes=False) as db:
        rows = db.exec(select(PatientSummaryRow).order_by(PatientSummaryRow.patient_id))
        return [row.model_dump(exclude={"made_at"}) for row in rows]


@pytest.fixture(scope="module")
def story():
    """Five patients of a clinician on day 12, who began on different days."""
    with clinic_of("hurt", "fast", "quiet", "steady", "guest") as (clinic, physio, trained):
        trained["hurt"].enrol(on_day(11).date()).train_daily((11,)).train(12, pain=7)
        trained["fast"].enrol(on_day(9).date()).train_daily((9,))
        trained["fast"].train_daily((10, 11), eccentric_s=1.8)
        trained["quiet"].enrol(on_day(7).date()).train_daily((7,))
        trained["steady"].enrol(on_day(10).date()).train_daily((10, 11))
        clinic.now = on_day(12, 12)
        yield clinic, physio, trained


def test_each_patient_stands_in_one_group_and_all_are_counted(story):
    _, physio, _ = story

    found = listed(physio)

    assert {short(one): one["group"] for one in found["patients"]} == {
        "hurt": "attention",
        "fast": "attention",
        "quiet": "silent",
        "steady": "on_schedule",
        "guest": "idle",
    }
    counts = {"attention": 2, "silent": 1, "on_schedule": 1, "idle": 1, "aside": 0, "new": 4}
    assert found["counts"] == counts


def test_the_most_urgent_comes_first_and_silence_after_every_reason(story):
    _, physio, _ = story

    assert names(physio)[:3] == ["hurt", "fast", "quiet"]


def test_reasons_are_said_in_words_of_both_languages(story):
    _, physio, _ = story

    patients = {short(one): one for one in listed(physio)["patients"]}

    hurt, quiet = patients["hurt"]["needs"][0], patients["quiet"]["needs"][-1]
    assert hurt["words"]["en"] == "Severe pain: 7 of 10 on 17 Apr"
    assert hurt["words"]["nl"] == "Erge pijn: 7 van 10 op 17 apr"
    assert quiet["words"]["nl"] == "Niets ontvangen sinds 12 apr"
    assert patients["fast"]["needs"][0]["code"] == "tempo_low"


def test_the_page_says_the_same_and_leads_on(story):
    _, physio, trained = story
    physio.log_in()

    page = physio.client.get("/clinic", headers={"Accept-Language": "en"}).text

    assert "2 need attention" in page
    assert "1 sent nothing" in page
    assert "Severe pain: 7 of 10 on 17 Apr" in page
    assert f'href="/clinic/patients/{trained["hurt"].id}"' in page
    assert "steady" not in page


def test_who_joined_and_has_no_programme_is_new_until_somebody_looked(story):
    clinic, physio, trained = story
    physio.log_in()

    page = physio.client.get("/clinic", headers={"Accept-Language": "en"}).text
    new = names(physio, show="new")
    mark(physio, trained["guest"], "seen")
    seen = names(physio, show="new")
    clinic.add(Role.PATIENT, f"of-nobody-{uuid4().hex[:6]}")

    assert "has joined; no programme yet" in page
    assert new == ["hurt", "fast", "quiet", "guest"]
    assert seen == names(physio, show="new") == ["hurt", "fast", "quiet"]


def test_filters_and_search_narrow_the_list(story):
    _, physio, _ = story

    assert names(physio, show="silent") == ["quiet"]
    assert names(physio, reason="tempo_low") == ["fast"]
    assert names(physio, q="EADY") == ["steady"]
    assert names(physio, q="%") == []


def test_a_patient_who_takes_the_consent_back_is_gone_from_the_list(story):
    clinic, physio, trained = story
    clinic.treat(physio, trained["guest"].person, [])
    without = names(physio)
    clinic.treat(physio, trained["guest"].person, [Scope.RESULTS])

    assert "guest" not in without
    assert "guest" in names(physio)


def test_another_clinician_and_a_patient_see_nothing_of_it(story):
    clinic, _, trained = story
    other = clinic.add(Role.CLINICIAN, f"other-{uuid4().hex[:6]}")

    assert names(other) == []
    trained["hurt"].person.log_in()
    assert trained["hurt"].person.client.get(LIST).status_code == 403
    page = other.client.get("/clinic", headers={"Accept-Language": "en"}).text
    assert "Nobody is on your list yet" in page
    assert 'href="/invitations"' in page


def test_summaries_kept_along_the_way_are_those_made_anew(story):
    clinic, _, _ = story
    kept = summaries(clinic)

    n_made = rebuild_all(clinic.engine, now=clinic.now)

    made = summaries(clinic)
    assert n_made == len(made)
    assert [row for row in made if row["runs_from"] is not None] == kept
    assert rebuild_all(clinic.engine, now=clinic.now, only_outdated=True) == 0


@pytest.fixture(scope="module")
def house():
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def two(house):
    physio, trained = a_practice(house, "hurt", "steady")
    for one in trained.values():
        one.enrol()
    trained["hurt"].train(1, pain=7)
    trained["steady"].train(1)
    house.now = on_day(1, 12)
    return house, physio, trained


def test_what_was_seen_is_not_new_until_something_else_arises(two):
    clinic, physio, trained = two
    new = names(physio, show="new")
    undo = mark(physio, trained["hurt"], "seen")
    seen = names(physio, show="new")
    trained["hurt"].train(1, 19, pain=8)
    clinic.now = on_day(1, 20)
    again = names(physio, show="new")

    assert (new, seen, again) == (["hurt"], [], ["hurt"])
    assert names(physio, show="attention") == ["hurt"]
    assert physio.client.delete(undo).status_code == 204


def test_opening_the_page_of_a_patient_counts_as_looking(two):
    _, physio, trained = two
    physio.log_in()

    page = physio.client.get(
        f"/clinic/patients/{trained['hurt'].id}", headers={"Accept-Language": "en"}
    )

    assert "Severe pain: 7 of 10" in page.text
    assert names(physio, show="new") == []
    assert names(physio, show="attention") == ["hurt"]


def test_what_is_handled_stays_away_until_something_new_arises_and_can_be_undone(two):
    clinic, physio, trained = two
    physio.log_in()
    undo = mark(physio, trained["hurt"], "handled", note="Gebeld.")
    away = listed(physio)
    physio.client.delete(undo)
    back = names(physio, show="new")
    mark(physio, trained["hurt"], "handled")
    trained["hurt"].train(1, 19, pain=8)
    clinic.now = on_day(1, 20)
    again = names(physio, show="new")

    assert away["counts"]["attention"] == 0
    assert away["counts"]["aside"] == 1
    assert (back, again) == (["hurt"], ["hurt"])


def test_a_snoozed_patient_is_back_and_new_on_the_morning(two):
    clinic, physio, trained = two
    physio.log_in()
    until = on_day(3).date().isoformat()
    mark(physio, trained["hurt"], "snoozed", until=until)
    away = names(physio, show="new")
    clinic.now = on_day(3, 5)
    before = names(physio, show="attention")
    clinic.now = on_day(3, 7)

    assert (away, before) == ([], [])
    assert names(physio, show="new") == ["hurt"]


def test_the_marks_of_one_clinician_are_not_those_of_another(two):
    clinic, physio, trained = two
    other = clinic.add(Role.CLINICIAN, f"other-{uuid4().hex[:6]}")
    clinic.treat(other, trained["hurt"].person)
    physio.log_in()
    undo = mark(physio, trained["hurt"], "handled")

    assert names(other, show="attention") == ["hurt"]
    assert other.client.delete(undo).status_code == 404


def test_a_form_marks_and_leads_back_with_a_way_to_undo(two):
    _, physio, trained = two
    physio.log_in()
    english = {"Accept-Language": "en"}
    action = f"/clinic/patients/{trained['hurt'].id}/marks"
    sent = {"kind": "handled", "note": "Called", "back": "/clinic?show=attention"}

    page = physio.client.post(action, data=sent, headers=english)
    undo = re.search(rf'action="({action}/[0-9a-f-]+/undo)"', page.text).group(1)
    after = physio.client.post(undo, data={"back": "/clinic?show=attention"}, headers=english)

    assert "Handled: hurt-" in page.text
    assert "Severe pain:" not in page.text
    assert "Severe pain:" in after.text


def test_a_form_leads_nowhere_but_to_the_clinic(two):
    _, physio, trained = two
    physio.log_in()
    action = f"/clinic/patients/{trained['hurt'].id}/marks"
    sent = {"kind": "seen", "back": "//elsewhere.example/clinic"}

    answer = physio.client.post(action, data=sent, follow_redirects=False)

    assert answer.headers["location"].startswith("/clinic?done=")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("check-ins", {"pain": 9}),
        ("diary", {"sport": "other", "pain_worst": 9}),
        ("answers", {"question": "warning_signs", "is_yes": True}),
    ],
)
def test_what_is_told_without_training_reaches_the_list_at_once(two, path, fields):
    clinic, physio, trained = two

    trained["steady"].tell(path, 1, 11, **fields)
    clinic.now = on_day(1, 12)

    assert set(names(physio, show="attention")) == {"hurt", "steady"}


def test_what_is_taken_back_leaves_the_list(two):
    clinic, physio, trained = two
    steady, check_in = trained["steady"], str(uuid4())
    steady.tell("check-ins", 1, 11, pain=9, id=check_in)

    steady.person.client.delete(f"{steady.url}/check-ins/{check_in}")
    clinic.now = on_day(1, 12)

    assert names(physio, show="attention") == ["hurt"]


def test_a_threshold_that_a_clinic_sets_changes_the_list(two):
    _, physio, _ = two
    physio.log_in()
    values = physio.client.get("/api/v1/clinic/thresholds").json()["thresholds"]
    form = {name: f"{value:g}" for name, value in values.items()}

    physio.client.post("/clinic/thresholds", data=form | {"pain_severe_from": "8"})
    higher = names(physio, show="attention")
    refused = physio.client.post("/clinic/thresholds", data=form | {"pain_severe_from": "11"})
    physio.client.post("/clinic/thresholds", data=form)

    assert higher == []
    assert refused.status_code == 422
    assert names(physio, show="attention") == ["hurt"]


@contextmanager
def counted(engine):
    statements = []

    def keep(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", keep)
    yield statements
    event.remove(engine, "before_cursor_execute", keep)


def add_many(clinic, physio, n):
    for number in range(n):
        patient_id = uuid4()
        with transaction(clinic.engine, writes=True) as db:
            name = f"Synthetic {number:03}"
            db.add(PatientRow(id=patient_id, name=name, created_at=clinic.now))
        person = type(physio)(physio.client, "", None, patient_id)
        clinic.treat(physio, person, [Scope.RESULTS])
    rebuild_all(clinic.engine, now=clinic.now)


def test_the_list_goes_on_page_by_page_in_as_many_statements_as_with_two(two):
    clinic, physio, _ = two
    physio.log_in()
    physio.client.get("/clinic?show=all")
    with counted(clinic.engine) as few:
        physio.client.get("/clinic?show=all")
    add_many(clinic, physio, 30)
    with counted(clinic.engine) as many:
        physio.client.get("/clinic?show=all")

    first = listed(physio)
    second = physio.client.get(first["next"]).json()

    assert len(few) == len(many)
    assert (len(first["patients"]), len(second["patients"]), second["next"]) == (25, 7, None)
    ids = {one["id"] for one in (*first["patients"], *second["patients"])}
    assert len(ids) == 32


def test_at_a_computer_that_nobody_else_reaches_the_list_needs_no_log_in():
    with service() as api:
        api.put_patient()
        api.put_session(session(pain=9))

        page = api.client.get("/clinic?show=attention", headers={"Accept-Language": "en"})
        away = api.client.post(
            f"/clinic/patients/{PATIENT_ID}/marks",
            data={"kind": "handled"},
            headers={"Accept-Language": "en"},
        )

        assert "Severe pain: 9 of 10 on 12 May" in page.text
        assert "Handled: Synthetic patient 1." in away.text


def test_a_moment_ahead_of_our_clock_is_no_later_than_now_for_long(two):
    clinic, physio, trained = two
    clinic.now = on_day(2, 9)
    ahead = clinic.now + timedelta(days=2)
    body = session(patient_id=str(trained["steady"].id), started_at=ahead.isoformat(), pain=9)
    trained["steady"].person.log_in()

    trained["steady"].person.client.put(f"/api/v1/sessions/{uuid4()}", json=body)
    now = names(physio, show="attention")
    clinic.now = ahead + timedelta(hours=1)
    rebuild_all(clinic.engine, now=clinic.now)

    assert now == ["hurt"]
    assert set(names(physio, show="attention")) == {"hurt", "steady"}
