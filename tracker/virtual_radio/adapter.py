"""One simulated Bluetooth adapter, shared by all scanners and clients of a program."""

import asyncio
from collections.abc import Callable

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason
from bumble import hci
from bumble.device import Advertisement, ConnectionParametersPreferences, Device
from bumble.snoop import Snooper

from tracker.btsnoop import TraceWriter

ASKED_MTU = 247
"""What current Linux, Windows and Apple systems ask for, or more."""


class _ChipTrace(Snooper):
    def __init__(self, trace: TraceWriter, clock_s: Callable[[], float]) -> None:
        self._trace = trace
        self._clock_s = clock_s

    def snoop(self, hci_packet: bytes, direction: Snooper.Direction) -> None:
        is_received = direction is Snooper.Direction.CONTROLLER_TO_HOST
        self._trace.add(hci_packet, self._clock_s(), is_received=is_received)


class VirtualAdapter:
    """A Bumble central with the state that scanners and clients share.

    One controller can scan and hold many links, so every client uses the same one, as on a
    real machine.
    """

    def __init__(self, device: Device, *, interval_ms: float, supervision_s: float) -> None:
        self.device = device
        self.is_powered = False
        self.is_present = True
        self.doubles_notifications = False
        self.connecting = asyncio.Lock()
        self.known: dict[str, hci.Address] = {}
        self.preferences = {
            hci.HCI_LE_1M_PHY: ConnectionParametersPreferences(
                connection_interval_min=max(7.5, interval_ms),
                connection_interval_max=max(7.5, interval_ms),
                supervision_timeout=int(supervision_s * 1000),
            )
        }
        self._listeners: dict[Callable[[Advertisement], None], None] = {}
        device.on(device.EVENT_ADVERTISEMENT, self._on_advertisement)

    def trace(self, trace: TraceWriter, clock_s: Callable[[], float]) -> None:
        """Write every packet between host and chip to a trace from now on."""
        self.device.host.snooper = _ChipTrace(trace, clock_s)

    async def open(self) -> None:
        """Switch the adapter on."""
        await self.device.power_on()
        self.is_powered = True

    def check_power(self) -> None:
        """Raise what bleak raises when Bluetooth is off, or the adapter was pulled out.

        Raises
        ------
        BleakBluetoothNotAvailableError
            If it is.

        """
        if not self.is_present:
            raise BleakBluetoothNotAvailableError(
                "the virtual adapter is gone", BleakBluetoothNotAvailableReason.NO_BLUETOOTH
            )
        if not self.is_powered:
            raise BleakBluetoothNotAvailableError(
                "the virtual adapter is off", BleakBluetoothNotAvailableReason.POWERED_OFF
            )

    async def listen(self, listener: Callable[[Advertisement], None], *, is_active: bool) -> None:
        """Hand every advertisement to a listener, scanning while there is one."""
        self._listeners[listener] = None
        if len(self._listeners) == 1:
            await self.device.start_scanning(active=is_active, filter_duplicates=False)

    async def unlisten(self, listener: Callable[[Advertisement], None]) -> None:
        """Stop handing advertisements to a listener."""
        self._listeners.pop(listener, None)
        if not self._listeners and self.device.is_scanning:
            await self.device.stop_scanning()

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        if not (self.is_powered and self.is_present):
            return
        # Keeps the kind of address (random or public), which a bare address does not tell.
        self.known[str(advertisement.address.to_string(False))] = advertisement.address
        for listener in list(self._listeners):
            listener(advertisement)
