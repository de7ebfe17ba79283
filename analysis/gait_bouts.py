"""Bouts: strides in a row that are alike, and what kind they are.

A bout ends where the leg stands still, where no stride comes for a while, or where strides of
another kind begin and last. What kind a bout was is decided when it is over, by all of its strides.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analysis.gait_direction import DeepSide, Direction
from analysis.gait_kinds import BoutKind, kind_of, run_score
from analysis.gait_sprint import LONGEST_SPRINT_S, is_sprint, sprint_phases
from analysis.gait_strides import Stride, StrideSums
from analysis.hinge import Vector

LEAST_STRIDES: Final = 4  # overlapping: five sweeps, two and a half true strides
LEAST_SWING: Final = 0.08  # a leg that dangles like a pendulum takes as long each way
CHANGED_STRIDES: Final = 4  # alike in a row, before they count as another kind
CLEAR_SCORE: Final = 0.8  # of a stride that is another kind than those before
OTHER_SCORE: Final = 1.5  # on average: from a brisk walk to the slowest jog
RESUME_S: Final = 2.5  # turning round and lost samples break the row, not the bout


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBout:
    """A bout as found; `n_sweeps` half strides, or half turns, in `moved_s`.

    `sums`: of its strides, for a direction that can be told only later.
    `follows`: without standing still since the bout before. `at_target_s` of `moved_s` went at
    the cadence asked for.
    """

    kind: BoutKind
    start_s: float
    end_s: float
    n_sweeps: float
    moved_s: float
    direction: Direction | None = None
    sums: StrideSums = field(default_factory=StrideSums)
    follows: bool = False
    at_target_s: float = 0.0


@dataclass(slots=True)
class BoutPart:
    """The running bout: strides alike, in one row or in several with hardly a pause between."""

    follows: bool
    runs: bool = False
    swing: float = 0.0
    sums: StrideSums = field(default_factory=StrideSums)
    strides: list[Stride] = field(default_factory=list)  # while a sprint is still possible
    n_rows: int = 0
    start_s: float = 0.0
    end_s: float = 0.0
    moved_s: float = 0.0
    at_target_s: float = 0.0

    def add(self, stride: Stride) -> None:
        """Take in the next stride, of the same row or of another."""
        if not self.sums.n:
            self.start_s = stride.start_s
        if stride.start_s >= self.end_s or not self.sums.n:
            self.n_rows += 1
            self.moved_s += stride.end_s - stride.start_s
        else:
            self.moved_s += stride.end_s - self.end_s
        self.end_s = stride.end_s
        self.sums.add(stride)
        if self.end_s - self.start_s <= LONGEST_SPRINT_S:
            self.strides.append(stride)

    @property
    def n_sweeps(self) -> int:
        """Half strides, none counted twice."""
        return self.sums.n + self.n_rows


class GaitBouts:
    """Gather strides into bouts.

    Parameters
    ----------
    sprints : bool
        Whether short quick runs count as sprints.

    """

    def __init__(self, *, sprints: bool) -> None:
        self._sprints = sprints
        self._deep = DeepSide()
        self._part: BoutPart | None = None
        self._changed: list[Stride] = []
        self._follows = False

    def add(self, stride: Stride, axis: Vector) -> Iterator[FoundBout]:
        """Take in the next stride."""
        if self._part is not None and stride.start_s - self._end_s > RESUME_S:
            yield from self._end(axis)
        part = self._part
        runs = self._runs(stride, axis, part)
        if part is None:
            part = self._part = BoutPart(follows=self._follows, runs=runs, swing=stride.swing)
        if runs == part.runs and stride.swing * part.swing >= 0.0:
            self._take_changed(part)
            part.add(stride)
            return
        self._changed.append(stride)
        if len(self._changed) < CHANGED_STRIDES:
            return
        if part.sums.n < LEAST_STRIDES or not self._is_other(part, axis):
            part.runs, part.swing = runs, stride.swing
            self._take_changed(part)
            return
        changed, self._changed = self._changed, []
        yield from self._close(part, axis, changed[0].start_s)
        self._part = BoutPart(follows=True, runs=runs, swing=stride.swing)
        for one in changed:
            self._part.add(one)

    def break_row(self, axis: Vector, standing: Vector | None = None) -> Iterator[FoundBout]:
        """Note that the strides to come do not follow in step, or not before standing still."""
        if standing is None:
            return
        self._deep.stands(standing)
        yield from self._end(axis)
        self._follows = False

    def finish(self, axis: Vector) -> Iterator[FoundBout]:
        """End the running bout."""
        yield from self._end(axis)

    def told(self, bout: FoundBout, axis: Vector) -> FoundBout:
        """Return a bout with the direction that is known by now, if it was not before."""
        direction = bout.direction or self._deep.direction(bout.sums, axis)
        if direction == bout.direction or bout.kind not in {BoutKind.WALK, BoutKind.JOG}:
            return replace(bout, direction=direction)
        score = run_score(bout.sums.cadence_per_min, bout.sums.effort_ms2, direction)
        return replace(
            bout, direction=direction, kind=kind_of(runs=score > 0.0, direction=direction)
        )

    def activity(self, axis: Vector) -> str | None:
        """Return the kind of the running bout, as far as seen."""
        if self._part is None or self._part.sums.n < LEAST_STRIDES:
            return None
        sums = self._part.sums
        direction = self._deep.direction(sums, axis)
        score = run_score(sums.cadence_per_min, sums.effort_ms2, direction)
        return str(kind_of(runs=score > 0.0, direction=direction))

    @property
    def _end_s(self) -> float:
        if self._changed:
            return self._changed[-1].end_s
        return -math.inf if self._part is None else self._part.end_s

    def _runs(self, stride: Stride, axis: Vector, part: BoutPart | None) -> bool:
        """Say whether a stride is run: as the ones before it, unless it is clearly not."""
        sums = StrideSums()
        sums.add(stride)
        direction = self._deep.direction(sums, axis)
        score = run_score(stride.cadence_per_min, stride.effort_ms2, direction)
        if part is not None and abs(score) < CLEAR_SCORE:
            return part.runs
        return score > 0.0

    def _is_other(self, part: BoutPart, axis: Vector) -> bool:
        """Say whether the changed strides are truly another gait than the part's, on average."""
        changed = StrideSums()
        for stride in self._changed:
            changed.add(stride)
        if changed.swing * part.sums.swing < 0.0:
            return True
        direction = self._deep.direction(part.sums, axis)
        scores = [
            run_score(s.cadence_per_min, s.effort_ms2, direction) for s in (part.sums, changed)
        ]
        return abs(scores[0] - scores[1]) > OTHER_SCORE

    def _take_changed(self, part: BoutPart) -> None:
        """Count strides that seemed of another kind, but did not last, with the others."""
        for stride in self._changed:
            part.add(stride)
        self._changed = []

    def _end(self, axis: Vector) -> Iterator[FoundBout]:
        part, self._part = self._part, None
        if part is not None:
            self._take_changed(part)
            yield from self._close(part, axis)

    def _close(
        self, part: BoutPart, axis: Vector, next_s: float | None = None
    ) -> Iterator[FoundBout]:
        """Say what a bout was; `next_s`: when the next began, if it followed in step."""
        follows, self._follows = part.follows, True
        if part.sums.n < LEAST_STRIDES or abs(part.sums.swing) < LEAST_SWING * part.sums.n:
            return
        direction = self._deep.direction(part.sums, axis)
        self._deep.learn(part.sums, axis)
        score = run_score(part.sums.cadence_per_min, part.sums.effort_ms2, direction)
        whole = FoundBout(
            kind=kind_of(runs=score > 0.0, direction=direction),
            start_s=part.start_s,
            end_s=part.end_s,
            n_sweeps=part.n_sweeps,
            moved_s=part.moved_s,
            direction=direction,
            sums=part.sums,
            follows=follows,
        )
        if next_s is not None and next_s < part.end_s:  # its last sweep begins the next
            moved_s = part.moved_s - (part.end_s - next_s)
            whole = replace(whole, end_s=next_s, n_sweeps=part.n_sweeps - 1, moved_s=moved_s)
        if whole.kind is BoutKind.JOG and self._sprints and is_sprint(part.strides, whole.end_s):
            yield from _phases(whole, part.strides)
        else:
            yield whole


def _phases(whole: FoundBout, strides: Sequence[Stride]) -> Iterator[FoundBout]:
    for phase in sprint_phases(strides, whole.end_s):
        yield replace(
            whole,
            kind=phase.kind,
            start_s=phase.start_s,
            end_s=phase.end_s,
            n_sweeps=phase.n_sweeps,
            moved_s=phase.end_s - phase.start_s,
            follows=whole.follows or phase.kind is not BoutKind.RUN_UP,
        )
