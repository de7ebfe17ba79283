import asyncio
from dataclasses import replace

import numpy as np
import pytest

from firmware_bridge import Command, ImuPacket
from tests.tracker.radio_builders import (
    ADDRESS,
    NAME,
    OTHER_ADDRESS,
    WITMOTION,
    Collected,
    collecting,
    counting_leg,
    sample_number,
    still_leg,
)
from tracker.collector import Collector, CollectorParams
from tracker.collector_events import Battery, CollectorState, RateChecked, Received, StateChanged
from tracker.sensor_stream import StreamParams
from tracker.virtual_radio import VirtualRadio, run_virtually

S = CollectorState


def collect(do, **options):
    """Run `do(collected)` beside a collector, in virtual time; return what was collected."""

    async def main():
        async with collecting(**options) as collected:
            await do(collected)
        return collected

    return run_virtually(main(), limit_s=600)


def is_sample(event):
    return event.is_settled and any(isinstance(p, ImuPacket) for p in event.packets)


async def five_seconds(collected):
    await collected.until(S.STREAMING)
    await asyncio.sleep(5)


def test_a_sensor_is_found_started_and_collected():
    collected = collect(five_seconds)

    assert collected.states == ["scanning", "connecting", "starting", "streaming", "stopped"]
    assert collected.n_samples == pytest.approx(500, abs=5)
    assert collected.of(Battery)[0].percent == 90
    assert collected.sensor.rate_hz == 100


def test_the_start_commands_are_written_in_order_after_the_question_for_the_battery():
    collected = collect(five_seconds)

    expected = [WITMOTION.ask_battery, *WITMOTION.start]
    assert collected.sensor.commands == [command.data for command in expected]


def test_samples_before_the_end_of_the_start_sequence_are_marked():
    collected = collect(five_seconds)

    unsettled = [e for e in collected.of(Received) if not e.is_settled]
    settled = [e for e in collected.of(Received) if e.is_settled]
    streaming_s = next(e.at_s for e in collected.of(StateChanged) if e.state == S.STREAMING)
    assert unsettled
    assert all(e.arrival_s <= streaming_s for e in unsettled)
    assert settled[0].arrival_s == streaming_s


def test_the_measured_rate_is_told_beside_the_one_asked_for():
    collected = collect(five_seconds)

    [checked] = collected.of(RateChecked)
    assert checked.measured_hz == pytest.approx(100, abs=1)
    assert not checked.is_off


def test_a_sensor_that_ignores_its_rate_command_is_noticed():
    deaf = replace(WITMOTION, start=())

    collected = collect(five_seconds, family=deaf)

    [checked] = collected.of(RateChecked)
    assert checked.measured_hz == pytest.approx(10, abs=1)
    assert checked.is_off


def test_the_battery_is_asked_for_again_and_again():
    async def half_a_minute(collected):
        await collected.until(S.STREAMING)
        collected.sensor.simulated.battery_v = 3.75
        await asyncio.sleep(12)

    often = CollectorParams(stream=StreamParams(battery_every_s=10))
    collected = collect(half_a_minute, collector=often)

    assert [battery.percent for battery in collected.of(Battery)] == [90, 30]


async def drop(radio):
    await radio.drop(ADDRESS)


async def silence(radio):
    radio.go_silent(ADDRESS)
    await asyncio.sleep(5)
    radio.come_back(ADDRESS)


async def mute(radio):
    radio.mute(ADDRESS)
    await asyncio.sleep(5)
    radio.mute(ADDRESS, muted=False)


async def refuse(radio):
    radio.refuse(ADDRESS)
    await radio.drop(ADDRESS)
    await asyncio.sleep(5)
    radio.refuse(ADDRESS, refused=False)


async def refuse_commands(radio):
    radio.refuse_writes(ADDRESS)
    await radio.drop(ADDRESS)
    await asyncio.sleep(5)
    radio.refuse_writes(ADDRESS, refused=False)


async def adapter_off(radio):
    radio.power_off()
    await asyncio.sleep(5)
    radio.power_on()


async def vanish(radio):
    await radio.vanish(ADDRESS)
    await asyncio.sleep(5)
    await radio.reappear(ADDRESS)


