"""Follow a stepping leg: its forward axis, its standing pose, the steps it leads.

The strategy
------------
1. Thin the rows to blocks of 40 ms (`step_signal.py`); every decision falls on one of them.
2. After each standing still, learn the axis anew from the first hump of the tilt: most of the
   turning lies on one axis, and a shank leans forward for longer and further than back. The hump
   is then looked at once more with that axis. An axis that two steps agreed on is kept if the new
   one is near it.
3. Find humps (`step_humps.py`), tell swings among them (`step_swings.py`), and pair the swings
   to steps (`step_grammar.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector, hinge_angle_deg, principal_axis, tilt_deg
from analysis.order_statistics import quantile
from analysis.rest_poses import steadiness
from analysis.results import Calibration
from analysis.rows import GYR, UP, Rows, X
from analysis.step_grammar import LEAST_SWING_DEG, StepGrammar, StepPair
from analysis.step_humps import Hump, HumpFinder
from analysis.step_signal import StepSignal
from analysis.step_swings import SwingJudge
from analysis.stillness import TICK_S, StillnessWatch

STILL_TICKS: Final = 4
LOOK_EVERY_S: Final = 0.2
MOVED_DEG: Final = 10.0
LEARN_FROM_DEG: Final = 14.0
LONGEST_LOOK_S: Final = 12.0
KEPT_LOOK_S: Final = 6.0
MIN_AXIS_SHARE: Final = 0.6
SAME_AXIS_COS: Final = 0.8
TRUSTED_STEPS: Final = 2
HALF: Final = 0.5
SIGN_S: Final = 5.0  # a few steps: they tell which way is forward
LEAST_SIGN_SHARE: Final = 0.5  # of that must have been seen
CLEARLY_HIGH_SHARE: Final = 0.65
SURE_STEPS: Final = 3
OUTLIERS: Final = 0.02  # of the blocks, at either end: a hard landing shakes the vertical itself
LOW_SHARE: Final = 0.1  # of the blocks: what stands for upright where nobody stood still
MEMORY_STEPS: Final = 0.7  # of what is known of the axis stays when a step is added
ENVELOPE_QUALITY: Final = 0.4


@dataclass(frozen=True, slots=True)
class StandingFound:
    """The leg stood still for the first time, or never will: zero is known."""

    index: int


@dataclass(frozen=True, slots=True)
class FootUp:
    """The foot was set on the step."""

    index: int


@dataclass(frozen=True, slots=True)
class StepDropped:
    """What began as a step did not become one."""

    index: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step up and down is over; `axis` is the one it was found with."""

    index: int
    pair: StepPair
    axis: Vector


@dataclass(frozen=True, slots=True)
class StepQuiet:
    """No step is under way."""

    index: int


StepEvent = StandingFound | FootUp | StepDropped | StepDone | StepQuiet


