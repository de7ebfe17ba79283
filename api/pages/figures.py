"""Numbers with their names, as the pages show them, and what sets add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analysis import Movement
from api.pages.language import N_, NOTHING, Language
from api.pages.words import find_exercise
from api.schemas import SetSummary

Counted = Literal["reps", "in_tempo", "dose_s"]
COUNTED_ONE_BY_ONE: Final = frozenset({Movement.REPS, Movement.STEPS})
DUE = {"reps": "reps_prescribed", "in_tempo": "reps", "dose_s": "dose_prescribed_s"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name and what to hold it against.

    `value` is what the eye should find, `rest` what belongs to it: "12" and "of 15".
    """

    label: str
    value: str
    rest: str = ""
    note: str | None = None


def totals(sets: Sequence[SetSummary], language: Language) -> list[Figure]:
    """Show what the sets of a session add up to."""
    return [
        Figure(language.say(N_("Sets")), str(len(sets))),
        Figure(language.say(N_("Repetitions")), *total(sets, "reps", language)),
        Figure(language.say(N_("In tempo")), *total(sets, "in_tempo", language)),
        Figure(language.say(N_("Eccentric time")), *total(sets, "dose_s", language)),
    ]


def total(sets: Sequence[SetSummary], name: Counted, language: Language) -> tuple[str, str]:
    """Add up what was done, and apart what was due if that is known of every set."""
    known = [one for one in sets if getattr(one, name) is not None]
    if name == "reps":
        known = [one for one in known if not _has_no_reps(one)]
    if not known:
        return NOTHING, ""
    done = sum(getattr(one, name) for one in known)
    dues = [getattr(one, DUE[name]) for one in known]
    due = None if None in dues else sum(dues)
    is_time = name == "dose_s"
    return language.parts(done, due, decimals=int(is_time), unit="s" if is_time else "")


def _has_no_reps(one: SetSummary) -> bool:
    """Whether repetitions say nothing of a set: a stretch, a walk, a jog, a ride."""
    exercise = find_exercise(one.exercise)
    return exercise is not None and exercise.movement not in COUNTED_ONE_BY_ONE


def pain_figures(before: int | None, worst: int | None, language: Language) -> list[Figure]:
    """Show the pain of a sitting, from 0 to 10."""
    label, scale = language.say(N_("Pain")), language.say(N_("from 0 to 10"))
    if before is None and worst is None:
        return [Figure(label, NOTHING)]
    if worst is None:
        return [Figure(label, str(before), language.say(N_("before")), scale)]
    note = None if before is None else language.say(N_("%(before)s before"), before=before)
    return [Figure(label, str(worst), language.say(N_("at worst")), note or scale)]
