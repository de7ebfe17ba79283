"""What the thigh does about the knee's axis: known in its own sensor frame, sense included.

The strategy
------------
Flexion is the shank's rotation about the knee's axis less the thigh's about the same axis. From
the shank that axis is known (`axis_memory.py`). In the thigh's frame

1. its *line* is the principal direction of the thigh's rate while the knee moves;
2. its *sense* follows from what both segments share: the knee lets them differ by a turn about
   its axis and by nothing else. So the axis leans by the same angle against gravity in both
   frames, and a turn of the leg sideways is felt by both alike. Taken the wrong way round the
   axis would lean to the other side, and the sideways turns would be opposite. In a squat anatomy
   tells as well: the foot stands, the shank leans forward and the thigh back. Where nothing of
   this shows, two sensors whose axes lie alike are taken to be worn the same way round.

A thigh that hardly moves shows no axis and needs none: its movement widens the uncertainty. Why
no placement is asked for: docs/decisions/0007-thigh-sensor.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector, hinge_angle_deg, principal_axis, tilt_deg
from analysis.rows import GYR, TIME, UP, Rows
from analysis.thigh_stream import ThighStream

BLOCK_S: Final = 0.25  # over the period of a tremor
KEPT_REPS: Final = 15
KEPT_BLOCKS: Final = 480  # two minutes: follows a sensor that turns on the thigh
KNEE_DEGS: Final = 4.0  # of the shank about its axis: the knee moves, or hardly does
KNEE_SHARE: Final = 0.8  # of the shank's turning, in a block that is the knee's
THIGH_DEGS: Final = 1.0  # of the thigh: slower is breathing and noise
LEAST_TURN_DEG: Final = 5.0  # summed, there and back: from that much on an axis shows
LEAST_SHARE: Final = 0.6  # of the thigh's turning that lies on one axis
LEAN_U_DEG: Final = 2.5  # by how much the two inclinations differ by skin and axis errors
CLEAR_DEGS: Final = 0.6  # both turn sideways by more than noise and breathing
CLEAR_SAYS: Final = 0.7  # what one such block says of the sense
CHANCE_Z: Final = 2.0  # a correlation of noise goes so far
SURE: Final = 3.0  # logarithm of how much likelier one sense is than the other
ANATOMY: Final = 8.0  # the same, of a squat
ALIKE_COS: Final = 0.9  # between the axis in the two sensors' own axes
CONVENTION: Final = 3.5  # the same, of sensors worn the same way round
NEAR_ZERO_DEG: Final = 3.0
FOLLOWED_U_DEG: Final = 2.5  # what two sensors leave, beside the errors of one
MAX_MISSING_SHARE: Final = 0.05  # of a repetition


class ThighState(StrEnum):
    """How far the thigh is known."""

    FOLLOWED = "followed"  # the angle is the true knee angle
    STILL = "still"  # it hardly moves: its movement is in the uncertainty
    UNCLEAR = "unclear"  # which way it turns could not be told: the same
    MISSING = "missing"  # no signal: the angle rests on the assumption that it lies still


@dataclass(frozen=True, slots=True)
class ThighTurn:
    """The thigh's rotation about the knee's axis since zero, (n,), and what it may be off by.

    Zero all along where it could not be followed; `u_deg` is None where it was not seen at all.
    """

    turn_deg: NDArray[np.float64]
    u_deg: float | None
    state: ThighState


@dataclass(frozen=True, slots=True)
class Blocks:
    """Block means of both segments: rates in deg/s and verticals, (n, 3) each.

    `in_rep` (n,): whether the block lies in a repetition.
    """

    in_rep: NDArray[np.bool_]
    shank_degs: NDArray[np.float64]
    shank_up: NDArray[np.float64]
    thigh_degs: NDArray[np.float64]
    thigh_up: NDArray[np.float64]


class ThighLink:
    """Learns up to the row that something is decided at, and no further.

    Parameters
    ----------
    stream : ThighStream
        Of the second sensor.
    rows : Rows
        Of the first one.
    rate_hz : float
        Of these rows.
    goes_against : bool
        Whether the thigh is known to turn against the shank, as in a squat.

    """

    def __init__(
        self, stream: ThighStream, rows: Rows, rate_hz: float, *, goes_against: bool
    ) -> None:
        self.axis: Vector | None = None
        self.state = ThighState.MISSING
        self.zero_up: Vector | None = None
        self._stream = stream
        self._rows = rows
        self._block = max(2, round(BLOCK_S * rate_hz))
        self._goes_against = goes_against
        self._row = rows.end  # the first row not learnt from
        self._means: list[NDArray[np.float64]] = []  # of blocks, (13,) each: first the row
        self._reps: list[tuple[int, int]] = []  # rows of the last repetitions
        self._zero_of: Vector | None = None  # the shank's zero that `zero_up` belongs to

    def learn_up_to(self, row: int) -> None:
        """Use the rows under this number, block by block."""
        self._row = max(self._row, self._rows.first)
        while self._row + self._block <= row:
            start, end = self._row, self._row + self._block
            up, rate = self._stream.at(self._rows.column(TIME, start, end))
            if not np.isnan(up).any():
                parts = (
                    np.degrees(self._rows.columns(GYR, start, end).mean(axis=0)),
                    self._rows.columns(UP, start, end).mean(axis=0),
                    np.degrees(rate.mean(axis=0)),
                    up.mean(axis=0),
                )
                self._means.append(np.concatenate([[start], *parts]))
                del self._means[:-KEPT_BLOCKS]
            self._row = end
        self._stream.drop_before(self._rows.time_at(self._row - 1) if self._row else 0.0)

    def restart(self) -> None:
        """Begin behind a hole in the shank's signal."""
        self._row = self._rows.end

    def turn_in(self, start: int, end: int, shank_axis: Vector, shank_zero_up: Vector) -> ThighTurn:
        """Return the thigh's rotation in the rows [start, end) of a repetition that is over.

        Parameters
        ----------
        start, end : int
            Rows of the shank.
        shank_axis, shank_zero_up : (3,) ndarray
            The knee's axis, flexion positive, and the zero pose's vertical, seen from the shank.

        """
        self._reps = [*self._reps[-KEPT_REPS:], (start, end)]
        up, _ = self._stream.at(self._rows.column(TIME, start, end))
        is_known = ~np.isnan(up[:, 0])
        self._refer(shank_zero_up)
        nothing = np.zeros(end - start)
        if np.mean(~is_known) > MAX_MISSING_SHARE or self.zero_up is None:
            self.state = ThighState.MISSING
            return ThighTurn(nothing, None, self.state)
        self._tell_axis(shank_axis)
        if self.axis is None:
            tilted_deg = float(tilt_deg(up[is_known], self.zero_up).max())
            return ThighTurn(nothing, float(np.hypot(FOLLOWED_U_DEG, tilted_deg)), self.state)
        turn_deg = hinge_angle_deg(up[is_known], self.axis, self.zero_up)
        rows = np.arange(end - start)
        return ThighTurn(np.interp(rows, rows[is_known], turn_deg), FOLLOWED_U_DEG, self.state)

    def turn_at(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rotation (n,) at some instants as far as known now, else 0."""
        if self.axis is None or self.zero_up is None:
            return np.zeros(len(time_s))
        up, _ = self._stream.at(time_s)
        turn_deg = hinge_angle_deg(up, self.axis, self.zero_up)
        return np.where(np.isnan(turn_deg), 0.0, turn_deg)

    def _refer(self, shank_zero_up: Vector) -> None:
        """Take the thigh's pose at the time of the shank's zero for its own zero."""
        if self._zero_of is shank_zero_up or not self._means:
            return
        blocks = self._blocks()
        is_there = tilt_deg(blocks.shank_up, shank_zero_up) < NEAR_ZERO_DEG
        rates_degs = np.hstack([blocks.shank_degs, blocks.thigh_degs])
        is_there &= np.abs(rates_degs).max(axis=1) < KNEE_DEGS
        if is_there.any():
            mean = blocks.thigh_up[is_there].mean(axis=0)
            self.zero_up = mean / np.sqrt(mean @ mean)
            self._zero_of = shank_zero_up

    def _tell_axis(self, shank_axis: Vector) -> None:
        """Find the knee's axis in the thigh's frame, or None where it cannot be told."""
        self.axis, blocks = None, self._blocks()
        knee_degs = blocks.shank_degs @ shank_axis
        size_degs = np.sqrt(np.einsum("ij,ij->i", blocks.shank_degs, blocks.shank_degs))
        is_knee = blocks.in_rep & (
            np.abs(knee_degs) > np.maximum(KNEE_DEGS, KNEE_SHARE * size_degs)
        )
        thigh_degs = blocks.thigh_degs[is_knee]
        moved = thigh_degs[np.einsum("ij,ij->i", thigh_degs, thigh_degs) > THIGH_DEGS**2]
        line, share = principal_axis(moved.T @ moved) if len(moved) else (np.zeros(3), 0.0)
        self.state = ThighState.STILL
        if share < LEAST_SHARE or float(np.abs(moved @ line).sum()) * BLOCK_S < LEAST_TURN_DEG:
            return
        evidence = _lean_evidence(blocks, shank_axis, line)
        evidence += _sideways_evidence(blocks, shank_axis, line)
        alike = float(line @ shank_axis)
        if abs(alike) > ALIKE_COS and abs(evidence) < SURE:
            evidence += CONVENTION * float(np.sign(alike))
        if self._goes_against:
            evidence -= ANATOMY * float(np.sign(knee_degs[is_knee] @ (thigh_degs @ line)))
        self.state = ThighState.UNCLEAR
        if abs(evidence) > SURE:
            self.axis, self.state = np.sign(evidence) * line, ThighState.FOLLOWED

    def _blocks(self) -> Blocks:
        table = np.array(self._means)
        in_rep = np.zeros(len(table), dtype=np.bool_)
        for start, end in self._reps:
            in_rep |= (table[:, 0] >= start) & (table[:, 0] + self._block <= end)
        return Blocks(in_rep, table[:, 1:4], table[:, 4:7], table[:, 7:10], table[:, 10:13])


def _lean_evidence(blocks: Blocks, shank_axis: Vector, line: Vector) -> float:
    """Logarithm of how much likelier this sense is: the axis leans alike in both frames.

    Two angles that should be equal, against two that should be opposite, each known to
    `LEAN_U_DEG`: ((a + b)² - (a - b)²) / 2 u².
    """
    shank_deg, thigh_deg = (
        float(np.degrees(np.arcsin(np.clip(up[blocks.in_rep] @ axis, -1.0, 1.0))).mean())
        for up, axis in ((blocks.shank_up, shank_axis), (blocks.thigh_up, line))
    )
    return 2.0 * shank_deg * thigh_deg / LEAN_U_DEG**2


def _sideways_evidence(blocks: Blocks, shank_axis: Vector, line: Vector) -> float:
    """Return the same from turns sideways: about the level line across the axis.

    Only while the knee hardly moves, or the leg moves mostly as a whole: a knee at work shakes
    skin and tissue, and that would be taken for turns.
    """
    shank_degs, thigh_degs = (
        np.einsum("ij,ij->i", rate, np.cross(axis, up))
        for rate, axis, up in (
            (blocks.shank_degs, shank_axis, blocks.shank_up),
            (blocks.thigh_degs, line, blocks.thigh_up),
        )
    )
    about = np.maximum(np.abs(blocks.shank_degs @ shank_axis), np.abs(blocks.thigh_degs @ line))
    is_used = about < np.maximum(KNEE_DEGS, np.minimum(np.abs(shank_degs), np.abs(thigh_degs)))
    if not is_used.any():
        return 0.0
    # The median is what is left of the gyroscopes' offsets.
    one = shank_degs[is_used] - np.median(shank_degs[is_used])
    other = thigh_degs[is_used] - np.median(thigh_degs[is_used])
    is_clear = np.minimum(np.abs(one), np.abs(other)) > CLEAR_DEGS
    evidence = CLEAR_SAYS * float(np.sign(one[is_clear] * other[is_clear]).sum())
    product = (one * other)[~is_clear]
    z = float(product.sum() / np.sqrt((product**2).sum() + 1e-12))
    return evidence + float(np.sign(z)) * max(0.0, abs(z) - CHANCE_Z) ** 2 / 2.0
