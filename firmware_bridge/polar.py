"""Polar Verity Sense in SDK mode: acceleration and angular rate at 104 Hz.

Sources: Polar BLE SDK, `technical_documentation/online_measurement.pdf`, and the SDK's unit tests.
The frames are in `polar_frames`, commands and their answers, which this decoder must be fed too, in
`polar_control`.

Acceleration of compressed type 0 is number * factor g, of all others number * factor milli-g;
angular rate is number * factor deg/s. Without an answer to the start, compressed numbers mean
nothing and are reported as damage; an answer without a factor means 1.

Both measurements have their own frames, on one clock; they are paired by time. Samples lie evenly
between the last of the frame before and the last of this one.
"""

import math
import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import READ_BATTERY
from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import DamagedFrame, Decoded, Vector
from firmware_bridge.pairing import TimePairing
from firmware_bridge.polar_control import (
    ALREADY,
    ANSWER,
    ANSWER_SIZE,
    CONTROL_UUID,
    FACTOR,
    FEATURES,
    NAMES,
    OK,
    RATE_HZ,
    START,
    START_STEPS,
    STOP_STEPS,
    read_settings,
)
from firmware_bridge.polar_frames import (
    ACC,
    GYR,
    BrokenFrameError,
    PmdFrame,
    read_frame,
    write_frame,
)
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

SERVICE_UUID: Final = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
DATA_UUID: Final = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

_RATES_HZ: Final = (1.0, 1000.0)
_MAX_FRAME: Final = 1024
_NS: Final = 1e-9
# Time a sample beyond this many periods means that a frame in between was lost.
_LOST_PERIODS: Final = 1.5

# What the sensor answers for 16 g and 2000 deg/s.
ACC_FACTOR: Final = 0.000488
GYR_FACTOR: Final = 0.07


