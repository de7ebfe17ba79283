"""The sport days of the programme as legs for a timer: what to do, and for how long.

A leg without a duration lasts until the patient says so: nobody knows beforehand how long a sprint
or the walk back takes.
"""

from collections.abc import Iterator
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


def interval_plans(language: Language, programme: Programme | None = None) -> list[dict[str, Any]]:
    """Return every sport day that a clock can lead, in one language, as JSON for the page.

    Each has `id`, `name`, `text`, and `levels`: the legs at every accepted step, from none on.
    """
    programme = programme or load_programme()
    plans = []
    for sport in programme.sports.values():
        for day in sport.days.values():
            if not day.parts and not day.courses_m:
                continue  # a bicycle ride has no intervals
            is_longer = any(part.step_s for part in day.parts)
            levels = range(MAX_LEVEL + 1) if is_longer else range(1)
            legs = [[asdict(leg) for leg in legs_of(day, level)] for level in levels]
            text = day.texts[language.code]
            name = language.say(DAY_NAMES[day.id]) if day.id in DAY_NAMES else text
            plans.append({"id": day.id, "name": name, "text": text, "levels": legs})
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
    """Sprint and walk back, `rounds` times a course; a long rest before the next course."""
    for number, course_m in enumerate(day.courses_m):
        for sprint in range(1, day.rounds + 1):
            yield Leg(
                kind="sprint",
                duration_s=None,
                round_number=sprint,
                rounds=day.rounds,
                course_m=course_m,
            )
            if sprint < day.rounds:
                yield Leg(kind="walk_back", duration_s=None, round_number=sprint, rounds=day.rounds)
        if number + 1 < len(day.courses_m) and day.rest_s:
            yield Leg(kind="rest", duration_s=day.rest_s, round_number=1, rounds=1)
