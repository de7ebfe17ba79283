import asyncio
import io
import json

import numpy as np
import pytest
from rich.console import Console

from analysis import ImuSamples
from api.schemas import SessionPublic
from tests.tracker.coach_builders import a_plan
from tests.tracker.radio_builders import ADDRESS, NAME, OTHER_ADDRESS, WITMOTION, header
from tests.tracker.training_builders import PROFILE, SETTINGS, Messages
from tracker.collector import Collector
from tracker.collector_events import CollectorState, Received
from tracker.reanalysis.again import analyse_session
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap
from tracker.recovery import mend
from tracker.runner import Training
from tracker.sensor_choice import SIMULATED_THIGH_ADDRESS, SensorSpecError, open_sensor
from tracker.sensor_opening import open_any_sensor
from tracker.settings import DataFolder
from tracker.simulator import SimulatedPatient, SimulatedVisit
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.timeline import Timeline
from tracker.virtual_radio import VirtualRadio, run_virtually

SQUAT = "squat_single"
FINE_HZ = 200.0


async def squat(folder, *, thigh="sim"):
    """Train a set of squats with a second sensor; return the stored session and what was said."""
    plan = a_plan(exercise_id=SQUAT, sets=1, reps=4)
    console = Console(file=io.StringIO(), width=100)
    async with open_sensor("sim", SQUAT, seed=6, thigh=thigh) as sensor:
        training = Training(
            plan,
            sensor,
            PROFILE,
            DataFolder(folder).make(),
            hub=Messages(),
            view=PlainView(console, "en"),
            speaker=SilentSpeaker(),
            settings=SETTINGS,
        )
        outcome = await training.run()
    return json.loads(outcome.path.read_text()), console.file.getvalue()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("squats")
    document, said = run_virtually(squat(folder))
    (recording,) = (folder / "outbox").glob("*.mcap")
    return document, said, recording


def test_a_squat_gets_its_depth_from_a_sensor_on_the_thigh(trained):
    document, said, _ = trained

    (one,) = document["exercise_sets"]
    assert one["calibration"]["thigh"] == "followed"
    assert len(one["reps"]) == 4
    assert all(rep["peak_deg"] > 40 for rep in one["reps"])
    assert document["sensor"]["thigh"]["address"] == SIMULATED_THIGH_ADDRESS
    assert "thigh" in said


def test_without_it_the_depth_is_absent(tmp_path):
    document, _ = run_virtually(squat(tmp_path, thigh=None))

    (one,) = document["exercise_sets"]
    assert "thigh" not in one["calibration"]
    assert all(rep["peak_deg"] < 40 for rep in one["reps"]), "the shank's tilt, not the knee"


def test_both_sensors_are_recorded_and_give_the_same_result_again(trained):
    document, _, recording = trained
    recorded = read_mcap(recording)
    stored = {"id": recording.stem, "url": "/", "received_at": document["started_at"]}
    session = SessionPublic.model_validate(document | stored)

    again = analyse_session(recording, session)

    assert len(recorded.thigh) == pytest.approx(len(recorded.samples), rel=0.05)
    live, later = document["exercise_sets"][0], again.sets[0].model_dump(mode="json")
    for one, other in zip(live["reps"], later["reps"], strict=True):
        assert other["peak_deg"] == pytest.approx(one["peak_deg"], abs=1.5)


def test_a_set_that_was_cut_off_is_recovered_with_the_thigh(trained, tmp_path):
    document, _, recording = trained
    place = tmp_path / "cut"
    place.mkdir()
    recorded = read_mcap(recording)
    with Recorder(place / "cut.mcap", recorded.header) as recorder:
        for note in recorded.annotations:
            if note["event"] == "set_started":
                recorder.annotate(note["at_s"], note)
        recorder.add_samples(recorded.thigh, of_thigh=True)
        recorder.add_samples(recorded.samples)

    mended, _ = mend(place, {**document, "exercise_sets": []})

    (one,) = mended["exercise_sets"]
    assert one["calibration"]["thigh"] == "followed"
    assert [rep["peak_deg"] for rep in one["reps"]] == pytest.approx(
        [rep["peak_deg"] for rep in document["exercise_sets"][0]["reps"]], abs=1.5
    )


def test_samples_of_both_keep_apart_in_a_recording(tmp_path):
    shank = ImuSamples([1000.0, 1000.01], [[0, 0, 9.81]] * 2, [[0, 0, 0]] * 2)
    thigh = ImuSamples([999.99, 1000.02], [[9.81, 0, 0]] * 2, [[0, 1, 0]] * 2)
    with Recorder(tmp_path / "both.mcap", header()) as recorder:
        recorder.add_samples(shank)
        recorder.add_samples(thigh, of_thigh=True)

    recorded = read_mcap(tmp_path / "both.mcap")

    np.testing.assert_array_equal(recorded.samples.time_s, shank.time_s)
    np.testing.assert_array_equal(recorded.thigh.gyr_rads, thigh.gyr_rads)


