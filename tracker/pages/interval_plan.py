"""The sport days of the programme as legs for a timer: what to do, and for how long.

A leg without a duration lasts until the patient says so: nobody knows beforehand how long a sprint
or the walk back takes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from analysis import Programme, SportDay, load_programme
from api.pages.language import Language
from tracker.pages.ear_sentences import DAY_NAMES

MAX_LEVEL: Final = 5  # further steps are made by the programme's own weeks
Course = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One thing to do; `course_m` is run-up, sprint and run-out."""

    kind: str
    duration_s: float | None
    round_number: int
    rounds: int
    course_m: Course | None = None


def interval_plans(
    language: Language,
    programme: Programme | None = None,
    accepted: Mapping[str, int] | None = None,
) -> list[dict[str, Any]]:
    """Return every sport day that a clock can lead, as JSON for the page.

    Parameters
    ----------
    language : Language
        Of the names and texts.
    programme : Programme, optional
        The patient's; else the usual one.
    accepted : mapping of str to int, optional
        The steps that the patient accepted, by day.

    Returns
    -------
    list of dict
        `id`, `name`, `text`, `levels`: the legs at every step from none on, and `level`: the one
        that the patient is on.

    """
    programme, accepted = programme or load_programme(), accepted or {}
    plans = []
    for sport in programme.sports.values():
        for day in sport.days.values():
            if not day.parts and not day.courses_m:
                continue  # a bicycle ride has no intervals
            is_longer = any(part.step_s for part in day.parts)
            level = accepted.get(day.id, 0) if is_longer else 0
            levels = range(max(MAX_LEVEL, level) + 1) if is_longer else range(1)
            legs = [[asdict(leg) for leg in legs_of(day, one)] for one in levels]
            text = day.texts[language.code]
            name = language.say(DAY_NAMES[day.id]) if day.id in DAY_NAMES else text
            known = {"id": day.id, "name": name, "text": text}
            plans.append({**known, "levels": legs, "level": level})
    return plans


def legs_of(day: SportDay, level: int) -> tuple[Leg, ...]:
    """Return the legs of a sport day after `level` accepted steps."""
    return tuple(_sprints(day) if day.courses_m else _parts(day, level))


def _parts(day: SportDay, level: int) -> Iterator[Leg]:
    for number in range(1, day.rounds + 1):
        for part in day.parts:
            for kind, length_s in part.stretches(level):
                yield Leg(kind=kind, duration_s=length_s, round_number=number, rounds=day.rounds)


def _sprints(day: SportDay) -> Iterator[Leg]:
    """Sprint and walk back, series by series; a long rest before the next series."""
    for number, courses_m in enumerate(day.series_m, start=1):
        n = len(courses_m)
        for sprint, course_m in enumerate(courses_m, start=1):
            yield Leg(
                kind="sprint", duration_s=None, round_number=sprint, rounds=n, course_m=course_m
            )
            if sprint < n:
                yield Leg(kind="walk_back", duration_s=None, round_number=sprint, rounds=n)
        if number < len(day.series_m) and day.rest_s:
            yield Leg(kind="rest", duration_s=day.rest_s, round_number=1, rounds=1)
