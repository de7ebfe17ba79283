"""What holds on which day, told from the versions of a prescription; pure functions.

A version counts from the day on which it was made, in the patient's time zone, until the next one:
a day that is over is judged by what stood on it. Days before the first version are judged by the
first, for what was ordered before this service knew of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, cast
from uuid import UUID, uuid4

from analysis import Exercise, Prescription, Targets, prescribed
from api.models import PrescriptionRow

ONE_DAY: Final = timedelta(days=1)
DOUBLE: Final = "double"
SINGLE: Final = "single"
TARGETS: Final = (
    "sets",
    "reps",
    "eccentric_s",
    "concentric_s",
    "hold_s",
    "rest_s",
    "peak_deg",
    "tempo_tolerance_s",
    "peak_tolerance_deg",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A patient's whole prescription from a moment on.

    Parameters
    ----------
    number : int
        Counted from 1.
    made_at, made_by : datetime, str
        When, and by whom, as pages show it.
    reason : str
        Why; empty where none was given.
    undoes : int, optional
        The version that it takes back.
    orders : tuple of PrescriptionRow
        What stands.
    id : UUID
        The same on both sides of a link.
    ordered_at : datetime, optional
        When the clinic ordered it, where it came over a link; it was made here when it arrived.
    is_from_afar : bool
        Whether the clinic that ordered it is still linked.

    """

    number: int
    made_at: datetime
    made_by: str
    reason: str
    orders: tuple[PrescriptionRow, ...]
    undoes: int | None = None
    id: UUID = field(default_factory=uuid4)
    ordered_at: datetime | None = None
    is_from_afar: bool = False


def prescriptions_of(
    versions: Sequence[Version], exercises: Mapping[str, Exercise], zone: tzinfo
) -> tuple[Prescription, ...]:
    """Return what holds from each day on which that changes.

    Of the orders of a version for one exercise that hold on a day, the one that starts last
    counts, and of those that start together the one written last. After the end of an order the
    one before it holds again, and without any the programme's own numbers.

    Parameters
    ----------
    versions : sequence of Version
        Oldest first.
    exercises : mapping
        Of the programme; orders for others mean nothing to it.
    zone : tzinfo
        Of the patient.

    """
    orders = [order for version in versions for order in version.orders]
    ends = {order.ends_on + ONE_DAY for order in orders if order.ends_on is not None}
    days = sorted({order.starts_on for order in orders} | ends | _made_on(versions, zone))
    first_in = _first_in(versions)
    found: list[Prescription] = []
    for name in dict.fromkeys(order.exercise for order in orders if order.exercise in exercises):
        before: PrescriptionRow | None = None
        for on in days:
            order = holding(version_on(versions, on, zone), name, on)
            if order is not before:
                found.append(_prescription(exercises[name], order, on, first_in))
            before = order
    return tuple(found)


def version_on(versions: Sequence[Version], on: date, zone: tzinfo) -> Version:
    """Return the version that counts on a day; there must be one."""
    made = [one for one in versions if one.made_at.astimezone(zone).date() <= on]
    return made[-1] if made else versions[0]


def holding(version: Version, exercise_id: str, on: date) -> PrescriptionRow | None:
    """Return the order of a version that holds for an exercise on a day."""
    orders = [order for order in version.orders if order.exercise == exercise_id]
    open_ones = [order for order in orders if _holds(order, on)]
    return max(open_ones, key=lambda order: (order.starts_on, order.created_at), default=None)


def targets_of(order: PrescriptionRow) -> Targets:
    """Return the targets of an order."""
    given: dict[str, Any] = {name: getattr(order, name) for name in TARGETS}
    return Targets(**given, legs=cast("Any", order.side))


def band_of(order: PrescriptionRow) -> tuple[str | None, bool | None]:
    """Return which band was ordered, and whether it is doubled; None where that is left open."""
    if isinstance(order.band, Mapping):
        words = [
            value
            for name, value in order.band.items()
            if name != "strands" and isinstance(value, str) and value
        ]
        strands = order.band.get("strands")
        is_double = strands == DOUBLE if strands in {SINGLE, DOUBLE} else None
        return ", ".join(words) or None, is_double
    return (str(order.band) if order.band else None), None


def _prescription(
    exercise: Exercise, order: PrescriptionRow | None, on: date, first_in: Mapping[UUID, int]
) -> Prescription:
    if order is None:
        return Prescription(from_on=on, exercise=exercise)
    targets = targets_of(order)
    band, is_double = band_of(order)
    return Prescription(
        from_on=on,
        exercise=prescribed(exercise, targets),
        is_stopped=order.is_left_out,
        is_added=order.is_added,
        leg=targets.leg,
        band=band,
        is_band_double=is_double,
        version=first_in[order.id],
        order_id=order.id,
    )


def _made_on(versions: Sequence[Version], zone: tzinfo) -> set[date]:
    return {version.made_at.astimezone(zone).date() for version in versions}


def _first_in(versions: Sequence[Version]) -> dict[UUID, int]:
    """Return the version in which each order first stood."""
    first: dict[UUID, int] = {}
    for version in versions:
        for order in version.orders:
            first.setdefault(order.id, version.number)
    return first


def _holds(order: PrescriptionRow, on: date) -> bool:
    return order.starts_on <= on and (order.ends_on is None or on <= order.ends_on)
