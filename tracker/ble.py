"""Bluetooth Low Energy: the one file of the product that speaks to bleak.

What bleak raises comes out as `RadioError`, in sentences that say what to try. Three habits keep
the operating systems' Bluetooth stacks out of trouble: one scan or connection attempt at a time
per adapter, a new client for every attempt, and a disconnect after every attempt, whatever
happened and even while the program is being stopped.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakCharacteristicNotFoundError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from tracker.btsnoop import TraceWriter
from tracker.cancelling import wait_done
from tracker.errors import (
    BluetoothOffError,
    ConnectFailedError,
    LinkLostError,
    RadioError,
    SensorNotFoundError,
    SensorRefusedError,
)
from tracker.radio_tap import RadioTap

CONNECT_LIMIT_S: Final = 10.0
REQUEST_LIMIT_S: Final = 5.0
DISCONNECT_LIMIT_S: Final = 5.0
"""Disconnecting takes ten seconds, or never ends, where another program holds the sensor."""

NEEDS_PAIRING: Final = (0x05, 0x0F)
"""What a sensor answers that keeps its values from strangers: authentication, encryption."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Backend:
    """Which radio to use: bleak's own for this platform, or the classes of another one.

    `tap` is told of all that passes. `trace_chip`, where there is one, makes a simulated chip
    write its own packets to a trace, by the clock given.
    """

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None
    tap: RadioTap | None = field(default=None, compare=False)
    trace_chip: Callable[[TraceWriter, Callable[[], float]], None] | None = field(
        default=None, compare=False
    )
    _locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = field(
        default_factory=WeakKeyDictionary, repr=False, compare=False
    )

    @property
    def turn(self) -> asyncio.Lock:
        """The lock that whoever scans or connects on this adapter holds."""
        return self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())


PLATFORM: Final = Backend()
"""The computer's own Bluetooth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sensor, or anything else that advertised."""

    name: str | None
    address: str
    rssi_dbm: int
    service_uuids: tuple[str, ...]
    company_ids: tuple[int, ...] = ()
    device: BLEDevice = field(repr=False, compare=False)


async def scan(seconds: float, *, backend: Backend | None = None) -> list[Seen]:
    """Listen for a while and return everything that advertised, strongest first.

    Raises
    ------
    BluetoothOffError
        If Bluetooth cannot be used.

    """
    heard: dict[str, Seen] = {}
    async with _scanning(backend or PLATFORM, lambda seen: heard.update({seen.address: seen})):
        await asyncio.sleep(seconds)
    return sorted(heard.values(), key=lambda seen: -seen.rssi_dbm)


async def find(
    accept: Callable[[Seen], bool], limit_s: float, *, backend: Backend | None = None
) -> Seen:
    """Scan until something acceptable advertises.

    Raises
    ------
    SensorNotFoundError
        If nothing did within `limit_s`.
    BluetoothOffError
        If Bluetooth cannot be used.

    """
    found: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()

    def look(seen: Seen) -> None:
        if not found.done() and accept(seen):
            found.set_result(seen)

    async with _scanning(backend or PLATFORM, look):
        done, _ = await asyncio.wait({found}, timeout=limit_s)
    if not done:
        raise SensorNotFoundError(
            f"No sensor was heard in {limit_s:.0f} s: switch it on, bring it near, "
            "and close other programs that may be connected to it."
        )
    return found.result()


@contextlib.asynccontextmanager
async def _scanning(backend: Backend, on_seen: Callable[[Seen], None]) -> AsyncIterator[None]:
    """Scan while the body runs, holding the adapter's turn."""

    def detected(device: BLEDevice, data: AdvertisementData) -> None:
        seen = Seen(
            name=data.local_name or device.name,
            address=device.address,
            rssi_dbm=data.rssi,
            service_uuids=tuple(uuid.lower() for uuid in data.service_uuids),
            company_ids=tuple(data.manufacturer_data),
            device=device,
        )
        if backend.tap is not None:
            backend.tap.advertised(seen.address, seen.rssi_dbm, seen.name, seen.service_uuids)
        on_seen(seen)

    async with backend.turn:
        scanner: BleakScanner | None = None
        try:
            with _translated(RadioError, "Scanning failed"):
                scanner = BleakScanner(detected, backend=backend.scanner)
                await scanner.start()
            yield
        finally:
            if scanner is not None:
                await _finish(scanner.stop(), "stop scanning")


