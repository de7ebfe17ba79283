import asyncio
import json

import numpy as np
import pytest

from tests.tracker.coach_builders import SESSION, a_plan
from tests.tracker.phone_apps.phone_room import LOOPBACK, a_pushing_phone, train
from tests.tracker.phone_apps.simulated_phones import post
from tracker.phone_apps.opening import AppSpec, open_phone_app
from tracker.phone_apps.push_listener import MAX_BODY_BYTES, SHOWN_BY_THE_APP
from tracker.recording_file import read_mcap
from tracker.settings import DataFolder
from tracker.virtual_radio import run_virtually


def reps_of(document):
    return [rep for one in document["exercise_sets"] for rep in one["reps"]]


def trained(tmp_path, plan, drive, **phone):
    """Train with a phone whose messages `drive` sends; gives the room and the outcome."""

    async def both():
        async with a_pushing_phone(tmp_path, plan, **phone) as room:
            return room, await train(room, drive(room))

    return run_virtually(both())


def assert_measured(outcome, room, n_reps):
    reps, truth = reps_of(outcome.document), room.patient.reps_done
    assert len(reps) == len(truth) == n_reps
    for measured, true in zip(reps, truth, strict=True):
        assert measured["eccentric_s"] == pytest.approx(true.eccentric_s, abs=0.35)
        assert measured["peak_deg"] == pytest.approx(true.peak_deg, abs=3.0)


def test_pushed_messages_become_a_stored_session_with_its_recording(tmp_path):
    plan = a_plan(sets=2, reps=3, rest_s=5.0)

    room, outcome = trained(tmp_path, plan, lambda room: room.phone.run())

    assert_measured(outcome, room, 6)
    assert outcome.path == tmp_path / "outbox" / f"{SESSION}.json"
    assert json.loads(outcome.path.read_text())["sensor"]["family"] == "sensor_logger"
    recorded = read_mcap(outcome.path.with_suffix(".mcap"))
    assert len(recorded.samples) >= 100 * reps_of(outcome.document)[-1]["end_s"]
    assert len(recorded.notifications) > 60
    assert room.sensor_states() == ["scanning", "streaming", "stopped"]
    assert {status for status, _ in room.phone.answers} == {200}


def test_messages_that_overtake_each_other_or_come_twice_change_no_repetition(tmp_path):
    plan = a_plan(sets=1, reps=3)

    room, outcome = trained(tmp_path, plan, lambda room: room.phone.run_badly())

    assert_measured(outcome, room, 3)
    assert room.training._timeline.quality.n_lost == 0
    assert outcome.document["exercise_sets"][0]["quality"]["coverage"] == pytest.approx(1.0)


@pytest.mark.parametrize("batch_s", [0.1, 2.0])
def test_what_is_measured_does_not_depend_on_how_much_is_sent_at_once(tmp_path, batch_s):
    plan = a_plan(sets=1, reps=3)

    room, outcome = trained(tmp_path, plan, lambda room: room.phone.run(), batch_s=batch_s)

    for measured, true in zip(reps_of(outcome.document), room.patient.reps_done, strict=True):
        assert measured["eccentric_s"] == pytest.approx(true.eccentric_s, abs=0.15)
    recorded = read_mcap(outcome.path.with_suffix(".mcap")).samples
    assert np.abs(np.diff(recorded.time_s) - 0.01).max() < 1e-4


def test_a_wifi_that_is_late_by_half_a_second_for_a_while_stretches_no_time(tmp_path):
    plan = a_plan(sets=1, reps=3)

    async def drive(room):
        late_s = 0.0
        while True:
            await asyncio.sleep(room.phone.batch_s - late_s)
            late_s = 0.45 if room.phone.number < 20 else 0.0
            body = room.phone.message()
            await asyncio.sleep(late_s)
            await room.phone.send(body)

    room, outcome = trained(tmp_path, plan, drive)

    assert_measured(outcome, room, 3)
    recorded = read_mcap(outcome.path.with_suffix(".mcap")).samples
    assert np.abs(np.diff(recorded.time_s) - 0.01).max() < 1e-4


def test_an_iphone_is_told_by_its_name_and_gives_the_forces_of_an_android(tmp_path):
    plan = a_plan(sets=1, reps=1)

    recorded = []
    for is_apple in (False, True):
        folder = tmp_path / str(is_apple)
        _, outcome = trained(folder, plan, lambda room: room.phone.run(), is_apple=is_apple)
        recorded.append(read_mcap(outcome.path.with_suffix(".mcap")).samples)

    android, apple = recorded
    n = min(len(android), len(apple))
    assert np.abs(android.acc_ms2[:n] - apple.acc_ms2[:n]).max() < 1e-9
    assert np.abs(android.gyr_rads[:n] - apple.gyr_rads[:n]).max() < 1e-9


