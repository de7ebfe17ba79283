"""A patient's whole prescription through the HTTP interface: versions, conflicts, undo."""

import sqlite3
from contextlib import closing
from datetime import date
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from api import erase_patient, export_patient, migrate, open_engine, transaction
from api.models import PrescriptionRow
from api.prescribing.changes import merged
from api.prescribing.standing import holding, prescriptions_of
from api.prescribing.store import load_versions
from tests.api.builders import PATIENT_ID
from tests.api.course_builders import at, day, enrolled_patient

CORE = "ecc_prone_helper"
ORDER = {"exercise": CORE, "sets": 3, "reps": 12, "starts_on": str(day(1))}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(scope="module")
def shared():
    with enrolled_patient() as opened:
        yield opened


@pytest.fixture
def patient(shared):
    """The same patient, with nothing ordered."""
    shared.move(at(day(1)))
    engine = shared.api.app.state.engine
    with transaction(engine, writes=True) as db:
        for table in ("prescription_line", "prescription_version", "prescription"):
            db.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (words of this file)
    return shared


def prescribe(patient, based_on, *orders, reason="calmer"):
    body = {"based_on": based_on, "reason": reason, "orders": list(orders)}
    return patient.post("prescription/versions", body)


def versions_of(patient):
    return patient.get("prescription/versions").json()["versions"]


def test_a_whole_prescription_is_stored_as_a_version_and_given_back(patient):
    none = patient.get("prescription")

    made = prescribe(patient, 0, ORDER)

    assert none.status_code == 404
    assert made.status_code == 201
    version = patient.get("prescription").json()
    assert version == made.json()
    assert (version["number"], version["reason"], version["undoes"]) == (1, "calmer", None)
    assert version["orders"][0]["reps"] == 12
    assert version["orders"][0]["version"] == 1


def test_an_order_that_is_not_touched_keeps_its_id_in_the_next_version(patient):
    raising = {"exercise": "iso_prone_raise", "sets": 2, "starts_on": str(day(1))}
    first = prescribe(patient, 0, ORDER, raising).json()["orders"]

    second = prescribe(patient, 1, ORDER, raising | {"sets": 1}).json()["orders"]

    ids = [{one["exercise"]: one["id"] for one in orders} for orders in (first, second)]
    assert ids[0][CORE] == ids[1][CORE]
    assert ids[0]["iso_prone_raise"] != ids[1]["iso_prone_raise"]
    listed = patient.api.client.get(
        "/api/v1/prescriptions", params={"patient_id": str(PATIENT_ID)}
    ).json()["prescriptions"]
    standing = {one["id"]: (one["version"], one["is_standing"]) for one in listed}
    assert standing[ids[0]["iso_prone_raise"]] == (1, False)
    assert standing[ids[1]["iso_prone_raise"]] == (2, True)
    assert standing[ids[0][CORE]] == (1, True)


def test_the_same_sent_again_is_no_new_version(patient):
    prescribe(patient, 0, ORDER)

    again = prescribe(patient, 1, ORDER)

    assert (again.status_code, again.json()["number"]) == (200, 1)


def test_who_did_not_see_the_latest_version_is_told_so_and_changes_nothing(patient):
    prescribe(patient, 0, ORDER)

    late = prescribe(patient, 0, ORDER | {"reps": 8})
    undo = patient.post("prescription/undo", {"based_on": 7, "reason": "x"})

    assert late.status_code == undo.status_code == 409
    assert late.json()["type"] == "urn:tempo90:problem:stale-version"
    assert "version 1 stands" in late.json()["detail"]
    assert [one["number"] for one in versions_of(patient)] == [1]


