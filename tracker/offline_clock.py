"""The times of a recording, fitted once more with the whole of it known.

While a session runs a time must be given at once. Afterwards the line under the arrivals can be
drawn with hindsight: over five minutes at a time, with the sensor's rate from the longest link,
and with samples that were taken for lost but came after all back in their places. The stored
result stays that of the live times; this is for a new analysis of the recording.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples
from firmware_bridge import Decoder, SensorFamily, find_sensor
from tracker.clock_fit import MIN_STEP_S, lower_hull, middle_edge_slope
from tracker.collector_events import Received
from tracker.recording_file import RecordedSession
from tracker.timeline import Timeline
from tracker.timeline_segment import Timed

PIECE_S: Final = 300.0
"""Over so long the rate of a crystal in a warming case stays within some millionths."""

RATE_PRIOR: Final = 0.005
"""Deviation from the nominal rate that is usual before anything is known, as a share."""

RATE_WANDERS: Final = 100e-6
"""How far the rate of one sensor differs between two links of a session."""

LATENCY_NOISE_S: Final = 0.004
"""How far the least latency of a stretch scatters, as a standard deviation."""

BIN_S: Final = 0.5
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Line:
    """Host time against the sensor's own, around the middle of a piece."""

    middle_s: float
    slope: float
    offset_s: float

    def at(self, device_s: Array) -> Array:
        return self.offset_s + self.slope * device_s


def retimed(session: RecordedSession) -> ImuSamples:
    """Decode a recording again, and fit its clock with hindsight.

    Parameters
    ----------
    session : RecordedSession
        With its raw notifications.

    Returns
    -------
    ImuSamples
        The same samples as live, or a few more where damage allows, with better times.

    Raises
    ------
    UnknownSensorError
        If the sensor it was made with is not known.

    """
    family = find_sensor(session.header.sensor)
    return fit_again(family, decode_again(family, session.notifications))


def decode_again(family: SensorFamily, notifications: Sequence[Received]) -> list[Received]:
    """Decode stored notifications: a new decoder for each link, as when they were recorded."""
    decoders: dict[int, Decoder] = {}
    decoded = []
    for one in notifications:
        decoder = decoders.setdefault(one.link, family.new_decoder())
        decoded.append(
            Received(
                packets=tuple(decoder.feed(one.data)),
                data=one.data,
                characteristic=one.characteristic,
                arrival_s=one.arrival_s,
                link=one.link,
                is_settled=one.is_settled,
            )
        )
    return decoded


def fit_again(family: SensorFamily, received: Sequence[Received]) -> ImuSamples:
    """Time decoded notifications with all of them known.

    Zhang, Liu, Xia (2002), "Clock synchronization algorithms for network measurements": the line
    under the arrivals with the least mean distance from them. Departures: pieces of at most five
    minutes, joined smoothly; short ones lean on the rate of the longest.
    """
    timeline = Timeline(family)
    timed = [one for each in received for one in timeline.add_timed(each)]
    timed += timeline.finish_timed()
    if not timed:
        return ImuSamples([], [], [])
    period_s = 1.0 / (timeline.rate_hz or family.nominal_rate_hz)
    segments = [list(group) for _, group in groupby(timed, key=lambda one: one.segment)]
    axes = [_put_back(segment, period_s) for segment in segments]
    longest = max(range(len(axes)), key=lambda k: axes[k][-1] - axes[k][0])
    rate = _slope(axes[longest], _arrivals(segments[longest]), 1.0, RATE_PRIOR)
    times: list[Array] = []
    last_s = -np.inf
    for device_s, segment in zip(axes, segments, strict=True):
        times.append(_growing(_fit(device_s, _arrivals(segment), rate), last_s))
        last_s = float(times[-1][-1])
    return ImuSamples(
        np.concatenate(times),
        [one.packet.acc_ms2 for one in timed],
        [one.packet.gyr_rads for one in timed],
    )


def _arrivals(segment: Sequence[Timed]) -> Array:
    return np.array([one.arrival_s for one in segment])


def _put_back(segment: Sequence[Timed], period_s: float) -> Array:
    """Return the sensor's own times; where a loss proved to be none, as if it had not been said.

    Live, a correction takes back samples that were counted too many from where it is made; here
    from where the gap was.
    """
    device_s = np.array([one.device_s for one in segment])
    for at in np.flatnonzero(np.diff(device_s) <= 0) + 1:
        too_far_s = device_s[at - 1] + period_s - device_s[at]
        gaps = [k for k in range(at) if segment[k].gap is not None]
        if gaps:
            device_s[gaps[-1] : at] -= too_far_s
    return np.maximum.accumulate(device_s)


def _fit(device_s: Array, arrival_s: Array, rate: float) -> Array:
    """Return the host's times of a segment."""
    n_pieces = max(1, int(np.ceil((device_s[-1] - device_s[0]) / PIECE_S)))
    edges = np.linspace(device_s[0], device_s[-1], n_pieces + 1)[1:-1]
    pieces = np.split(np.arange(len(device_s)), np.searchsorted(device_s, edges))
    lines = [_line(device_s[k], arrival_s[k], rate) for k in pieces if len(k)]
    if len(lines) == 1:
        return lines[0].at(device_s)
    middles_s = np.array([line.middle_s for line in lines])
    first = np.clip(np.searchsorted(middles_s, device_s) - 1, 0, len(lines) - 2)
    share = (device_s - middles_s[first]) / (middles_s[first + 1] - middles_s[first])
    share = np.clip(share, 0.0, 1.0)
    values = np.array([line.at(device_s) for line in lines])
    here = np.arange(len(device_s))
    blended: Array = (1 - share) * values[first, here] + share * values[first + 1, here]
    return blended


def _line(device_s: Array, arrival_s: Array, rate: float) -> _Line:
    slope = _slope(device_s, arrival_s, rate, RATE_WANDERS)
    offset_s = float((arrival_s - slope * device_s).min())
    return _Line(float(device_s[0] + device_s[-1]) / 2, slope, offset_s)


def _slope(device_s: Array, arrival_s: Array, expected: float, doubt: float) -> float:
    """Return the slope of the line under the arrivals, drawn to the expected one where short."""
    x, y = device_s - device_s[0], arrival_s - arrival_s[0]
    lowest: dict[int, int] = {}
    for k, number in enumerate((x / BIN_S).astype(int).tolist()):
        best = lowest.setdefault(number, k)
        if y[k] - x[k] < y[best] - x[best]:
            lowest[number] = k
    points = deque((float(x[k]), float(y[k])) for k in lowest.values())
    span_s = points[-1][0] - points[0][0]
    if span_s <= 0:
        return expected
    found = middle_edge_slope(lower_hull(points))
    noise = LATENCY_NOISE_S / span_s
    trust = doubt**2 / (doubt**2 + noise**2)
    return expected + trust * (found - expected)


def _growing(times_s: Array, after_s: float) -> Array:
    """Return times that grow strictly, and come after those of the segment before."""
    steps = np.arange(len(times_s)) * MIN_STEP_S
    least = np.maximum.accumulate(np.maximum(times_s - steps, after_s + MIN_STEP_S))
    return np.asarray(least + steps, dtype=np.float64)
