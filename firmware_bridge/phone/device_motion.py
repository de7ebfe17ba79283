"""A page in the browser of a phone: what its DeviceMotion events say, in binary messages.

Sources: W3C, Device Orientation and Motion, 2025 (units and axes); reports on WebKit (its sign).

A message is some samples, ten as a rule; each is 32 bytes, little endian:

====== ==== ================================ ================================================
offset size field                            unit
====== ==== ================================ ================================================
0      8    time of the event                f64, ms since 1970
8      3x4  accelerationIncludingGravity     f32, m/s², x, y, z of the phone
20     3x4  rotationRate alpha, beta, gamma  f32, deg/s, about x, y, z
====== ==== ================================ ================================================

The page sends what the event says, NaN for null. WebKit on iPhone and iPad gives accelerations with
the opposite sign, whatever the name of the browser; rotation rates are alike everywhere.
"""

import math
import struct
from collections.abc import Iterable
from typing import Final

from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket, Vector
from firmware_bridge.phone.platforms import PhonePlatform, force_sign
from firmware_bridge.scaling import scaled
from firmware_bridge.units import RAD_PER_DEG

_SAMPLE: Final = struct.Struct("<d6f")
_MAX_SAMPLES: Final = 1024  # in a message; a page that was away for a while sends more than ten
_MS: Final = 1e-3
_LAST_MS: Final = 1e14  # the year 5138
_LARGEST: Final = 1e5


class DeviceMotionDecoder:
    """Read the messages of one page, each fed as it came.

    Parameters
    ----------
    platform : {"android", "ios", "standardised"}
        Whose signs the browser follows; "standardised" where the page has turned them already.

    Notes
    -----
    `device_time_s` of the packets is that of the events, in s since 1970 by the phone's clock.

    """

    def __init__(self, platform: PhonePlatform = "android") -> None:
        self._sign = force_sign(platform)
        self._last_ms = -math.inf

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in a message and return its samples, oldest first."""
        n_samples, n_over = divmod(len(data), _SAMPLE.size)
        if n_over or not 1 <= n_samples <= _MAX_SAMPLES:
            return [DamagedFrame.of("not a message of 32-byte samples", data)]
        return [
            self._sample(data[at : at + _SAMPLE.size]) for at in range(0, len(data), _SAMPLE.size)
        ]

    def _sample(self, data: bytes) -> Decoded:
        time_ms, *values = _SAMPLE.unpack(data)
        if not (0 <= time_ms <= _LAST_MS and all(abs(value) <= _LARGEST for value in values)):
            return DamagedFrame.of("a sample without time or numbers", data)
        if time_ms <= self._last_ms:
            return DamagedFrame.of("a sample older than the one before", data)
        self._last_ms = time_ms
        return ImuPacket(
            acc_ms2=scaled(values[:3], self._sign),
            gyr_rads=scaled(values[3:], RAD_PER_DEG),
            device_time_s=time_ms * _MS,
        )


def encode_device_motion(
    samples: Iterable[tuple[float, Vector, Vector]], *, platform: PhonePlatform = "android"
) -> bytes:
    """Build the message that a page would send.

    Parameters
    ----------
    samples : iterable of (float, 3 floats, 3 floats)
        Time in s since 1970, specific force in m/s², angular rate in rad/s.
    platform : {"android", "ios", "standardised"}
        Whose signs the browser follows.

    Raises
    ------
    UnencodableValueError
        If a number is not finite or too large for the message.

    Examples
    --------
    >>> len(encode_device_motion([(0.01, (0, 0, 9.81), (0, 0, 0))]))
    32

    """
    sign = force_sign(platform)
    message = b""
    for time_s, acc_ms2, gyr_rads in samples:
        numbers = (time_s / _MS, *scaled(acc_ms2, sign), *scaled(gyr_rads, 1 / RAD_PER_DEG))
        if not all(abs(value) <= _LAST_MS for value in numbers):
            raise UnencodableValueError(f"A message cannot hold {numbers}: all must be finite.")
        message += _SAMPLE.pack(*numbers)
    return message
