"""WitMotion BLE 5 inertial sensors: WT901BLECL, WT9011DCL-BT50, WT901SDCL-BT50, BWT901BLE5.0.

Sources: the maker's standard protocol and its Python and Android kits for the BWT901BLE5.0; the
WT901BLECL data sheet v20-0707, section 6. All fields are little endian.

Sample, ``55 61``, 20 bytes; the SDCL model sends 28:

====== ==== ======================= =========================================================
offset size field                   scale
====== ==== ======================= =========================================================
0      2    0x55 0x61
2      3x2  acceleration x, y, z    i16 / 32768 * 16 g
8      3x2  angular rate x, y, z    i16 / 32768 * 2000 deg/s
14     3x2  roll, pitch, yaw        i16 / 32768 * 180 deg; not used: wrong in fast movement
20     6x1  year - 2000, month, day, hour, minute, second; 28-byte frames only
26     2    milliseconds            u16; 28-byte frames only
====== ==== ======================= =========================================================

Answer to a read command, ``55 71``, 20 bytes:

====== ==== ======================= =========================================================
offset size field                   scale
====== ==== ======================= =========================================================
0      2    0x55 0x71
2      2    first register          u16
4      8x2  eight registers         i16; 0x64 is the battery in volt * 100
====== ==== ======================= =========================================================

There is no counter, no checksum and, in the 20-byte frame, no time. How frames are told apart in
the stream of bytes is the matter of `witmotion_frames`. Of the 28-byte frames, the first that a
decoder sees comes without its time, unless it was told their size.
"""

import math
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import Command
from firmware_bridge.packets import (
    BatteryLevel,
    DamagedFrame,
    Decoded,
    ImuPacket,
    RegisterReply,
)
from firmware_bridge.scaling import scaled, steps
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2
from firmware_bridge.witmotion_frames import LONG, REPLY, SAMPLE, SHORT, START, FrameReader

SERVICE_UUID: Final = "0000ffe5-0000-1000-8000-00805f9a34fb"  # 9a34fb: not the SIG's base
NOTIFY_UUID: Final = "0000ffe4-0000-1000-8000-00805f9a34fb"
WRITE_UUID: Final = "0000ffe9-0000-1000-8000-00805f9a34fb"

_ACC_MS2: Final = 16 * STANDARD_GRAVITY_MS2 / 32768
_GYR_RADS: Final = 2000 * RAD_PER_DEG / 32768
_ANGLE_DEG: Final = 180 / 32768

_BATTERY_REGISTER: Final = 0x64
_TWO_CELLS_V: Final = 5.5
# The maker's table: percent above a voltage, for one lithium cell.
_CHARGE: Final = (
    (3.96, 100), (3.93, 90), (3.87, 75), (3.82, 60), (3.79, 50), (3.77, 40),
    (3.73, 30), (3.70, 20), (3.68, 15), (3.50, 10), (3.40, 5),
)  # fmt: skip

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class WitMotionDecoder:
    """Read the notifications of one connection to a WitMotion sensor.

    Parameters
    ----------
    frame_size : {20, 28}, optional
        Bytes in a sample, if known from elsewhere; else the stream tells.

    """

    def __init__(self, *, frame_size: int | None = None) -> None:
        self._reader = FrameReader(frame_size)
        self._last_time_s = -math.inf

    @property
    def frame_size(self) -> int | None:
        """Bytes in a sample of this connection, 20 or 28; None until it is known."""
        return self._reader.sample_size

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in the next bytes and return what they complete, oldest first."""
        out: list[Decoded] = []
        for frame in self._reader.feed(data):
            if isinstance(frame, DamagedFrame):
                out.append(frame)
            elif frame[1] == REPLY:
                out += _reply(frame)
            else:
                out.append(self._sample(frame))
        return out

    def _sample(self, frame: bytes) -> ImuPacket:
        raw = struct.unpack_from("<6h", frame, 2)
        return ImuPacket(
            acc_ms2=scaled(raw[:3], _ACC_MS2),
            gyr_rads=scaled(raw[3:], _GYR_RADS),
            device_time_s=self._time_s(frame[SHORT:]) if len(frame) == LONG else None,
        )

    def _time_s(self, calendar: bytes) -> float | None:
        """Return seconds since 2000 by the sensor's calendar, None where it does not advance."""
        year, month, day, hour, minute, second, ms = struct.unpack("<6BH", calendar)
        try:
            now = datetime(2000 + year, month, day, hour, minute, second, ms * 1000, tzinfo=UTC)
        except ValueError:  # never set, or 31 February
            return None
        time_s = (now - _EPOCH).total_seconds()
        if time_s <= self._last_time_s:
            return None
        self._last_time_s = time_s
        return time_s


def _reply(frame: bytes) -> list[Decoded]:
    register, *values = struct.unpack_from("<H8h", frame, 2)
    out: list[Decoded] = [RegisterReply(register=register, values=tuple(values))]
    if register == _BATTERY_REGISTER:
        out.append(BatteryLevel(percent=_charge_percent((values[0] & 0xFFFF) / 100)))
    return out


