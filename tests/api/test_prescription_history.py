"""What became of a prescription: who changed it, what the patient reads, what a day keeps."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest

from tests.api.prescription_ward import (
    CORE,
    TODAY,
    Ward,
    X,
    at,
    form_of,
    lines,
    open_ward,
    places,
)


@pytest.fixture(scope="module")
def people():
    with open_ward() as opened:
        yield opened


@pytest.fixture
def ward(people):
    return Ward(*people)


@pytest.fixture
def own_ward():
    """One with a clock of its own."""
    with open_ward() as opened:
        yield Ward(*opened)


def test_an_exercise_that_was_left_out_is_not_asked_and_comes_back_when_it_is_undone(ward):
    fields = form_of(ward.open()) | {"do": "save", "reason": "painful"}
    ward.send(fields | at(fields, "iso_prone_raise", is_left_out="yes"))
    left_out = ward.today()

    ward.send({"based_on": "1", "reason": "no pain any more"}, path="prescription/undo")

    assert "iso_prone_raise" not in left_out
    assert "iso_prone_raise" in ward.today()
    latest = ward.version()
    assert (latest["number"], latest["undoes"], latest["orders"]) == (2, 1, [])
    page = ward.open("prescription")
    assert "Takes back version 1" in page.text
    assert "Prone straight-leg raise: as the programme has it again" in lines(page)[0]


def test_two_clinicians_at_once_see_both_versions_and_lose_nothing(ward):
    mine = form_of(ward.open(who=ward.physio)) | {"do": "save", "reason": "mine"}
    mine |= at(mine, CORE, reps="12")
    theirs = form_of(ward.open(who=ward.doctor)) | {"do": "save", "reason": "theirs"}
    theirs |= at(theirs, "iso_prone_raise", reps="10")
    ward.send(theirs, ward.doctor)

    answer = ward.send(mine)
    saved = ward.send(form_of(answer) | {"do": "save"})

    assert answer.status_code == 409
    assert "Synthetic doctor" in answer.text
    assert "10 instead of 20 repetitions" in answer.text
    assert "12 instead of 15 repetitions" in answer.text
    assert saved.status_code == 200
    latest = ward.version()
    assert (latest["number"], latest["reason"]) == (2, "mine")
    assert {(one["exercise"], one["reps"]) for one in latest["orders"]} == {
        (CORE, 12),
        ("iso_prone_raise", 10),
    }


def test_where_both_changed_the_same_exercise_that_is_said(ward):
    mine = form_of(ward.open()) | {"do": "save", "reason": "mine"}
    mine |= at(mine, CORE, reps="12")
    ward.order(ward.doctor, reps="8")

    answer = ward.send(mine)

    assert "Both of you changed this" in answer.text
    fields = form_of(answer)
    assert fields[f"{places(fields, CORE)[0]}.reps"] == "12"
    assert fields["based_on"] == "1"


def test_a_patient_reads_the_prescription_and_cannot_change_it(ward):
    ward.order(reps="12")

    page = ward.open("prescription", ward.anna)
    edit = ward.anna.client.get(f"{ward.base}/prescription/edit")
    undo = ward.send({"based_on": "1", "reason": "x"}, ward.anna, "prescription/undo")

    assert f"3 {X} 12" in page.text
    assert "prescription/edit" not in page.text
    assert (edit.status_code, undo.status_code) == (403, 403)
    assert ward.version()["number"] == 1


def test_a_set_is_shown_by_the_targets_it_was_ordered_with(ward):
    order = {"eccentric_s": 4.0, "in_tempo_s": [3.5, 4.5], "accepted_s": [3.0, 5.0]}
    session_id = ward.clinic.session_of(ward.anna)
    body = ward.anna.client.get(f"/api/v1/sessions/{session_id}").json()
    fields = ("patient_id", "started_at", "engine", "exercise_sets")
    again = {name: body[name] for name in fields}
    for one in again["exercise_sets"]:
        one["targets"] = order
    other_id = uuid4()
    ward.anna.client.put(f"/api/v1/sessions/{other_id}", json=again)
    again["exercise_sets"][0]["targets"] = {"in_tempo_s": "wide"}
    odd_id = uuid4()
    ward.anna.client.put(f"/api/v1/sessions/{odd_id}", json=again)

    pages = [
        ward.anna.client.get(f"/sessions/{one}", headers={"Accept-Language": "en"}).text
        for one in (session_id, other_id, odd_id)
    ]

    assert ["3.5 to 4.5 s" in page for page in pages] == [False, True, False]


def test_the_patient_reads_what_changed_since_when_by_whom_and_why(own_ward):
    own_ward.order(reps="12", eccentric_s="4", reason="calmer after a painful week")

    page = own_ward.anna.client.get("/today", headers={"Accept-Language": "en"})
    dutch = own_ward.anna.client.get("/today", headers={"Accept-Language": "nl"})

    assert (
        "Eccentric leg curl, prone, with helper: 12 instead of 15 repetitions; "
        "slowly in 4 instead of 3 s; from Tuesday 12 May" in lines(page)
    )
    assert "calmer after a painful week" in page.text
    assert "Since 12 May 2026 12:00 · Synthetic physio" in unescape(page.text)
    assert "12 in plaats van 15 herhalingen" in dutch.text
    own_ward.later(days=15)
    assert "instead of 15" not in own_ward.anna.client.get("/today").text
    assert (
        "12 in plaats van 15"
        in own_ward.anna.client.get("/prescription", headers={"Accept-Language": "nl"}).text
    )


def test_a_template_serves_another_patient_with_its_days_moved_along(own_ward):
    fields = form_of(own_ward.open()) | {"do": "template", "template_name": "Calm start"}
    fields |= at(fields, CORE, reps="10", ends_on=str(TODAY + timedelta(days=6)))
    kept = own_ward.send(fields)
    taken = own_ward.send(fields | {"template_name": "calm START"})
    bert = own_ward.admit("bert")
    own_ward.later(days=2)
    own_ward.base = f"/patients/{bert.patient_id}"
    template_id = re.search(
        r'name="template_id" value="([^"]+)"', own_ward.open(who=own_ward.doctor).text
    )

    filled = own_ward.open(who=own_ward.doctor, template_id=template_id.group(1))
    own_ward.send(form_of(filled) | {"do": "save", "reason": "as usual"}, own_ward.doctor)

    assert "Kept as a template" in kept.text
    assert "This name is taken." in taken.text
    answer = own_ward.doctor.client.get(f"/api/v1{own_ward.base}/prescription").json()
    order = answer["orders"][0]
    assert (order["reps"], order["starts_on"], order["ends_on"]) == (10, "2026-05-14", "2026-05-20")


def test_a_day_that_is_over_keeps_what_stood_on_it(own_ward):
    own_ward.order(reps="12")
    own_ward.later(days=2)
    own_ward.order(reps="9")

    def due(on):
        path = f"/api/v1{own_ward.base}/calendar"
        days = own_ward.anna.client.get(path, params={"from": str(on), "to": str(on)}).json()[
            "days"
        ]
        return days[0]["dose"]["reps_due"]

    assert [due(TODAY + timedelta(days=n)) for n in (1, 2)] == [2 * 3 * 12, 2 * 3 * 9]
