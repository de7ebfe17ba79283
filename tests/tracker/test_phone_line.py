import asyncio
from contextlib import asynccontextmanager

import pytest

from firmware_bridge import ImuPacket
from tests.tracker.coach_builders import a_plan
from tests.tracker.phone_builders import RATE_HZ, FakeWire, a_console, a_desk, a_paired_phone
from tests.tracker.training_builders import PROFILE, SETTINGS, Messages
from tracker.collector_events import RateChecked, Received, StateChanged
from tracker.phone.pairing import Refusal
from tracker.phone.source import PhoneSource
from tracker.phone_training import phone_sensor, stopper
from tracker.recording_file import read_mcap
from tracker.runner import Training
from tracker.settings import DataFolder
from tracker.simulator import SimulatedPatient
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.virtual_radio import run_virtually

# -- Who comes in --------------------------------------------------------------------------------


def test_a_page_with_the_code_is_welcomed_with_a_ticket_and_what_can_be_trained():
    desk = a_desk()

    phone = a_paired_phone(desk)

    (welcome,) = phone.wire.of("welcome")
    assert len(welcome["ticket"]) >= 40
    assert (welcome["next"], welcome["finding"]) == (0, "waiting")
    assert "ecc_prone_helper" in [one["id"] for one in welcome["exercises"]]


@pytest.mark.parametrize(
    "changes", [{"code": ""}, {"ticket": "x"}, {"code": 7}, {"stream": "", "code": None}]
)
def test_a_page_without_code_or_ticket_is_refused(changes):
    desk = a_desk()
    desk.pairing.code()
    said = {"type": "hello", "stream": "a-page", "platform": "ios"} | changes

    refusal = desk.greet(said, FakeWire())

    assert refusal is Refusal.WRONG
    assert desk.is_free


def test_a_ticket_lets_the_same_phone_in_again_and_tells_what_has_come():
    desk = a_desk()
    phone = a_paired_phone(desk)
    phone.lie_flat()
    phone.drop()

    refusal = phone.hello()

    assert refusal is None
    assert phone.wire.of("welcome")[0]["next"] == 90
    assert phone.wire.of("welcome")[0]["finding"] == "fit"


def test_another_phone_with_a_new_code_ends_the_first_and_its_ticket():
    desk = a_desk()
    first = a_paired_phone(desk)
    first.lie_flat()
    first_wire = first.wire

    second = a_paired_phone(desk, platform="ios", stream="another-page")

    assert first_wire.closed is not None
    assert first.hello() is Refusal.WRONG
    assert second.wire.of("welcome")[0]["finding"] == "waiting"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": 7},
        {"type": "worn", "worn": "yes"},
        {"type": "battery", "percent": 1e99},
        {"type": "battery", "percent": True},
        {"type": "train", "exercise": ["ecc_prone_helper"]},
        {"type": "train", "exercise": "cycling"},
        {"type": "hidden", "hidden": None},
        {"type": "screen_up"},
        {"type": "stop"},
    ],
)
def test_a_message_that_means_nothing_changes_nothing(message):
    wishes = []
    desk = a_desk(on_wish=wishes.append)
    phone = a_paired_phone(desk)

    desk.said(message)

    link = desk.link
    assert (link.is_worn, link.is_hidden, link.battery_percent) == (False, False, None)
    assert wishes == []
    assert phone.wire.closed is None


def test_what_a_phone_may_choose_leaves_out_running_sprints_cycling_and_springing_steps():
    phone = a_paired_phone(a_desk())

    offered = {one["id"] for one in phone.wire.of("welcome")[0]["exercises"]}

    assert offered.isdisjoint(
        {"run_intervals", "run_continuous", "sprint_sets", "cycling", "step_up"}
    )


# -- What it sends -------------------------------------------------------------------------------


@asynccontextmanager
async def a_source(**options):
    """A phone that is checked and worn, and the source that hands on what it sends."""
    now_s = asyncio.get_running_loop().time
    desk = a_desk(now_s=now_s)
    phone = a_paired_phone(desk, **options)
    phone.lie_flat(arrival_s=now_s())
    events = []
    source = PhoneSource(desk.link, events.append)
    task = asyncio.ensure_future(source.run())
    await asyncio.sleep(0.1)
    try:
        yield phone, source, events
    finally:
        source.stop()
        await task