class Link:
    """A connection to one sensor; `open_link` makes it.

    `on_lost` is called once, when the link has ended for whatever reason.
    """

    def __init__(self, client: BleakClient, number: int, tap: RadioTap | None = None) -> None:
        self.number = number
        self._client = client
        self._tap = tap
        self._lost = asyncio.Event()
        self.on_lost: Callable[[], None] | None = None

    @property
    def is_up(self) -> bool:
        """Whether the link stands."""
        return not self._lost.is_set() and self._client.is_connected

    async def wait_lost(self) -> None:
        """Return when the link has ended."""
        await self._lost.wait()

    def mark_lost(self) -> None:
        """Note that the link has ended; nothing is delivered any more."""
        if not self._lost.is_set():
            self._lost.set()
            if self._tap is not None:
                self._tap.disconnected(self.number)
            if self.on_lost is not None:
                self.on_lost()

    async def start_notify(
        self, characteristic: str, on_data: Callable[[str, bytes, float], None]
    ) -> None:
        """Subscribe to a characteristic.

        Parameters
        ----------
        characteristic : str
            Its UUID.
        on_data : callable
            Takes the UUID in lower case, the bytes, and the arrival time in s of the loop's
            clock. It is not called after the end of this link, however late the operating
            system delivers.

        Raises
        ------
        LinkLostError, SensorRefusedError
            If the link broke, or the sensor has no such characteristic.

        """
        now = asyncio.get_running_loop().time
        uuid = characteristic.lower()

        def arrived(sender: BleakGATTCharacteristic, data: bytearray) -> None:
            arrival_s = now()  # before anything else
            if self._tap is not None:
                self._tap.notified(self.number, sender.handle, bytes(data))
            if not self._lost.is_set():
                on_data(uuid, bytes(data), arrival_s)

        with _translated(LinkLostError, "The sensor did not start to send"):
            async with asyncio.timeout(REQUEST_LIMIT_S):
                await self._client.start_notify(characteristic, arrived)

    async def write(self, characteristic: str, data: bytes, *, with_response: bool) -> None:
        """Write bytes to a characteristic.

        Raises
        ------
        LinkLostError, SensorRefusedError
            If the link broke, or the sensor refused.

        """
        with _translated(LinkLostError, "The sensor did not take a command"):
            if self._tap is not None:
                taker = self._client.services.get_characteristic(characteristic)
                handle = 0 if taker is None else taker.handle
                self._tap.written(self.number, handle, data, with_response=with_response)
            async with asyncio.timeout(REQUEST_LIMIT_S):
                await self._client.write_gatt_char(characteristic, data, response=with_response)

    async def read(self, characteristic: str) -> bytes:
        """Read a characteristic.

        Raises
        ------
        LinkLostError, SensorRefusedError
            If the link broke, or the sensor has no such characteristic, or keeps it to itself.

        """
        with _translated(LinkLostError, "The sensor did not tell a value"):
            async with asyncio.timeout(REQUEST_LIMIT_S):
                return bytes(await self._client.read_gatt_char(characteristic))


