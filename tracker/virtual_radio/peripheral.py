"""A simulated sensor on the air: a chip, an advertisement, services, and samples that come on time.

What the sensor says and does is a `SimulatedDevice` of firmware_bridge, which knows no radio.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from bumble import att, core, data_types, hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink
from numpy.typing import ArrayLike, NDArray

from firmware_bridge import (
    GattCharacteristic,
    GattService,
    Sampled,
    Sent,
    SimulatedDevice,
    WriteRefusedError,
)
from tracker.cancelling import cancel_and_wait
from tracker.virtual_radio.air import AirLink
from tracker.virtual_radio.controller import VirtualController

ADVERTISING_INTERVAL_MS: Final = 50.0
_NOTIFICATION_HEAD_BYTES: Final = 3
_WRITE_NOT_PERMITTED: Final = 0x03
_SIG_BASE: Final = "-0000-1000-8000-00805f9b34fb"
_PROPERTIES: Final = {
    "read": Characteristic.Properties.READ,
    "write": Characteristic.Properties.WRITE,
    "write-without-response": Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": Characteristic.Properties.NOTIFY,
    "indicate": Characteristic.Properties.INDICATE,
}

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

    Parameters
    ----------
    link : AirLink
        The air.
    simulated : SimulatedDevice
        What it says and does.
    address : str
        A random static address.
    feed : MotionFeed
        How it is moved.
    clock_ppm : float
        How much longer than nominal its sample period is.

    """

    def __init__(
        self,
        link: AirLink,
        simulated: SimulatedDevice,
        address: str,
        feed: MotionFeed,
        *,
        clock_ppm: float = 0.0,
    ) -> None:
        self.simulated = simulated
        self.name = simulated.name
        self.address = address
        self.link = link
        self.device = make_device(link, simulated.name, address)
        self.device.gatt_server.max_mtu = simulated.max_mtu
        self.commands: list[bytes] = []
        self.is_muted = False
        self.refuses_writes = False
        self.n_sent = 0
        self._feed = feed
        self._clock_factor = 1.0 + clock_ppm * 1e-6
        self._on_since_s = asyncio.get_running_loop().time()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_hidden = False
        self._advertising = asyncio.Lock()
        self._values: dict[str, Characteristic[bytes]] = {}
        self.device.add_services([self._service(one) for one in simulated.services])
        self.device.advertising_data = self._advertising_data()
        # The name goes into the scan response, as in real sensors: beside a UUID of 128 bits an
        # advertisement has room for eight letters.
        self.device.scan_response_data = bytes(
            AdvertisingData([data_types.CompleteLocalName(self.name)])
        )

    @property
    def rate_hz(self) -> float:
        """Samples a second on its own clock."""
        return self.simulated.rate_hz

    def power_cycle(self) -> None:
        """Forget what was not saved; its clock begins anew."""
        self.simulated.power_cycle()
        self._on_since_s = asyncio.get_running_loop().time()

    def _service(self, described: GattService) -> Service:
        values = [self._characteristic(one) for one in described.characteristics]
        return Service(_uuid(described.uuid), values)

    def _characteristic(self, described: GattCharacteristic) -> Characteristic[bytes]:
        def read(_connection: Connection) -> bytes:
            return self.simulated.read(described.uuid)

        def write(_connection: Connection, value: bytes) -> None:
            self._on_write(described.uuid, bytes(value))

        properties = Characteristic.Properties(0)
        for one in described.properties:
            properties |= _PROPERTIES[one]
        value: Characteristic[bytes] = Characteristic(
            _uuid(described.uuid),
            properties,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(read=read, write=write),
        )
        self._values[described.uuid] = value
        return value

    def _advertising_data(self) -> bytes:
        flags = (
            AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
            | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
        )
        parts: list[core.DataType] = [data_types.Flags(flags)]
        uuids = [_uuid(one) for one in self.simulated.advertised_uuids]
        short = [one for one in uuids if len(one.uuid_bytes) == 2]  # noqa: PLR2004 - 16 bits
        long = [one for one in uuids if one not in short]
        if short:
            parts.append(data_types.IncompleteListOf16BitServiceUUIDs(short))
        if long:
            parts.append(data_types.IncompleteListOf128BitServiceUUIDs(long))
        if self.simulated.company_id is not None:
            parts.append(data_types.ManufacturerSpecificData(self.simulated.company_id, b"\0"))
        return bytes(AdvertisingData(parts))

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

    def _on_write(self, characteristic: str, data: bytes) -> None:
        if self.refuses_writes:
            raise att.ATT_Error(_WRITE_NOT_PERMITTED)
        self.commands.append(data)
        now_s = asyncio.get_running_loop().time()
        try:
            sent = self.simulated.write(characteristic, data, now_s)
        except WriteRefusedError as error:
            raise att.ATT_Error(error.att_code) from error
        if sent:
            self._spawn(self._send(sent))

    async def _send(self, sent: list[Sent]) -> None:
        """Send to whoever subscribed."""
        for one in sent:
            value = self._values[one.characteristic]
            if value.properties & Characteristic.Properties.INDICATE:
                with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                    await self.device.indicate_subscribers(value, one.data)
            else:
                await self.device.notify_subscribers(value, one.data)

    def _take_sample(self, motion: Motion, clock_s: float) -> list[Sent]:
        room = min(one.att_mtu for one in self.device.connections.values())
        return self.simulated.sample(
            Sampled(
                acc_ms2=motion.acc_ms2.tolist(),
                gyr_rads=motion.gyr_rads.tolist(),
                clock_s=clock_s,
                room=room - _NOTIFICATION_HEAD_BYTES,
            )
        )

    def _on_connection(self, connection: Connection) -> None:
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        self.simulated.link_ended()
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
                clock_s = (due_s - self._on_since_s) / self._clock_factor
                await self._send(self._take_sample(motion, clock_s))


def _uuid(text: str) -> UUID:
    """Return a UUID, in its short form where it has one."""
    return UUID(text[4:8] if text.startswith("0000") and text.endswith(_SIG_BASE) else text)
