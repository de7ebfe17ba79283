"""What a phone on the ankle would send of a set: samples of its page, 32 bytes each."""

import numpy as np

from firmware_bridge import encode_device_motion
from tests.builders import prone_set

BEGAN_S = 1_778_574_600.0  # 12 May 2026, 08:30 UTC
EVENT = np.dtype([("t", "<f8"), ("v", "<f4", 6)])


def phone_set(reps=5, *, platform="android"):
    """A set of lying curls at 60 samples a second, 3 seconds back, as bytes."""
    samples = prone_set(reps, rate_hz=60.0)
    times_s = BEGAN_S + samples.time_s - samples.time_s[0]
    rows = zip(times_s, samples.acc_ms2, samples.gyr_rads, strict=True)
    return encode_device_motion(
        [(float(time_s), tuple(acc), tuple(gyr)) for time_s, acc, gyr in rows], platform=platform
    )


def events_of(data):
    """The events that the page would get: time in ms and six numbers each."""
    return [[float(t), *map(float, values)] for t, values in np.frombuffer(data, EVENT)]
