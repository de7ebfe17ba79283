import asyncio
import io
import json

import numpy as np
import pytest
from rich.console import Console

from firmware_bridge import (
    SENSORS,
    SIMULATED_DEVICES,
    find_sensor,
    make_simulated,
    read_text_format,
)
from firmware_bridge.simulated.metamotion import SimulatedMetaMotion
from tests.tracker.coach_builders import a_plan
from tests.tracker.radio_builders import ADDRESS, OTHER_ADDRESS, Collected, still_leg
from tests.tracker.training_builders import PROFILE, SETTINGS, Messages
from tracker.collector_events import StateChanged
from tracker.errors import SensorNotFoundError, SensorUnusableError
from tracker.importing import load_capture
from tracker.recording_file import read_mcap
from tracker.runner import Training
from tracker.sensor_choice import (
    SensorChoice,
    SensorSpecError,
    choose_real,
    open_sensor,
    simulated_sensor,
)
from tracker.sensor_recording import RecordingSession
from tracker.settings import DataFolder
from tracker.simulator import SimulatedPatient
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.virtual_radio import VirtualRadio, run_virtually

MODELS = [f"{sensor}/{model}" for sensor, models in SIMULATED_DEVICES.items() for model in models]
XIAO = read_text_format(
    """
    rate_hz = 50
    columns = ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    name = "XIAO"
    """
)


PLAN = a_plan(sets=1, reps=3)


async def train_with(sensor, folder):
    training = Training(
        PLAN,
        sensor,
        PROFILE,
        DataFolder(folder).make(),
        hub=Messages(),
        view=PlainView(Console(file=io.StringIO()), "nl"),
        speaker=SilentSpeaker(),
        settings=SETTINGS,
    )
    return json.loads((await training.run()).path.read_text())


async def train(spec, folder, *, text_format=None):
    async with open_sensor(spec, PLAN.first.exercise.id, seed=4, text_format=text_format) as sensor:
        return await train_with(sensor, folder)


async def train_truly(model, folder):
    """Train, and return what was stored beside what the patient truly did."""
    family, device = simulated_sensor(f"sim:{model}")
    rate_hz = family.nominal_rate_hz
    patient = SimulatedPatient(PLAN.first.exercise.id, seed=4, rate_hz=rate_hz)
    async with VirtualRadio() as radio:
        await radio.add(device, ADDRESS, patient.next_samples, rate_hz=rate_hz, clock_ppm=200)
        sensor = SensorChoice(
            family=family,
            target=ADDRESS,
            backend=radio.backend,
            hear=lambda cue, reps: patient.hear(cue, reps=reps),
        )
        return await train_with(sensor, folder), list(patient.reps_done)


@pytest.mark.parametrize("model", MODELS)
def test_a_set_is_counted_and_timed_right_with_every_sensor(model, tmp_path):
    document, truth = run_virtually(train_truly(model, tmp_path))

    family = find_sensor(model.partition("/")[0])
    [done] = document["exercise_sets"]
    assert len(done["reps"]) == len(truth) == 3
    for measured, true in zip(done["reps"], truth, strict=True):
        assert measured["eccentric_s"] == pytest.approx(true.eccentric_s, abs=0.2)
        assert measured["peak_deg"] == pytest.approx(true.peak_deg, abs=3.0)
        assert not {"gap", "saturated", "shallow"} & set(measured["flags"])
    assert document["sensor"]["family"] == family.id
    assert document["sensor"]["rate_hz"] == pytest.approx(family.nominal_rate_hz, rel=0.05)


def test_a_set_is_counted_right_with_a_sensor_that_somebody_built(tmp_path):
    document = run_virtually(train("sim:uart", tmp_path, text_format=XIAO))

    assert len(document["exercise_sets"][0]["reps"]) == 3
    assert document["sensor"]["format"]["name"] == "XIAO"


def test_a_capture_of_a_sensor_that_somebody_built_explains_itself(tmp_path):
    capture = tmp_path / "leg.jsonl"

    async def record():
        session = RecordingSession(tmp_path / "leg.mcap", capture, XIAO)
        await session.run("sim:uart", 3.0, say=lambda _: None)
        return session

    session = run_virtually(record())

    decoded = load_capture(capture.read_bytes(), "uart")
    assert decoded.n_packets == pytest.approx(session.n_samples, abs=15)
    assert not decoded.damage


@pytest.mark.parametrize("sensor_id", SENSORS)
def test_a_capture_of_every_sensor_gives_the_samples_of_the_recording(sensor_id, tmp_path):
    capture = tmp_path / "leg.jsonl"
    session = RecordingSession(tmp_path / "leg.mcap", capture)

    run_virtually(session.run(f"sim:{sensor_id}", 3.0, say=lambda _: None))

    live = read_mcap(tmp_path / "leg.mcap").samples
    decoded = load_capture(capture.read_bytes(), sensor_id).samples
    n = min(len(live), len(decoded))
    assert n == pytest.approx(len(live), abs=25)
    assert decoded.acc_ms2[-n:] == pytest.approx(live.acc_ms2[-n:])
    period_s = 1 / find_sensor(sensor_id).nominal_rate_hz
    assert np.diff(decoded.time_s) == pytest.approx(period_s, rel=0.11)