def test_lost_messages_leave_a_gap_that_is_said_and_end_no_set(tmp_path):
    plan = a_plan(sets=1, reps=6)

    async def drive(room):
        running = asyncio.create_task(room.phone.run())
        try:
            await room.until_reps(2)
            running.cancel()
            for _ in range(12):
                await asyncio.sleep(room.phone.batch_s)
                room.phone.message()  # measured, but the Wi-Fi is gone
            await room.phone.run()
        finally:
            running.cancel()

    room, outcome = trained(tmp_path, plan, drive)

    assert 3 <= len(reps_of(outcome.document)) <= 5
    assert room.sensor_states() == ["scanning", "streaming", "stalled", "streaming", "stopped"]
    assert outcome.document["exercise_sets"][0]["quality"]["coverage"] < 0.9
    assert "Sensor Logger" in next(
        one["reason"] for one in room.hub.of("sensor") if one["state"] == "stalled"
    )


def test_a_recording_begun_anew_in_the_app_goes_on_in_the_same_session(tmp_path):
    plan = a_plan(sets=1, reps=4)

    async def drive(room):
        running = asyncio.create_task(room.phone.run())
        try:
            await room.until_reps(2)
        finally:
            running.cancel()
        room.phone.session, room.phone.number = "b", 0
        await room.phone.run()

    room, outcome = trained(tmp_path, plan, drive)

    assert_measured(outcome, room, 4)


def test_what_is_no_message_disturbs_nothing(tmp_path):
    plan = a_plan(sets=1, reps=2)

    async def drive(room):
        running = asyncio.create_task(room.phone.run())
        try:
            while True:
                await asyncio.sleep(0.7)
                await post(room.phone.url, b'{"messageId": 1, "payl')
                await post(room.phone.url, room.phone.url.encode(), declared=4000)
                await post(room.phone.url + "x", b"{}")
        finally:
            running.cancel()

    room, outcome = trained(tmp_path, plan, drive)

    assert_measured(outcome, room, 2)


def asked_of_the_listener(tmp_path, *questions):
    async def ask():
        spec, folder = AppSpec(app="sensor-logger"), DataFolder(tmp_path)
        async with open_phone_app(spec, "ecc_prone_helper", folder, host=LOOPBACK) as choice:
            return [await question(choice.address) for question in questions]

    return run_virtually(ask())


def test_only_who_knows_the_token_is_heard(tmp_path):
    def without_token(url):
        return url.rpartition("/")[0]

    def bearer(url, token=None):
        return f"Authorization: Bearer {token or url.rpartition('/')[2]}"

    answers = asked_of_the_listener(
        tmp_path,
        lambda url: post(url, b"{}"),
        lambda url: post(without_token(url), b"{}", headers=[bearer(url)]),
        lambda url: post(without_token(url) + "/guess", b"{}"),
        lambda url: post(without_token(url), b"{}"),
        lambda url: post(without_token(url), b"{}", headers=[bearer(url, "guess")]),
        lambda url: post(url.replace("/push/", "/live/"), b"{}"),
    )

    assert [status for status, _ in answers] == [200, 200, 404, 404, 404, 404]


def test_a_message_that_is_too_long_is_refused(tmp_path):
    ((status, _),) = asked_of_the_listener(
        tmp_path, lambda url: post(url, b"x" * (MAX_BODY_BYTES + 100_000))
    )

    assert status == 413


def test_the_address_stays_the_same_from_one_training_to_the_next(tmp_path):
    async def give(url):
        return url.rpartition("/")[2]

    first, again = (asked_of_the_listener(tmp_path, give) for _ in range(2))

    assert first == again
    assert len(first[0]) == 10


def test_an_app_whose_gyroscope_is_off_is_told_so_on_its_own_screen(tmp_path):
    plan = a_plan(sets=1, reps=1)

    async def both():
        async with a_pushing_phone(tmp_path, plan) as room:
            training = asyncio.create_task(room.training.run())
            for number in range(1, 9):
                await asyncio.sleep(0.5)
                payload = [{"name": "barometer", "time": number * 10**9, "values": {"pressure": 1}}]
                body = {"messageId": number, "sessionId": "a", "payload": payload}
                await room.phone.send(json.dumps(body).encode())
            training.cancel()
            outcome = await training
            return room, outcome

    room, outcome = run_virtually(both())

    assert room.phone.answers[0][0] == 200
    assert room.phone.answers[-1][0] == SHOWN_BY_THE_APP
    assert "Gyroscope" in room.phone.answers[-1][1]
    assert "Gyroscope" in room.hub.of("sensor")[-2]["reason"]
    assert not outcome.has_seen_sensor


def test_a_phone_at_a_rate_of_its_own_leaves_no_gaps(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.tracker.phone_apps.simulated_phones.RATE_HZ", 50.0)
    plan = a_plan(sets=1, reps=2)

    room, outcome = trained(tmp_path, plan, lambda room: room.phone.run(), rate_hz=50.0)

    assert_measured(outcome, room, 2)
    assert room.training._timeline.quality.n_gaps == 0
    assert outcome.document["sensor"]["rate_hz"] == pytest.approx(50.0, rel=0.01)
