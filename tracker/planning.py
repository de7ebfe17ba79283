"""What is trained now: the catalogue's exercise with what was asked for in its place."""

from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

from analysis import Exercise, Movement, SetAnalyzer, SportDay, load_catalogue, load_programme
from tracker.sport_series import day_of, series_of
from tracker.training_plan import OTHER_LEG, SPORTS, Leg, Step, TrainingPlan

NO_PAUSE_S: Final = 3600.0  # the coach ends a set, not the engine
DEFAULT_REPS: Final = 15
DEFAULT_REST_S: Final = 60.0
SWITCH_LEG_S: Final = 6.0
"""Between the holds of two legs nobody has to rest."""

COUNTED: Final = (Movement.REPS, Movement.STEPS)


def make_plan(
    exercise_id: str,
    *,
    sets: int | None = None,
    reps: int | None = None,
    rest_s: float | None = None,
    side: Leg | None = None,
    has_questions: bool = True,
    session_id: UUID | None = None,
) -> TrainingPlan:
    """Return the plan for one exercise: the catalogue's numbers where none are given.

    Raises
    ------
    UnknownExerciseError, UnmeasurableExerciseError
        If there is no such exercise, or the engine cannot measure it.

    """
    step = make_step(load_catalogue()[exercise_id], sets=sets, reps=reps, rest_s=rest_s, side=side)
    return TrainingPlan(
        steps=(step,), session_id=session_id or uuid4(), has_questions=has_questions
    )


def make_step(
    known: Exercise,
    *,
    sets: int | None = None,
    reps: int | None = None,
    rest_s: float | None = None,
    side: Leg | None = None,
    day: SportDay | None = None,
    level: int = 0,
) -> Step:
    """Return an exercise to be trained: its own numbers where none are given.

    Parameters
    ----------
    known : Exercise
        The catalogue's entry, or a prescription.
    sets, reps, rest_s
        In place of its own.
    side : {"left", "right"}, optional
        The leg that carries the sensor.
    day : SportDay, optional
        What a sport holds; else the programme's first day of this exercise.
    level : int
        Of a sport day.

    Raises
    ------
    UnmeasurableExerciseError
        If the engine cannot measure it.

    """
    if known.movement in COUNTED:
        counted = reps or known.reps or DEFAULT_REPS
        exercise = replace(known, reps=counted, sets=sets or known.sets, set_pause_s=NO_PAUSE_S)
    else:
        counted = None
        exercise = replace(known, sets=sets or known.sets, set_pause_s=NO_PAUSE_S)
    SetAnalyzer(exercise)  # refuses what it cannot measure
    prescribed_s = DEFAULT_REST_S if known.rest_s is None else known.rest_s
    step = Step(
        exercise=exercise,
        sets=exercise.sets,
        reps=counted,
        rest_s=prescribed_s if rest_s is None else rest_s,
        side=side,
        has_band=known.is_core,
    )
    if known.movement is Movement.STILLNESS and known.side == "alternate":
        return _with_both_legs(step)
    if known.movement in SPORTS:
        return _with_series(step, day or day_of(known, load_programme()), level, rest_s)
    return step


def _with_series(step: Step, day: SportDay | None, level: int, rest_s: float | None) -> Step:
    """Let the sport day say how many series there are, and the rest between them."""
    series = series_of(step.exercise, day, level=level)
    if rest_s is None and day is not None and day.rest_s is not None:
        step = replace(step, rest_s=day.rest_s)
    exercise = replace(step.exercise, sets=len(series))
    return replace(step, exercise=exercise, series=series, sets=len(series))


def _with_both_legs(step: Step) -> Step:
    """Let the legs take turns: all holds of one, then all of the other."""
    other = None if step.side is None else OTHER_LEG[step.side]
    sides = (step.side,) * step.sets + (other,) * step.sets
    return replace(step, sets=len(sides), sides=sides, side=None, rest_s=SWITCH_LEG_S)
