"""Packets of a Movesense log, whatever the file they were kept in, to one recording.

A packet has the time of its first sample, in ms of a 32-bit clock, and several samples of
acceleration (m/s²), angular rate (deg/s), or both. The others follow at equal distances, up to the
next packet; behind a hole, and behind the last packet, at the usual distance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_bridge.clock import Unwrap
from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream, paired_export
from firmware_bridge.exports.recording import Array, Export
from firmware_bridge.units import RAD_PER_DEG

_MS: Final = 1e-3
_U32_MASK: Final = 0xFFFFFFFF
_HOLE: Final = 1.5  # times the usual distance
_LARGEST: Final = 1e20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MovesensePacket:
    """Samples that were stored together; either vector may be missing."""

    time_ms: int
    acc_ms2: Array | None = None
    gyr_dps: Array | None = None


def movesense_export(
    format_id: str, packets: Sequence[MovesensePacket], notes: Sequence[str] = ()
) -> Export:
    """Put packets, in the order of the log, together to a recording.

    Raises
    ------
    UnreadableExportError
        If acceleration or angular rate is missing, or a number is not finite.

    """
    said = list(notes)
    acc = _stream(packets, [packet.acc_ms2 for packet in packets], "acceleration", said)
    gyr = _stream(packets, [packet.gyr_dps for packet in packets], "angular rate", said)
    return paired_export(format_id, acc, gyr.times(RAD_PER_DEG), dict.fromkeys(said))


def _stream(
    packets: Sequence[MovesensePacket],
    parts: Sequence[Array | None],
    words: str,
    notes: list[str],
) -> Stream:
    unwrap = Unwrap()
    kept = [
        (unwrap(packet.time_ms & _U32_MASK), part)
        for packet, part in zip(packets, parts, strict=True)
        if part is not None and len(part)
    ]
    if not kept:
        raise UnreadableExportError(
            f"The Movesense recording has no {words}",
            "record /Meas/IMU6, or acceleration and gyroscope together, and give all files",
        )
    values = np.concatenate([part for _, part in kept])
    if not (np.abs(values) < _LARGEST).all():
        raise UnreadableExportError(
            "The Movesense recording holds numbers that cannot be", "export it again"
        )
    time_s = _times_s([time_ms for time_ms, _ in kept], [len(part) for _, part in kept])
    stream, n_repeated = Stream.sorted(time_s, values)
    if n_repeated:
        notes.append(f"{n_repeated} samples repeat a time and are left out.")
    return stream


def _times_s(starts_ms: Sequence[int], counts: Sequence[int]) -> Array:
    """Return the time of each sample in s, (sum of counts,)."""
    start_s = np.array(starts_ms, dtype=np.float64) * _MS
    n = np.array(counts)
    own_s = np.diff(start_s) / n[:-1]
    forward = own_s[own_s > 0]
    usual_s = float(np.median(forward)) if forward.size else 0.0
    is_regular = (own_s > 0) & (own_s < _HOLE * usual_s)
    step_s = np.append(np.where(is_regular, own_s, usual_s), usual_s)
    rank = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    return np.asarray(np.repeat(start_s, n) + rank * np.repeat(step_s, n))
