import copy
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from api.db import transaction
from api.models import RepRow, SessionRow, SetRow, TraceRow
from tests.api.builders import PATIENT_ID, exercise_set, service, session, three_sets

pytestmark = pytest.mark.both_databases

JSON = {"Content-Type": "application/json"}
ADDED = {"id", "url", "received_at", "recording"}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def without_nulls(value):
    if isinstance(value, dict):
        kept = {key: without_nulls(one) for key, one in value.items() if one is not None}
        return {key: one for key, one in kept.items() if one not in ({}, [])}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def count(api, model):
    with transaction(api.app.state.engine, writes=False) as db:
        return len(db.exec(select(model)).all())


def test_a_session_is_stored_once_and_a_repeat_changes_nothing(clinic):
    body = session(sets=three_sets())
    session_id, first = clinic.put_session(body)

    _, second = clinic.put_session(body, session_id)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["page"] == f"/sessions/{session_id}"
    assert count(clinic, SessionRow) == 1
    assert count(clinic, SetRow) == 3
    assert count(clinic, RepRow) == 44
    assert count(clinic, TraceRow) == 3


def test_other_content_under_the_same_id_is_refused_and_the_first_stays(clinic):
    session_id, _ = clinic.put_session(session(soreness=1))

    _, answer = clinic.put_session(session(soreness=2), session_id)

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:tempo90:problem:content-conflict"
    stored = clinic.client.get(f"/api/v1/sessions/{session_id}").json()
    assert stored["soreness"] == 1


def test_the_smallest_difference_in_one_repetition_is_other_content(clinic):
    body = session()
    session_id, _ = clinic.put_session(body)
    changed = copy.deepcopy(body)
    changed["exercise_sets"][0]["reps"][1]["eccentric_s"] += 0.001

    _, answer = clinic.put_session(changed, session_id)

    assert answer.status_code == 409


@pytest.mark.parametrize(
    "same",
    [
        {"started_at": "2026-05-12T10:30:00+02:00"},
        {"notes": None},
        {"pain": {"worst": 3, "before": 2}},
    ],
    ids=["another time zone", "null for absent", "another order of keys"],
)
def test_the_same_content_written_otherwise_is_the_same_session(clinic, same):
    session_id, _ = clinic.put_session(session())

    _, answer = clinic.put_session(session() | same, session_id)

    assert answer.status_code == 200


def test_of_eight_requests_at_once_one_stores_the_session(clinic):
    body, session_id = session(), uuid4()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: clinic.put_session(body, session_id)[1], range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]


def test_eight_different_sessions_at_once_are_all_stored(clinic):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: clinic.put_session(session())[1], range(8)))

    assert [answer.status_code for answer in answers] == [201] * 8


def test_what_is_sent_comes_back_whole_with_fields_that_no_column_holds(clinic):
    body = session(sets=three_sets(), weather={"inside": True})
    body["exercise_sets"][0]["reps"][0] |= {"verdict": "in_tempo", "sparc_u": 0.2}
    body["exercise_sets"][0]["holds"] = [{"start_s": 1.0, "end_s": 31.0, "interruptions": 0}]

    session_id, _ = clinic.put_session(body)

    answer = clinic.client.get(f"/api/v1/sessions/{session_id}").json()
    returned = {key: value for key, value in answer.items() if key not in ADDED}
    returned["started_at"] = body["started_at"] = datetime.fromisoformat(body["started_at"])
    returned["started_at"] = datetime.fromisoformat(answer["started_at"])
    assert without_nulls(returned) == without_nulls(body)


def test_times_come_back_in_utc(clinic):
    session_id, _ = clinic.put_session(session(started_at="2026-05-12T10:30:00+02:00"))

    answer = clinic.client.get(f"/api/v1/sessions/{session_id}").json()

    assert answer["started_at"] == "2026-05-12T08:30:00Z"


def test_a_session_of_an_unknown_patient_says_how_to_make_one(api):
    _, answer = api.put_session(session())

    assert answer.status_code == 404
    assert f"PUT /api/v1/patients/{PATIENT_ID}" in answer.json()["detail"]


