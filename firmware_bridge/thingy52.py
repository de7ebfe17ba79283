"""Nordic Thingy:52: the raw characteristic of its motion service.

Sources: Nordic-Thingy52-FW, `source/ble_services/ble_tms.c` and the motion module, which shifts
16Q16 numbers right by 6 (acceleration), 11 (angular rate) and 12 bits. All fields are little
endian.

Sample, 18 bytes a notification:

====== ==== ======================= =========================================================
offset size field                   scale
====== ==== ======================= =========================================================
0      3x2  acceleration x, y, z    i16 / 1024 g
6      3x2  angular rate x, y, z    i16 / 32 deg/s: full at 1024 deg/s
12     3x2  magnetic field x, y, z  i16 / 16 uT; not used
====== ==== ======================= =========================================================

Configuration, 9 bytes, written: u16 intervals of pedometer, temperature and compass in ms, u16 rate
in Hz (5 to 200), u8 wake on motion. There is no counter and no time.
"""

import struct
from collections.abc import Sequence
from typing import Final

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import READ_BATTERY, Command
from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket
from firmware_bridge.scaling import scaled, steps
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

SERVICE_UUID: Final = "ef680400-9b35-4933-9b10-52ffa9740042"
CONFIG_UUID: Final = "ef680401-9b35-4933-9b10-52ffa9740042"
RAW_UUID: Final = "ef680406-9b35-4933-9b10-52ffa9740042"
# What it advertises: the service of its lamp and button.
ADVERTISED_UUID: Final = "ef680100-9b35-4933-9b10-52ffa9740042"

_SIZE: Final = 18
_ACC_MS2: Final = STANDARD_GRAVITY_MS2 / 1024
_GYR_RADS: Final = RAD_PER_DEG / 32


class Thingy52Decoder:
    """Read the raw notifications of a Thingy:52, each fed as it came."""

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in one notification and return its sample."""
        if len(data) != _SIZE:
            reason = f"a notification of {len(data)} bytes instead of {_SIZE}"
            return [DamagedFrame.of(reason, data)] if data else []
        raw = struct.unpack_from("<6h", data)
        return [
            ImuPacket(
                acc_ms2=scaled(raw[:3], _ACC_MS2),
                gyr_rads=scaled(raw[3:], _GYR_RADS),
            )
        ]


def encode_thingy52(acc_ms2: Sequence[float], gyr_rads: Sequence[float]) -> bytes:
    """Build the raw notification of a sample, with no magnetic field.

    Parameters
    ----------
    acc_ms2, gyr_rads : 3 floats
        Specific force in m/s² and angular rate in rad/s, rounded to the nearest step; beyond
        ±32 g and ±1024 deg/s they are clipped.

    Raises
    ------
    UnencodableValueError
        If a number is not finite.

    """
    return struct.pack("<9h", *steps(acc_ms2, _ACC_MS2), *steps(gyr_rads, _GYR_RADS), 0, 0, 0)


def _score(heard: Advertisement) -> int:
    """Know a Thingy by the service of its lamp and button, as its name is the user's to change."""
    is_advertised = bool({ADVERTISED_UUID, SERVICE_UUID} & heard.service_uuids)
    return 40 * is_advertised + 50 * (heard.name == "Thingy")


def _make_decoder(settings: Settings) -> Thingy52Decoder:
    """Make a decoder; the scales are fixed, whatever the settings."""
    del settings
    return Thingy52Decoder()


def _configuration(rate_hz: int) -> bytes:
    slow_ms = 1000
    return struct.pack("<4HB", slow_ms, slow_ms, slow_ms, rate_hz, 0)


THINGY52: Final = SensorFamily(
    id="thingy52",
    title="Nordic Thingy:52",
    service_uuid=SERVICE_UUID,
    notify_uuid=RAW_UUID,
    write_uuid=CONFIG_UUID,
    index="none",
    nominal_rate_hz=100.0,
    start=(Command(data=_configuration(100), purpose="rate 100 Hz"),),
    stop=(Command(data=_configuration(10), purpose="back to the rate it comes with"),),
    ask_battery=READ_BATTERY,
    score=_score,
    make_decoder=_make_decoder,
)
