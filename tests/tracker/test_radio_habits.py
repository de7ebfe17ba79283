"""Three habits that keep the operating systems' Bluetooth stacks out of trouble."""

import asyncio

import numpy as np

from firmware_bridge import ImuPacket
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
from tracker.ble import Backend
from tracker.collector_events import CollectorState, Received
from tracker.virtual_radio import VirtualRadio, run_virtually


class Watched:
    """A backend that notes who scans and connects at the same time, and every client made."""

    def __init__(self, backend):
        self.n_busy = self.most_busy = 0
        self.clients = []
        watched = self

        class Scanner(backend.scanner):
            async def start(self):
                watched.enter()
                await super().start()

            async def stop(self):
                await super().stop()
                watched.n_busy -= 1

        class Client(backend.client):
            def __init__(self, *arguments, **options):
                super().__init__(*arguments, **options)
                watched.clients.append(self)
                self.n_connected = 0

            async def connect(self, pair, **options):
                self.n_connected += 1
                watched.enter()
                try:
                    await super().connect(pair, **options)
                finally:
                    watched.n_busy -= 1

        self.backend = Backend(Scanner, Client)

    def enter(self):
        self.n_busy += 1
        self.most_busy = max(self.most_busy, self.n_busy)


def test_two_collectors_never_scan_or_connect_at_the_same_time_whatever_breaks():
    async def main():
        async with VirtualRadio() as radio:
            watched = Watched(radio.backend)
            both = []
            for name, address in ((NAME, ADDRESS), ("WT901BLE67", OTHER_ADDRESS)):
                sensor = await radio.add_witmotion(name, address, still_leg())
                one = Collected(radio, sensor, target=address)
                one.collector._backend = watched.backend
                both.append(one)
            for one in both:
                await one.until("streaming")
            for _ in range(5):
                await asyncio.gather(radio.drop(ADDRESS), radio.drop(OTHER_ADDRESS))
                await asyncio.sleep(5)
            states = [one.collector.state for one in both]
            for one in both:
                await one.stop()
            return watched, states

    watched, states = run_virtually(main(), limit_s=120)

    assert watched.most_busy == 1
    assert len(watched.clients) == 12
    assert states == [CollectorState.STREAMING] * 2


def test_every_attempt_has_a_client_of_its_own():
    async def main():
        async with VirtualRadio() as radio:
            watched = Watched(radio.backend)
            sensor = await radio.add_witmotion(NAME, ADDRESS, still_leg())
            collected = Collected(radio, sensor)
            collected.collector._backend = watched.backend
            await collected.until("streaming")
            radio.refuse(ADDRESS)
            await radio.drop(ADDRESS)
            await asyncio.sleep(5)
            radio.refuse(ADDRESS, refused=False)
            await asyncio.sleep(8)
            await collected.stop()
            return watched.clients

    clients = run_virtually(main(), limit_s=120)

    assert len(clients) >= 4
    assert all(client.n_connected == 1 for client in clients)
    assert not any(client.is_connected for client in clients)


def test_after_a_reconnection_that_delivers_twice_every_sample_counts_once():
    async def main():
        async with collecting(source=counting_leg()) as collected:
            await collected.until("streaming")
            await asyncio.sleep(5)
            collected.radio.double_notifications()
            await collected.radio.drop(ADDRESS)
            await asyncio.sleep(10)
        return collected

    collected = run_virtually(main(), limit_s=120)

    numbers = [
        int(sample_number(packet.acc_ms2[0]))
        for event in collected.of(Received)
        if event.is_settled
        for packet in event.packets
        if isinstance(packet, ImuPacket)
    ]
    assert (np.diff(numbers) > 0).all()
    assert collected.collector.counts.n_doubled >= 900
    assert WITMOTION.index == "none", "nothing but the bytes tells a double here"


def test_a_pulled_adapter_is_told_and_the_sensor_is_back_soon_after_it():
    async def main():
        async with collecting() as collected:
            await collected.until("streaming")
            collected.radio.pull_adapter()
            await asyncio.sleep(6)
            collected.radio.plug_adapter()
            plugged_s = asyncio.get_running_loop().time()
            await collected.until("streaming")
            back_s = asyncio.get_running_loop().time() - plugged_s
        return collected, back_s

    collected, back_s = run_virtually(main(), limit_s=120)

    reasons = [event.reason for event in collected.events if getattr(event, "reason", None)]
    assert any("no usable Bluetooth" in reason for reason in reasons)
    assert back_s < 7