FAULTS = [drop, silence, mute, refuse, refuse_commands, adapter_off, vanish]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_collector_comes_back_after_a_fault(fault):
    async def suffer(collected):
        await five_seconds(collected)
        await fault(collected.radio)
        await asyncio.sleep(8)
        await five_seconds(collected)

    collected = collect(suffer, source=counting_leg())

    numbers = [
        sample_number(p.acc_ms2[0])
        for e in collected.of(Received)
        if e.is_settled
        for p in e.packets
        if isinstance(p, ImuPacket)
    ]
    steps = np.diff(numbers)
    assert collected.states[-2:] == ["streaming", "stopped"]
    assert "reconnecting" in collected.states
    assert (steps > 0).all(), "nothing comes twice or out of order"
    assert steps.max() < 1300, "at most 13 s: the fault, and coming back"


def test_a_dropped_link_is_back_within_a_second():
    async def suffer(collected):
        await five_seconds(collected)
        await collected.radio.drop(ADDRESS)
        await asyncio.sleep(0.1)
        await collected.until(S.STREAMING)
        await asyncio.sleep(1)

    collected = collect(suffer)

    arrivals_s = [e.arrival_s for e in collected.of(Received) if e.is_settled]
    assert np.diff(arrivals_s).max() < 1.0


def test_a_short_shadow_is_a_stall_and_no_new_link():
    async def suffer(collected):
        await five_seconds(collected)
        collected.radio.go_silent(ADDRESS)
        await asyncio.sleep(1.5)
        collected.radio.come_back(ADDRESS)
        await asyncio.sleep(5)

    collected = collect(suffer)

    assert collected.states[3:6] == ["streaming", "stalled", "streaming"]
    assert collected.collector.n_links == 1


def test_a_mute_sensor_is_stalled_after_1200_ms_and_lost_after_2500_ms():
    async def suffer(collected):
        await five_seconds(collected)
        collected.radio.mute(ADDRESS)
        await asyncio.sleep(4)

    collected = collect(suffer)

    last_s = max(e.arrival_s for e in collected.of(Received) if is_sample(e))
    at_s = {e.state: e.at_s - last_s for e in collected.of(StateChanged) if e.at_s > last_s}
    assert at_s[S.STALLED] == pytest.approx(1.2, abs=0.05)
    first_lost_s = min(e.at_s for e in collected.of(StateChanged) if e.state == S.RECONNECTING)
    assert first_lost_s - last_s == pytest.approx(2.5, abs=0.05)


def test_pauses_grow_with_each_failure_and_vary_by_a_fifth():
    async def off(collected):
        collected.radio.power_off()
        await asyncio.sleep(40)

    collected = collect(off)

    at_s = [e.at_s for e in collected.of(StateChanged) if e.state == S.SCANNING]
    pauses_s = np.diff(at_s)[:7]
    nominal_s = np.array([0.2, 0.5, 1, 2, 5, 5, 5])[: len(pauses_s)]
    assert len(pauses_s) >= 6
    assert (np.abs(pauses_s / nominal_s - 1) <= 0.2 + 1e-9).all()
    assert len(set(np.round(pauses_s[4:], 6))) > 1


def test_doubled_notifications_count_once():
    async def doubled(collected):
        collected.radio.double_notifications()
        await five_seconds(collected)

    collected = collect(doubled)

    assert collected.n_samples == pytest.approx(500, abs=10)
    assert collected.collector.counts.n_doubled >= 500


def test_without_an_address_the_first_sensor_is_kept_for_ever():
    async def another_patient(collected):
        await five_seconds(collected)
        await collected.radio.add_witmotion("WT901BLE67", OTHER_ADDRESS, still_leg())
        await collected.radio.vanish(ADDRESS)
        await asyncio.sleep(20)

    collected = collect(another_patient)

    assert collected.collector.n_links == 1
    assert collected.radio.sensor(OTHER_ADDRESS).n_sent == 0


@pytest.mark.parametrize("target", [OTHER_ADDRESS.lower(), "wt901ble67"])
def test_a_sensor_is_chosen_by_address_or_name(target):
    async def main():
        async with VirtualRadio() as radio:
            await radio.add_witmotion(NAME, ADDRESS, still_leg())
            other = await radio.add_witmotion("WT901BLE67", OTHER_ADDRESS, still_leg())
            collected = Collected(radio, other, target=target)
            await collected.until(S.STREAMING)
            await collected.stop()
            return collected.collector.seen

    assert run_virtually(main()).address == OTHER_ADDRESS