@contextlib.asynccontextmanager
async def open_link(
    seen: Seen,
    number: int,
    *,
    backend: Backend | None = None,
    farewell: Callable[[Link], Coroutine[Any, Any, None]] | None = None,
) -> AsyncIterator[Link]:
    """Connect to a sensor, and disconnect when the body ends, however it ends.

    Parameters
    ----------
    seen : Seen
        What a scan just found. Never a bare address: several systems forget what they saw.
    number : int
        Number of this link.
    backend : Backend, optional
        The radio; the computer's own without it.
    farewell : callable, optional
        Coroutine function run before disconnecting while the link still stands.

    Raises
    ------
    ConnectFailedError, BluetoothOffError
        If no link came about.

    """
    backend = backend or PLATFORM
    made: list[Link] = []

    def disconnected(_: BleakClient) -> None:
        for link in made:
            link.mark_lost()

    client = BleakClient(seen.device, disconnected, backend=backend.client)
    link = Link(client, number, backend.tap)
    made.append(link)
    try:
        async with backend.turn:
            with _translated(ConnectFailedError, f"No link to {seen.name or seen.address}"):
                async with asyncio.timeout(CONNECT_LIMIT_S):
                    await client.connect()
        if backend.tap is not None:
            backend.tap.connected(number, seen.address)
        yield link
    finally:
        await _finish(_say_goodbye(link, client, farewell), "disconnect")
        link.mark_lost()


async def _say_goodbye(
    link: Link,
    client: BleakClient,
    farewell: Callable[[Link], Coroutine[Any, Any, None]] | None,
) -> None:
    if farewell is not None and link.is_up:
        with contextlib.suppress(RadioError):
            await farewell(link)
    await client.disconnect()


async def _finish(steps: Coroutine[Any, Any, None], purpose: str) -> None:
    """Do some cleaning up to its end, or to a time limit, even while being cancelled."""
    task = asyncio.ensure_future(steps)
    try:
        await wait_done(task, limit_s=DISCONNECT_LIMIT_S)
    finally:
        if not task.done():
            _log.warning("Bluetooth did not %s within %.0f s", purpose, DISCONNECT_LIMIT_S)
            task.cancel()
        elif not task.cancelled() and task.exception() is not None:
            _log.debug("could not %s: %s", purpose, task.exception())


@contextlib.contextmanager
def _translated(otherwise: type[RadioError], doing: str) -> Iterator[None]:
    """Turn what bleak raises into this product's errors."""
    try:
        yield
    except BleakBluetoothNotAvailableError as error:
        raise BluetoothOffError(_bluetooth_advice(error)) from error
    except BleakDeviceNotFoundError as error:
        raise SensorNotFoundError(
            f"{doing}: the sensor is gone; press its button and bring it near."
        ) from error
    except (BleakGATTProtocolError, BleakCharacteristicNotFoundError) as error:
        if isinstance(error, BleakGATTProtocolError) and error.code in NEEDS_PAIRING:
            raise SensorRefusedError(
                f"{doing}: the sensor wants to be paired first, in the system's Bluetooth settings."
            ) from error
        raise SensorRefusedError(
            f"{doing}: {error}. Check that the sensor is of the chosen kind, then switch it "
            "off and on."
        ) from error
    except TimeoutError as error:
        raise otherwise(
            f"{doing} in time: bring the sensor nearer, and close the maker's app if it is open."
        ) from error
    except FileNotFoundError as error:  # Linux without D-Bus: no Bluetooth service at all
        raise BluetoothOffError(
            "There is no Bluetooth service here: install and start bluez, or plug in an adapter."
        ) from error
    except (BleakError, OSError, EOFError) as error:
        if isinstance(error, RadioError):
            raise
        raise otherwise(
            f"{doing} ({_one_line(error)}): bring the sensor nearer; if this stays, switch "
            "Bluetooth off and on."
        ) from error


def _bluetooth_advice(error: BleakBluetoothNotAvailableError) -> str:
    name = error.reason.name
    if name == "POWERED_OFF":
        return "Bluetooth is switched off: switch it on."
    if name.startswith("DENIED"):
        return "This program may not use Bluetooth: allow it in the system's privacy settings."
    return f"There is no usable Bluetooth here ({error.args[0]}): plug in or enable an adapter."


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
