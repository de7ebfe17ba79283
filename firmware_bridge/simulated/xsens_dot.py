"""A Movella (Xsens) DOT: one sample a notification, on a clock of microseconds that wraps."""

import struct
from typing import ClassVar, Final

from firmware_bridge.device import GattCharacteristic, GattService, Sampled, Sent, SimulatedDevice
from firmware_bridge.errors import WriteRefusedError
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2
from firmware_bridge.xsens_dot import (
    APPLY_RATE,
    BATTERY_UUID,
    COMPANY_ID,
    CONFIGURATION_UUID,
    CONTROL_SIZE,
    CONTROL_UUID,
    DEVICE_CONTROL_UUID,
    MEDIUM_UUID,
    RATE_AT,
    SERVICE_UUID,
    encode_xsens_dot,
)

_RATES_HZ: Final = (1, 4, 10, 12, 15, 20, 30, 60)  # 120 is for recording on the device alone
_MODE: Final = 21
_ACC_MAX_MS2: Final = 16 * STANDARD_GRAVITY_MS2
_GYR_MAX_RADS: Final = 2000 * RAD_PER_DEG
_WRITE_NOT_PERMITTED: Final = 0x03

NEAR_WRAP_US: Final = (1 << 32) - 10_000_000
"""A clock that starts again at zero ten seconds after the sensor was switched on."""


class SimulatedXsensDot(SimulatedDevice):
    """One sensor.

    Parameters
    ----------
    name : str, optional
        The advertised name, a tag that the user chose.
    clock_starts_us : int
        Its clock when it is switched on.

    """

    factory_name: ClassVar[str] = "Xsens DOT"
    services = (
        GattService(
            CONFIGURATION_UUID, (GattCharacteristic.of(DEVICE_CONTROL_UUID, "read", "write"),)
        ),
        GattService(
            SERVICE_UUID,
            (
                GattCharacteristic.of(CONTROL_UUID, "read", "write"),
                GattCharacteristic.of(MEDIUM_UUID, "notify"),
            ),
        ),
        GattService(
            "15173000-4947-11e9-8646-d663bd873d93",
            (GattCharacteristic.of(BATTERY_UUID, "read", "notify"),),
        ),
    )
    company_id = COMPANY_ID

    def __init__(self, name: str | None = None, *, clock_starts_us: int = NEAR_WRAP_US) -> None:
        super().__init__(name)
        self.rate_hz = 60.0
        self._clock_starts_us = clock_starts_us
        self._is_measuring = False
        self._mode = 0

    def read(self, characteristic: str) -> bytes:
        """Return control fields, settings, or the battery: percent and whether it charges."""
        if characteristic == BATTERY_UUID:
            return bytes((self.battery_percent, 0))
        if characteristic == CONTROL_UUID:
            return bytes((1, self._is_measuring, self._mode))
        control = bytearray(CONTROL_SIZE)
        struct.pack_into("<H", control, RATE_AT, round(self.rate_hz))
        return bytes(control)

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Start, stop, or set the rate, which is refused while it measures."""
        if characteristic == DEVICE_CONTROL_UUID and len(data) == CONTROL_SIZE:
            if self._is_measuring:
                raise WriteRefusedError(characteristic, _WRITE_NOT_PERMITTED)
            (rate_hz,) = struct.unpack_from("<H", data, RATE_AT)
            if data[0] & APPLY_RATE and rate_hz in _RATES_HZ:
                self.rate_hz = float(rate_hz)
        elif characteristic == CONTROL_UUID and len(data) == 3 and data[0] == 1:  # noqa: PLR2004
            self._is_measuring, self._mode = bool(data[1]), data[2]
        else:
            return super().write(characteristic, data, now_s)
        return []

    def link_ended(self) -> None:
        """Go on measuring: the sensor does not care who listens."""

    def power_cycle(self) -> None:
        """Stop."""
        self._is_measuring = False

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Send a sample in the only mode that has force and angular rate alone."""
        if not self._is_measuring or self._mode != _MODE:
            return []
        acc_ms2 = [max(-_ACC_MAX_MS2, min(_ACC_MAX_MS2, value)) for value in sampled.acc_ms2]
        gyr_rads = [max(-_GYR_MAX_RADS, min(_GYR_MAX_RADS, value)) for value in sampled.gyr_rads]
        time_us = self._clock_starts_us + round(sampled.clock_s * 1e6)
        return [Sent(MEDIUM_UUID, encode_xsens_dot(time_us, acc_ms2, gyr_rads))]
