"""What may be ordered of an exercise, and what is wrong with what may not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from analysis import Exercise, Programme, load_catalogue, orderable
from api.errors import BadOrderError
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


class Orderly(Protocol):
    """What has the fields of an order."""

    exercise: str
    starts_on: date
    ends_on: date | None


class Wrong(StrEnum):
    """What can be wrong with an order; pages have a sentence for each."""

    NO_SUCH_EXERCISE = "no such exercise"
    NO_SUCH_TARGET = "no target of this exercise"
    OUT_OF_RANGE = "out of range"
    BOTH_AT_ONCE = "both legs work at once"
    BEYOND_LIMIT = "further than the limit"
    WIDER_THAN_TIME = "wider than the time itself"
    OUT_AND_IN = "left out and added at once"
    SAME_START = "starts with another order for this exercise"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the name of its field, what it is, and the limits it breaks."""

    name: str
    wrong: Wrong
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """For programs, in English."""
        limits = ", ".join(f"{name} {value}" for name, value in self.values.items())
        return f"{self.wrong}" + (f" ({limits})" if limits else "")


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
            yield Fault(name, Wrong.NO_SUCH_TARGET)
        elif not low <= value <= high:
            yield Fault(name, Wrong.OUT_OF_RANGE, {"low": f"{low:g}", "high": f"{high:g}"})
    if order.side is not None and "legs" not in known:
        yield Fault("side", Wrong.BOTH_AT_ONCE)
    most_deg = exercise.peak_deg if exercise.peak_kind == "limit" else None
    if most_deg is not None and order.peak_deg is not None and order.peak_deg > most_deg:
        yield Fault("peak_deg", Wrong.BEYOND_LIMIT, {"high": f"{most_deg:g}"})
    target_s = order.eccentric_s or exercise.eccentric_s
    near_s = order.tempo_tolerance_s
    if target_s is not None and near_s is not None and target_s - near_s < LEAST_TEMPO_S:
        yield Fault("tempo_tolerance_s", Wrong.WIDER_THAN_TIME)
    if order.is_left_out and order.is_added:
        yield Fault("is_added", Wrong.OUT_AND_IN)


def clashes(orders: Sequence[Orderly]) -> Iterator[tuple[int, Fault]]:
    """Return which orders begin on the day of another one for the same exercise."""
    seen: set[tuple[str, date]] = set()
    for number, order in enumerate(orders):
        place = (order.exercise, order.starts_on)
        if place in seen:
            yield number, Fault("starts_on", Wrong.SAME_START)
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
            _refuse(number, [Fault("exercise", Wrong.NO_SUCH_EXERCISE)])
            continue
        _refuse(number, faults_of(order, exercise))
    for number, fault in clashes(orders):
        _refuse(number, [fault])


def _refuse(number: int, faults: Iterable[Fault]) -> None:
    for fault in faults:
        raise BadOrderError(f"orders/{number}/{fault.name}: {fault.sentence}")
