"""A sport session as intervals for the clock, set by set.

How long a sprint takes nobody can know beforehand: its time is estimated from the lengths of the
course, and the key that goes on ends it sooner.
"""

from collections.abc import Iterator
from typing import Final

from analysis import Exercise, Movement, Programme, SportDay
from tracker.training_plan import Interval

JOG_MPS: Final = 2.5
"""An easy jog: run-up and run-out."""

SPRINT_MPS: Final = 5.0
"""A sprint at 70 % of what somebody who does sport can run."""

WALK_MPS: Final = 1.3
"""The walk back."""

USUAL_BOUT_S: Final = 60.0
KINDS: Final = {
    "walk_forward": "walk",
    "jog_forward": "jog",
    "walk_backward": "walk_backward",
    "jog_backward": "jog_backward",
}
"""How the programme calls its parts, and how the live page does."""

Course = tuple[float, float, float]
Series = tuple[tuple[Interval, ...], ...]


def day_of(exercise: Exercise, programme: Programme) -> SportDay | None:
    """Return the first sport day of a programme that is of an exercise."""
    days = (day for sport in programme.sports.values() for day in sport.days.values())
    return next((one for one in days if one.exercise == exercise.id), None)


def series_of(exercise: Exercise, day: SportDay | None, *, level: int = 0) -> Series:
    """Return the intervals of a sport exercise, set by set; `SportDay.rest_s` is between the sets.

    Parameters
    ----------
    exercise : Exercise
        Of gait or of cycling.
    day : SportDay, optional
        What belongs to it on the day; without one it is a single bout.
    level : int
        The steps that were accepted; each makes some parts longer.

    """
    if exercise.movement is Movement.CYCLING:
        return ((Interval(kind="ride", duration_s=None),),)
    if day is None:
        return ((Interval(kind="jog", duration_s=exercise.bout_s or USUAL_BOUT_S),),)
    if day.courses_m:
        return tuple(tuple(_sprints(courses_m)) for courses_m in day.series_m)
    in_turn = [
        Interval(
            kind=KINDS.get(activity, activity),
            duration_s=length_s,
            round_number=number,
            rounds=day.rounds,
        )
        for number in range(1, day.rounds + 1)
        for part in day.parts
        for activity, length_s in part.stretches(level)
    ]
    return (tuple(in_turn),)


def _sprints(courses_m: tuple[Course, ...]) -> Iterator[Interval]:
    """Yield one series: each sprint, and between two of them the walk back."""
    n = len(courses_m)
    for number, course_m in enumerate(courses_m, start=1):
        run_up_m, sprint_m, run_out_m = course_m
        there_s = float(round((run_up_m + run_out_m) / JOG_MPS + sprint_m / SPRINT_MPS))
        yield Interval(
            kind="sprint", duration_s=there_s, round_number=number, rounds=n, course_m=course_m
        )
        if number < n:
            back_s = float(round(sum(course_m) / WALK_MPS))
            yield Interval(kind="rest", duration_s=back_s, round_number=number, rounds=n)