def test_two_versions_cannot_have_one_number_whoever_writes_them(patient):
    prescribe(patient, 0, ORDER)
    engine = patient.api.app.state.engine
    row = "INSERT INTO prescription_version (id, patient_id, number, made_at, made_by, reason)"

    with pytest.raises(IntegrityError), transaction(engine, writes=True) as db:
        db.execute(
            text(f"{row} VALUES ('{uuid4().hex}', '{PATIENT_ID.hex}', 1, '2026-05-04', '', '')")
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE prescription SET reps = 99",
        "UPDATE prescription_version SET reason = 'another'",
        "UPDATE prescription_line SET prescription_id = prescription_id",
    ],
)
def test_the_schema_keeps_what_was_prescribed_from_being_changed(patient, statement):
    prescribe(patient, 0, ORDER)
    engine = patient.api.app.state.engine

    with (
        pytest.raises((IntegrityError, OperationalError), match="never changed"),
        transaction(engine, writes=True) as db,
    ):
        db.execute(text(statement))


def test_undo_lets_what_stood_before_stand_again_and_undo_of_that_too(patient):
    prescribe(patient, 0, ORDER)
    prescribe(patient, 1, ORDER | {"reps": 8})

    back = patient.post("prescription/undo", {"based_on": 2, "reason": "too little"}).json()
    forth = patient.post("prescription/undo", {"based_on": 3, "reason": "no, right"}).json()

    assert (back["number"], back["undoes"], back["orders"][0]["reps"]) == (3, 2, 12)
    assert (forth["number"], forth["undoes"], forth["orders"][0]["reps"]) == (4, 3, 8)
    assert [one["number"] for one in versions_of(patient)] == [4, 3, 2, 1]


