"""Movella (Xsens) DOT, live: measurement service.

Sources: Movella, "Xsens DOT BLE Services Specifications", firmware 2.0, and the Movella DOT
specification of May 2023 for mode 26. All fields are little endian; f is a 32-bit float.

Sample, one a notification. The sensor pads with zeros to the size of the characteristic, so the
mode tells the layout and the length never does:

====== ==== ======================= ================= ========================================
offset size field                   in mode           scale
====== ==== ======================= ================= ========================================
0      4    time                    21, 26            u32 us, starts again at 0 after 71.6 min
4      4x4  orientation w, x, y, z  26                not used
4, 20  3x4  acceleration x, y, z    21, 26            f, m/s², with gravity
16, 32 3x4  angular rate x, y, z    21, 26            f, deg/s
====== ==== ======================= ================= ========================================

The other modes give accelerations without gravity, or no angular rate. 60 Hz is the most that the
sensor sends live. Device control, 32 bytes, read and written: byte 0 marks the fields to apply (bit
4 the rate), bytes 24 and 25 are the rate in Hz (u16).
"""

import math
import struct
from collections.abc import Sequence
from typing import Final

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.clock import U32, Unwrap
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import Command, Read, Step
from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket
from firmware_bridge.scaling import scaled
from firmware_bridge.units import RAD_PER_DEG

SERVICE_UUID: Final = "15172000-4947-11e9-8646-d663bd873d93"
CONTROL_UUID: Final = "15172001-4947-11e9-8646-d663bd873d93"
MEDIUM_UUID: Final = "15172003-4947-11e9-8646-d663bd873d93"
CONFIGURATION_UUID: Final = "15171000-4947-11e9-8646-d663bd873d93"  # this one is advertised
DEVICE_CONTROL_UUID: Final = "15171002-4947-11e9-8646-d663bd873d93"
BATTERY_UUID: Final = "15173001-4947-11e9-8646-d663bd873d93"
COMPANY_ID: Final = 0x0886

_RATE_QUANTITIES: Final = 21
_CUSTOM_5: Final = 26
_OFFSET: Final = {_RATE_QUANTITIES: 4, _CUSTOM_5: 20}
_VALUES: Final = struct.Struct("<6f")
_MEDIUM_SIZE: Final = 40
_US: Final = 1e-6


class XsensDotDecoder:
    """Read the notifications of one connection to a DOT, each fed as it came.

    Parameters
    ----------
    mode : int
        The measurement mode that was started.

    """

    def __init__(self, mode: int = _RATE_QUANTITIES) -> None:
        self._mode = mode
        self._offset = _OFFSET.get(mode)
        self._unwrap = Unwrap()

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in one notification and return its sample."""
        if not data:
            return []
        if self._offset is None:
            return [DamagedFrame.of(f"mode {self._mode} lacks force or angular rate", data)]
        if len(data) < self._offset + _VALUES.size:
            return [DamagedFrame.of(f"a notification too short for mode {self._mode}", data)]
        values = _VALUES.unpack_from(data, self._offset)
        if not all(map(math.isfinite, values)):
            return [DamagedFrame.of("a sample with a value that is no number", data)]
        (time_us,) = struct.unpack_from("<I", data)
        return [
            ImuPacket(
                acc_ms2=scaled(values[:3], 1.0),
                gyr_rads=scaled(values[3:], RAD_PER_DEG),
                device_time_s=self._unwrap(time_us) * _US,
            )
        ]


def encode_xsens_dot(time_us: int, acc_ms2: Sequence[float], gyr_rads: Sequence[float]) -> bytes:
    """Build the notification of a sample in mode 21, padded as the sensor does.

    Parameters
    ----------
    time_us : int
        The sensor's clock in microseconds; it wraps as the sensor's does.
    acc_ms2, gyr_rads : 3 floats
        Specific force in m/s² and angular rate in rad/s.

    Raises
    ------
    UnencodableValueError
        If a number is not finite.

    """
    values = (*acc_ms2, *(rate / RAD_PER_DEG for rate in gyr_rads))
    if not all(map(math.isfinite, values)):
        raise UnencodableValueError(f"A frame cannot hold {values}; all numbers must be finite.")
    sample = struct.pack("<I6f", time_us % U32, *values)
    return sample.ljust(_MEDIUM_SIZE, b"\0")


def _score(heard: Advertisement) -> int:
    """Know a sensor by its maker or its service; its name is the user's to change."""
    is_advertised = bool({CONFIGURATION_UUID, SERVICE_UUID} & heard.service_uuids)
    is_named = heard.name.startswith(("Xsens DOT", "Movella DOT"))
    return 50 * (is_advertised or COMPANY_ID in heard.company_ids) + 40 * is_named


def _make_decoder(settings: Settings) -> XsensDotDecoder:
    mode = settings.get("mode")
    return XsensDotDecoder(mode) if isinstance(mode, int) else XsensDotDecoder()


def _at_60_hz(control: bytes) -> tuple[Step, ...]:
    """Set the rate back where another program has changed it; only marked fields are applied."""
    if len(control) != CONTROL_SIZE or control[RATE_AT : RATE_AT + 2] == _RATE:
        return ()
    asked = bytes((APPLY_RATE,)) + control[1:RATE_AT] + _RATE + control[RATE_AT + 2 :]
    return (Command(data=asked, purpose="rate 60 Hz", characteristic=DEVICE_CONTROL_UUID),)


CONTROL_SIZE: Final = 32
RATE_AT: Final = 24
APPLY_RATE: Final = 0x10
_RATE_HZ: Final = 60
_RATE: Final = _RATE_HZ.to_bytes(2, "little")

_STOP: Final = Command(data=bytes((1, 0, _RATE_QUANTITIES)), purpose="stop measuring")

XSENS_DOT: Final = SensorFamily(
    id="xsens_dot",
    title="Movella (Xsens) DOT",
    service_uuid=SERVICE_UUID,
    notify_uuid=MEDIUM_UUID,
    write_uuid=CONTROL_UUID,
    index="device_time",
    nominal_rate_hz=float(_RATE_HZ),
    start=(
        _STOP,  # a measurement left over from a broken link; the rate cannot change while it runs
        Read(
            characteristic=DEVICE_CONTROL_UUID,
            purpose="read the output rate",
            is_needed=False,
            follow=_at_60_hz,
        ),
        Command(data=bytes((1, 1, _RATE_QUANTITIES)), purpose="start acceleration and rate"),
    ),
    stop=(_STOP,),
    ask_battery=Read(characteristic=BATTERY_UUID, purpose="read the battery", is_needed=False),
    score=_score,
    make_decoder=_make_decoder,
)
