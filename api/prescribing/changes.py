"""What changed from one version of a prescription to the next; pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from analysis import Exercise, peak_tolerance_deg, prescribed, tempo_tolerance_s
from api.models import PrescriptionRow
from api.prescribing.standing import band_of, targets_of

NUMBERS: Final = (
    "sets",
    "reps",
    "eccentric_s",
    "tempo_tolerance_s",
    "concentric_s",
    "hold_s",
    "peak_deg",
    "peak_tolerance_deg",
    "rest_s",
)
COMPARED: Final = (*NUMBERS, "side", "band", "is_left_out", "is_added", "starts_on", "ends_on")
Orders = Sequence[PrescriptionRow]


@dataclass(frozen=True, slots=True)
class Change:
    """An order in place of another; None stands for the programme's own."""

    exercise: str
    before: PrescriptionRow | None
    after: PrescriptionRow | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two orders differ, with the programme's own where nothing was ordered."""

    name: str
    before: Any
    after: Any


def changes(before: Orders, after: Orders) -> list[Change]:
    """Return what became of the orders that are not the same in both, exercise by exercise."""
    found: list[Change] = []
    names = dict.fromkeys(order.exercise for order in (*before, *after))
    for name in names:
        old = _apart(before, after, name)
        new = _apart(after, before, name)
        pairs = range(max(len(old), len(new)))
        found += [Change(name, _at(old, n), _at(new, n)) for n in pairs]
    return found


def differences(change: Change, exercise: Exercise) -> list[Difference]:
    """Return in what the two orders of a change differ."""
    before, after = _told(change.before, exercise), _told(change.after, exercise)
    return [
        Difference(name, before[name], after[name])
        for name in COMPARED
        if before[name] != after[name]
    ]


def merged(base: Orders, mine: Orders, theirs: Orders) -> tuple[list[PrescriptionRow], list[str]]:
    """Put the changes of two writers together, exercise by exercise.

    Parameters
    ----------
    base : sequence of PrescriptionRow
        What both had seen.
    mine, theirs
        What each made of it.

    Returns
    -------
    list of PrescriptionRow
        Theirs for what I left as it was, mine for the rest.
    list of str
        The exercises that both changed, each in another way.

    """
    mine_changed = {one.exercise for one in changes(base, mine) if not _is_same(one)}
    theirs_changed = {one.exercise for one in changes(base, theirs) if not _is_same(one)}
    names = dict.fromkeys(order.exercise for order in (*theirs, *mine))
    together = [
        order
        for name in names
        for order in (mine if name in mine_changed else theirs)
        if order.exercise == name
    ]
    by_both = {one.exercise for one in changes(mine, theirs) if not _is_same(one)}
    return together, [name for name in names if name in mine_changed & theirs_changed & by_both]


def _is_same(change: Change) -> bool:
    """Say whether two orders say the same, though one was written anew."""
    if change.before is None or change.after is None:
        return False
    return all(getattr(change.before, n) == getattr(change.after, n) for n in COMPARED)


def _apart(orders: Orders, others: Orders, name: str) -> list[PrescriptionRow]:
    kept = {order.id for order in others}
    apart = [one for one in orders if one.exercise == name and one.id not in kept]
    return sorted(apart, key=lambda order: (order.starts_on, order.created_at))


def _at(orders: Sequence[PrescriptionRow], n: int) -> PrescriptionRow | None:
    return orders[n] if n < len(orders) else None


def _told(order: PrescriptionRow | None, exercise: Exercise) -> dict[str, Any]:
    """Return what an order comes to, field by field."""
    told: dict[str, Any] = dict.fromkeys(COMPARED)
    told |= {"is_left_out": False, "is_added": False}
    asked = exercise
    if order is not None:
        asked = prescribed(exercise, targets_of(order))
        names = ("side", "is_left_out", "is_added", "starts_on", "ends_on")
        told |= {name: getattr(order, name) for name in names}
        told["band"] = band_of(order) if order.band else None
    told |= {name: getattr(asked, name) for name in NUMBERS if "tolerance" not in name}
    told["tempo_tolerance_s"] = None if asked.eccentric_s is None else tempo_tolerance_s(asked)
    told["peak_tolerance_deg"] = peak_tolerance_deg(asked)
    return told


def touched(found: Iterable[Change]) -> list[str]:
    """Return the exercises of changes, each once."""
    return list(dict.fromkeys(change.exercise for change in found))