def test_without_a_prescription_there_is_nothing_to_undo(patient):
    assert patient.post("prescription/undo", {"based_on": 0, "reason": "x"}).status_code == 404
    assert versions_of(patient) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"exercise": "handstand"}, "orders/0/exercise: no such exercise"),
        ({"exercise": "plank_leg_raise", "peak_deg": 90}, "no target of this exercise"),
        ({"reps": 101}, "orders/0/reps: out of range (low 1, high 100)"),
        ({"exercise": "conc_seated", "peak_deg": 95}, "further than the limit (high 90)"),
        ({"eccentric_s": 2, "tempo_tolerance_s": 1.6}, "wider than the time"),
        ({"exercise": "stretch_hamstring", "reps": None, "side": "left"}, "both legs work at once"),
        ({"is_left_out": True, "is_added": True}, "left out and added at once"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_with_its_place(patient, change, words):
    answer = prescribe(patient, 0, ORDER | change)

    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert versions_of(patient) == []


def test_two_orders_that_start_together_and_reasons_that_say_nothing_are_refused(patient):
    together = prescribe(patient, 0, ORDER, ORDER | {"reps": 8})
    silent = prescribe(patient, 0, ORDER, reason="  ")
    strange = prescribe(patient, 0, ORDER | {"injury_episode_id": str(uuid4())})

    assert (together.status_code, silent.status_code, strange.status_code) == (422, 422, 404)
    assert versions_of(patient) == []


def test_an_order_added_alone_is_a_version_with_those_before_it(patient):
    prescribe(patient, 0, ORDER)
    body = ORDER | {"patient_id": str(PATIENT_ID), "exercise": "iso_prone_raise"}

    added = patient.api.client.post("/api/v1/prescriptions", json=body).json()

    assert (added["version"], added["is_standing"]) == (2, True)
    assert len(patient.get("prescription").json()["orders"]) == 2


def test_a_day_is_told_by_the_version_of_that_day(patient):
    prescribe(patient, 0, ORDER | {"starts_on": str(day(1))})
    patient.move(at(day(4), hour=23))
    prescribe(patient, 1, ORDER | {"reps": 8, "starts_on": str(day(1))})
    patient.move(at(day(6)))

    calendar = patient.get("calendar", **{"from": str(day(1)), "to": str(day(6))}).json()["days"]

    assert [one["dose"]["reps_due"] for one in calendar] == [72, 72, 72, 48, 48, 48]


def test_what_is_ordered_for_later_waits_and_what_has_ended_is_over(patient):
    later = ORDER | {"starts_on": str(day(3)), "ends_on": str(day(4)), "reps": 5}
    prescribe(patient, 0, ORDER | {"reps": 10}, later)

    due = [patient.move(at(day(n))).today()["exercises"][4]["reps"] for n in (2, 3, 4, 5)]

    assert due == [10, 5, 5, 10]


def test_today_names_the_order_that_an_exercise_follows_and_since_when(patient):
    prescribe(patient, 0, ORDER | {"side": "right", "band": {"colour": "red", "strands": "single"}})

    ordered = patient.today()["exercises"][4]["prescription"]

    assert ordered["version"] == 1
    assert (ordered["from_on"], ordered["leg"]) == (str(day(1)), "right")
    assert (ordered["band"], ordered["is_band_double"]) == ("red", False)
    assert patient.today()["exercises"][0]["prescription"] is None


def test_export_and_erasure_reach_every_version():
    with enrolled_patient() as own:
        prescribe(own, 0, ORDER)
        prescribe(own, 1, ORDER | {"reps": 8})
        state = own.api.app.state

        with transaction(state.engine, writes=True) as db:
            zipped = b"".join(export_patient(db, state.recordings, PATIENT_ID))
            gone = erase_patient(db, state.recordings, PATIENT_ID)

    assert b"data/prescription_version.json" in zipped
    assert (gone.rows["prescription"], gone.rows["prescription_version"]) == (2, 2)
    assert gone.rows["prescription_line"] == 2


def test_what_two_writers_made_of_the_same_is_put_together(patient):
    raising = {"exercise": "iso_prone_raise", "sets": 2, "starts_on": str(day(1))}
    for based_on, orders in enumerate(
        ([ORDER, raising], [ORDER | {"reps": 8}, raising], [ORDER, raising | {"sets": 1}])
    ):
        prescribe(patient, based_on, *orders)
    with transaction(patient.api.app.state.engine, writes=False) as db:
        base, mine, theirs = (one.orders for one in load_versions(db, PATIENT_ID))

        together, by_both = merged(base, mine, theirs)

        assert {one.exercise: one.reps or one.sets for one in together} == {
            CORE: 8,
            "iso_prone_raise": 1,
        }
        assert by_both == []
        assert merged(base, mine, mine) == (list(mine), [])


def test_orders_written_before_there_were_versions_become_versions(tmp_path):
    path = tmp_path / "old.db"
    migrate(f"sqlite:///{path}", "0003")
    ids = [uuid4().hex for _ in range(2)]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO patient (id, name, is_synthetic, language, created_at)"
            " VALUES (?, 'Synthetic patient 1', 1, 'nl', '2026-05-01 08:00:00')",
            (PATIENT_ID.hex,),
        )
        db.executemany(
            "INSERT INTO prescription (id, patient_id, exercise, sets, reps, starts_on, created_at)"
            " VALUES (?, ?, ?, 3, ?, '2026-05-04', ?)",
            [
                (ids[1], PATIENT_ID.hex, CORE, 8, "2026-05-06 08:00:00"),
                (ids[0], PATIENT_ID.hex, CORE, 12, "2026-05-04 08:00:00"),
            ],
        )

    migrate(f"sqlite:///{path}")

    engine = open_engine(f"sqlite:///{path}")
    with transaction(engine, writes=False) as db:
        versions = load_versions(db, PATIENT_ID)
        found = [[order.id.hex for order in one.orders] for one in versions]
        held = holding(versions[-1], CORE, date(2026, 5, 7))
        assert isinstance(held, PrescriptionRow)
        assert held.reps == 8
        assert prescriptions_of(versions, {}, AMSTERDAM) == ()
    engine.dispose()
    assert found == [[ids[0]], ids]
    migrate(f"sqlite:///{path}", "0003")
    with closing(sqlite3.connect(path)) as db:
        left = {row[0] for row in db.execute("SELECT id FROM prescription")}
        db.execute("UPDATE prescription SET reps = 1")  # what held it still is gone with it
    assert left == set(ids)
