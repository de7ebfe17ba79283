"""Gather bouts into sets: rounds of intervals, series of sprints, one ride."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from analysis.exercise import Exercise, Movement
from analysis.gait_bouts import FoundBout
from analysis.gait_kinds import BoutKind
from analysis.gait_quality import sport_feedback, sport_quality
from analysis.results import Bout, Gap, SetResult

MERGE_S: Final = 4.0  # turning round or a lost link, not a stop
SHORTEST_BOUT_S: Final = 1.5  # and shorter ones are a shuffle on the spot
STANDING_REST_S: Final = 40.0  # between two sprints one walks back; between two series one waits
BOUTS_A_ROUND: Final = 4
WHY_NO_DIRECTION: Final = "The strides do not show clearly enough which way they went."
PHASES: Final = (BoutKind.RUN_UP, BoutKind.SPRINT, BoutKind.RUN_OUT)


class BoutSets:
    """The running set and those that are finished."""

    def __init__(self, exercise: Exercise, gaps: Sequence[Gap]) -> None:
        self._exercise = exercise
        self._gaps = gaps
        self._bouts: list[FoundBout] = []
        self.finished: list[SetResult] = []

    @property
    def n_sprints(self) -> int:
        """Sprint repetitions of the running set."""
        return sum(bout.kind is BoutKind.SPRINT for bout in self._bouts)

    def tell(self, told: Callable[[FoundBout], FoundBout]) -> None:
        """Look again at the running set's bouts, with what is known by now."""
        self._bouts = [told(bout) for bout in self._bouts]

    def add(self, bout: FoundBout) -> SetResult | None:
        """Take in a bout; return the set that it shows to be over."""
        last = self._bouts[-1] if self._bouts else None
        if last is not None and _is_same(last, bout):
            self._bouts[-1] = _merged(last, bout)
            return None
        over = None
        if self._bouts and (self.has_paused(bout.start_s) or self._begins_a_round(bout)):
            over = self.close()
        self._bouts.append(bout)
        return over

    def has_paused(self, now_s: float) -> bool:
        """Whether the running set's last bout is long enough ago to end it."""
        if not self._bouts:
            return False
        since_s = now_s - self._bouts[-1].end_s
        if not self.n_sprints:
            return since_s >= self._exercise.set_pause_s
        ran_s = max(bout.end_s for bout in self._bouts if bout.kind in PHASES)
        return since_s >= STANDING_REST_S or now_s - ran_s >= self._exercise.set_pause_s

    def close(self) -> SetResult | None:
        """End the running set, if there is one."""
        found = [
            b for b in self._bouts if b.end_s - b.start_s >= SHORTEST_BOUT_S or b.kind in PHASES
        ]
        self._bouts = []
        if not found:
            return None
        start_s, end_s = found[0].start_s, found[-1].end_s
        quality = sport_quality(
            self._exercise, found, coverage=coverage(start_s, end_s, self._gaps)
        )
        result = SetResult(
            start_s=start_s,
            end_s=end_s,
            quality=quality,
            bouts=tuple(_bout(one, self._exercise) for one in found),
            feedback=sport_feedback(self._exercise, found, quality),
        )
        self.finished.append(result)
        return result

    def _begins_a_round(self, bout: FoundBout) -> bool:
        """Whether what was done before the last bout is done again."""
        if self._exercise.bout_s is None or self._exercise.sets == 1:
            return False
        if bout.direction is None:
            return len(self._bouts) >= BOUTS_A_ROUND
        kinds = [one.kind for one in self._bouts]
        return bout.kind in kinds and bout.kind != kinds[-1]


def coverage(start_s: float, end_s: float, gaps: Sequence[Gap]) -> float:
    """Share of the time from start to end that is not in a gap."""
    missing_s = sum(max(0.0, min(gap.end_s, end_s) - max(gap.start_s, start_s)) for gap in gaps)
    return 1.0 - missing_s / max(end_s - start_s, 1e-9)


def _is_same(last: FoundBout, bout: FoundBout) -> bool:
    is_alike = bout.kind == last.kind and bout.sums.swing * last.sums.swing >= 0.0
    return bout.follows and is_alike and bout.start_s - last.end_s <= MERGE_S


def _merged(last: FoundBout, bout: FoundBout) -> FoundBout:
    return replace(
        last,
        end_s=bout.end_s,
        n_sweeps=last.n_sweeps + bout.n_sweeps,
        moved_s=last.moved_s + bout.moved_s,
        at_target_s=last.at_target_s + bout.at_target_s,
    )


def _bout(found: FoundBout, exercise: Exercise) -> Bout:
    is_gait = exercise.movement is Movement.GAIT
    per_sweep = 1.0 if is_gait else 0.5  # a sweep is a step, or half a turn
    no_direction = is_gait and found.direction is None
    return Bout(
        kind=str(found.kind),
        start_s=found.start_s,
        end_s=found.end_s,
        cadence_per_min=60.0 * per_sweep * found.n_sweeps / found.moved_s,
        direction=found.direction,
        absent={"direction": WHY_NO_DIRECTION} if no_direction else {},
    )