@pytest.mark.parametrize(("sensor", "thigh"), [("sim", "C6:01"), ("C6:01", "sim")])
def test_a_simulated_sensor_does_not_go_with_a_real_one(sensor, thigh):
    async def opening():
        async with open_sensor(sensor, SQUAT, thigh=thigh):
            pass

    with pytest.raises(SensorSpecError, match="simulated"):
        asyncio.run(opening())


@pytest.mark.parametrize("phone", ["phone", "sensor-logger", "phyphox:192.168.1.7"])
def test_a_phone_does_not_go_with_a_second_sensor(phone):
    async def opening():
        async with open_any_sensor(phone, SQUAT, thigh="C6:01"):
            pass

    with pytest.raises(SensorSpecError, match="phone"):
        asyncio.run(opening())


def test_a_simulated_person_moves_the_same_with_a_second_sensor_on():
    alone = SimulatedPatient(SQUAT, seed=3)
    both = SimulatedPatient(SQUAT, seed=3, has_thigh=True)

    acc_ms2, _ = both.next_samples(700)
    thigh_acc_ms2, _ = both.next_thigh_samples(700)

    np.testing.assert_array_equal(acc_ms2, alone.next_samples(700)[0])
    assert np.abs(np.linalg.norm(thigh_acc_ms2, axis=1) - 9.81).mean() < 0.5


@pytest.mark.parametrize("n_ahead", [-30, 0, 30])
def test_both_sensors_turn_to_the_next_exercise_at_the_same_instant(n_ahead):
    visit = SimulatedVisit("ecc_prone_helper", seed=3, has_thigh=True)
    visit.next_samples(400)
    visit.next_thigh_samples(400 + n_ahead)

    visit.prepare(SQUAT)
    thigh_acc_ms2, _ = visit.next_thigh_samples(200)

    after = SimulatedVisit("ecc_prone_helper", seed=3, has_thigh=True)
    after.prepare(SQUAT)
    expected_acc_ms2, _ = after.next_thigh_samples(200 + n_ahead)
    shared = thigh_acc_ms2[max(0, -n_ahead) :]
    np.testing.assert_array_equal(shared, expected_acc_ms2[max(0, n_ahead) :][: len(shared)])


def swinging(clock_s):
    """A sensor that feels the same swing as any other, by the clock of the room."""
    rng = np.random.default_rng(0)

    def source(n):
        at_s = clock_s() - np.arange(n)[::-1] / FINE_HZ
        acc_ms2 = np.zeros((n, 3))
        acc_ms2[:, 0] = 9.81 * np.sin(2 * np.pi * 0.7 * at_s)
        acc_ms2[:, 2] = rng.normal(9.81, 0.02, n)
        return acc_ms2, np.zeros((n, 3))

    return source


async def collect_two(radio):
    """Two sensors whose clocks differ by 0.9 %, each with its own collector and timeline."""
    clock_s = asyncio.get_running_loop().time
    timelines = [Timeline(WITMOTION), Timeline(WITMOTION)]
    pieces, collectors, tasks = ([], []), [], []
    sensors = ((NAME, ADDRESS, 4000.0), ("WT901BLE67", OTHER_ADDRESS, -5000.0))
    for (name, address, clock_ppm), timeline, kept in zip(sensors, timelines, pieces, strict=True):
        await radio.add_witmotion(
            name, address, swinging(clock_s), rate_hz=FINE_HZ, clock_ppm=clock_ppm
        )

        def take(event, timeline=timeline, kept=kept):
            if isinstance(event, Received):
                kept.append(timeline.add(event))

        collectors.append(Collector(WITMOTION, address, backend=radio.backend, on_event=take))
        tasks.append(asyncio.ensure_future(collectors[-1].run()))
    while any(one.state != CollectorState.STREAMING for one in collectors):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await asyncio.sleep(30)
    for one in collectors:
        one.stop()
    await asyncio.gather(*tasks)
    return [
        ImuSamples.joined([*kept, timeline.finish()])
        for kept, timeline in zip(pieces, timelines, strict=True)
    ]


def test_two_sensors_over_the_radio_agree_to_two_milliseconds():
    async def main():
        async with VirtualRadio() as radio:
            return await collect_two(radio)

    shank, thigh = run_virtually(main(), limit_s=300)

    there = shank.time_s[(shank.time_s > thigh.time_s[0]) & (shank.time_s < thigh.time_s[-1])]
    felt = [np.interp(there, one.time_s, one.acc_ms2[:, 0]) for one in (shank, thigh)]
    steepest_ms3 = 9.81 * 2 * np.pi * 0.7
    off_s = np.abs(felt[0] - felt[1]) / steepest_ms3
    assert len(there) > 2500
    assert np.percentile(off_s[500:], 95) < 0.002
