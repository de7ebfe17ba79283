"""bleak's client interface on a virtual adapter."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

from bleak import BleakScanner
from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import att, core, hci
from bumble.device import Connection, Peer

from tracker.virtual_radio.adapter import ASKED_MTU, VirtualAdapter
from tracker.virtual_radio.scanner import uuid_text

NOTIFICATION_HEADER_BYTES = 3
Result = TypeVar("Result")


class VirtualClient(BaseBleakClient):
    """A link through the virtual air; a subclass names its adapter and scanner."""

    adapter: ClassVar[VirtualAdapter]
    scanner: ClassVar[type[BaseBleakScanner]]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None = None,
        timeout: float = 30.0,
        services: set[str] | None = None,
        **_platform_options: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=disconnected_callback,
            timeout=timeout,
        )
        self._wanted_services = services
        self._subscriptions: dict[int, Callable[[bytes], None]] = {}
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._gone = asyncio.Event()
        self._name: str | None = None
        self._peer_address: hci.Address | None = None
        if isinstance(address_or_ble_device, BLEDevice):
            self._name = address_or_ble_device.name
            if isinstance(address_or_ble_device.details, hci.Address):
                self._peer_address = address_or_ble_device.details

    @property
    def name(self) -> str:
        """Name of the sensor, else its address with dashes."""
        return self._name or self.address.replace(":", "-")

    @property
    def is_connected(self) -> bool:
        """Whether the link stands."""
        return self._connection is not None

    @property
    def mtu_size(self) -> int:
        """The agreed maximum size of a packet in bytes."""
        return int(self._linked()[0].att_mtu)

    def _linked(self) -> tuple[Connection, Peer]:
        if self._connection is None or self._peer is None:
            raise BleakError("Not connected")
        return self._connection, self._peer

    def _on_disconnection(self, _reason: int) -> None:
        self._connection, self._peer, self.services = None, None, None
        self._subscriptions.clear()
        self._gone.set()
        if self._disconnected_callback:
            self._disconnected_callback()

    # Connecting.

    async def connect(self, pair: bool, **options: Any) -> None:  # noqa: ARG002 - bleak's
        """Make a link and read the services."""
        if self._connection is not None:
            raise BleakError("Client is already connected")
        self.adapter.check_power()
        timeout_s = options.get("timeout", self._timeout)
        address = await self._resolve(timeout_s)
        async with asyncio.timeout(timeout_s), self.adapter.connecting:
            try:
                connection = await self._make_link(address)
            except (core.BaseBumbleError, hci.HCI_Error) as error:
                raise BleakError(f"connection failed: {error}") from error
        self._gone = asyncio.Event()
        self._connection, self._peer = connection, Peer(connection)
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        try:
            async with asyncio.timeout(timeout_s):
                await self._procedure(self._discover(connection, self._peer))
        except BaseException:
            with contextlib.suppress(BleakError, TimeoutError):
                await self.disconnect()
            raise

    async def _resolve(self, timeout_s: float) -> hci.Address:
        address = self._peer_address or self.adapter.known.get(self.address.upper())
        if address is None:
            found = await BleakScanner.find_device_by_address(
                self.address, timeout_s, backend=self.scanner
            )
            if found is None:
                raise BleakDeviceNotFoundError(self.address, f"Device {self.address} was not found")
            address = found.details
        self._peer_address = address
        return address

    async def _make_link(self, address: hci.Address) -> Connection:
        device = self.adapter.device
        attempt = asyncio.ensure_future(
            device.connect_le(address, self.adapter.preferences, timeout=None)
        )
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:  # time is up, or the caller was cancelled
            with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error):
                await device.cancel_connection()  # type: ignore[no-untyped-call]
            done, _ = await asyncio.wait({attempt}, timeout=2)
            if not done:
                attempt.cancel()
            elif not attempt.cancelled() and attempt.exception() is None:
                with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error):
                    await attempt.result().disconnect()  # it connected at the last moment
            raise

    async def _discover(self, connection: Connection, peer: Peer) -> None:
        with contextlib.suppress(att.ATT_Error):
            await peer.request_mtu(ASKED_MTU)
        tree = BleakGATTServiceCollection()
        for service in await peer.discover_services():
            text = uuid_text(service.uuid)
            if self._wanted_services and text not in self._wanted_services:
                continue
            bleak_service = BleakGATTService(service, service.handle, text)
            tree.add_service(bleak_service)
            for characteristic in await service.discover_characteristics():
                bleak_characteristic = BleakGATTCharacteristic(
                    characteristic,
                    characteristic.handle,
                    uuid_text(characteristic.uuid),
                    list(gatt_char_props_to_strs(int(characteristic.properties))),
                    lambda: connection.att_mtu - NOTIFICATION_HEADER_BYTES,
                    bleak_service,
                )
                tree.add_characteristic(bleak_characteristic)
                for descriptor in await characteristic.discover_descriptors():
                    text = uuid_text(descriptor.type)
                    tree.add_descriptor(
                        BleakGATTDescriptor(
                            descriptor, descriptor.handle, text, bleak_characteristic
                        )
                    )
        self.services = tree

    async def disconnect(self) -> None:
        """End the link; nothing happens without one."""
        if self._connection is None:
            return
        with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error):
            await self._connection.disconnect()
        async with asyncio.timeout(10):
            await self._gone.wait()

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Pair with the sensor."""
        connection, _ = self._linked()
        await self._procedure(connection.pair())

    async def unpair(self) -> None:
        """Raise: no backend on this radio keeps keys."""
        raise NotImplementedError

    # Attribute procedures.

    async def _procedure(self, steps: Coroutine[Any, Any, Result]) -> Result:
        """Run one procedure; a link that ends meanwhile raises `BleakError`.

        Bumble cancels the waiting future instead, which would look like a cancelled task.
        """
        task = asyncio.ensure_future(steps)
        gone = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done() or task.cancelled():
                raise BleakError("disconnected")
            return task.result()
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(int(error.error_code)) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from error
        finally:
            gone.cancel()
            task.cancel()
            await asyncio.wait({gone, task})
            if not task.cancelled():
                task.exception()  # seen, even where the link ended first

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,  # noqa: ARG002 - bleak's signature
        **_kwargs: Any,
    ) -> bytearray:
        """Read a characteristic."""
        _, peer = self._linked()
        return bytearray(await self._procedure(peer.read_value(characteristic.obj)))

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,  # noqa: ARG002 - bleak's signature
        **_kwargs: Any,
    ) -> bytearray:
        """Read a descriptor."""
        _, peer = self._linked()
        return bytearray(await self._procedure(peer.read_value(descriptor.obj)))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a characteristic."""
        _, peer = self._linked()
        write = peer.write_value(characteristic.obj, bytes(data), with_response=response)
        await self._procedure(write)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor."""
        _, peer = self._linked()
        await self._procedure(peer.write_value(descriptor.obj, bytes(data), with_response=True))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **_kwargs: Any,
    ) -> None:
        """Subscribe to notifications."""
        _, peer = self._linked()
        if characteristic.handle in self._subscriptions:
            raise BleakError("notifications already started")

        def deliver(value: bytes) -> None:
            for _ in range(2 if self.adapter.doubles_notifications else 1):
                callback(bytearray(value))

        self._subscriptions[characteristic.handle] = deliver
        try:
            await self._procedure(peer.subscribe(characteristic.obj, deliver))
        except BaseException:
            self._subscriptions.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        _, peer = self._linked()
        deliver = self._subscriptions.pop(characteristic.handle, None)
        if deliver is not None:
            await self._procedure(peer.unsubscribe(characteristic.obj, deliver))