def test_two_collectors_share_one_adapter():
    async def main():
        async with VirtualRadio() as radio:
            both = []
            for name, address in ((NAME, ADDRESS), ("WT901BLE67", OTHER_ADDRESS)):
                sensor = await radio.add_witmotion(name, address, still_leg())
                both.append(Collected(radio, sensor, target=address))
            for collected in both:
                await collected.until(S.STREAMING)
            await asyncio.sleep(10)
            for collected in both:
                await collected.stop()
            return [collected.n_samples for collected in both]

    assert all(n >= 1000 for n in run_virtually(main()))


def test_nothing_found_is_told_and_looked_for_again():
    async def switched_on_late(collected):
        await collected.radio.vanish(ADDRESS)
        await asyncio.sleep(10)
        await collected.radio.reappear(ADDRESS)
        await five_seconds(collected)

    collected = collect(switched_on_late)

    told = [e for e in collected.of(StateChanged) if e.reason]
    assert "switch it on" in told[0].reason
    assert told[0].state == S.SCANNING
    assert collected.n_samples >= 500


def test_a_sensor_that_never_sends_is_told():
    async def silent(collected):
        collected.radio.mute(ADDRESS)
        await asyncio.sleep(10)

    collected = collect(silent)

    assert any("sent nothing" in (e.reason or "") for e in collected.of(StateChanged))
    assert "streaming" not in collected.states


@pytest.mark.parametrize("after_s", [0.0, 0.03, 0.1, 0.2, 0.35, 0.6, 2.0, 4.0])
def test_stop_ends_at_once_from_any_state_and_leaves_nothing(after_s):
    async def main():
        async with VirtualRadio() as radio:
            sensor = await radio.add_witmotion(NAME, ADDRESS, still_leg())
            await asyncio.sleep(0.1)
            tasks = asyncio.all_tasks()
            collected = Collected(radio, sensor)
            await asyncio.sleep(after_s)
            now = asyncio.get_running_loop().time
            began_s = now()
            await collected.stop()
            took_s = now() - began_s
            await asyncio.sleep(0.1)
            return took_s, asyncio.all_tasks() - tasks, sensor.device.connections

    took_s, leaked, connections = run_virtually(main(), limit_s=30)

    assert took_s < 0.5
    assert not leaked
    assert not connections


def test_cancelling_the_collector_ends_the_link_and_is_not_swallowed():
    async def main():
        async with VirtualRadio() as radio:
            sensor = await radio.add_witmotion(NAME, ADDRESS, still_leg())
            collected = Collected(radio, sensor)
            await collected.until(S.STREAMING)
            collected.task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await collected.task
            await asyncio.sleep(0.1)
            return collected.states[-1], sensor.device.connections

    assert run_virtually(main()) == ("stopped", {})


def test_the_stop_commands_are_written_when_the_collector_is_stopped():
    goodbye = Command(data=b"stop", purpose="stop", with_response=True)

    collected = collect(five_seconds, family=replace(WITMOTION, stop=(goodbye,)))

    assert collected.sensor.commands[-1] == b"stop"


def test_a_fault_of_the_listener_comes_out_of_run():
    def listener(event):
        if isinstance(event, Received):
            raise ZeroDivisionError

    async def main():
        async with VirtualRadio() as radio:
            await radio.add_witmotion(NAME, ADDRESS, still_leg())
            await Collector(WITMOTION, backend=radio.backend, on_event=listener).run()

    with pytest.raises(ZeroDivisionError):
        run_virtually(main())


def test_a_start_sequence_that_takes_too_long_is_tried_again():
    params = CollectorParams(stream=StreamParams(start_limit_s=0.3))

    async def wait(_):
        await asyncio.sleep(5)

    patient, impatient = collect(wait), collect(wait, collector=params)

    assert "streaming" in patient.states
    assert "streaming" not in impatient.states
    assert any("start commands" in (e.reason or "") for e in impatient.of(StateChanged))
