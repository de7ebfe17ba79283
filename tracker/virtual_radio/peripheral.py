"""What all simulated sensors share: a chip, an advertisement, and samples that come on time."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import numpy as np
from bumble import core, data_types, hci
from bumble.core import AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Service
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink
from numpy.typing import ArrayLike, NDArray

from tracker.cancelling import cancel_and_wait
from tracker.virtual_radio.air import AirLink
from tracker.virtual_radio.controller import VirtualController

ADVERTISING_INTERVAL_MS = 50.0

SampleSource = Callable[[int], tuple[ArrayLike, ArrayLike]]
"""Gives the next n samples of the moving leg: acceleration (n, 3) in m/s², rate (n, 3) in rad/s."""


def make_device(link: AirLink, name: str, address: str) -> Device:
    """Make a Bluetooth device with a chip of its own on the air; needs a running loop."""
    controller = VirtualController(name, air=link, link=link)
    configuration = DeviceConfiguration(
        name=name,
        address=hci.Address(address),
        advertising_interval_min=ADVERTISING_INTERVAL_MS,
        advertising_interval_max=ADVERTISING_INTERVAL_MS,
    )
    return Device(config=configuration, host=Host(controller, AsyncPipeSink(controller)))


@dataclass(frozen=True, slots=True)
class Motion:
    """One sample: acceleration (3,) in m/s², angular rate (3,) in rad/s."""

    acc_ms2: NDArray[np.float64]
    gyr_rads: NDArray[np.float64]


class MotionFeed:
    """Follow a source of samples at its own rate, whatever rate the sensor sends at.

    The leg moves on while the sensor is out of reach or slow: at every call the source is
    advanced to the asked time and the last sample is the current one.
    """

    def __init__(self, source: SampleSource, rate_hz: float) -> None:
        self._source = source
        self._rate_hz = rate_hz
        self._taken = 0
        self._now = Motion(np.zeros(3), np.zeros(3))

    def at(self, elapsed_s: float) -> Motion:
        """Return the sample at a time since the start; times may not go back."""
        due = round(elapsed_s * self._rate_hz) + 1
        n = due - self._taken
        if n > 0:
            acc, gyr = self._source(n)
            self._taken = due
            self._now = Motion(
                np.asarray(acc, dtype=np.float64)[-1], np.asarray(gyr, dtype=np.float64)[-1]
            )
        return self._now


class Peripheral:
    """A simulated sensor: advertises, is connected to, and takes a sample every period.

    Subclasses build their services and say what a sample does.
    """

    def __init__(
        self, link: AirLink, name: str, address: str, feed: MotionFeed, *, clock_ppm: float = 0.0
    ) -> None:
        self.name = name
        self.address = address
        self.link = link
        self.device = make_device(link, name, address)
        self.is_muted = False
        self.refuses_writes = False
        self.rate_hz = 10.0
        self.n_sent = 0
        self._feed = feed
        self._clock_factor = 1.0 + clock_ppm * 1e-6
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_hidden = False
        self._advertising = asyncio.Lock()

    def advertise_as(self, services: list[Service], advertised: core.UUID) -> None:
        """Set the services and what is said about them on the air.

        The name goes into the scan response, as in real sensors: beside a UUID of 128 bits an
        advertisement has room for eight letters.
        """
        self.device.add_services(services)
        flags = (
            AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
            | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
        )
        self.device.advertising_data = bytes(
            AdvertisingData(
                [
                    data_types.Flags(flags),
                    data_types.IncompleteListOf128BitServiceUUIDs([advertised]),
                ]
            )
        )
        self.device.scan_response_data = bytes(
            AdvertisingData([data_types.CompleteLocalName(self.name)])
        )

    async def start(self) -> None:
        """Switch the sensor on."""
        await self.device.power_on()
        self.device.on(self.device.EVENT_CONNECTION, self._on_connection)
        await self.show()
        self._spawn(self._sample_for_ever())

    async def stop(self) -> None:
        """Switch the sensor off for good."""
        await self.hide()
        await cancel_and_wait(*self._tasks)

    async def show(self) -> None:
        """Advertise, unless connected; and again after every link."""
        self._is_hidden = False
        await self._update_advertising()

    async def hide(self) -> None:
        """End all links and stop advertising, as a sensor that was switched off."""
        self._is_hidden = True
        await self.drop()
        await self._update_advertising()

    async def _update_advertising(self) -> None:
        async with self._advertising:  # Bumble does not expect two of these at once
            await self.device.stop_advertising()  # forgets the last set, if any
            if not self._is_hidden and not self.device.connections:
                await self.device.start_advertising()

    async def drop(self) -> None:
        """End all links from the sensor's side."""
        for connection in list(self.device.connections.values()):
            with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error):
                await connection.disconnect()

    async def send(self, motion: Motion) -> None:
        """Send one sample to whoever subscribed."""
        raise NotImplementedError

    def _on_connection(self, connection: Connection) -> None:
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self._spawn(self._update_advertising())

    def _spawn(self, steps: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(steps, name=f"sensor {self.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sample_for_ever(self) -> None:
        now = asyncio.get_running_loop().time
        start_s = due_s = now()
        while True:
            # At a changed rate the next sample is one new period after the last.
            due_s += self._clock_factor / self.rate_hz
            await asyncio.sleep(max(0.0, due_s - now()))
            motion = self._feed.at(due_s - start_s)
            if self.device.connections and not self.is_muted:
                self.n_sent += 1
                await self.send(motion)
