"""Where is up, in the sensor's own axes: the one thing gravity and a gyroscope tell for good.

The filter is VQF (Laidig and Seel 2023, Information Fusion 91, 187-204; package `vqf`) without a
magnetometer. Heading is neither observable nor needed.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from vqf import VQF

from analysis.errors import EmptyRecordingError
from analysis.grid import BRIDGED, SteadyGrid, gap_periods, sampling_rate_hz
from analysis.levelling import (
    CONJUGATE,
    LEAST_DOUBT_DEG,
    LOOK_S,
    LOOKED_BACK_S,
    Levelling,
    bridge_doubt_deg,
    multiplied,
    rotated,
)
from analysis.lever import STANDARD_GRAVITY_MS2, mean_jolt_ms2
from analysis.samples import ImuSamples
from analysis.turning import Turning

# The filter takes no offset larger than this for one; cheap parts reach 13 deg/s, and with the
# default of 2 such a sensor drifts through a whole session.
BIAS_CLIP_DEGS: Final = 20.0
BIAS_DOUBT_DEGS: Final = 1.0
SEED_SIGMA_RADS: Final = 0.005  # trust in an offset measured over half a second of rest
LOOKED_AHEAD_S: Final = 2.5  # of movement: longer, and an offset turns what is averaged
LEAST_GRAVITY_SHARE: Final = 0.5  # with less on average the accelerometer is no good
STEPS_JOLT_MS2: Final = 2.5  # steps and stumbles have more
MIN_SAMPLES: Final = 10


UP_AXIS: Final = np.array([0.0, 0.0, 1.0])


@dataclass(slots=True, eq=False)
class UpRows:
    """Consecutive rows: "up" (n, 3), unit, and the gyroscope's offset (n, 3) in rad/s.

    `is_late`: they were held back until the last of them was known.
    """

    up: NDArray[np.float64]
    bias_rads: NDArray[np.float64]
    is_late: bool = False

    def __len__(self) -> int:
        return len(self.up)

    @classmethod
    def joined(cls, parts: "list[UpRows]") -> "UpRows":
        """Put rows that were held back together."""
        up = np.concatenate([part.up for part in parts])
        return cls(up, np.concatenate([part.bias_rads for part in parts]), is_late=True)


class UpFilter:
    """Follow the vertical while samples come in; any cutting gives the same rows bit for bit.

    After a bridged hole that leaves the vertical in doubt it is found again (levelling.py). Who
    asks for it with `holds_back` gets the rows since the hole then, mended, or from `flush`.
    """

    def __init__(
        self,
        rate_hz: float,
        bias_rads: NDArray[np.float64] | None = None,
        doubt_rads: float = SEED_SIGMA_RADS,
        *,
        trusts_rest: bool = True,
        holds_back: bool = False,
    ) -> None:
        # A doubt too small for a cheap part's offset would make the filter learn it for a minute.
        self._vqf = VQF(
            1.0 / rate_hz,
            biasClip=BIAS_CLIP_DEGS,
            biasSigmaInit=BIAS_DOUBT_DEGS,
            restBiasEstEnabled=trusts_rest,
        )
        if bias_rads is not None:
            self._vqf.setBiasEstimate(np.ascontiguousarray(bias_rads), doubt_rads)
        self._holds_back = holds_back
        self._rate_hz = rate_hz
        self._recent: deque[NDArray[np.float64]] = deque()  # rates, to judge a bridge by
        self._n_recent = 0
        self._n_looked_back = round(LOOKED_BACK_S * rate_hz)
        self._turning = Turning(rate_hz)
        self._levelling: Levelling | None = None  # while the vertical is in doubt
        self._n_look = max(1, round(LOOK_S * rate_hz))
        self._held: list[UpRows] = []
        self._looked_at: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self._n_to_look = self._n_look

    def look_ahead(self, gyr_rads: NDArray[np.float64], acc_ms2: NDArray[np.float64]) -> None:
        """Before the first row: take the vertical from the rows (n, 3) to come.

        The filter itself begins with the first row's specific force. Where a leg steps or lands
        that is off by tens of degrees; over some seconds what movement adds comes and goes. A leg
        that moves gently is left to the filter: an offset of the gyroscope does more harm there.
        """
        n = round(LOOKED_AHEAD_S * self._rate_hz)
        acc_ms2 = np.ascontiguousarray(acc_ms2[:n])
        if mean_jolt_ms2(acc_ms2, self._rate_hz) < STEPS_JOLT_MS2:
            return
        ahead = VQF(1.0 / self._rate_hz)
        ahead.setBiasEstimate(self._vqf.getBiasEstimate()[0], SEED_SIGMA_RADS)
        ahead.updateBatch(np.ascontiguousarray(gyr_rads[:n]), acc_ms2)
        force = np.asarray(ahead.state["lastAccLp"])
        size_ms2 = float(np.sqrt(force @ force))
        if size_ms2 > LEAST_GRAVITY_SHARE * STANDARD_GRAVITY_MS2:
            self._turn_to(force / size_ms2)

    def update(
        self,
        gyr_rads: NDArray[np.float64],
        acc_ms2: NDArray[np.float64],
        step_ratio: NDArray[np.float64],
    ) -> list[UpRows]:
        """Take in rows of the grid; return those that are known by now, in order."""
        self._remember(gyr_rads)
        rates = self._turning.between(gyr_rads, step_ratio)
        known: list[UpRows] = []
        start = 0
        while start < len(rates):
            if self._levelling is None:
                known.append(self._run(rates[start:], acc_ms2[start:])[0])
                break
            rows = slice(start, start + self._n_to_look)
            known += self._watch(rates[rows], acc_ms2[rows])
            if self._n_to_look == 0:
                known += self._look(self._levelling)
            start = rows.stop
        return known

    def bridge(
        self,
        gyr_rads: NDArray[np.float64],
        acc_ms2: NDArray[np.float64],
        step_ratio: NDArray[np.float64],
    ) -> list[UpRows]:
        """Take in the rows that bridge a hole, all of them; return those known by now."""
        before = np.concatenate([gyr_rads[:0], *self._recent])[-self._n_looked_back :]
        doubt_deg = bridge_doubt_deg(before, gyr_rads, self._rate_hz) if len(before) else 0.0
        if self._levelling is None and doubt_deg < LEAST_DOUBT_DEG:
            return self.update(gyr_rads, acc_ms2, step_ratio)
        self._remember(gyr_rads)
        if self._levelling is None:
            self._levelling = Levelling(self._rate_hz, self._up_in_gyro_frame())
        self._end_look(self._levelling)
        rows, quat = self._run(self._turning.between(gyr_rads, step_ratio), acc_ms2)
        self._levelling.add_bridge(self._in_gyro_frame(quat), doubt_deg)
        return self._held_or_known(rows)

    def flush(self) -> list[UpRows]:
        """Return what is held back, as the filter saw it: nothing more comes, or it took long."""
        held, self._held, self._levelling = self._held, [], None
        self._looked_at, self._n_to_look = [], self._n_look
        return [UpRows.joined(held)] if held else []

    def _run(
        self, rates: NDArray[np.float64], acc_ms2: NDArray[np.float64]
    ) -> tuple[UpRows, NDArray[np.float64]]:
        out = self._vqf.updateBatch(rates, acc_ms2)
        return UpRows(up_from_quaternion(out["quat6D"]), out["bias"]), out["quat6D"]

    def _remember(self, gyr_rads: NDArray[np.float64]) -> None:
        self._recent.append(gyr_rads)
        self._n_recent += len(gyr_rads)
        while self._n_recent - len(self._recent[0]) >= self._n_looked_back:
            self._n_recent -= len(self._recent.popleft())

    # ---- while the vertical is in doubt ----------------------------------------------------

    def _watch(self, rates: NDArray[np.float64], acc_ms2: NDArray[np.float64]) -> list[UpRows]:
        rows, quat = self._run(rates, acc_ms2)
        self._looked_at.append((quat, acc_ms2))
        self._n_to_look -= len(rows)
        return self._held_or_known(rows)

    def _held_or_known(self, rows: UpRows) -> list[UpRows]:
        if not self._holds_back:
            return [rows]
        self._held.append(rows)
        return []

    def _look(self, levelling: Levelling) -> list[UpRows]:
        """At the end of some rows: release all that is held if they show the vertical."""
        self._end_look(levelling)
        up = levelling.look(self._up_in_gyro_frame())
        if up is not None:
            self._turn_to(up)
        if not levelling.is_over:
            return []
        held, mended = self.flush(), levelling.mended()
        if mended is None:
            return held
        return [UpRows(mended, rows.bias_rads, is_late=True) for rows in held]

    def _end_look(self, levelling: Levelling) -> None:
        """Hand over the rows since the last look, which ends here."""
        for quat, acc_ms2 in self._looked_at:
            levelling.add(self._in_gyro_frame(quat), acc_ms2)
        self._looked_at, self._n_to_look = [], self._n_look

    def _in_gyro_frame(self, quat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take the filter's correction by the accelerometer out of quaternions (n, 4).

        It hardly changes within the rows of one look.
        """
        return multiplied(CONJUGATE * self._vqf.state["accQuat"], quat)

    def _up_in_gyro_frame(self) -> NDArray[np.float64]:
        to_gyro_frame = CONJUGATE * np.array([self._vqf.state["accQuat"]])
        return np.asarray(rotated(to_gyro_frame, UP_AXIS[None])[0])

    def _turn_to(self, up: NDArray[np.float64]) -> None:
        """Take a direction (3,) of the frame that the gyroscope alone keeps for "up" from now on.

        The filter averages the specific force in that frame over seconds, and calls its direction
        "up": so that average is replaced. Its memory is that of a filter of second order, in
        transposed form, after a long constant input.
        """
        state, coeffs = self._vqf.state, self._vqf.coeffs
        force = STANDARD_GRAVITY_MS2 * up
        memory = [1.0 - coeffs["accLpB"][0], coeffs["accLpB"][2] - coeffs["accLpA"][1]]
        state["lastAccLp"] = force
        state["accLpState"] = np.outer(force, memory).ravel()
        self._vqf.state = state


