"""The editor of a prescription as a form: what it shows, and the orders that it says.

Every exercise of the programme has a place for each order that has not ended, and an empty one. A
field that is left open follows the programme. Names of fields begin with the number of the place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Final

from analysis import Exercise, Programme, orderable, peak_tolerance_deg, tempo_tolerance_s
from api.models import PrescriptionRow
from api.pages import prescription_words as said
from api.pages.forms import Form
from api.pages.language import N_, Language
from api.prescribing.checks import clashes, exercises_of, faults_of
from api.prescribing.standing import DOUBLE, SINGLE, band_of
from api.prescribing.store import order_of
from api.schemas import OrderCreate

MOST_PLACES: Final = 200
FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "sets": (N_("Sets"), ""),
    "reps": (N_("Repetitions"), ""),
    "eccentric_s": (N_("Eccentric phase"), "s"),
    "tempo_tolerance_s": (N_("In tempo within"), "s"),
    "concentric_s": (N_("Concentric phase"), "s"),
    "hold_s": (N_("Hold for"), "s"),
    "peak_deg": (N_("Bend to"), "°"),
    "peak_tolerance_deg": (N_("On target within"), "°"),
    "rest_s": (N_("Pause between sets"), "s"),
}
LABELS: Final[Mapping[str, str]] = {
    "side": N_("Leg"),
    "starts_on": N_("From"),
    "ends_on": N_("Until and with"),
    "is_left_out": N_("Leave it out"),
    "is_added": N_("In other weeks too"),
    "band": N_("Band: kind and colour"),
    "strands": N_("Single or double"),
}
WHOLE: Final = frozenset({"sets", "reps"})
STRANDS: Final = {"": N_("as it comes"), SINGLE: N_("single"), DOUBLE: N_("double")}
SIDES: Final = {
    "": N_("as in the programme"),
    "left": N_("left leg"),
    "right": N_("right leg"),
    "both": N_("each leg"),
}
TOLD: Final = (
    *FIELDS,
    "side",
    "band",
    "strands",
    "starts_on",
    "ends_on",
    "is_left_out",
    "is_added",
)


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number to fill in; `usual` is the programme's own."""

    name: str
    label: str
    unit: str
    usual: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """An order of an exercise, or the empty place for another one."""

    number: int
    id: str
    values: Mapping[str, str]
    numbers: list[NumberField]
    summary: str
    is_empty: bool
    errors: Mapping[str, str]

    def name(self, field: str) -> str:
        """Return the name of a field in the form."""
        return f"{self.number}.{field}"


@dataclass(frozen=True, slots=True)
class ExercisePlace:
    """An exercise with its orders."""

    id: str
    name: str
    weeks: str
    usual: str
    has_legs: bool
    has_band: bool
    places: list[Place]

    @property
    def state(self) -> list[str]:
        """What is ordered of it, in words."""
        return [place.summary for place in self.places if not place.is_empty and place.summary]

    @property
    def is_open(self) -> bool:
        """Whether something of it is wrong, so that it has to be seen."""
        return any(place.errors for place in self.places)


def places_of(
    programme: Programme,
    orders: Sequence[PrescriptionRow],
    language: Language,
    *,
    form: Form | None = None,
) -> list[ExercisePlace]:
    """Return what the editor shows.

    Parameters
    ----------
    programme : Programme
        Its exercises, in their order.
    orders : sequence of PrescriptionRow
        Those that are filled in.
    language : Language
        Of the reader.
    form : Form, optional
        What was sent and is wrong, in place of the orders.

    """
    shown, number = [], 0
    for exercise in exercises_of(programme):
        of_this = [order for order in orders if order.exercise == exercise.id]
        sent = _sent_values(form, exercise) if form is not None else []
        filled = sent or [*(_values(order) for order in of_this), {}]
        places = []
        for values in filled:
            summary = next(
                (
                    said.order_words(order, exercise, language)
                    for order in of_this
                    if str(order.id) == values.get("id")
                ),
                "",
            )
            errors = {} if form is None else _errors(form, values)
            places.append(_place(number, exercise, values, summary, errors, language=language))
            number += 1
        shown.append(_exercise_place(exercise, places, language))
    return shown


def wrongs(shown: Iterable[ExercisePlace], form: Form, language: Language) -> list[tuple[str, str]]:
    """Return for each thing that is wrong where it stands in the form, and a line about it."""
    found = []
    for one in shown:
        for place in one.places:
            for name, sentence in place.errors.items():
                label = FIELDS[name][0] if name in FIELDS else LABELS.get(name, "")
                about = ", ".join(word for word in (one.name, language.say(label)) if word)
                found.append((place.name(name), f"{about}: {sentence}"))
    whole = ((name, words) for name, words in form.errors.items() if "." not in name)
    return found + [("saving" if name == "do" else name, words) for name, words in whole]


def read_orders(
    form: Form,
    programme: Programme,
    standing: Iterable[PrescriptionRow],
    *,
    today: date,
) -> list[OrderCreate]:
    """Return the orders that a form says; what is wrong stands in its errors.

    Orders that have ended are not shown, and stay as they are.
    """
    known = {exercise.id: exercise for exercise in exercises_of(programme)}
    stored = {str(order.id): order for order in standing}
    orders = [order_of(row) for row in stored.values() if is_over(row, today)]
    orders += [order_of(row) for row in stored.values() if row.exercise not in known]
    places: list[int] = [-1] * len(orders)
    for number in range(_count(form)):
        exercise = known.get(form.given(f"{number}.exercise"))
        if exercise is None or form.given(f"{number}.is_removed"):
            continue
        base = stored.get(form.given(f"{number}.id"))
        if base is None and not any(form.given(f"{number}.{name}") for name in TOLD):
            continue  # the empty place was left empty
        order = _read(form, number, exercise, base, today=today)
        if order is not None:
            orders.append(order)
            places.append(number)
    for at, fault in clashes(orders):
        form.refuse(f"{places[at]}.{fault.name}", said.FAULTS[fault.wrong])
    return orders


