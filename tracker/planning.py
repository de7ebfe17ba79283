"""What is trained now: the catalogue's exercise with what was asked for in its place."""

from dataclasses import replace
from typing import Final, Literal
from uuid import UUID, uuid4

from analysis import Movement, SetAnalyzer, load_catalogue
from tracker.coach_cues import TrainingPlan
from tracker.errors import NotCoachedError

NO_PAUSE_S: Final = 3600.0  # the coach ends a set, not the engine
DEFAULT_REPS: Final = 15
DEFAULT_REST_S: Final = 60.0
COACHED: Final = (Movement.REPS, Movement.STEPS)


def make_plan(
    exercise_id: str,
    *,
    sets: int | None = None,
    reps: int | None = None,
    rest_s: float | None = None,
    side: Literal["left", "right"] | None = None,
    has_questions: bool = True,
    session_id: UUID | None = None,
) -> TrainingPlan:
    """Return the plan for an exercise: the catalogue's numbers where none are given.

    Raises
    ------
    UnknownExerciseError, UnmeasurableExerciseError
        If there is no such exercise, or the engine cannot measure it.
    NotCoachedError
        If it is no exercise of repetitions: its time or cadence is read from a recording.

    """
    known = load_catalogue()[exercise_id]
    if known.movement not in COACHED:
        raise NotCoachedError(
            f"{exercise_id} is measured, but not coached live yet: write a recording with "
            "`tempo90 record -o FILE` and read it with "
            f"`tempo90 analyse FILE --exercise {exercise_id}`."
        )
    n_reps = reps or known.reps or DEFAULT_REPS
    exercise = replace(known, reps=n_reps, sets=sets or known.sets, set_pause_s=NO_PAUSE_S)
    SetAnalyzer(exercise)  # refuses what it cannot measure
    prescribed_s = DEFAULT_REST_S if known.rest_s is None else known.rest_s
    return TrainingPlan(
        exercise=exercise,
        sets=exercise.sets,
        reps=n_reps,
        rest_s=prescribed_s if rest_s is None else rest_s,
        session_id=session_id or uuid4(),
        side=side,
        has_questions=has_questions,
        has_band=known.is_core,
    )