def test_a_format_goes_with_no_other_sensor():
    with pytest.raises(SensorSpecError, match="polar does not send"):
        simulated_sensor("sim:polar", XIAO)


def test_without_a_name_the_simulated_sensor_is_a_witmotion():
    family, device = simulated_sensor("sim")

    assert (family.id, device.name) == ("witmotion", "WT901BLE68")


def choose(*devices, spec=None, text_format=None):
    async def main():
        async with VirtualRadio() as radio:
            for device, address in zip(devices, (ADDRESS, OTHER_ADDRESS), strict=False):
                await radio.add(device, address, still_leg())
            return await choose_real(spec, text_format, backend=radio.backend)

    return run_virtually(main())


def chest_strap():
    device = make_simulated("polar")
    device.name = "Polar H10 00000000"
    return device


def test_the_first_sensor_that_can_be_used_is_taken():
    choice = choose(chest_strap(), make_simulated("movesense"))

    assert (choice.family.id, choice.target) == ("movesense", OTHER_ADDRESS)


def test_a_dot_that_carries_its_owners_name_is_known_by_its_maker():
    device = make_simulated("xsens_dot")
    device.name = "left ankle"

    assert choose(device).family.id == "xsens_dot"


@pytest.mark.parametrize("spec", [ADDRESS, "polar h10 00000000"])
def test_a_chest_strap_that_was_chosen_is_refused_with_the_reason(spec):
    with pytest.raises(SensorUnusableError, match="no gyroscope"):
        choose(chest_strap(), spec=spec)


def test_where_only_a_chest_strap_is_heard_the_reason_is_told():
    with pytest.raises(SensorUnusableError, match=r"No sensor that can be used.*no gyroscope"):
        choose(chest_strap())


def test_where_nothing_is_heard_that_is_told():
    with pytest.raises(SensorNotFoundError, match="switch it on"):
        choose()


def test_a_sensor_of_an_unknown_kind_is_told_with_the_way_out():
    device = make_simulated("uart")
    device.name = "Toothbrush"

    with pytest.raises(SensorNotFoundError, match="--format"):
        choose(device, spec="Toothbrush")


def test_a_sensor_that_somebody_built_needs_a_name_or_an_address():
    nameless = read_text_format(
        'rate_hz = 50\ncolumns = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]'
    )

    with pytest.raises(SensorSpecError, match="--sensor"):
        choose(text_format=nameless)
    assert choose(text_format=nameless, spec=ADDRESS).target == ADDRESS
    assert choose(text_format=XIAO).family.matches("XIAO leg", []) > 0


async def reasons_of(sensor_id, device, seconds):
    async with VirtualRadio() as radio:
        sensor = await radio.add(device, ADDRESS, still_leg())
        collected = Collected(radio, sensor, family=find_sensor(sensor_id))
        await asyncio.sleep(seconds)
        await collected.stop()
        return [one.reason for one in collected.of(StateChanged) if one.reason], collected.states


def test_a_board_without_a_gyroscope_is_told_on_connecting():
    reasons, states = run_virtually(reasons_of("metamotion", SimulatedMetaMotion(chip=None), 4))

    assert "has no gyroscope" in reasons[0]
    assert "streaming" not in states


def test_a_sensor_that_does_not_answer_its_start_is_told():
    class Mute(type(make_simulated("polar"))):
        def write(self, characteristic, data, now_s):
            super().write(characteristic, data, now_s)
            return []

    reasons, states = run_virtually(reasons_of("polar", Mute(), 12))

    assert any("gave no answer (start SDK mode)" in reason for reason in reasons)
    assert "streaming" not in states


@pytest.mark.parametrize("sensor_id", ["polar", "metamotion", "movesense", "xsens_dot"])
def test_a_link_that_drops_comes_back_and_streams_again(sensor_id):
    async def main():
        async with VirtualRadio() as radio:
            family = find_sensor(sensor_id)
            sensor = await radio.add(make_simulated(sensor_id), ADDRESS, still_leg())
            collected = Collected(radio, sensor, family=family)
            await collected.until("streaming")
            await asyncio.sleep(3)
            await radio.drop(ADDRESS)
            await asyncio.sleep(0.1)
            await collected.until("streaming")
            n_before = collected.n_samples
            await asyncio.sleep(3)
            await collected.stop()
            return collected, collected.n_samples - n_before, family

    collected, n_after, family = run_virtually(main(), limit_s=60)

    assert n_after == pytest.approx(3 * family.nominal_rate_hz, rel=0.2)
    assert collected.collector.n_links == 2