async def stream(phone, seconds, *, is_sending=True):
    """Lie still in real time."""
    now_s = asyncio.get_running_loop().time
    for _ in range(round(seconds * 10)):
        phone.measure([(0.0, 0.0, 9.81)] * 6, [(0.0, 0.0, 0.0)] * 6)
        if is_sending:
            phone.send(now_s())
        await asyncio.sleep(0.1)


def states(events):
    return [one.state.value for one in events if isinstance(one, StateChanged)]


def reasons(events):
    return [one.reason or "" for one in events if isinstance(one, StateChanged)]


def packets(events):
    received = [one for one in events if isinstance(one, Received)]
    return [p for one in received for p in one.packets if isinstance(p, ImuPacket)]


def test_a_worn_phone_streams_and_tells_its_rate():
    async def main():
        async with a_source() as (phone, _, events):
            await stream(phone, 1.0)
            before = states(events)
            phone.put_on()
            await stream(phone, 4.0)
        return before, events

    before, events = run_virtually(main())

    assert before == ["connecting"]
    assert states(events) == ["connecting", "streaming", "stopped"]
    assert [one.measured_hz for one in events if isinstance(one, RateChecked)] == [
        pytest.approx(RATE_HZ, rel=0.02)
    ]


def test_a_break_of_the_line_loses_nothing_and_doubles_nothing():
    async def main():
        async with a_source() as (phone, _, events):
            phone.put_on()
            await stream(phone, 2.0)
            phone.sent = max(0, phone.sent - 30)  # on their way when the line breaks
            phone.drop()
            await stream(phone, 10.0, is_sending=False)
            phone.hello()
            phone.sent -= 12  # and some twice
            await stream(phone, 2.0)
        return phone, events

    phone, events = run_virtually(main())

    stamps_s = [one.device_time_s for one in packets(events)]
    assert len(stamps_s) == len(phone.samples) - 90  # all but those of the check
    assert stamps_s == sorted(set(stamps_s))
    assert states(events) == ["connecting", "streaming", "reconnecting", "streaming", "stopped"]
    assert {one.link for one in events if isinstance(one, Received)} == {1}


def test_a_hidden_page_is_told_and_resumed():
    async def main():
        async with a_source() as (phone, _, events):
            phone.put_on()
            await stream(phone, 1.0)
            phone.desk.said({"type": "hidden", "hidden": True})
            await asyncio.sleep(5.0)
            phone.desk.said({"type": "hidden", "hidden": False})
            await stream(phone, 1.0)
        return events

    events = run_virtually(main())

    assert states(events) == ["connecting", "streaming", "stalled", "streaming", "stopped"]
    assert "not in view" in reasons(events)[2]


def test_a_phone_that_sends_nothing_is_silent():
    async def main():
        async with a_source() as (phone, _, events):
            phone.put_on()
            await stream(phone, 1.0)
            await asyncio.sleep(3.0)
        return events

    events = run_virtually(main())

    assert "is its screen on?" in reasons(events)[2]


def test_a_page_that_was_loaded_again_is_a_new_stream_and_needs_no_new_check():
    async def main():
        async with a_source() as (phone, _, events):
            phone.put_on()
            await stream(phone, 1.0)
            phone.drop()
            phone.stream, phone.samples, phone.sent = "loaded-again", [], 0
            phone.start_s += 60.0
            phone.hello()
            await stream(phone, 1.0)
        return events

    events = run_virtually(main())

    assert sorted({one.link for one in events if isinstance(one, Received)}) == [1, 2]
    assert states(events)[-2:] == ["streaming", "stopped"]


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_gravity_comes_out_upwards_on_every_platform(platform):
    async def main():
        async with a_source(platform=platform) as (phone, _, events):
            phone.put_on()
            await stream(phone, 0.5)
        return events

    events = run_virtually(main())

    assert packets(events)[-1].acc_ms2 == pytest.approx((0.0, 0.0, 9.81), abs=1e-4)
    names = {one.characteristic for one in events if isinstance(one, Received)}
    assert names == {f"phone-{platform}"}


