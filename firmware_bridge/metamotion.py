"""MbientLab MetaMotion: streams of acceleration and angular rate.

Source: the maker's MetaWear SDK for C++, its sources and its tests. Commands and notifications are
module (u8), register (u8), payload; all numbers are little endian. The MetaMotionS has the chip
BMI270, the older R and RL the BMI160; their registers differ.

Samples, 1 or 3 a notification, 8 or 20 bytes:

====== ==== ======================= =========================================================
offset size field                   scale
====== ==== ======================= =========================================================
0      1    module                  0x03 acceleration, 0x13 angular rate
1      1    register                0x03: 0x04 single, 0x05 or 0x1c three;
                                    0x13: 0x04 or 0x05 single, 0x05 or 0x07 three
2      6 n  x, y, z                 i16 / 32768 * range in g; i16 / 16.4 * range / 2000 deg/s
====== ==== ======================= =========================================================

Battery, ``11 8c``: percent (u8), millivolt (u16).

There is no time and no counter, and accelerations come apart from angular rates: they are paired
in the order of arrival. The start commands are those of the MetaMotionS at 100 Hz, 16 g and
2000 deg/s; captures of both chips are read.
"""

import struct
from collections.abc import Sequence
from typing import Final

from firmware_bridge.decoder import Command, SensorFamily, Settings
from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import BatteryLevel, DamagedFrame, Decoded
from firmware_bridge.pairing import OrderPairing
from firmware_bridge.scaling import scaled, steps
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

SERVICE_UUID: Final = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND_UUID: Final = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY_UUID: Final = "326a9006-85cb-9195-d9dd-464cfbbae75a"

_ACC, _GYR = 0x03, 0x13
_REGISTERS: Final = {_ACC: (0x04, 0x05, 0x1C), _GYR: (0x04, 0x05, 0x07)}
_PACKED: Final = 0x05  # where the BMI270 sends three samples at once
_SIZES: Final = (8, 20)
_BATTERY: Final = b"\x11\x8c"
_BATTERY_SIZE: Final = 5

_ACC_RANGES_G: Final = (2, 4, 8, 16)
_GYR_RANGES_DPS: Final = (125, 250, 500, 1000, 2000)
_GYR_LSB_AT_2000: Final = 16.4


