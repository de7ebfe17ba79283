from uuid import UUID

import pytest
from sqlmodel import select

from api.access import Role
from api.db import transaction
from api.models import RepRow
from api.own_data import count_rows
from tests.api.access.people import open_clinic
from tests.api.builders import exercise_set, session

LEFT_OUT = {"kind": "discarded", "reason": "not_a_repetition", "remark": "Turned over."}
REMARKED = {"kind": "remarked", "reason": "helper", "remark": ""}


@pytest.fixture
def stored(clinic):
    """A session of one set of fifteen repetitions."""
    session_id, answer = clinic.put_session(session(sets=[exercise_set()]))
    assert answer.status_code == 201
    return clinic, f"/api/v1/sessions/{session_id}"


def mark(stored, rep_number, body=LEFT_OUT, set_number=1):
    api, url = stored
    return api.client.put(f"{url}/sets/{set_number}/reps/{rep_number}/mark", json=body)


def marks_of(stored):
    api, url = stored
    return api.client.get(f"{url}/marks").json()["marks"]


def test_a_mark_is_stored_once_and_says_by_whom_and_when(stored):
    first, again = mark(stored, 3), mark(stored, 3)

    found = marks_of(stored)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(found) == 1
    assert found[0] | LEFT_OUT == found[0]
    assert (found[0]["set_number"], found[0]["rep_number"]) == (1, 3)
    assert found[0]["marked_by"] == "tempo90"
    assert found[0]["ended_at"] is None


def test_the_measured_repetition_stays_as_it_was(stored):
    api, url = stored
    before = api.client.get(url).json()

    mark(stored, 3)

    assert api.client.get(url).json() == before


def test_another_mark_takes_the_place_of_the_first_which_is_kept_as_ended(stored):
    mark(stored, 3)

    mark(stored, 3, REMARKED)

    current, ended = marks_of(stored)
    assert (current["kind"], current["ended_at"]) == ("remarked", None)
    assert (ended["kind"], ended["ended_by"]) == ("discarded", "tempo90")


def test_a_mark_that_is_taken_back_stays_in_the_list_as_ended(stored):
    api, url = stored
    mark(stored, 3)

    gone = api.client.delete(f"{url}/sets/1/reps/3/mark")
    again = api.client.delete(f"{url}/sets/1/reps/3/mark")

    assert (gone.status_code, again.status_code) == (204, 404)
    assert [one["ended_by"] for one in marks_of(stored)] == ["tempo90"]


@pytest.mark.parametrize(("set_number", "rep_number"), [(1, 16), (2, 1)])
def test_only_a_repetition_that_is_there_can_be_marked(stored, set_number, rep_number):
    assert mark(stored, rep_number, set_number=set_number).status_code == 404
    assert marks_of(stored) == []


@pytest.mark.parametrize(
    "wrong", [{"kind": "deleted"}, {"reason": "bad mood"}, {"remark": "x" * 501}]
)
def test_a_mark_needs_a_kind_and_a_reason_of_the_list(stored, wrong):
    assert mark(stored, 3, LEFT_OUT | wrong).status_code == 422


def test_the_page_counts_both_ways_and_strikes_through_what_is_left_out(stored):
    api, url = stored
    mark(stored, 3)

    page = api.client.get(f"{url.removeprefix('/api/v1')}/review").text

    assert page.count('<tr class="left-out">') == 1
    assert "<s>3.0 ± 0.1 s</s>" in page
    assert "14 <span" in page
    assert "15 measured" in page
    assert "14 without what was left out" in page
    assert "42.0" in page
    assert "Turned over." in page


def test_a_form_marks_every_repetition_that_was_chosen(stored):
    api, url = stored
    page = url.removeprefix("/api/v1")
    form = LEFT_OUT | {"rep-2": "on", "rep-15": "on", "rep-x": "on"}

    answer = api.client.post(f"{page}/sets/1/marks", data=form, follow_redirects=False)

    assert answer.headers["location"] == f"{page}/review#set-1"
    assert [one["rep_number"] for one in marks_of(stored)] == [2, 15]


def test_a_form_without_a_choice_is_shown_again_with_what_was_typed(stored):
    api, url = stored
    page = url.removeprefix("/api/v1")

    answer = api.client.post(f"{page}/sets/1/marks", data=LEFT_OUT)

    assert answer.status_code == 422
    assert "Choose one repetition or more." in answer.text
    assert 'value="Turned over."' in answer.text
    assert marks_of(stored) == []


def test_undo_on_the_page_may_be_pressed_twice(stored):
    api, url = stored
    page = url.removeprefix("/api/v1")
    mark(stored, 3)

    answers = [
        api.client.post(f"{page}/sets/1/reps/3/mark/undo", follow_redirects=False) for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [303, 303]
    assert [one["ended_by"] for one in marks_of(stored)] == ["tempo90"]


def test_the_patient_reads_who_does_not_count_what_and_why():
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")
        physio = clinic.add(Role.CLINICIAN, "physio")
        clinic.treat(physio, anna)
        session_id = clinic.session_of(anna)
        place = f"/api/v1/sessions/{session_id}/sets/1/reps/2/mark"

        by_patient = anna.client.put(place, json=LEFT_OUT)
        by_physio = physio.client.put(place, json=LEFT_OUT)
        page = anna.client.get(f"/sessions/{session_id}").text
        review = anna.client.get(f"/sessions/{session_id}/review")

        assert (by_patient.status_code, by_physio.status_code) == (403, 201)
        assert "Synthetic physio does not count repetition 2 of set 1: not a repetition." in page
        assert review.status_code == 403


def test_marks_go_with_the_patient_when_everything_is_erased(stored):
    api, url = stored
    mark(stored, 3)
    patient = UUID(api.client.get(url).json()["patient_id"])

    api.client.delete(f"/api/v1/patients/{patient}")

    with transaction(api.app.state.engine, writes=False) as db:
        assert count_rows(db, patient) == {}
        assert db.exec(select(RepRow)).all() == []