def up_from_quaternion(quat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the vertical in the sensor frame (n, 3) for sensor-to-earth quaternions (n, 4) wxyz.

    It is the last row of the rotation matrix.
    """
    w, x, y, z = quat.T
    up = np.empty((len(quat), 3))
    np.subtract(x * z, w * y, out=up[:, 0])
    np.add(y * z, w * x, out=up[:, 1])
    np.subtract(0.5, x * x + y * y, out=up[:, 2])
    up += up
    return up


def vertical(samples: ImuSamples) -> NDArray[np.float64]:
    """Estimate "up" in the sensor frame at each sample, from that sample and the ones before.

    Parameters
    ----------
    samples : ImuSamples
        n samples; gaps up to 0.5 s are bridged, longer ones restart the filter.

    Returns
    -------
    (n, 3) ndarray
        Unit vectors in the sensor's axes.

    Raises
    ------
    EmptyRecordingError
        If there are fewer than ten samples.
    SampleRateError
        If they come at under 20 or over 1000 Hz.

    Examples
    --------
    >>> still = ImuSamples([i / 100 for i in range(100)], [[0, 0, 9.81]] * 100, [[0, 0, 0]] * 100)
    >>> vertical(still)[-1].round(3) + 0.0
    array([0., 0., 1.])

    """
    if len(samples) < MIN_SAMPLES:
        raise EmptyRecordingError(f"{len(samples)} samples are too few: at least ten are needed.")
    rate_hz = sampling_rate_hz(samples.time_s)
    grid = SteadyGrid(rate_hz, gap_periods(samples.time_s, rate_hz))
    pieces, _ = grid.update(samples)
    follower = UpFilter(grid.rate_hz)
    rows = []
    for piece in pieces:
        if piece.starts_segment:
            follower = UpFilter(grid.rate_hz)
        known = follower.update(piece.gyr_rads, piece.acc_ms2, piece.step_ratio)
        rows += [one.up[piece.marks & BRIDGED == 0] for one in known]
    return np.concatenate(rows)


def inclination_deg(samples: ImuSamples) -> NDArray[np.float64]:
    """Angle between the sensor's z axis and the vertical, (n,) in degrees; see `vertical`."""
    return np.degrees(np.arccos(np.clip(vertical(samples)[:, 2], -1.0, 1.0)))