class MetaMotionDecoder:
    """Read the notifications of one connection to a MetaMotion, each fed as it came.

    Parameters
    ----------
    acc_range_g, gyr_range_dps : int
        Full scales that the sensor was set to.

    """

    def __init__(self, *, acc_range_g: int = 16, gyr_range_dps: int = 2000) -> None:
        self._acc_ms2 = _acc_step_ms2(acc_range_g)
        self._gyr_rads = _gyr_step_rads(gyr_range_dps)
        self._pairing = OrderPairing()

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in one notification and return the samples it completes, oldest first."""
        if data.startswith(_BATTERY) and len(data) == _BATTERY_SIZE:
            return [BatteryLevel(percent=min(data[2], 100))]
        if data and data[0] not in _REGISTERS:
            return []  # an answer of another module: no sample is lost by it
        if len(data) < 2 or data[1] not in _REGISTERS[data[0]] or len(data) not in _SIZES:  # noqa: PLR2004
            return self._other(data)
        raw = struct.iter_unpack("<3h", data[2:])
        if data[0] == _ACC:
            return self._pairing.add(acc_ms2=[scaled(xyz, self._acc_ms2) for xyz in raw])
        return self._pairing.add(gyr_rads=[scaled(xyz, self._gyr_rads) for xyz in raw])

    def _other(self, data: bytes) -> list[Decoded]:
        is_answer = len(data) > 1 and data[1] >= 0x80  # noqa: PLR2004 - bit 7 marks a reading
        if not data or is_answer:
            return []
        return [DamagedFrame.of("a notification of unknown layout", data)]


def _acc_step_ms2(range_g: int) -> float:
    return range_g * STANDARD_GRAVITY_MS2 / 32768


def _gyr_step_rads(range_dps: int) -> float:
    return range_dps / 2000 / _GYR_LSB_AT_2000 * RAD_PER_DEG


def encode_metamotion(
    acc_ms2: Sequence[Sequence[float]], gyr_rads: Sequence[Sequence[float]]
) -> tuple[bytes, bytes]:
    """Build the two notifications of a MetaMotionS for one or three samples, 16 g, 2000 deg/s.

    Parameters
    ----------
    acc_ms2, gyr_rads : (n, 3) sequences
        Specific force in m/s² and angular rate in rad/s, n = 1 or 3; rounded to the nearest step
        and clipped at full scale.

    Raises
    ------
    UnencodableValueError
        If a number is not finite, or n is another.

    """
    register = {1: (0x04, 0x04), 3: (_PACKED, _PACKED)}.get(len(acc_ms2))
    if register is None or len(gyr_rads) != len(acc_ms2):
        raise UnencodableValueError("A notification holds one sample of each kind, or three.")
    return (
        bytes((_ACC, register[0])) + _packed(acc_ms2, _acc_step_ms2(16)),
        bytes((_GYR, register[1])) + _packed(gyr_rads, _gyr_step_rads(2000)),
    )


def _packed(vectors: Sequence[Sequence[float]], step: float) -> bytes:
    numbers = steps((value for vector in vectors for value in vector), step)
    return struct.pack(f"<{len(numbers)}h", *numbers)


def encode_metamotion_battery(percent: int, millivolt: int = 4000) -> bytes:
    """Build the answer to the question for the battery."""
    return _BATTERY + struct.pack("<BH", percent, millivolt)


def _score(name: str, service_uuids: frozenset[str]) -> int:
    """Know a sensor by its service, which it advertises; its name is the user's to change."""
    return 60 * (SERVICE_UUID in service_uuids) + 30 * name.startswith(("MetaWear", "MetaMotion"))


def _make_decoder(settings: Settings) -> MetaMotionDecoder:
    acc, gyr = settings.get("acc_range_g"), settings.get("gyro_range_dps")
    gyr = settings.get("gyr_range_dps", gyr)
    return MetaMotionDecoder(
        acc_range_g=acc if isinstance(acc, int) and acc in _ACC_RANGES_G else 16,
        gyr_range_dps=gyr if isinstance(gyr, int) and gyr in _GYR_RANGES_DPS else 2000,
    )


def _command(hex_data: str, purpose: str) -> Command:
    return Command(data=bytes.fromhex(hex_data), purpose=purpose)


METAMOTION: Final = SensorFamily(
    id="metamotion",
    title="MbientLab MetaMotionS",
    service_uuid=SERVICE_UUID,
    notify_uuid=NOTIFY_UUID,
    write_uuid=COMMAND_UUID,
    index="none",
    nominal_rate_hz=100.0,
    start=(
        _command("0303a803", "acceleration at 100 Hz, 16 g"),
        _command("13032800", "angular rate at 100 Hz, 2000 deg/s"),
        _command("030501", "subscribe to accelerations by threes"),
        _command("130501", "subscribe to angular rates by threes"),
        _command("03020100", "switch the accelerometer on"),
        _command("13020100", "switch the gyroscope on"),
        _command("030101", "start the accelerometer"),
        _command("130101", "start the gyroscope"),
    ),
    # Settings outlive the connection: what is left running empties the battery.
    stop=(
        _command("030100", "stop the accelerometer"),
        _command("130100", "stop the gyroscope"),
        _command("03020001", "switch the accelerometer off"),
        _command("13020001", "switch the gyroscope off"),
        _command("030500", "unsubscribe from accelerations"),
        _command("130500", "unsubscribe from angular rates"),
    ),
    ask_battery=Command(data=_BATTERY, purpose="read the battery level"),
    score=_score,
    make_decoder=_make_decoder,
)