class StepTracker:
    """See the module; `advance` uses all rows that were appended to `rows`."""

    def __init__(self, rows: Rows, rate_hz: float, zero_deg: float) -> None:
        self.signal = StepSignal(rows, rate_hz)
        self.judge = SwingJudge(self.signal)
        self.zero_up: Vector | None = None
        self.calibration = Calibration(method="none", quality=0.0, zero_deg=zero_deg)
        self.axis: Vector | None = None
        self.history: list[tuple[int, Vector]] = []
        self._grammar = StepGrammar(self.signal.step_s)
        self._watch = StillnessWatch()
        self._tick_rows = max(2, round(TICK_S / self.signal.step_s))
        self._look_rows = max(1, round(LOOK_EVERY_S / self.signal.step_s))
        self._moment = np.zeros((3, 3))
        self._n_steps = 0
        self._rest_up: Vector | None = None
        self._finder: HumpFinder | None = None  # None while the axis is being learnt
        self._anchor = 0  # where to learn from
        self._sign_rows = round(SIGN_S / self.signal.step_s)
        self._done = -1  # the thin row with which the last step ended
        self._index = 0
        self._segment_start = 0

    @property
    def is_stepping(self) -> bool:
        """Whether the foot is on the step."""
        return self._grammar.pending is not None

    def restart(self) -> None:
        """Begin a new segment after a hole in the signal."""
        self.signal.restart()
        self._segment_start = self._index = self._anchor = self.signal.thin.end
        self._finder = None
        self._watch = StillnessWatch()
        self._grammar.forget()

    def forget_set(self) -> None:
        """Forget the pace of a set that is over, and which leg led."""
        self.judge.forget()
        self._grammar.forget_set()

    def advance(self) -> Iterator[StepEvent]:
        """Use all new rows."""
        self.signal.advance()
        thin = self.signal.thin
        self._write(self._index, thin.end)
        while self._index < thin.end:
            index, self._index = self._index, self._index + 1
            if self._finder is not None:
                tilt = float(thin.column(X, index, index + 1)[0])
                yield from self._use(self._finder.step(tilt), index)
            elif (index - self._segment_start) % self._look_rows == 0:
                yield from self._learn(index)
            if (index + 1 - self._segment_start) % self._tick_rows == 0:
                yield from self._tick(index)

    def finish(self) -> Iterator[StepEvent]:
        """Close a hump that was on its last degrees when the recording ended."""
        last = self.signal.thin.end - 1
        if self._finder is None:
            yield from self._learn(last)
        if self._finder is not None:
            yield from self._use(self._finder.finish(), last)

    # ---- the standing pose and the axis ----------------------------------------------------

    def _tick(self, index: int) -> Iterator[StepEvent]:
        thin = self.signal.thin
        self._watch.add(thin.columns(UP, index + 1 - self._tick_rows, index + 1))
        pose = self._watch.pose(STILL_TICKS)
        if pose is not None:
            self._rest_up = pose.up
            if self.zero_up is None:
                yield self._find_zero(pose.up, "still-pose", steadiness(pose.wander_deg), index)
            # What is to come may be another movement: look at its axis first.
            self._anchor, self._finder = index + 1 - self._tick_rows, None
        elif self._is_upside_down(index):
            yield from self._turn_over(index)
        self.signal.drop_before(index)
        before = self._grammar.pending
        self._grammar.drop_old(index)
        if self._grammar.pending is None:
            if before is not None:
                yield StepDropped(index)
            yield StepQuiet(index)

    def _is_upside_down(self, index: int) -> bool:
        """Whether the leg mostly is where the axis calls it tilted forward: it stands there."""
        thin = self.signal.thin
        start = max(self._anchor, thin.first, index - self._sign_rows)
        is_sure = self._finder is None or self._n_steps > SURE_STEPS
        if is_sure or index - start < LEAST_SIGN_SHARE * self._sign_rows:
            return False
        tilt = thin.column(X, start, index + 1)
        is_stepping = float(np.ptp(tilt)) > LEARN_FROM_DEG
        return is_stepping and _upright_share(tilt) > CLEARLY_HIGH_SHARE

    def _turn_over(self, index: int) -> Iterator[StepEvent]:
        """Take the axis the other way round, and look once more at what moved since."""
        self._anchor = max(self._anchor, index - self._sign_rows)
        self.forget_set()
        self._finder, self._rest_up, self._n_steps = None, None, 0
        if self.calibration.method == "lower-envelope":
            self.zero_up = None
        yield StepDropped(index)
        yield from self._learn(index)

    def _find_zero(self, up: Vector, method: str, quality: float, index: int) -> StandingFound:
        self.zero_up = up
        self.calibration = replace(
            self.calibration, method=method, quality=quality, at_s=self.signal.thin.time_at(index)
        )
        return StandingFound(index)

    def _learn(self, index: int) -> Iterator[StepEvent]:
        """Learn the axis, if the tilt went forward and back since the leg last stood still."""
        thin = self.signal.thin
        start = max(self._anchor, thin.first)
        up = thin.columns(UP, start, index + 1)
        if len(up) < self._tick_rows or tilt_deg(up, up[0]).max() < MOVED_DEG:
            return
        gyr = thin.columns(GYR, start, index + 1)
        axis, share = principal_axis(gyr.T @ gyr)
        if (index - start) * self.signal.step_s > LONGEST_LOOK_S:
            self._anchor = index - round(KEPT_LOOK_S / self.signal.step_s)
        if share < MIN_AXIS_SHARE:
            return
        axis = self._oriented(axis, up)
        reference = self._rest_up
        if reference is None:
            reference = _lowest(up, axis)
        tilt = hinge_angle_deg(up, axis, reference)
        finder = HumpFinder(start)
        humps = [hump for one in tilt.tolist() if (hump := finder.step(one)) is not None]
        if not any(hump.rise_deg >= LEARN_FROM_DEG for hump in humps):
            return
        self.axis, self._rest_up = axis, reference
        if self.zero_up is None:
            yield self._find_zero(reference, "lower-envelope", ENVELOPE_QUALITY, index)
        self._write(start, thin.end)
        self._finder = finder
        for hump in humps:
            yield from self._use(hump, index)

    def _oriented(self, axis: Vector, up: Vector) -> Vector:
        """Return the axis, or the one known if it is near that, with forward positive."""
        is_trusted = self.axis is not None and self._n_steps >= TRUSTED_STEPS
        if self.axis is not None and is_trusted and abs(float(axis @ self.axis)) > SAME_AXIS_COS:
            axis = self.axis
        return axis if _upright_share(hinge_angle_deg(up, axis, up[0])) < HALF else -axis

    def _write(self, start: int, stop: int) -> None:
        if self.axis is not None and self._rest_up is not None and stop > start:
            up = self.signal.thin.columns(UP, start, stop)
            tilt = hinge_angle_deg(up, self.axis, self._rest_up)
            self.signal.thin.column(X, start, stop)[:] = tilt

    # ---- steps -----------------------------------------------------------------------------

    def _use(self, hump: Hump | None, index: int) -> Iterator[StepEvent]:
        if hump is None or hump.low < self.signal.thin.first:
            return
        before = self._grammar.pending
        swing = self.judge.judge(hump)
        since, until = self._grammar.last_low, hump.peak if swing is None else hump.low
        is_holed = since is not None and self.signal.is_holed(since, until)
        if swing is None or hump.rise_deg < LEAST_SWING_DEG:
            pair = self._grammar.add_standing(hump, self.judge.rise_start(hump), is_holed=is_holed)
        else:
            pair = self._grammar.add(swing, is_holed=is_holed)
        if pair is not None:
            yield from self._close(pair, index)
        elif self._grammar.pending is None and before is not None:
            yield StepDropped(index)
        elif self._grammar.pending is not before:
            yield FootUp(index)

    def _close(self, pair: StepPair, index: int) -> Iterator[StepEvent]:
        assert self.axis is not None  # noqa: S101 (no hump is found without one)
        if pair.first.hump.low < max(self.signal.thin.first, self._done):
            yield StepDropped(index)
            return
        self._done = pair.second.hump.end
        yield StepDone(index, pair, self.axis)
        if pair.is_led:
            self._refine(pair)
            self.history.append((self.signal.row_of(index + 1), self.axis))
            self._write(index + 1, self.signal.thin.end)

    def _refine(self, pair: StepPair) -> None:
        """Take the turning of a step that counts into what is known of the axis."""
        gyr = self.signal.thin.columns(GYR, pair.first.hump.low, pair.second.hump.end + 1)
        known = self._moment if self._n_steps else 0.0
        self._moment = MEMORY_STEPS * known + gyr.T @ gyr
        self._n_steps += 1
        axis, _ = principal_axis(self._moment)
        self.axis = axis if self.axis is None or axis @ self.axis > 0 else -axis


def _upright_share(tilt_deg: NDArray[np.float64]) -> float:
    """Where in its range a tilt (n,) mostly is: near 0 if it is mostly low, near 1 if high."""
    low, middle, high = (quantile(tilt_deg, share) for share in (OUTLIERS, HALF, 1.0 - OUTLIERS))
    return (middle - low) / max(high - low, 1e-9)


def _lowest(up: Vector, axis: Vector) -> Vector:
    """Return the mean vertical (3,) of the rows (n, 3) that are tilted least forward."""
    tilt = hinge_angle_deg(up, axis, up[0])
    low = up[tilt <= np.quantile(tilt, LOW_SHARE)].mean(axis=0)
    return np.asarray(low / np.sqrt(low @ low))