def is_over(order: PrescriptionRow, today: date) -> bool:
    """Say whether an order has ended."""
    return order.ends_on is not None and order.ends_on < today


def _read(
    form: Form, number: int, exercise: Exercise, base: PrescriptionRow | None, *, today: date
) -> OrderCreate | None:
    n_errors = len(form.errors)
    starts_on = form.day(f"{number}.starts_on") or today
    ends_on = form.day(f"{number}.ends_on")
    if ends_on is not None and ends_on < starts_on:
        form.refuse(f"{number}.ends_on", N_("This day is before the first one."))
    elif ends_on is not None and ends_on < today:
        form.refuse(f"{number}.ends_on", N_("This day is over."))
    side = form.choice(f"{number}.side", SIDES, is_needed=False)
    values: dict[str, Any] = {
        name: _number(form, f"{number}.{name}", is_whole=name in WHOLE) for name in FIELDS
    }
    values["sets"] = values["sets"] or exercise.sets
    if len(form.errors) > n_errors:
        return None
    order = OrderCreate.model_construct(
        **values,
        injury_episode_id=None if base is None else base.injury_episode_id,
        exercise=exercise.id,
        side=side or None,
        band=_band(form, number, base),
        is_left_out=bool(form.given(f"{number}.is_left_out")),
        is_added=bool(form.given(f"{number}.is_added")),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    faults = list(faults_of(order, exercise))
    for fault in faults:
        form.refuse(f"{number}.{fault.name}", said.FAULTS[fault.wrong], **fault.values)
    return None if faults else OrderCreate.model_validate(order.model_dump())


def _number(form: Form, name: str, *, is_whole: bool) -> float | int | None:
    """Return a number as people write it, with a comma or a point."""
    given = form.given(name).replace(",", ".")
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or (is_whole and not value.is_integer()):
        form.refuse(name, N_("Give a whole number.") if is_whole else N_("Give a number."))
        return None
    return int(value) if is_whole else value


def _band(form: Form, number: int, base: PrescriptionRow | None) -> str | dict[str, Any] | None:
    name, strands = (
        form.text(f"{number}.band"),
        form.choice(f"{number}.strands", STRANDS, is_needed=False),
    )
    if base is not None and (name or "", strands or "") == _shown_band(base):
        kept: str | dict[str, Any] | None = base.band
        return kept
    told = {"colour": name, "strands": strands or None}
    return {key: value for key, value in told.items() if value} or None


def _shown_band(order: PrescriptionRow) -> tuple[str, str]:
    name, is_double = band_of(order)
    if is_double is None:
        return name or "", ""
    return name or "", DOUBLE if is_double else SINGLE


def _values(order: PrescriptionRow) -> dict[str, str]:
    """Return an order as the fields of its place."""
    band, strands = _shown_band(order)
    values = {name: _plain(getattr(order, name)) for name in FIELDS}
    return values | {
        "id": str(order.id),
        "side": order.side or "",
        "band": band,
        "strands": strands,
        "starts_on": order.starts_on.isoformat(),
        "ends_on": "" if order.ends_on is None else order.ends_on.isoformat(),
        "is_left_out": "yes" if order.is_left_out else "",
        "is_added": "yes" if order.is_added else "",
    }


def _sent_values(form: Form, exercise: Exercise) -> list[dict[str, str]]:
    """Return the places of an exercise as they were sent."""
    return [
        {name: form.given(f"{n}.{name}") for name in (*TOLD, "id", "is_removed")} | {"was": str(n)}
        for n in range(_count(form))
        if form.given(f"{n}.exercise") == exercise.id
    ]


def _errors(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    start = f"{values.get('was')}."
    return {k.removeprefix(start): v for k, v in form.errors.items() if k.startswith(start)}


def _place(
    number: int,
    exercise: Exercise,
    values: Mapping[str, str],
    summary: str,
    errors: Mapping[str, str],
    *,
    language: Language,
) -> Place:
    known = orderable(exercise)
    numbers = [
        NumberField(
            name=name,
            label=language.say(label),
            unit=unit,
            usual=_usual(exercise, name),
            value=values.get(name, ""),
        )
        for name, (label, unit) in FIELDS.items()
        if name in known
    ]
    has_values = any(values.get(name) for name in (*TOLD, "id"))
    return Place(number, values.get("id", ""), values, numbers, summary, not has_values, errors)


def _exercise_place(exercise: Exercise, places: list[Place], language: Language) -> ExercisePlace:
    first, last = exercise.weeks
    return ExercisePlace(
        id=exercise.id,
        name=exercise.name_nl if language.code == "nl" else exercise.name_en,
        weeks=language.say(N_("weeks %(first)s to %(last)s"), first=first, last=last),
        usual=said.exercise_words(exercise, language),
        has_legs="legs" in orderable(exercise),
        has_band=exercise.is_core or exercise.concentric_s is not None,
        places=places,
    )


def _usual(exercise: Exercise, name: str) -> str:
    if name == "tempo_tolerance_s":
        return _plain(tempo_tolerance_s(exercise))
    if name == "peak_tolerance_deg":
        return _plain(peak_tolerance_deg(exercise))
    return _plain(getattr(exercise, name))


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _count(form: Form) -> int:
    given = form.given("n_places")
    return min(int(given), MOST_PLACES) if given.isascii() and given.isdecimal() else 0
