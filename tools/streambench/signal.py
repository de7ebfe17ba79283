"""What a phone on an ankle sends: a still start, then repetitions, as numbered messages."""

import functools
from typing import Final

from firmware_bridge import encode_device_motion
from tracker.phone.numbering import encode_numbered
from tracker.simulator import SimulatedPatient

RATE_HZ: Final = 100.0
PER_MESSAGE: Final = 5  # 50 ms, as the page sends them
STILL_S: Final = 6.0
REPS: Final = 15
EXERCISE: Final = "ecc_prone_helper"
N_LEGS: Final = 4  # different ones; more phones than these share them
EPOCH_S: Final = 1.7e9


@functools.cache
def messages_of(leg: int, length_s: float) -> tuple[bytes, ...]:
    """Return the messages of one phone for so long."""
    patient = SimulatedPatient(EXERCISE, seed=leg + 1, rate_hz=RATE_HZ)
    pieces = [patient.next_samples(int(STILL_S * RATE_HZ))]
    patient.hear("go", reps=REPS)
    pieces.append(patient.next_samples(int(length_s * RATE_HZ)))
    samples = [one for acc, gyr in pieces for one in zip(acc, gyr, strict=True)]
    found = []
    for first in range(0, len(samples) - PER_MESSAGE, PER_MESSAGE):
        data = b"".join(
            encode_device_motion(
                [(EPOCH_S + (first + k) / RATE_HZ, tuple(acc), tuple(gyr))], platform="android"
            )
            for k, (acc, gyr) in enumerate(samples[first : first + PER_MESSAGE])
        )
        found.append(encode_numbered(first, data))
    return tuple(found)
