"""A sport session as intervals for the clock, set by set.

How long a sprint takes nobody can know beforehand: its time is estimated from the lengths of the
course, and the key that goes on ends it sooner.
"""

from collections.abc import Sequence
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


def series_of(
    exercise: Exercise, programme: Programme, *, level: int = 0, sport_day: SportDay | None = None
) -> Series:
    """Return the intervals of a sport exercise, set by set.

    Parameters
    ----------
    exercise : Exercise
        Of gait or of cycling.
    programme : Programme
        Whose sport days say what belongs to it.
    level : int
        The steps that were accepted; each makes some parts longer.
    sport_day : SportDay, optional
        Which of the days with this exercise it is; else the first of them.

    """
    days = [day for sport in programme.sports.values() for day in sport.days.values()]
    usual = next((one for one in days if one.exercise == exercise.id), None)
    day = sport_day or usual
    if exercise.movement is Movement.CYCLING:
        return ((Interval(kind="ride", duration_s=None),),)
    if day is None:
        return ((Interval(kind="jog", duration_s=exercise.bout_s or USUAL_BOUT_S),),)
    if day.courses_m:
        return sprints(day.courses_m, day.rounds)
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


def sprints(courses_m: Sequence[Course], rounds: int) -> Series:
    """Return one series a course: so many sprints, each with the walk back."""
    return tuple(
        tuple(
            Interval(
                kind=kind,
                duration_s=length_s,
                round_number=number,
                rounds=rounds,
                course_m=course_m if kind == "sprint" else None,
            )
            for number in range(1, rounds + 1)
            for kind, length_s in _sprint(course_m)
            if not (kind == "rest" and number == rounds)
        )
        for course_m in courses_m
    )


def _sprint(course_m: Course) -> list[tuple[str, float]]:
    run_up_m, sprint_m, run_out_m = course_m
    there_s = (run_up_m + run_out_m) / JOG_MPS + sprint_m / SPRINT_MPS
    return [("sprint", float(round(there_s))), ("rest", float(round(sum(course_m) / WALK_MPS)))]