class PolarDecoder:
    """Read the notifications of one connection to a Verity Sense, data and answers alike.

    Parameters
    ----------
    rate_hz : float
        Sampling rate that was asked for.

    """

    def __init__(self, *, rate_hz: float = RATE_HZ) -> None:
        self._period_s = 1 / rate_hz
        self._factors: dict[int, float] = {}
        self._last_ns: dict[int, int] = {}
        self._pairing = TimePairing(self._period_s)

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in one notification or indication and return what it completes."""
        if not data:
            return []
        if data[0] == ANSWER:
            return self._answer(data)
        if data[0] == FEATURES:
            return []  # Linux hands what was read from the control point to its listeners too
        try:
            if len(data) > _MAX_FRAME:
                raise BrokenFrameError("a frame of impossible length")  # noqa: TRY301
            frame = read_frame(data)
            values = self._in_si(frame)
        except BrokenFrameError as error:
            return [DamagedFrame.of(str(error), data)]
        times_s = self._times_s(frame)
        stamped: list[tuple[float, Vector]] = [
            (time_s, (x, y, z)) for time_s, (x, y, z) in zip(times_s, values.tolist(), strict=True)
        ]
        if frame.kind == ACC:
            return self._pairing.add(acc=stamped)
        return self._pairing.add(gyr=stamped)

    def _answer(self, data: bytes) -> list[Decoded]:
        if len(data) < ANSWER_SIZE or data[1] != START or data[2] not in NAMES:
            return []
        measurement, error = data[2], data[3]
        if error not in (OK, ALREADY):
            reason = f"the sensor refused to start {NAMES[measurement]} with error {error}"
            return [DamagedFrame.of(reason, data)]
        if error == OK:
            self._factors[measurement] = _factor(data[ANSWER_SIZE:])
        return []

    def _in_si(self, frame: PmdFrame) -> NDArray[np.float64]:
        factor = self._factors.get(frame.kind) if frame.is_compressed else 1.0
        if factor is None:
            raise BrokenFrameError(f"{NAMES[frame.kind]} before the answer to its start")
        numbers = frame.raw.astype(np.float64)
        if frame.is_float:
            patterns = (frame.raw & 0xFFFFFFFF).astype(np.uint32)
            with np.errstate(invalid="ignore"):  # signalling NaN; checked below
                numbers = patterns.view(np.float32).astype(np.float64)
        if not np.isfinite(numbers).all():
            raise BrokenFrameError("a value that is no number")
        if frame.kind == GYR:
            return np.asarray(numbers * (factor * RAD_PER_DEG))
        is_in_g = frame.is_compressed and frame.type == 0
        return np.asarray(numbers * (factor * STANDARD_GRAVITY_MS2 * (1 if is_in_g else 1e-3)))

    def _times_s(self, frame: PmdFrame) -> list[float]:
        n = len(frame.raw)
        last_ns = self._last_ns.get(frame.kind)
        self._last_ns[frame.kind] = frame.last_ns
        step_ns = self._period_s / _NS
        if last_ns is not None:
            since_ns = (frame.last_ns - last_ns) / n
            if 0 < since_ns <= _LOST_PERIODS * step_ns:
                step_ns = since_ns
        # Whole seconds apart, or nanoseconds since 2000 would not fit a float.
        seconds, rest_ns = divmod(frame.last_ns, 10**9)
        return [seconds + (rest_ns - (n - 1 - i) * step_ns) * _NS for i in range(n)]


def _factor(settings: bytes) -> float:
    """Find the factor among the settings of an answer; 1 where there is none."""
    for value in read_settings(settings).get(FACTOR, ()):
        (factor,) = struct.unpack("<f", value)
        return float(factor) if math.isfinite(factor) else 1.0
    return 1.0


def encode_polar(
    last_ns: int,
    *,
    acc_ms2: Sequence[Sequence[float]] = (),
    gyr_rads: Sequence[Sequence[float]] = (),
) -> bytes:
    """Build a frame of accelerations or of angular rates, at 16 g and 2000 deg/s.

    Parameters
    ----------
    last_ns : int
        The sensor's clock at the last sample, in ns.
    acc_ms2, gyr_rads : (n, 3) sequences
        One of the two: specific force in m/s² or angular rate in rad/s, rounded to the nearest
        step and clipped at full scale.

    Raises
    ------
    UnencodableValueError
        If a number is not finite, or not just one of the two is given.

    """
    kind, values = (ACC, acc_ms2) if len(acc_ms2) else (GYR, gyr_rads)
    step = ACC_FACTOR * STANDARD_GRAVITY_MS2 if kind == ACC else GYR_FACTOR * RAD_PER_DEG
    array = np.asarray(values, dtype=np.float64)
    is_one = bool(len(acc_ms2)) != bool(len(gyr_rads))
    if not is_one or not np.isfinite(array).all():
        raise UnencodableValueError("A frame holds finite numbers of one measurement.")
    raw = np.clip(np.rint(array / step), -32768, 32767).astype(np.int64)
    return write_frame(kind, last_ns, raw)


def encode_polar_answer(request: bytes, *, error: int = OK, settings: bytes = b"") -> bytes:
    """Build the answer of a sensor to a command; a start that went well brings the factor."""
    operation, measurement = request[0], request[1]
    answer = bytes((ANSWER, operation, measurement, error, 0)) + settings
    factor = {ACC: ACC_FACTOR, GYR: GYR_FACTOR}.get(measurement)
    if operation == START and error == OK and factor is not None and not settings:
        answer += struct.pack("<BBf", FACTOR, 1, factor)
    return answer


def _score(heard: Advertisement) -> int:
    """Know a Verity Sense by its name: Polar's chest straps have the service but no gyroscope."""
    is_verity = heard.name.startswith(("Polar Sense", "Polar Verity"))
    return 80 * is_verity + 10 * (is_verity and SERVICE_UUID in heard.service_uuids)


def _make_decoder(settings: Settings) -> PolarDecoder:
    rate_hz = settings.get("rate_hz")
    if isinstance(rate_hz, int | float) and _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
        return PolarDecoder(rate_hz=float(rate_hz))
    return PolarDecoder()


POLAR: Final = SensorFamily(
    id="polar",
    title="Polar Verity Sense",
    service_uuid=SERVICE_UUID,
    notify_uuid=DATA_UUID,
    write_uuid=CONTROL_UUID,
    control_uuid=CONTROL_UUID,
    index="device_time",
    nominal_rate_hz=float(RATE_HZ),
    start=START_STEPS,
    stop=STOP_STEPS,
    ask_battery=READ_BATTERY,
    score=_score,
    make_decoder=_make_decoder,
)
