"""Orders and their changes in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from analysis import Exercise, prescribed
from api.models import PrescriptionRow
from api.pages import words
from api.pages.language import N_, Language
from api.prescribing.changes import Change, Difference, differences
from api.prescribing.checks import Wrong
from api.prescribing.standing import band_of, targets_of

TIMES: Final = "\N{MULTIPLICATION SIGN}"
PLUS_MINUS: Final = "\N{PLUS-MINUS SIGN}"
LEGS: Final[Mapping[str | None, str]] = {
    "left": N_("left leg"),
    "right": N_("right leg"),
    "both": N_("each leg"),
    None: N_("the leg of the programme"),
}
CHANGED: Final[Mapping[str, str]] = {
    "sets": N_("%(after)s instead of %(before)s sets"),
    "reps": N_("%(after)s instead of %(before)s repetitions"),
    "eccentric_s": N_("slowly in %(after)s instead of %(before)s s"),
    "concentric_s": N_("the concentric phase in %(after)s instead of %(before)s s"),
    "hold_s": N_("hold for %(after)s instead of %(before)s s"),
    "rest_s": N_("a pause of %(after)s instead of %(before)s s"),
    "peak_deg": N_("bend to %(after)s instead of %(before)s°"),
    "tempo_tolerance_s": N_("in tempo within %(after)s instead of %(before)s s"),
    "peak_tolerance_deg": N_("on target within %(after)s instead of %(before)s°"),
}
FAULTS: Final[Mapping[Wrong, str]] = {
    Wrong.NO_SUCH_EXERCISE: N_("There is no such exercise."),
    Wrong.NO_SUCH_TARGET: N_("This exercise has no such target."),
    Wrong.OUT_OF_RANGE: N_("Give a number from %(low)s to %(high)s."),
    Wrong.BOTH_AT_ONCE: N_("In this exercise both legs work at once."),
    Wrong.BEYOND_LIMIT: N_("In this exercise the knee never bends further than %(high)s°."),
    Wrong.WIDER_THAN_TIME: N_("That is wider than the time itself."),
    Wrong.OUT_AND_IN: N_("Choose one of the two: left out, or in other weeks too."),
    Wrong.SAME_START: N_("Two orders for this exercise start on the same day."),
}


def exercise_words(exercise: Exercise, language: Language) -> str:
    """Say how an exercise is done each time: sets, repetitions, tempo, hold, depth, pause."""
    n_times = exercise.reps if exercise.reps not in {None, 1} else None
    parts = [f"{exercise.sets} {TIMES} {n_times}" if n_times else f"{exercise.sets} {TIMES}"]
    timed = (
        ("eccentric_s", N_("slowly in %(seconds)s s")),
        ("hold_s", N_("hold %(seconds)s s")),
    )
    for name, message in timed:
        value = getattr(exercise, name)
        if value is not None:
            parts.append(language.say(message, seconds=short(value, language)))
    if not n_times and len(parts) > 1:  # one hold: "2 x hold 30 s"
        parts[0:2] = [f"{parts[0]} {parts[1]}"]
    if exercise.peak_deg is not None:
        degrees = short(exercise.peak_deg, language)
        is_limit = exercise.peak_kind == "limit"
        most = language.say(N_("at most %(degrees)s°"), degrees=degrees)
        parts.append(most if is_limit else f"{degrees}°")
    if exercise.rest_s is not None:
        seconds = short(exercise.rest_s, language)
        parts.append(language.say(N_("pause %(seconds)s s"), seconds=seconds))
    if exercise.side == "both" and n_times:
        parts.append(language.say(N_("each leg")))
    return " · ".join(parts)


def order_words(order: PrescriptionRow, exercise: Exercise, language: Language) -> str:
    """Say what an order comes to, and in which days."""
    if order.is_left_out:
        return " · ".join([language.say(N_("left out for now")), period_words(order, language)])
    parts = [exercise_words(prescribed(exercise, targets_of(order)), language)]
    if order.side in {"left", "right"}:
        parts.append(language.say(LEGS[order.side]))
    if order.band:
        parts.append(band_words(order, language))
    if order.is_added:
        parts.append(language.say(N_("in other weeks too")))
    parts.append(period_words(order, language))
    return " · ".join(parts)


def period_words(order: PrescriptionRow, language: Language) -> str:
    """Say from when to when an order holds."""
    starts_on = language.calendar_day(order.starts_on)
    if order.ends_on is None:
        return language.say(N_("from %(day)s"), day=starts_on)
    until = language.calendar_day(order.ends_on)
    return language.say(N_("from %(day)s to %(until)s"), day=starts_on, until=until)


def band_words(order: PrescriptionRow, language: Language) -> str:
    """Say which band was ordered."""
    name, is_double = band_of(order)
    return band_label(name, is_double=is_double, language=language)


def band_label(name: str | None, *, is_double: bool | None, language: Language) -> str:
    """Say which band it is: its colour or name, single or double."""
    parts = [name or language.say(N_("band"))]
    if is_double is not None:
        parts.append(language.say(N_("double") if is_double else N_("single")))
    return ", ".join(parts)


def change_words(change: Change, exercise: Exercise, language: Language) -> str:
    """Say what changed in an exercise, in one line."""
    found = {one.name: one for one in differences(change, exercise)}
    if change.after is None:
        said = [language.say(N_("as the programme has it again"))]
        return _line(exercise, said, language)
    said = []
    left_out = found.pop("is_left_out", None)
    if left_out is not None:
        said.append(language.say(N_("left out for now") if left_out.after else N_("trained again")))
    is_out = change.after.is_left_out
    said += [
        _difference(one, language) for name, one in found.items() if name in CHANGED and not is_out
    ]
    said += _legs_and_band(found, change.after, language) if not is_out else []
    if "starts_on" in found or "ends_on" in found:
        said.append(period_words(change.after, language))
    return _line(exercise, said, language)


def changes_words(listed: Iterable[Change], language: Language) -> list[str]:
    """Say what changed, one line for each exercise that is known here."""
    known = [(one, words.find_exercise(one.exercise)) for one in listed]
    return [change_words(one, exercise, language) for one, exercise in known if exercise]


def short(value: float, language: Language) -> str:
    """Write a number with no more decimals than it has."""
    decimals = 0 if float(value).is_integer() else 1 if round(value, 1) == value else 2
    return language.number(value, decimals)


def _line(exercise: Exercise, said: list[str], language: Language) -> str:
    name = words.exercise_name(exercise.id, language)
    return f"{name}: " + "; ".join(said)


def _difference(one: Difference, language: Language) -> str:
    return language.say(
        CHANGED[one.name], before=_told(one.before, language), after=_told(one.after, language)
    )


def _legs_and_band(
    found: Mapping[str, Difference], after: PrescriptionRow, language: Language
) -> list[str]:
    said = []
    if "side" in found:
        said.append(language.say(LEGS[after.side]))
    if "band" in found and after.band:
        said.append(language.say(N_("band: %(band)s"), band=band_words(after, language)))
    elif "band" in found:
        said.append(language.say(N_("any band")))
    if "is_added" in found:
        is_added = found["is_added"].after
        said.append(
            language.say(N_("in other weeks too") if is_added else N_("only in its own weeks"))
        )
    return said


def _told(value: Any, language: Language) -> str:
    if isinstance(value, date):
        return language.calendar_day(value)
    return "\N{EN DASH}" if value is None else short(float(value), language)
