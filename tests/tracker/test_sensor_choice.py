import asyncio

import pytest

from firmware_bridge import find_sensor
from tracker.ble import Seen, scan
from tracker.recording_file import read_mcap
from tracker.sensor_choice import (
    SIMULATED_ADDRESS,
    SensorChoice,
    family_of,
    is_simulated,
    open_sensor,
)
from tracker.sensor_recording import RecordingSession, recording_path
from tracker.virtual_radio import run_virtually


@pytest.mark.parametrize(
    ("spec", "simulated"),
    [("sim", True), ("sim:witmotion", True), (None, False), ("C1:00", False), ("simon", False)],
)
def test_sim_and_nothing_else_means_a_simulated_sensor(spec, simulated):
    assert is_simulated(spec) is simulated


def test_the_simulated_sensor_can_be_heard_and_its_patient_hears_go():
    async def listen():
        async with open_sensor("sim", "ecc_seated_solo") as choice:
            heard = await scan(2.0, backend=choice.backend)
            choice.hear("go", 3)
            return choice, heard

    choice, heard = run_virtually(listen())

    assert [seen.address for seen in heard] == [SIMULATED_ADDRESS]
    assert family_of(heard[0]).id == "witmotion"
    assert choice.is_simulated
    assert choice.describe()["is_simulated"] is True


def test_an_unknown_simulated_sensor_names_the_known_ones():
    async def listen():
        async with open_sensor("sim:wristwatch", "ecc_prone_helper"):
            pass

    with pytest.raises(LookupError, match="witmotion"):
        run_virtually(listen())


def test_headphones_are_no_sensor():
    headphones = Seen(name="Buds", address="C1:00", rssi_dbm=-40, service_uuids=(), device=None)

    assert family_of(headphones) is None


def test_a_real_sensor_is_stored_by_its_family_and_address():
    choice = SensorChoice(family=find_sensor("witmotion"), target="C1:00:00:00:00:01")

    assert choice.describe() == {"family": "witmotion", "address": "C1:00:00:00:00:01"}


def test_a_recording_without_coaching_keeps_signal_and_notifications(tmp_path):
    path, capture, said = tmp_path / "leg.mcap", tmp_path / "leg.jsonl", []

    async def record():
        session = RecordingSession(path, capture)
        await session.run("sim", 3.0, say=said.append)
        return session

    session = run_virtually(record())

    recorded = read_mcap(path)
    assert len(recorded.samples) == session.n_samples
    assert session.duration_s == pytest.approx(3.0, abs=0.3)
    assert len(capture.read_text().splitlines()) == session.n_notifications + 1
    assert "streaming" in said


def test_a_recording_is_named_by_the_time(tmp_path):
    assert recording_path(tmp_path).suffix == ".mcap"


def test_a_recording_of_nothing_leaves_no_doubt(tmp_path):
    async def record():
        session = RecordingSession(tmp_path / "leg.mcap", None)
        running = asyncio.ensure_future(session.run("sim", None, say=lambda _: None))
        await asyncio.sleep(2.0)
        running.cancel()
        await asyncio.wait({running})
        return session, running

    session, running = run_virtually(record())

    assert running.cancelled()
    assert session.n_samples > 50
    assert read_mcap(tmp_path / "leg.mcap").is_finished
