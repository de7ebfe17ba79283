import asyncio
import io
import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.console import Console

from analysis import ENGINE_VERSION
from api import load_course, transaction
from tests.browser import serve
from tests.tracker.live_site import app_on, open_database
from tracker.demo.clinic import Clinic, session_document
from tracker.demo.people import PATIENTS, SyntheticPatient, timetable
from tracker.demo.show import DemoOptions, demo_folder, run_demo
from tracker.settings import DataFolder
from tracker.simulator import PROFILES, simulated_exercises
from tracker.uploader import UploadError

TODAY = date(2026, 5, 12)
ONE_SITTING = (
    SyntheticPatient(
        number=1,
        habit_en="steady",
        habit_nl="rustig",
        profile="steady",
        exercise_id="ecc_prone_helper",
        side="left",
        half_days=(0,),
    ),
)


@contextmanager
def service():
    with open_database() as engine, serve(app_on(engine)) as address:
        yield address, engine


def stored_sessions(engine):
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM session").scalar_one()


def test_every_synthetic_patient_is_plainly_one_and_can_be_simulated():
    assert all(patient.name("en").startswith("Synthetic patient") for patient in PATIENTS)
    assert all(patient.name("nl").startswith("Nagebootste patiënt") for patient in PATIENTS)
    assert {patient.profile for patient in PATIENTS} <= set(PROFILES)
    assert {patient.exercise_id for patient in PATIENTS} <= set(simulated_exercises())


def test_sessions_lie_before_today_and_at_most_two_a_day():
    sessions = list(timetable(TODAY))

    days = {
        (one.patient.number, one.started_at.date(), one.started_at.hour < 12) for one in sessions
    }

    assert len(days) == len(sessions)
    assert all(TODAY - timedelta(days=7) < one.started_at.date() < TODAY for one in sessions)


def test_no_two_sessions_share_a_seed_or_an_id():
    sessions = list(timetable(TODAY))

    assert len({one.seed for one in sessions}) == len(sessions)
    assert len({one.id("engine-1") for one in sessions}) == len(sessions)
    assert sessions[0].id("engine-1") != sessions[0].id("engine-2")


def test_the_numbers_of_a_synthetic_session_are_those_of_the_engine_and_none_is_made_up():
    session = next(timetable(TODAY, ONE_SITTING))

    document = session_document(session, "nl")

    assert document["engine"] == ENGINE_VERSION
    assert document["pain"] == {"before": None, "worst": None}
    assert [len(one["reps"]) for one in document["exercise_sets"]] == [15, 15, 15]
    assert all(
        2.5 <= one["quality"]["eccentric_mean_s"] <= 3.5 for one in document["exercise_sets"]
    )
    assert all(len(one["trace"]["t"]) > 1000 for one in document["exercise_sets"])


def test_the_clinic_is_filled_over_http_and_the_second_start_has_nothing_to_do(tmp_path, capsys):
    folder = DataFolder(tmp_path / "clinic")
    with service() as (address, engine):
        Clinic(folder, TODAY, ONE_SITTING).fill(address, "nl")
        first_said = capsys.readouterr().out

        again = Clinic(folder, TODAY + timedelta(days=3), ONE_SITTING)
        again.fill(address, "nl")

        assert stored_sessions(engine) == 1
    assert first_said == "1 1\n"
    assert capsys.readouterr().out == ""
    assert again.n_sent == again.n_sessions == 1


def test_synthetic_patients_follow_the_programme_and_their_sessions_count(tmp_path):
    patient = ONE_SITTING[0]
    with service() as (address, engine):
        Clinic(DataFolder(tmp_path / "clinic"), TODAY, ONE_SITTING).fill(address, "nl")

        with transaction(engine, writes=False) as db:
            course = load_course(db, patient.id, now=datetime.now(UTC))

    assert course.side == patient.side
    assert course.enrolment.choices == {patient.exercise_id}
    assert [len(visit.sets) for visit in course.history.sessions] == [3]


def test_a_clinic_that_was_cut_off_goes_on_where_it_was(tmp_path):
    folder = DataFolder(tmp_path / "clinic")
    with pytest.raises(UploadError):
        Clinic(folder, TODAY, ONE_SITTING).fill("http://127.0.0.1:9", "nl")

    with service() as (address, engine):
        clinic = Clinic(folder, TODAY + timedelta(days=1), ONE_SITTING)
        clinic.fill(address, "nl")

        assert stored_sessions(engine) == 1
    (stored,) = folder.sent.glob("*.json")
    assert json.loads(stored.read_text("utf-8"))["started_at"].startswith("2026-05-11")


def test_once_trains_a_set_over_the_virtual_radio_stores_it_and_returns(tmp_path):
    folder, console = demo_folder(DataFolder(tmp_path)), Console(file=io.StringIO(), width=200)

    outcome = asyncio.run(run_demo(folder, DemoOptions(is_once=True, reps=1), console))

    stored = folder.sent / f"{outcome.session_id}.json"
    assert outcome.cards[0]["reps"] == 1
    assert str(stored) in console.file.getvalue()
    assert json.loads(stored.read_text("utf-8"))["sensor"]["is_simulated"]


def test_the_demo_says_its_addresses_first_and_ends_with_everything_it_started(tmp_path):
    folder, console = demo_folder(DataFolder(tmp_path)), Console(file=io.StringIO(), width=200)
    options = DemoOptions(port=0, page_wait_s=0.0)

    async def start_and_stop():
        demo = asyncio.ensure_future(run_demo(folder, options, console))
        async with asyncio.timeout(20):
            while "sensor" not in console.file.getvalue().lower():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        demo.cancel()  # what Ctrl-C does
        return await demo

    outcome = asyncio.run(start_and_stop())

    said = console.file.getvalue().splitlines()
    assert outcome.was_interrupted
    assert "/live" in said[1]
    assert said[2].endswith("/")


def test_the_demo_keeps_to_a_data_folder_of_its_own(tmp_path):
    folder = demo_folder(DataFolder(tmp_path))

    assert folder.root.parent == tmp_path / "demo"
    assert ENGINE_VERSION in folder.root.name


def test_help_of_the_demo_names_once():
    answer = subprocess.run(
        [sys.executable, "-m", "tracker.cli", "demo", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "--once" in answer.stdout