def test_the_page_is_told_what_has_come_so_that_it_can_forget_it():
    async def main():
        async with a_source() as (phone, _, _):
            await stream(phone, 2.0)
            return phone

    phone = run_virtually(main())

    acked = [one["next"] for one in phone.wire.of("ack")]
    assert acked == sorted(acked)
    assert acked[-1] >= len(phone.samples) - 36
    assert 3 <= len(acked) <= 6


# -- A whole training ----------------------------------------------------------------------------


async def train(tmp_path, *, reps=3, platform="ios", disturb=None):
    """A simulated patient trains with a phone; `disturb(phone, n_reps)` may do something."""
    loop = asyncio.get_running_loop()
    folder, hub, plan = DataFolder(tmp_path).make(), Messages(), a_plan(sets=1, reps=reps)
    desk = a_desk(hub, now_s=loop.time)
    phone = a_paired_phone(desk, platform=platform)
    phone.lie_flat(arrival_s=loop.time())
    patient = SimulatedPatient(plan.first.exercise.id, seed=5, rate_hz=RATE_HZ)
    training = Training(
        plan, phone_sensor(desk, "nl"), PROFILE, folder, hub=hub,
        view=PlainView(a_console(), "nl"), speaker=SilentSpeaker(), settings=SETTINGS,
    )  # fmt: skip
    desk.link.on_stop = stopper(training)
    running = asyncio.ensure_future(training.run())
    began_s, n_before, has_heard = loop.time(), len(phone.samples), False
    phone.put_on()
    while not running.done():
        due = int((loop.time() - began_s) * RATE_HZ) - (len(phone.samples) - n_before)
        phone.measure(*patient.next_samples(due))
        if disturb is not None:
            disturb(phone, len(hub.of("rep")))
        phone.send(loop.time() + 0.02)
        if not has_heard and "ready" in [one["state"] for one in hub.of("state")]:
            has_heard = True
            patient.hear("go", reps=reps)
        await asyncio.sleep(0.05)
    return await running, patient, phone


def eccentrics(outcome):
    return [rep["eccentric_s"] for one in outcome.document["exercise_sets"] for rep in one["reps"]]


def test_a_phone_trains_as_a_sensor_does_and_all_is_stored(tmp_path):
    outcome, patient, _ = run_virtually(train(tmp_path))

    truth = [rep.eccentric_s for rep in patient.reps_done]
    recorded = read_mcap(outcome.path.with_suffix(".mcap"))
    assert eccentrics(outcome) == pytest.approx(truth, abs=0.12)
    assert outcome.document["sensor"]["family"] == "phone"
    assert outcome.document["sensor"]["platform"] == "ios"
    assert {one.characteristic for one in recorded.notifications} == {"phone-ios"}
    n_sent = sum(len(one.data) // 32 for one in recorded.notifications)
    assert n_sent == recorded.samples.n_samples > 1000


def test_a_line_that_breaks_in_mid_set_changes_no_repetition(tmp_path):
    broken = []

    def disturb(phone, n_reps):
        now_s = asyncio.get_running_loop().time()
        if n_reps == 1 and not broken:
            broken.append(now_s)
            phone.drop()
        if broken and phone.wire is None and now_s - broken[0] > 4.0:
            phone.hello()
            phone.sent -= min(phone.sent, 20)

    calm, _, _ = run_virtually(train(tmp_path / "calm"))
    outcome, _, _ = run_virtually(train(tmp_path / "broken", disturb=disturb))

    assert broken
    assert eccentrics(outcome) == pytest.approx(eccentrics(calm), abs=0.05)
    assert [rep["flags"] for rep in outcome.document["exercise_sets"][0]["reps"]] == [
        rep["flags"] for rep in calm.document["exercise_sets"][0]["reps"]
    ]


def test_stop_on_the_phone_ends_the_session_and_keeps_what_was_done(tmp_path):
    def disturb(phone, n_reps):
        if n_reps == 1:
            phone.desk.said({"type": "stop"})

    outcome, _, _ = run_virtually(train(tmp_path, reps=5, disturb=disturb))

    assert len(eccentrics(outcome)) == 1
    assert outcome.path is not None
