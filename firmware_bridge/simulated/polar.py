"""A Polar Verity Sense: delta frames of as many samples as fit, at the factor that it tells.

Outside SDK mode it offers 52 Hz alone. It goes on streaming until it is stopped, whatever becomes
of the link.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.advertisement import short_uuid
from firmware_bridge.device import (
    BATTERY_SERVICE,
    GattCharacteristic,
    GattService,
    Sampled,
    Sent,
    SimulatedDevice,
)
from firmware_bridge.polar import DATA_UUID, SERVICE_UUID, encode_polar_answer
from firmware_bridge.polar_control import (
    ALREADY,
    CHANNELS,
    CONTROL_UUID,
    FACTOR,
    FEATURES,
    OK,
    RANGE,
    RATE,
    RESOLUTION,
    SDK_MODE,
    SDK_SETTINGS,
    SETTINGS,
    START,
    STOP,
    read_settings,
    write_settings,
)
from firmware_bridge.polar_frames import ACC, GYR, write_frame
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

_INVALID_OPERATION, _INVALID_MEASUREMENT, _NOT_SUPPORTED = 1, 2, 3
_INVALID_RATE, _INVALID_RANGE, _INVALID_MTU, _INVALID_STATE = 8, 9, 10, 12

# What one step is, in g and in deg/s, at each range.
_FACTORS: Final[Mapping[int, Mapping[int, float]]] = {
    ACC: {2: 0.000061, 4: 0.000122, 8: 0.000244, 16: 0.000488},
    GYR: {250: 0.00875, 500: 0.0175, 1000: 0.035, 2000: 0.07},
}
_SI: Final = {ACC: STANDARD_GRAVITY_MS2, GYR: RAD_PER_DEG}
_RATES_HZ: Final = (26, 52, 104, 208, 416)
_PLAIN: Final = {ACC: (52, 8), GYR: (52, 2000)}  # rate and range outside SDK mode
_BEGAN_NS: Final = 600_000_000 * 10**9  # its clock, since 2000
_FRAME_HEAD: Final = 18  # header, first sample, and the head of one block
_MAX_SAMPLES: Final = 36
_LEAST_ROOM: Final = 64


@dataclass(slots=True)
class _Stream:
    """One measurement that runs: what is collected for its next frame."""

    step_si: float
    raw: list[NDArray[np.int64]] = field(default_factory=list)
    bits: int = 1
    last_ns: int = 0

    def takes(self, raw: NDArray[np.int64], room: int) -> bool:
        """Whether one more sample fits; then it is in."""
        bits = self.bits
        if self.raw:
            delta = raw - self.raw[-1]
            bits = max([bits, *(_bits(int(value)) for value in delta)])
        n = len(self.raw)
        if n and (n >= _MAX_SAMPLES or _FRAME_HEAD + (3 * bits * n + 7) // 8 > room):
            return False
        self.raw.append(raw)
        self.bits = bits
        return True

    def frame(self, kind: int) -> bytes:
        """Return what is collected, and begin anew."""
        data = write_frame(kind, self.last_ns, np.array(self.raw))
        self.raw, self.bits = [], 1
        return data


def _bits(delta: int) -> int:
    return (delta if delta >= 0 else ~delta).bit_length() + 1


class SimulatedPolar(SimulatedDevice):
    """One sensor.

    Parameters
    ----------
    name : str, optional
        The advertised name.
    has_gyroscope : bool
        Whether it has one: chest straps have not.

    """

    factory_name: ClassVar[str] = "Polar Sense 00000000"
    services = (
        GattService(
            SERVICE_UUID,
            (
                GattCharacteristic.of(CONTROL_UUID, "read", "write", "indicate"),
                GattCharacteristic.of(DATA_UUID, "notify"),
            ),
        ),
        BATTERY_SERVICE,
    )
    advertised_uuids = (short_uuid(0x180D),)
    company_id = 0x006B

    def __init__(self, name: str | None = None, *, has_gyroscope: bool = True) -> None:
        super().__init__(name)
        self.rate_hz = 52.0
        self.room = _LEAST_ROOM
        self._kinds = (ACC, GYR) if has_gyroscope else (ACC,)
        self._streams: dict[int, _Stream] = {}
        self._is_sdk_mode = False

    def power_cycle(self) -> None:
        """Leave SDK mode and stop."""
        self._streams.clear()
        self._is_sdk_mode = False

    def read(self, characteristic: str) -> bytes:
        """Return what it measures, or the battery level."""
        if characteristic != CONTROL_UUID:
            return super().read(characteristic)
        mask: int = sum(1 << kind for kind in (*self._kinds, SDK_MODE))
        return bytes((FEATURES,)) + mask.to_bytes(2, "little")

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Answer a command."""
        if characteristic != CONTROL_UUID or len(data) < 2:  # noqa: PLR2004
            return super().write(characteristic, data, now_s)
        error, settings = self._obey(data[0], data[1], data[2:])
        return [Sent(CONTROL_UUID, encode_polar_answer(data, error=error, settings=settings))]

    def _obey(self, operation: int, kind: int, settings: bytes) -> tuple[int, bytes]:
        if kind == SDK_MODE and operation in (START, STOP):
            return self._switch_sdk_mode(is_on=operation == START), b""
        if kind not in self._kinds:
            return _INVALID_MEASUREMENT, b""
        if operation == SETTINGS or (operation == SDK_SETTINGS and self._is_sdk_mode):
            return OK, write_settings(self._offered(kind, is_sdk_mode=operation == SDK_SETTINGS))
        if operation == START:
            return self._start(kind, settings)
        if operation == STOP:
            return (OK if self._streams.pop(kind, None) else ALREADY), b""
        return (_NOT_SUPPORTED if operation == SDK_SETTINGS else _INVALID_OPERATION), b""

    def _switch_sdk_mode(self, *, is_on: bool) -> int:
        if self._streams:
            return _INVALID_STATE
        was_on, self._is_sdk_mode = self._is_sdk_mode, is_on
        return ALREADY if was_on == is_on else OK

    def _offered(self, kind: int, *, is_sdk_mode: bool) -> dict[int, tuple[int, ...]]:
        rate_hz, full_scale = _PLAIN[kind]
        rates_hz = _RATES_HZ if is_sdk_mode else (rate_hz,)
        ranges = tuple(_FACTORS[kind]) if is_sdk_mode else (full_scale,)
        return {RATE: rates_hz, RESOLUTION: (16,), RANGE: ranges, CHANNELS: (3,)}

    def _start(self, kind: int, settings: bytes) -> tuple[int, bytes]:
        if kind in self._streams:
            return ALREADY, b""
        asked = {
            one: int.from_bytes(values[0], "little")
            for one, values in read_settings(settings).items()
            if values
        }
        offered = self._offered(kind, is_sdk_mode=self._is_sdk_mode)
        is_other_rate = bool(self._streams) and asked.get(RATE) != self.rate_hz
        if asked.get(RATE) not in offered[RATE] or is_other_rate:
            return _INVALID_RATE, b""
        if asked.get(RANGE) not in offered[RANGE]:
            return _INVALID_RANGE, b""
        if self.room < _LEAST_ROOM:
            return _INVALID_MTU, b""
        factor = _FACTORS[kind][asked[RANGE]]
        self.rate_hz = float(asked[RATE])
        (exact,) = struct.unpack("<f", struct.pack("<f", factor))
        self._streams[kind] = _Stream(step_si=exact * _SI[kind])
        return OK, struct.pack("<BBf", FACTOR, 1, factor)

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Collect samples, and send a frame of a measurement when no more would fit."""
        self.room = sampled.room
        now_ns = _BEGAN_NS + round(sampled.clock_s * 1e9)
        sent: list[Sent] = []
        for kind, stream in self._streams.items():
            values: Sequence[float] = sampled.acc_ms2 if kind == ACC else sampled.gyr_rads
            steps = np.rint(np.asarray(values, dtype=np.float64) / stream.step_si)
            raw = np.clip(steps, -32768, 32767).astype(np.int64)
            if not stream.takes(raw, sampled.room):
                sent.append(Sent(DATA_UUID, stream.frame(kind)))
                stream.takes(raw, sampled.room)
            stream.last_ns = now_ns
        return sent