def _charge_percent(battery_v: float) -> int:
    cell_v = battery_v / 2 if battery_v > _TWO_CELLS_V else battery_v
    return next((percent for above_v, percent in _CHARGE if cell_v > above_v), 0)


def encode_witmotion(
    acc_ms2: Sequence[float],
    gyr_rads: Sequence[float],
    angle_deg: Sequence[float] = (0.0, 0.0, 0.0),
    *,
    clock: datetime | None = None,
) -> bytes:
    """Build the frame that a sensor would send.

    Parameters
    ----------
    acc_ms2, gyr_rads, angle_deg : 3 floats
        Specific force in m/s², angular rate in rad/s, and roll, pitch, yaw in degrees. Rounded to
        the nearest step of the sensor; beyond ±16 g, ±2000 deg/s, ±180 deg they are clipped.
    clock : datetime, optional
        The sensor's calendar, years 2000 to 2099; with it the frame has 28 bytes, else 20.

    Raises
    ------
    UnencodableValueError
        If a number is not finite.

    Examples
    --------
    >>> encode_witmotion((0, 0, 9.80665), (0, 0, 0)).hex(" ")
    '55 61 00 00 00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 00'

    """
    numbers = [
        *steps(acc_ms2, _ACC_MS2),
        *steps(gyr_rads, _GYR_RADS),
        *steps(angle_deg, _ANGLE_DEG),
    ]
    frame = struct.pack("<2B9h", START, SAMPLE, *numbers)
    if clock is None:
        return frame
    date = (clock.year - 2000, clock.month, clock.day)
    time = (clock.hour, clock.minute, clock.second, clock.microsecond // 1000)
    return frame + struct.pack("<6BH", *date, *time)


def encode_register_reply(register: int, values: Sequence[int]) -> bytes:
    """Build the answer to a read command: `register` and up to eight values from it on, i16."""
    eight = [*values, *[0] * 8][:8]
    return struct.pack("<2BH8h", START, REPLY, register, *eight)


def read_register(register: int) -> Command:
    """Return the command that asks for eight registers from `register` on."""
    data = bytes((0xFF, 0xAA, 0x27, register, 0x00))
    return Command(data=data, purpose=f"read register 0x{register:02x}")


def _score(heard: Advertisement) -> int:
    """Know a sensor by its name; the service alone is shared with vibration sensors."""
    has_service = SERVICE_UUID in heard.service_uuids
    if not heard.name:
        return 10 * has_service
    is_inertial = _NAME.search(heard.name) and not _OTHER_NAME.search(heard.name)
    return 50 + 40 * has_service if is_inertial else 0


# "WT901BLE68", "WTSDCL...", "BWT901BLE5.0", as such or behind the maker's name.
_NAME: Final = re.compile(r"\bB?WT", re.IGNORECASE)
# Vibration sensors send other fields in frames of the same header; the BWT901CL speaks classic
# Bluetooth with other frames.
_OTHER_NAME: Final = re.compile(r"WTVB|BWT901CL", re.IGNORECASE)

_WAIT_S: Final = 0.15  # the sensor ignores commands that come closer than about 0.1 s


def _make_decoder(settings: Settings) -> WitMotionDecoder:
    """Make a decoder; scales are fixed, so only the size of a frame can be told beforehand."""
    return WitMotionDecoder(frame_size=LONG if settings.get("frame_size") == LONG else None)


def _look_ahead(
    family: SensorFamily, _settings: Settings, notifications: Iterable[bytes]
) -> SensorFamily:
    """Find out whether samples have 28 bytes: then each, the first too, has the sensor's time."""
    decoder = WitMotionDecoder()
    for data in notifications:
        decoder.feed(data)
        if decoder.frame_size:
            break
    if decoder.frame_size != LONG:
        return family
    return replace(
        family, index="device_time", make_decoder=lambda _: WitMotionDecoder(frame_size=LONG)
    )


WITMOTION: Final = SensorFamily(
    id="witmotion",
    title="WitMotion BLE 5",
    service_uuid=SERVICE_UUID,
    notify_uuid=NOTIFY_UUID,
    write_uuid=WRITE_UUID,
    index="none",
    nominal_rate_hz=100.0,
    start=(
        Command(data=bytes.fromhex("ffaa6988b5"), purpose="unlock", then_wait_s=_WAIT_S),
        Command(data=bytes.fromhex("ffaa030900"), purpose="rate 100 Hz", then_wait_s=_WAIT_S),
        Command(
            data=bytes.fromhex("ffaa960000"),
            purpose="send acceleration, angular rate and angle",
            then_wait_s=_WAIT_S,
        ),
        Command(data=bytes.fromhex("ffaa000000"), purpose="save", then_wait_s=_WAIT_S),
    ),
    stop=(),  # it always streams
    ask_battery=read_register(_BATTERY_REGISTER),
    score=_score,
    make_decoder=_make_decoder,
    look_ahead=_look_ahead,
)