def test_one_number_for_pain_is_the_worst_and_a_word_for_the_sensor_its_family(clinic):
    session_id, _ = clinic.put_session(session(pain=4, sensor="witmotion"))

    answer = clinic.client.get(f"/api/v1/sessions/{session_id}").json()

    assert answer["pain"] == {"before": None, "worst": 4}
    assert answer["sensor"]["family"] == "witmotion"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"pain": {"worst": 11}}, "#/pain/worst"),
        ({"pain": True}, "#/pain"),
        ({"started_at": "2026-05-12T08:30:00"}, "#/started_at"),
        ({"sets": [exercise_set((3.0,)) | {"end_s": 0.0}]}, "#/exercise_sets/0"),
        ({"sets": [exercise_set((3.0,), side="both")]}, "#/exercise_sets/0/side"),
        (
            {"sets": [exercise_set((3.0,)) | {"trace": {"t": [0, 1], "a": [5]}}]},
            "#/exercise_sets/0/trace",
        ),
        (
            {"sets": [exercise_set((3.0,)) | {"trace": {"t": [1, 1], "a": [5, 6]}}]},
            "#/exercise_sets/0/trace",
        ),
    ],
)
def test_a_body_that_cannot_be_right_is_refused_and_the_field_is_named(clinic, change, pointer):
    _, answer = clinic.put_session(session(**change))

    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:tempo90:problem:invalid-body"
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


def test_numbers_that_are_none_are_refused_wherever_they_stand(clinic):
    path = f"/api/v1/sessions/{uuid4()}"
    for place in ('"soreness": NaN', '"weather": NaN', '"weather": {"deep": [1e999]}'):
        text = f'{{"patient_id": "{PATIENT_ID}", "started_at": "2026-05-12T08:30:00Z",'
        text += f' "engine": "1", "exercise_sets": [], {place}}}'

        answer = clinic.client.put(path, content=text, headers=JSON)

        assert answer.status_code == 422, place
        assert "finite" in answer.text


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(key=st.sampled_from(["notes", "sensor", "extra", "pain", "band"]), value=JSON_VALUES)
def test_no_body_breaks_the_service(clinic, key, value):
    body = session() | {key: value}
    body["exercise_sets"][0] |= {"band": value, "other": value}

    try:
        session_id, answer = clinic.put_session(body)
    except (ValueError, UnicodeEncodeError):  # the client cannot even write it
        return

    assert answer.status_code in {201, 422}
    if answer.status_code == 201:
        assert clinic.client.get(f"/api/v1/sessions/{session_id}").status_code == 200
        assert clinic.client.get(f"/sessions/{session_id}").status_code == 200


def test_the_list_is_newest_first_and_goes_on_where_it_stopped(clinic):
    days = [f"2026-05-{day:02}T08:30:00Z" for day in (3, 1, 2, 2, 5)]
    for day in days:
        clinic.put_session(session(started_at=day))

    seen, address = [], "/api/v1/sessions?limit=2"
    while address:
        page = clinic.client.get(address).json()
        seen += page["sessions"]
        address = page["next"]

    assert [one["started_at"] for one in seen] == sorted(days, reverse=True)
    assert len({one["id"] for one in seen}) == 5


def test_the_list_of_a_patient_holds_theirs_alone(clinic):
    other = uuid4()
    clinic.put_patient(other, name="Synthetic patient 2")
    mine, _ = clinic.put_session(session())
    clinic.put_session(session(patient_id=str(other)))

    page = clinic.client.get(f"/api/v1/patients/{PATIENT_ID}/sessions").json()

    assert [one["id"] for one in page["sessions"]] == [str(mine)]
    assert page["sessions"][0]["patient_name"] == "Synthetic patient 1"


def test_a_place_in_the_list_that_nobody_named_is_refused(clinic):
    for word in ("x", "W10", "eyJhIjoxfQ", "%C3%A9"):
        answer = clinic.client.get(f"/api/v1/sessions?after={word}")

        assert answer.status_code == 400, word
        assert answer.json()["type"] == "urn:tempo90:problem:bad-cursor"


def test_the_trace_of_a_set_has_an_address_of_its_own(clinic):
    session_id, _ = clinic.put_session(session(sets=three_sets()))

    found = clinic.client.get(f"/api/v1/sessions/{session_id}/sets/2/trace")
    missing = clinic.client.get(f"/api/v1/sessions/{session_id}/sets/4/trace")

    assert max(found.json()["a"]) == pytest.approx(93, abs=0.1)
    assert missing.status_code == 404


def test_a_body_over_the_limit_is_refused_however_it_is_sent():
    with service(max_body_bytes=2_000) as api:
        api.put_patient()
        text = b'{"notes": "' + b"x" * 3_000 + b'"}'
        path = f"/api/v1/sessions/{uuid4()}"

        declared = api.client.put(path, content=text, headers=JSON)
        pieces = iter([text[:1_500], text[1_500:]])
        streamed = api.client.put(path, content=pieces, headers=JSON)

    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert streamed.json()["type"] == "urn:tempo90:problem:too-large"
