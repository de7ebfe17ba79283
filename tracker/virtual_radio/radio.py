"""The virtual radio: simulated sensors, one adapter, and a hand on everything that can go wrong."""

import asyncio
from types import TracebackType
from typing import Final, Self

from firmware_bridge import SimulatedDevice, make_simulated
from tracker.ble import Backend
from tracker.virtual_radio.adapter import VirtualAdapter
from tracker.virtual_radio.air import AirLink, AirParams
from tracker.virtual_radio.client import VirtualClient
from tracker.virtual_radio.controller import HOST_ENDED
from tracker.virtual_radio.peripheral import MotionFeed, Peripheral, SampleSource, make_device
from tracker.virtual_radio.quiet import quiet_bumble
from tracker.virtual_radio.scanner import VirtualScanner

ADAPTER_ADDRESS: Final = "F0:F1:F2:F3:F4:F5"
SETTLE_S: Final = 0.05
"""Packets that are on their way arrive before the loop closes."""


class VirtualRadio:
    """Simulated sensors on a simulated adapter; use as `async with VirtualRadio() as radio`.

    Real HCI, L2CAP, ATT and GATT packets travel between the sensors and bleak's client. Give
    `backend` to `tracker.ble`. Sensors are named by their address in all fault methods.

    Parameters
    ----------
    params : AirParams, optional
        Timing of the air.

    """

    def __init__(self, params: AirParams | None = None) -> None:
        self._params = params or AirParams()
        self._link: AirLink | None = None
        self._adapter: VirtualAdapter | None = None
        self._backend: Backend | None = None
        self._sensors: dict[str, Peripheral] = {}

    async def __aenter__(self) -> Self:
        """Switch the air and the adapter on."""
        quiet_bumble()
        self._link = AirLink(self._params)
        adapter = VirtualAdapter(
            make_device(self._link, "adapter", ADAPTER_ADDRESS),
            interval_ms=self._params.interval_ms,
            supervision_s=self._params.supervision_s,
        )
        await adapter.open()
        scanner = type("AdapterScanner", (VirtualScanner,), {"adapter": adapter})
        client = type("AdapterClient", (VirtualClient,), {"adapter": adapter, "scanner": scanner})
        self._adapter, self._backend = adapter, Backend(scanner, client, trace_chip=adapter.trace)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Switch everything off."""
        for sensor in self._sensors.values():
            await sensor.stop()
        await asyncio.sleep(SETTLE_S)
        await self.adapter.device.power_off()

    @property
    def backend(self) -> Backend:
        """What `tracker.ble` takes to use this radio."""
        if self._backend is None:
            raise RuntimeError("the virtual radio is off: use it in `async with`")
        return self._backend

    @property
    def adapter(self) -> VirtualAdapter:
        """The adapter that scanners and clients share."""
        if self._adapter is None:
            raise RuntimeError("the virtual radio is off: use it in `async with`")
        return self._adapter

    @property
    def link(self) -> AirLink:
        """The air."""
        if self._link is None:
            raise RuntimeError("the virtual radio is off: use it in `async with`")
        return self._link

    async def add(
        self,
        simulated: SimulatedDevice,
        address: str,
        source: SampleSource,
        *,
        rate_hz: float = 100.0,
        clock_ppm: float = 0.0,
    ) -> Peripheral:
        """Switch on a simulated sensor.

        Parameters
        ----------
        simulated : SimulatedDevice
            What it says and does, as `firmware_bridge.make_simulated` gives it.
        address : str
            A random static address: its first byte is C0 or more.
        source : callable
            `source(n)` gives the next n samples of the leg, (n, 3) m/s² and (n, 3) rad/s.
        rate_hz : float
            Rate of the source. The sensor sends at its own rate, whatever it was told.
        clock_ppm : float
            How much longer than nominal the sensor's sample period is.

        """
        feed = MotionFeed(source, rate_hz)
        sensor = Peripheral(self.link, simulated, address, feed, clock_ppm=clock_ppm)
        self._sensors[address] = sensor
        await sensor.start()
        return sensor

    async def add_witmotion(
        self,
        name: str,
        address: str,
        source: SampleSource,
        *,
        rate_hz: float = 100.0,
        clock_ppm: float = 0.0,
    ) -> Peripheral:
        """Switch on a simulated WitMotion sensor of a name; the rest as in `add`."""
        simulated = make_simulated("witmotion")
        simulated.name = name
        return await self.add(simulated, address, source, rate_hz=rate_hz, clock_ppm=clock_ppm)

    def sensor(self, address: str) -> Peripheral:
        """Return the sensor of that address."""
        return self._sensors[address]

    # Faults of one sensor.

    def go_silent(self, address: str) -> None:
        """Out of reach, or battery out: nothing comes until the supervision time ends the link."""
        self.link.begin_silence(address)

    def come_back(self, address: str) -> None:
        """Within reach again."""
        self.link.end_silence(address)

    async def drop(self, address: str) -> None:
        """Let the sensor end its link."""
        await self._sensors[address].drop()

    async def vanish(self, address: str) -> None:
        """Switch the sensor off: no link, no advertisement."""
        await self._sensors[address].hide()

    async def reappear(self, address: str) -> None:
        """Switch the sensor on again; what was not saved is forgotten."""
        self._sensors[address].power_cycle()
        await self._sensors[address].show()

    def refuse(self, address: str, *, refused: bool = True) -> None:
        """Let attempts to connect fail."""
        change = self.link.refused.add if refused else self.link.refused.discard
        change(address)

    def refuse_writes(self, address: str, *, refused: bool = True) -> None:
        """Let the sensor answer commands with an error."""
        self._sensors[address].refuses_writes = refused

    def mute(self, address: str, *, muted: bool = True) -> None:
        """Stay connected, but send nothing."""
        self._sensors[address].is_muted = muted

    def lose(self, address: str, fraction: float) -> None:
        """Lose a fraction of the notifications."""
        self.link.loss[address] = fraction

    def limit_mtu(self, address: str, mtu: int = 23) -> None:
        """Agree on small packets from the next link on: longer notifications are cut."""
        self._sensors[address].device.gatt_server.max_mtu = mtu

    # Faults of the adapter and the air.

    def double_notifications(self, *, doubled: bool = True) -> None:
        """Deliver every notification twice, as some systems do after a reconnection."""
        self.adapter.doubles_notifications = doubled

    def slow_down(self, interval_ms: float) -> None:
        """Change the time between connection events."""
        self.link.interval_s = interval_ms / 1000.0

    def pull_adapter(self) -> None:
        """Pull the adapter out: links end here at once, and there for want of an answer."""
        self.adapter.is_present = False
        self.link.pull_out(ADAPTER_ADDRESS)

    def plug_adapter(self) -> None:
        """Put the adapter back."""
        self.adapter.is_present = True

    def power_off(self) -> None:
        """Switch Bluetooth off: links end, scanning and connecting are refused."""
        self.adapter.is_powered = False
        self.link.end_links_of(ADAPTER_ADDRESS, HOST_ENDED)

    def power_on(self) -> None:
        """Switch Bluetooth on again."""
        self.adapter.is_powered = True
