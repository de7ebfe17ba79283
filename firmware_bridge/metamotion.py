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

Module, ``13 80`` asks for it: which gyroscope (u8: 0 BMI160, 1 BMI270) and its revision (u8), or
nothing where there is none. Before revision 1 there are no notifications of three.

There is no time and no counter, and accelerations come apart from angular rates: they are paired
in the order of arrival. All boards are set to 100 Hz, 16 g and 2000 deg/s.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import Answer, Command, Follow, Refusal, Step
from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import BatteryLevel, DamagedFrame, Decoded
from firmware_bridge.pairing import OrderPairing
from firmware_bridge.scaling import scaled, steps
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

SERVICE_UUID: Final = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND_UUID: Final = "326a9001-85cb-9195-d9dd-464cfbbae75a"
NOTIFY_UUID: Final = "326a9006-85cb-9195-d9dd-464cfbbae75a"

ACC, GYR = 0x03, 0x13
_REGISTERS: Final = {ACC: (0x04, 0x05, 0x1C), GYR: (0x04, 0x05, 0x07)}
_SIZES: Final = (8, 20)
BATTERY: Final = b"\x11\x8c"
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
        if data.startswith(BATTERY) and len(data) == _BATTERY_SIZE:
            return [BatteryLevel(percent=min(data[2], 100))]
        if data and data[0] not in _REGISTERS:
            return []  # an answer of another module: no sample is lost by it
        if len(data) < 2 or data[1] not in _REGISTERS[data[0]] or len(data) not in _SIZES:  # noqa: PLR2004
            return self._other(data)
        raw = struct.iter_unpack("<3h", data[2:])
        if data[0] == ACC:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """Registers of an inertial chip: where single samples come from and three at once.

    Parameters
    ----------
    number : int
        What the board answers when it is asked for its gyroscope.
    acc_config : bytes
        The setting of 100 Hz and 16 g.
    single, packed : (int, int)
        Registers of accelerations and of angular rates.

    """

    number: int
    acc_config: bytes
    single: tuple[int, int]
    packed: tuple[int, int]

    def registers(self, *, is_packed: bool) -> tuple[int, int]:
        """Return the registers to subscribe to."""
        return self.packed if is_packed else self.single


BMI160: Final = Chip(number=0, acc_config=b"\x28\x0c", single=(0x04, 0x05), packed=(0x1C, 0x07))
BMI270: Final = Chip(number=1, acc_config=b"\xa8\x03", single=(0x04, 0x04), packed=(0x05, 0x05))
GYR_CONFIG: Final = b"\x28\x00"
"""100 Hz and 2000 deg/s, on either chip."""


def encode_metamotion(
    acc_ms2: Sequence[Sequence[float]],
    gyr_rads: Sequence[Sequence[float]],
    *,
    chip: Chip = BMI270,
) -> tuple[bytes, bytes]:
    """Build the two notifications for one or three samples, at 16 g and 2000 deg/s.

    Parameters
    ----------
    acc_ms2, gyr_rads : (n, 3) sequences
        Specific force in m/s² and angular rate in rad/s, n = 1 or 3; rounded to the nearest step
        and clipped at full scale.
    chip : Chip
        Whose registers.

    Raises
    ------
    UnencodableValueError
        If a number is not finite, or n is another.

    """
    if len(acc_ms2) not in (1, 3) or len(gyr_rads) != len(acc_ms2):
        raise UnencodableValueError("A notification holds one sample of each kind, or three.")
    acc_register, gyr_register = chip.registers(is_packed=len(acc_ms2) > 1)
    return (
        bytes((ACC, acc_register)) + _packed(acc_ms2, _acc_step_ms2(16)),
        bytes((GYR, gyr_register)) + _packed(gyr_rads, _gyr_step_rads(2000)),
    )


def _packed(vectors: Sequence[Sequence[float]], step: float) -> bytes:
    numbers = steps((value for vector in vectors for value in vector), step)
    return struct.pack(f"<{len(numbers)}h", *numbers)


def encode_metamotion_battery(percent: int, millivolt: int = 4000) -> bytes:
    """Build the answer to the question for the battery."""
    return BATTERY + struct.pack("<BH", percent, millivolt)


