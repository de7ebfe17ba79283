"""What a run of re-analysis came to, added up as it goes: its size does not grow with the run."""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from api.review.schemas import RepChange, SetChange, ValueChange
from tracker.reanalysis.one_session import Done, versions_here

SCHEMA: Final = "tempo90.reanalysis/1"
LARGEST: Final = 20
KEPT: Final = 1_000  # sessions told one by one; of the others only the sums
EXAMPLES: Final = 5  # sessions named for each reason


@dataclass(slots=True)
class Shift:
    """By how much one number changed, over all sets or repetitions in which it did."""

    n: int = 0
    sum_before_after: float = 0.0
    largest: float = 0.0

    def add(self, change: ValueChange) -> None:
        """Take in a change; where one of the two is not known it is only counted."""
        self.n += 1
        if change.before is None or change.after is None:
            return
        by = change.after - change.before
        self.sum_before_after += by
        self.largest = max(self.largest, by, key=abs)

    def document(self) -> dict[str, Any]:
        """Return it as JSON values, in the unit of the number."""
        mean = self.sum_before_after / self.n if self.n else 0.0
        return {"n": self.n, "mean": round(mean, 4), "largest": round(self.largest, 4)}


@dataclass(slots=True)
class ExerciseChanges:
    """What changed in the sets of one exercise."""

    n_sets: int = 0
    n_changed: int = 0
    sets_added: int = 0
    sets_gone: int = 0
    reps_added: int = 0
    reps_gone: int = 0
    flags_added: Counter[str] = field(default_factory=Counter)
    flags_gone: Counter[str] = field(default_factory=Counter)
    of_set: dict[str, Shift] = field(default_factory=dict)
    of_rep: dict[str, Shift] = field(default_factory=dict)

    def add(self, change: SetChange) -> None:
        """Take in what is said otherwise of a set."""
        self.n_changed += 1
        self.sets_added += change.before is None
        self.sets_gone += change.after is None
        for value in change.values:
            self.of_set.setdefault(value.name, Shift()).add(value)
        for rep in change.reps:
            self._add_rep(rep)

    def _add_rep(self, rep: RepChange) -> None:
        self.reps_added += rep.before is None
        self.reps_gone += rep.after is None
        self.flags_added.update(rep.flags_added)
        self.flags_gone.update(rep.flags_gone)
        for value in rep.values:
            self.of_rep.setdefault(value.name, Shift()).add(value)

    def document(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "n_sets": self.n_sets,
            "n_changed": self.n_changed,
            "sets_added": self.sets_added,
            "sets_gone": self.sets_gone,
            "reps_added": self.reps_added,
            "reps_gone": self.reps_gone,
            "flags_added": dict(sorted(self.flags_added.items())),
            "flags_gone": dict(sorted(self.flags_gone.items())),
            "of_set": {name: one.document() for name, one in sorted(self.of_set.items())},
            "of_rep": {name: one.document() for name, one in sorted(self.of_rep.items())},
        }


@dataclass(slots=True)
class Reason:
    """Why sessions could not be done: how many, and some of them."""

    n: int = 0
    examples: list[Done] = field(default_factory=list)


@dataclass(slots=True)
class ChangeReport:
    """Everything that a run tells at its end."""

    n_sessions: int = 0
    n_same: int = 0
    n_changed: int = 0
    n_accepted: int = 0
    n_repeats: int = 0
    n_accepted_before: int = 0
    by_exercise: dict[str, ExerciseChanges] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    kept: list[Done] = field(default_factory=list)
    _largest: list[tuple[int, str]] = field(default_factory=list)

    def add(self, done: Done) -> None:
        """Take in what became of one session."""
        self.n_sessions += 1
        self.n_repeats += done.is_repeat
        if len(self.kept) < KEPT and not done.is_repeat:
            self.kept.append(done)
        if done.has_failed:
            reason = self.reasons.setdefault(done.code, Reason())
            reason.n += 1
            if len(reason.examples) < EXAMPLES:
                reason.examples.append(done)
        if done.result is None:
            return
        self.n_accepted += done.is_accepted
        self.n_same += done.result.n_changes == 0
        self.n_changed += done.result.n_changes > 0
        self._add_exercises(done, done.result.differences)
        if done.result.n_changes:
            heapq.heappush(self._largest, (done.result.n_changes, str(done.session_id)))
            if len(self._largest) > LARGEST:
                heapq.heappop(self._largest)

    def _add_exercises(self, done: Done, changes: list[SetChange]) -> None:
        for name in done.exercises:
            self.by_exercise.setdefault(name, ExerciseChanges()).n_sets += 1
        for change in changes:
            self.by_exercise.setdefault(change.exercise, ExerciseChanges()).add(change)

    @property
    def n_analysed(self) -> int:
        """How many sessions got a new result."""
        return self.n_same + self.n_changed

    @property
    def n_failed(self) -> int:
        """How many could not be analysed."""
        return sum(one.n for one in self.reasons.values())

    @property
    def largest(self) -> list[tuple[int, str]]:
        """The sessions with most changes: how many, and which; most first."""
        return sorted(self._largest, reverse=True)

    def document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        engine, catalogue = versions_here()
        return {
            "schema": SCHEMA,
            "engine": engine,
            "catalogue": catalogue,
            "counts": {
                "sessions": self.n_sessions,
                "analysed": self.n_analysed,
                "same": self.n_same,
                "changed": self.n_changed,
                "accepted": self.n_accepted + self.n_accepted_before,
                "done_meanwhile": self.n_repeats,
                "failed": self.n_failed,
            },
            "reasons": {
                code: {
                    "n": one.n,
                    "examples": [
                        {"session": str(done.session_id), "error": done.reason}
                        for done in one.examples
                    ],
                }
                for code, one in sorted(self.reasons.items())
            },
            "exercises": {name: one.document() for name, one in sorted(self.by_exercise.items())},
            "largest": [{"session": which, "n_changes": n} for n, which in self.largest],
            "sessions": [_session(done) for done in self.kept],
            "sessions_left_out": self.n_sessions - self.n_repeats - len(self.kept),
        }


def _session(done: Done) -> dict[str, Any]:
    if done.result is None:
        return {"session": str(done.session_id), "error": done.reason}
    return {
        "session": str(done.session_id),
        "result": done.result.number,
        "is_accepted": done.is_accepted,
        "n_changes": done.result.n_changes,
        "differences": [change.model_dump() for change in done.result.differences],
    }
