"""What a new result of a recording says otherwise than the one before."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from api.review.schemas import RepChange, SetChange, ValueChange
from api.schemas import RepBody, SetBody

SAME_S: Final = 0.05  # durations are shown to 0.1 s: less is no change that a reader could see
SAME_DEG: Final = 0.5  # angles are shown in whole degrees
SHARED: Final = 0.5  # of the shorter of two stretches, to be the same one
OF_SET: Final = ("reps", "in_tempo", "accepted", "eccentric_mean_s", "dose_s", "peak_mean_deg")
OF_REP: Final = ("eccentric_s", "peak_deg")


class Stretch(Protocol):
    """Anything with a start and an end on the clock of the session."""

    start_s: float
    end_s: float


S = TypeVar("S", bound=Stretch)


def differences(before: Sequence[SetBody], after: Sequence[SetBody]) -> list[SetChange]:
    """Compare two results of one session, set by set and repetition by repetition.

    Returns
    -------
    list of SetChange
        Sets with a change, in the order of time: changed numbers, repetitions that changed, came
        or went. A set that is in one result only has no number in the other.

    """
    pairs = pair_up(before, after)
    old_numbers = {id(one): number for number, one in enumerate(before, 1)}
    new_numbers = {id(one): number for number, one in enumerate(after, 1)}
    changes = []
    for old, new in pairs:
        known = new if new is not None else old
        change = SetChange(
            exercise=known.exercise if known is not None else "",
            before=None if old is None else old_numbers[id(old)],
            after=None if new is None else new_numbers[id(new)],
            values=[] if old is None or new is None else _values_of_set(old, new),
            reps=[] if old is None or new is None else _reps(old, new),
        )
        if change.values or change.reps or None in {change.before, change.after}:
            changes.append(change)
    return changes


def count_changes(changes: Sequence[SetChange]) -> int:
    """Return how many sets and repetitions changed, came or went."""
    return sum(
        len(one.reps) + bool(one.values or None in {one.before, one.after}) for one in changes
    )


def pair_up(before: Sequence[S], after: Sequence[S]) -> list[tuple[S | None, S | None]]:
    """Pair stretches of two results by the time they share, those of one alone with None.

    Parameters
    ----------
    before, after : sequence
        Stretches in the order of time, none over another of the same result.

    Returns
    -------
    list of pairs
        In the order of time. A pair shares at least half of the shorter of the two.

    """
    waiting = list(after)
    pairs: list[tuple[S | None, S | None]] = []
    for old in before:
        new = max(waiting, key=lambda one: _shared(old, one), default=None)
        if new is not None and _shared(old, new) >= SHARED:
            waiting.remove(new)
            pairs.append((old, new))
        else:
            pairs.append((old, None))
    pairs += [(None, new) for new in waiting]
    return sorted(pairs, key=_start_s)


def _start_s(pair: tuple[Stretch | None, Stretch | None]) -> float:
    return min(one.start_s for one in pair if one is not None)


def _shared(one: Stretch, other: Stretch) -> float:
    both_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    shorter_s = min(one.end_s - one.start_s, other.end_s - other.start_s)
    return both_s / shorter_s if shorter_s > 0 else float(both_s >= 0)


def _values_of_set(old: SetBody, new: SetBody) -> list[ValueChange]:
    return [
        change
        for name in OF_SET
        if (change := _change(name, getattr(old.quality, name), getattr(new.quality, name)))
    ]


def _reps(old: SetBody, new: SetBody) -> list[RepChange]:
    old_numbers = {id(one): number for number, one in enumerate(old.reps, 1)}
    new_numbers = {id(one): number for number, one in enumerate(new.reps, 1)}
    changes = []
    for before, after in pair_up(old.reps, new.reps):
        change = RepChange(
            before=None if before is None else old_numbers[id(before)],
            after=None if after is None else new_numbers[id(after)],
            values=_values_of_rep(before, after),
            flags_gone=_flags_without(before, after),
            flags_added=_flags_without(after, before),
        )
        is_paired = before is not None and after is not None
        if not is_paired or change.values or change.flags_gone or change.flags_added:
            changes.append(change)
    return changes


def _values_of_rep(before: RepBody | None, after: RepBody | None) -> list[ValueChange]:
    if before is None or after is None:
        return []
    return [
        change
        for name in OF_REP
        if (change := _change(name, getattr(before, name), getattr(after, name)))
    ]


def _flags_without(one: RepBody | None, other: RepBody | None) -> list[str]:
    """Return the flags of a repetition that its counterpart has not; none without one."""
    if one is None or other is None:
        return []
    return [flag for flag in one.flags if flag not in other.flags]


def _change(name: str, old: float | None, new: float | None) -> ValueChange | None:
    if old is None and new is None:
        return None
    same = SAME_S if name.endswith("_s") else SAME_DEG
    if old is not None and new is not None and abs(new - old) < same:
        return None
    return ValueChange(name=name, before=old, after=new)
