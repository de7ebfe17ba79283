"""From what the sensor measured to what arrives: jittered stamps, lost bursts, restarts."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.simulator.curves import Array
from tracker.simulator.scenario import Scenario

_LOSS_BURST_S: Final = 0.04
_NO_LOSS_BEFORE_S: Final = 0.5
_LARGEST_JITTER: Final = 0.4  # of a period: stamps stay in order
_RESTART_S: Final = (1.5, 4.0)  # without samples
_NEW_OFFSET_DPS: Final = 0.5  # standard deviation of the change of the gyroscope's zero
_RESTART_WITHIN: Final = (0.25, 0.9)  # of the recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The sensor goes off, comes back, and its gyroscope has another zero."""

    off_s: float
    on_s: float
    offset_rads: Array


def draw_restarts(
    scenario: Scenario, end_s: float, rng: np.random.Generator
) -> tuple[Restart, ...]:
    """Draw when the sensor restarts; in order, never overlapping."""
    if not scenario.restarts:
        return ()
    first_s, last_s = (share * end_s for share in _RESTART_WITHIN)
    edges_s = np.linspace(first_s, last_s, scenario.restarts + 1).tolist()
    restarts = []
    for earliest_s, latest_s in pairwise(edges_s):
        length_s = min(rng.uniform(*_RESTART_S), 0.5 * (latest_s - earliest_s))
        off_s = rng.uniform(earliest_s, latest_s - length_s)
        offset_rads = np.radians(rng.normal(0.0, _NEW_OFFSET_DPS, 3))
        restarts.append(Restart(off_s=off_s, on_s=off_s + length_s, offset_rads=offset_rads))
    return tuple(restarts)


def with_restarts(time_s: Array, gyr_rads: Array, restarts: tuple[Restart, ...]) -> Array:
    """Return the rates, (n, 3), with the zero that each restart leaves behind."""
    for restart in restarts:
        gyr_rads = gyr_rads + restart.offset_rads * (time_s >= restart.on_s)[:, None]
    return gyr_rads


def stamps(instants_s: Array, scenario: Scenario, rng: np.random.Generator) -> Array:
    """Return the time stamps of samples taken at some instants."""
    bound_s = _LARGEST_JITTER / scenario.rate_hz
    jitter_s = rng.normal(0.0, 1.0, len(instants_s)) * scenario.stamp_jitter_s
    return instants_s + np.clip(jitter_s, -bound_s, bound_s)


def arrived(n: int, scenario: Scenario, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return which samples arrive: bursts are lost until the share is reached."""
    kept = np.ones(n, dtype=np.bool_)
    to_lose = scenario.loss_share * n
    first = int(_NO_LOSS_BEFORE_S * scenario.rate_hz)
    while n - np.count_nonzero(kept) < to_lose:
        length_s = rng.uniform(_LOSS_BURST_S, scenario.longest_loss_s)
        length = max(1, int(length_s * scenario.rate_hz))
        at = int(rng.integers(first, max(first + 1, n - length)))
        kept[at : at + length] = False
    return kept


def is_on(time_s: Array, restarts: tuple[Restart, ...]) -> NDArray[np.bool_]:
    """Return at which instants the sensor measures."""
    on = np.ones(len(time_s), dtype=np.bool_)
    for restart in restarts:
        on &= (time_s < restart.off_s) | (time_s >= restart.on_s)
    return on
