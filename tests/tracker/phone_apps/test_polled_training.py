import asyncio
import json

import pytest

from tests.tracker.coach_builders import a_plan
from tests.tracker.phone_apps.phone_room import a_polled_phone, train
from tests.tracker.phone_apps.simulated_phones import PhyphoxPhone
from tests.tracker.phone_apps.test_pushed_training import assert_measured, reps_of
from tracker.recording_file import read_mcap
from tracker.sensor_recording import RecordingSession
from tracker.simulator import SimulatedPatient
from tracker.virtual_radio import run_virtually


async def nothing(_):
    """Leave the phone alone."""


def trained(tmp_path, plan, drive=nothing, before=None, **phone):
    async def both():
        async with a_polled_phone(tmp_path, plan, **phone) as room:
            if before is not None:
                before(room.phone)
            return room, await train(room, drive(room))

    return run_virtually(both())


def test_a_polled_phone_becomes_a_stored_session_and_is_stopped_at_the_end(tmp_path):
    plan = a_plan(sets=2, reps=3, rest_s=5.0)

    room, outcome = trained(tmp_path, plan)

    assert_measured(outcome, room, 6)
    assert json.loads(outcome.path.read_text())["sensor"]["family"] == "phyphox"
    recorded = read_mcap(outcome.path.with_suffix(".mcap"))
    assert len(recorded.samples) == pytest.approx(room.phone.n_made, abs=100)
    assert room.phone.asked[:3] == ["/config", "/control?cmd=clear", "/control?cmd=start"]
    assert room.phone.asked[-1] == "/control?cmd=stop"
    assert room.sensor_states() == ["scanning", "starting", "streaming", "stopped"]


def test_buffers_are_found_whatever_the_experiment_calls_them(tmp_path):
    def rename(phone):
        phone.names = {"acc": ("t&1", "ä", "a|y", "a z"), "gyr": ("t2", "gx", "gy", "gz")}
        phone.restart()

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=2), before=rename)

    assert_measured(outcome, room, 2)


def test_what_was_measured_while_the_wifi_was_gone_is_fetched_afterwards(tmp_path):
    async def lose_the_wifi(room):
        await room.until_reps(2)
        await room.phone.go_away()
        await asyncio.sleep(8.0)
        await room.phone.come_back()

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=5), lose_the_wifi)

    assert_measured(outcome, room, 5)
    assert outcome.document["exercise_sets"][0]["quality"]["coverage"] == pytest.approx(1.0)
    assert "reconnecting" in room.sensor_states()
    assert room.phone.asked.count("/control?cmd=clear") == 1


@pytest.mark.parametrize("fault", ["hangs", "404", "half"])
def test_answers_that_fail_for_a_while_cost_nothing(tmp_path, fault):
    async def misbehave(room):
        await room.until_reps(1)
        room.phone.fault = fault
        await asyncio.sleep(6.0)
        room.phone.fault = None

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=4), misbehave)

    assert_measured(outcome, room, 4)
    assert "reconnecting" in room.sensor_states()
    reason = next(one["reason"] for one in room.hub.of("sensor") if one["state"] == "reconnecting")
    assert "phyphox" in reason


def test_questions_become_rarer_while_the_phone_is_away(tmp_path):
    async def misbehave(room):
        await room.until_reps(1)
        room.phone.fault = "404"
        before = len(room.phone.asked)
        await asyncio.sleep(10.0)
        room.n_asked = len(room.phone.asked) - before
        room.phone.fault = None

    room, _ = trained(tmp_path, a_plan(sets=1, reps=3), misbehave)

    assert 4 <= room.n_asked <= 20


def test_an_experiment_begun_again_goes_on_in_the_same_session(tmp_path):
    async def begin_again(room):
        await room.until_reps(2)
        room.phone.restart()

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=5), begin_again)

    assert 4 <= len(reps_of(outcome.document)) <= 5
    assert room.training._timeline.quality.n_segments == 2


def test_a_phone_that_was_paused_is_started_again(tmp_path):
    async def pause(room):
        await room.until_reps(2)
        room.phone.is_measuring = False

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=4), pause)

    assert_measured(outcome, room, 4)
    assert room.phone.asked.count("/control?cmd=start") >= 2


def test_an_experiment_without_gyroscope_is_refused_until_another_is_opened(tmp_path):
    async def open_another(room):
        await asyncio.sleep(5.0)
        room.reasons = [one["reason"] for one in room.hub.of("sensor")]
        room.phone.has_gyroscope = True

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=1), open_another, has_gyroscope=False)

    assert any("lacks the angular rate" in (reason or "") for reason in room.reasons)
    assert_measured(outcome, room, 1)


def test_another_experiment_opened_in_mid_set_is_noticed(tmp_path):
    async def open_another(room):
        await room.until_reps(1)
        room.phone.names = {"acc": ("ta", "ax", "ay", "az"), "gyr": ("tg", "gx", "gy", "gz")}
        room.phone.restart()

    room, outcome = trained(tmp_path, a_plan(sets=1, reps=6), open_another)

    assert room.phone.asked.count("/config") >= 2
    assert 3 <= len(reps_of(outcome.document)) <= 6


def test_a_polled_phone_is_recorded_without_a_coach(tmp_path):
    said = []

    async def record():
        patient = SimulatedPatient("ecc_prone_helper", seed=3)
        async with PhyphoxPhone(patient).listening() as phone:
            session = RecordingSession(tmp_path / "leg.mcap", None)
            await session.run(f"phyphox:127.0.0.1:{phone.port}", 5.0, say=said.append)

    run_virtually(record())

    recorded = read_mcap(tmp_path / "leg.mcap")
    assert recorded.header.sensor == "phyphox"
    assert recorded.duration_s == pytest.approx(5.0, abs=0.3)
    assert "remote access" in said[0]
