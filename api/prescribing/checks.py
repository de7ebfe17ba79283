"""What may be ordered of an exercise, and the sentence for what may not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

from analysis import Exercise, Programme, load_catalogue, orderable
from api.errors import BadOrderError
from api.pages.language import N_
from api.schemas import OrderCreate

# Ours: what nobody orders on purpose is a slip of the pen.
LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "sets": (1, 20),
    "reps": (1, 100),
    "eccentric_s": (1.5, 15),
    "concentric_s": (1, 15),
    "hold_s": (0.5, 120),
    "rest_s": (0, 600),
    "peak_deg": (20, 150),
    "tempo_tolerance_s": (0.2, 2),
    "peak_tolerance_deg": (3, 30),
}
LEAST_TEMPO_S: Final = 0.5  # of the band: a return that is quicker is a drop
WHOLE: Final = frozenset({"sets", "reps"})


class Orderly(Protocol):
    """What has the fields of an order."""

    exercise: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the name of its field, and the sentence with its values."""

    name: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In English."""
        return self.message % self.values if self.values else self.message


def exercises_of(programme: Programme) -> list[Exercise]:
    """Return the exercises of a programme that can be ordered, in the order of its weeks."""
    names = dict.fromkeys(
        name for block in programme.blocks for slot in block.slots for name in slot
    )
    return [programme.exercises[name] for name in names]


def faults_of(order: OrderCreate, exercise: Exercise) -> Iterator[Fault]:
    """Return what is wrong with an order by itself."""
    known = orderable(exercise)
    for name, (low, high) in LIMITS.items():
        value = getattr(order, name)
        if value is None:
            continue
        if name not in known and value != getattr(exercise, name, None):
            yield Fault(name, N_("This exercise has no such target."))
        elif not low <= value <= high:
            limits = {"low": f"{low:g}", "high": f"{high:g}"}
            yield Fault(name, N_("Give a number from %(low)s to %(high)s."), limits)
    if order.side is not None and "legs" not in known:
        yield Fault("side", N_("In this exercise both legs work at once."))
    is_limit = exercise.peak_kind == "limit" and exercise.peak_deg is not None
    if is_limit and (order.peak_deg or 0.0) > (exercise.peak_deg or 0.0):
        limit = {"high": f"{exercise.peak_deg:g}"}
        yield Fault(
            "peak_deg", N_("In this exercise the knee never bends further than %(high)s°."), limit
        )
    target_s = order.eccentric_s or exercise.eccentric_s
    tolerance_s = order.tempo_tolerance_s
    if target_s and tolerance_s and target_s - tolerance_s < LEAST_TEMPO_S:
        yield Fault("tempo_tolerance_s", N_("That is wider than the time itself."))
    if order.is_left_out and order.is_added:
        yield Fault("is_added", N_("It cannot be left out and added at once."))


def clashes(orders: Sequence[Orderly]) -> Iterator[tuple[int, Fault]]:
    """Return which orders begin on the day of another one for the same exercise."""
    seen: set[tuple[str, date]] = set()
    for number, order in enumerate(orders):
        place = (order.exercise, order.starts_on)
        if place in seen:
            yield number, Fault("starts_on", N_("Two periods of one exercise start on this day."))
        seen.add(place)


def refuse_impossible(orders: Sequence[OrderCreate]) -> None:
    """Refuse orders that cannot be carried out.

    Raises
    ------
    BadOrderError
        With a sentence about the first of them.

    """
    known = load_catalogue().exercises
    for number, order in enumerate(orders):
        exercise = known.get(order.exercise)
        if exercise is None:
            _refuse(number, [Fault("exercise", N_("There is no such exercise."))])
            continue
        _refuse(number, faults_of(order, exercise))
    for number, fault in clashes(orders):
        _refuse(number, [fault])


def _refuse(number: int, faults: Iterable[Fault]) -> None:
    for fault in faults:
        raise BadOrderError(f"orders/{number}/{fault.name}: {fault.sentence}")