def _score(heard: Advertisement) -> int:
    """Know a sensor by its service, which it advertises; its name is the user's to change."""
    is_named = heard.name.startswith(("MetaWear", "MetaMotion"))
    return 60 * (SERVICE_UUID in heard.service_uuids) + 30 * is_named


def _make_decoder(settings: Settings) -> MetaMotionDecoder:
    acc, gyr = settings.get("acc_range_g"), settings.get("gyro_range_dps")
    gyr = settings.get("gyr_range_dps", gyr)
    return MetaMotionDecoder(
        acc_range_g=acc if isinstance(acc, int) and acc in _ACC_RANGES_G else 16,
        gyr_range_dps=gyr if isinstance(gyr, int) and gyr in _GYR_RANGES_DPS else 2000,
    )


def _command(purpose: str, *data: int) -> Command:
    return Command(data=bytes(data), purpose=purpose)


def _stopping(chip: Chip) -> tuple[Command, ...]:
    """Stop everything: settings outlive the link, and what runs on empties the battery."""
    registers = {(ACC, chip.single[0]), (ACC, chip.packed[0])}
    registers |= {(GYR, chip.single[1]), (GYR, chip.packed[1])}
    return (
        _command("stop the accelerometer", ACC, 0x01, 0),
        _command("stop the gyroscope", GYR, 0x01, 0),
        _command("switch the accelerometer off", ACC, 0x02, 0, 1),
        _command("switch the gyroscope off", GYR, 0x02, 0, 1),
        *(_command("unsubscribe", module, one, 0) for module, one in sorted(registers)),
    )


def _starting(chip: Chip, *, is_packed: bool) -> tuple[Command, ...]:
    acc_register, gyr_register = chip.registers(is_packed=is_packed)
    return (
        *_stopping(chip),  # what another program left running
        _command("acceleration at 100 Hz, 16 g", ACC, 0x03, *chip.acc_config),
        _command("angular rate at 100 Hz, 2000 deg/s", GYR, 0x03, *GYR_CONFIG),
        _command("subscribe to accelerations", ACC, acc_register, 1),
        _command("subscribe to angular rates", GYR, gyr_register, 1),
        _command("switch the accelerometer on", ACC, 0x02, 1, 0),
        _command("switch the gyroscope on", GYR, 0x02, 1, 0),
        _command("start the accelerometer", ACC, 0x01, 1),
        _command("start the gyroscope", GYR, 0x01, 1),
    )


def _chip_of(answer: bytes) -> Chip | None:
    numbered = {chip.number: chip for chip in (BMI160, BMI270)}
    return numbered.get(answer[2]) if len(answer) > 2 else None  # noqa: PLR2004 - the header


def _start(answer: bytes) -> tuple[Step, ...] | Refusal:
    chip = _chip_of(answer)
    if chip is None:
        return Refusal(
            "This MbientLab board has no gyroscope that tempo90 knows, and without one the knee's "
            "angle cannot be followed: a MetaMotion S, R or RL has one."
        )
    return _starting(chip, is_packed=len(answer) > 3 and answer[3] > 0)  # noqa: PLR2004


def _stop(answer: bytes) -> tuple[Step, ...]:
    chip = _chip_of(answer)
    return () if chip is None else _stopping(chip)


_GYR_MODULE: Final = bytes((GYR, 0x80))


def _after_chip_is_known(follow: Follow) -> tuple[Command, ...]:
    answer = Answer(begins=(_GYR_MODULE,), limit_s=1.0, follow=follow)
    return (Command(data=_GYR_MODULE, purpose="ask for the gyroscope", answer=answer),)


METAMOTION: Final = SensorFamily(
    id="metamotion",
    title="MbientLab MetaMotion",
    service_uuid=SERVICE_UUID,
    notify_uuid=NOTIFY_UUID,
    write_uuid=COMMAND_UUID,
    index="none",
    nominal_rate_hz=100.0,
    start=_after_chip_is_known(_start),
    stop=_after_chip_is_known(_stop),
    ask_battery=Command(data=BATTERY, purpose="read the battery level"),
    score=_score,
    make_decoder=_make_decoder,
)
