"""A WitMotion sensor: always streams, 10 samples a second from the factory, slow to obey.

A command counts only within ten seconds after the unlock command; what was changed survives
switching off only if it was saved. Models differ in how they pack samples: one frame of 20 bytes a
notification, several of them, or frames of 28 bytes with the sensor's calendar.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final

from firmware_bridge.device import GattCharacteristic, GattService, Sampled, Sent, SimulatedDevice
from firmware_bridge.witmotion import (
    NOTIFY_UUID,
    SERVICE_UUID,
    WRITE_UUID,
    encode_register_reply,
    encode_witmotion,
)

_RATES_HZ: Final = {
    0x01: 0.2, 0x02: 0.5, 0x03: 1.0, 0x04: 2.0, 0x05: 5.0, 0x06: 10.0,
    0x07: 20.0, 0x08: 50.0, 0x09: 100.0, 0x0B: 200.0,
}  # fmt: skip
_SAVE, _RATE, _READ, _BATTERY, _CONTENT = 0x00, 0x03, 0x27, 0x64, 0x96
_FACTORY: Final = {_RATE: 0x06, _CONTENT: 0}
_UNLOCK: Final = bytes.fromhex("ffaa6988b5")
_UNLOCKED_S: Final = 10.0
_COMMAND_BYTES: Final = 5
_MOTION: Final = 0  # acceleration, angular rate and angle; 1 is displacement, speed and angle

# Its calendar was last set by the maker's app.
_CALENDAR_BEGAN: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class SimulatedWitMotion(SimulatedDevice):
    """One sensor; `registers` are its settings, `battery_v` the voltage of its cell.

    Parameters
    ----------
    name : str, optional
        The advertised name.
    frames : int
        Samples in a notification, as far as they fit.
    has_calendar : bool
        Whether frames have 28 bytes.

    """

    factory_name: ClassVar[str] = "WT901BLE68"
    services = (
        GattService(
            SERVICE_UUID,
            (
                GattCharacteristic.of(NOTIFY_UUID, "notify"),
                GattCharacteristic.of(WRITE_UUID, "write", "write-without-response"),
            ),
        ),
    )
    advertised_uuids = (SERVICE_UUID,)

    def __init__(
        self, name: str | None = None, *, frames: int = 1, has_calendar: bool = False
    ) -> None:
        super().__init__(name)
        self.battery_v = 3.94
        self.registers: dict[int, int] = dict(_FACTORY)
        self._saved: Mapping[int, int] = dict(_FACTORY)
        self._frames = frames
        self._has_calendar = has_calendar
        self._waiting: list[bytes] = []
        self._unlocked_until_s = float("-inf")
        self._apply()

    def power_cycle(self) -> None:
        """Forget what was not saved."""
        super().power_cycle()
        self.registers = dict(self._saved)
        self._unlocked_until_s = float("-inf")
        self._apply()

    def link_ended(self) -> None:
        """Forget samples that were not sent."""
        self._waiting.clear()

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Obey a command, or ignore it without a word as the real sensor does."""
        if characteristic != WRITE_UUID:
            return super().write(characteristic, data, now_s)
        if len(data) != _COMMAND_BYTES or not data.startswith(b"\xff\xaa"):
            return []
        register, value = data[2], int.from_bytes(data[3:], "little")
        if data == _UNLOCK:
            self._unlocked_until_s = now_s + _UNLOCKED_S
        elif register == _READ:
            return [Sent(NOTIFY_UUID, self._reply(value))]
        elif now_s > self._unlocked_until_s:
            return []
        elif register in self.registers and (register != _RATE or value in _RATES_HZ):
            self.registers[register] = value
            self._apply()
        elif register == _SAVE and value == 0:
            self._saved = dict(self.registers)
        return []

    def _apply(self) -> None:
        self.rate_hz = _RATES_HZ[self.registers[_RATE]]

    def _reply(self, register: int) -> bytes:
        values = {_BATTERY: [round(self.battery_v * 100)], _RATE: [self.registers[_RATE]]}
        return encode_register_reply(register, values.get(register, []))

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Send a frame, or as many as a notification takes; the fused angle is left at zero."""
        clock = None
        if self._has_calendar:
            clock = _CALENDAR_BEGAN + timedelta(seconds=sampled.clock_s)
        is_motion = self.registers[_CONTENT] == _MOTION
        acc_ms2, gyr_rads = (sampled.acc_ms2, sampled.gyr_rads) if is_motion else ([0.0] * 3,) * 2
        frame = encode_witmotion(acc_ms2, gyr_rads, clock=clock)
        self._waiting.append(frame)
        if len(self._waiting) < min(self._frames, max(sampled.room // len(frame), 1)):
            return []
        data = b"".join(self._waiting)
        self._waiting.clear()
        return [Sent(NOTIFY_UUID, data)]
