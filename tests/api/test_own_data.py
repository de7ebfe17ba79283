import csv
import io
import json
import zipfile
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session

from api.models import Row
from tests.api.builders import PATIENT_ID, digest, exercise_set
from tests.api.course_builders import local_install
from tests.api.test_pages import words

OTHER_ID = UUID("7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e02")
RECORDING = b"\x89MCAP synthetic"


@pytest.fixture
def patient():
    """Two people on one service; the first told and measured something in every table."""
    with local_install() as one:
        one.api.put_patient()
        one.injure()
        one.enrol()
        session_id = one.train(exercise_sets=[exercise_set((3.0, 2.0), trace=True)])
        send_recording(one, session_id)
        one.put(f"../../sessions/{session_id}/sets/1/correction", {"reps": 3})
        one.report()
        one.check_in(pain=1)
        one.reply("improved", is_yes=True)
        one.play(sport="cycling", pain_worst=0)
        one.post("rest-days", {"from_on": str(one.now.date()), "days": 1})
        one.api.put_patient(OTHER_ID, name="Synthetic patient 2")
        yield one


def send_recording(patient, session_id):
    answer = patient.api.client.put(
        f"/api/v1/sessions/{session_id}/recording",
        content=RECORDING,
        headers={"Content-Type": "application/octet-stream", "Content-Digest": digest(RECORDING)},
    )
    assert answer.status_code in {200, 201}, answer.text


def recordings(patient):
    return list((patient.api.folder / "recordings").rglob("*.mcap"))


def rows(patient, name):
    with Session(patient.api.app.state.engine) as db:
        return db.execute(select(Row.metadata.tables[name])).all()


def export(patient):
    answer = patient.api.client.get("/my-data/tempo90-export.zip")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_page_says_what_there_is(patient):
    page = words(patient.open("/my-data").text)

    assert "training sessions: 1" in page
    assert "repetitions: 2" in page
    assert "entries of your sport diary: 1" in page
    assert "other lines about you" not in page


def test_the_export_holds_every_row_the_recording_and_what_the_columns_mean(patient):
    packed = export(patient)

    patients = json.loads(packed.read("data/patient.json"))
    sets = list(csv.DictReader(io.StringIO(packed.read("sets.csv").decode())))
    reps = list(csv.DictReader(io.StringIO(packed.read("reps.csv").decode())))
    meaning = list(csv.DictReader(io.StringIO(packed.read("data-dictionary.csv").decode())))
    assert [row["name"] for row in patients] == ["Synthetic patient 1"]
    assert [row["reps_by_patient"] for row in sets] == ["3"]
    assert [row["eccentric_s"] for row in reps] == ["3.0", "2.0"]
    assert [one["column"] for one in meaning] == [*sets[0], *reps[0]]
    assert all(one["meaning"] for one in meaning)
    assert [packed.read(name) for name in packed.namelist() if "recordings/" in name] == [RECORDING]


def test_nothing_is_deleted_without_the_tick(patient):
    answer = patient.send("/my-data/delete")

    assert answer.status_code == 422
    assert "Nothing was deleted" in words(answer.text)
    assert len(rows(patient, "patient")) == 2


def test_deletion_takes_every_row_and_file_and_leaves_other_people_alone(patient):
    assert len(recordings(patient)) == 1

    answer = patient.send("/my-data/delete", sure="yes")

    left = {
        name: len(rows(patient, name))
        for name in Row.metadata.tables
        if rows(patient, name) and name != "sensor"
    }
    assert answer.status_code == 200
    assert "training sessions: 1" in words(answer.text)
    assert "files of recordings: 1" in words(answer.text)
    assert left == {"patient": 1, "patient_summary": 1}  # both of the other one
    assert [row.id for row in rows(patient, "patient")] == [OTHER_ID]
    assert recordings(patient) == []


def test_where_a_recording_will_not_go_nothing_is_deleted(patient, monkeypatch):
    def refuse(_session_id):
        raise PermissionError

    monkeypatch.setattr(patient.api.app.state.recordings, "remove", refuse)

    answer = patient.send("/my-data/delete", sure="yes")

    assert answer.status_code == 422
    assert "a recording is in use" in words(answer.text)
    assert len(rows(patient, "session")) == 1


def test_who_told_nothing_has_nothing_to_delete():
    with local_install() as newcomer:
        assert "Nothing is stored about you" in words(newcomer.open("/my-data").text)
        assert "Nothing is stored about you" in words(newcomer.open("/my-data/delete").text)
        assert export(newcomer).testzip() is None


def test_nobody_is_found_under_an_unknown_address(patient):
    for page in ("my-data", "my-data/delete", "my-data/tempo90-export.zip", "sport", "reminders"):
        assert patient.api.client.get(f"/patients/{uuid4()}/{page}").status_code == 404


def test_the_pages_of_one_patient_do_not_show_another(patient):
    page = patient.api.client.get(
        f"/patients/{OTHER_ID}/my-data", headers={"Accept-Language": "en"}
    )

    assert "training sessions" not in words(page.text)
    assert f"/patients/{OTHER_ID}/my-data/delete" in page.text
    assert str(PATIENT_ID) not in page.text
