"""What `tempo90 train` was asked for, made into a sitting."""

import asyncio
from dataclasses import dataclass, replace

from rich.console import Console

from tracker.calendar_clock import calendar_now
from tracker.course_here import todays_sitting
from tracker.gear_memory import with_gear
from tracker.planning import COUNTED, make_plan
from tracker.profile import Profile, simulated
from tracker.sensor_choice import is_simulated
from tracker.sensor_opening import is_phone
from tracker.settings import DataFolder
from tracker.sitting import tell_recovered
from tracker.today_plan import SittingWishes
from tracker.training_plan import Step, TrainingPlan
from tracker.words import NOTHING_DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainWishes:
    """The options of the command line.

    Parameters
    ----------
    exercise : str, optional
        Else all that is due today.
    sets, reps, rest_s
        In place of what was ordered, of every exercise that is counted.
    is_alone, is_short, has_questions
        Without a helper; the core first; pain is asked.
    sensor : str, optional
        As `--sensor` says it.
    band : str, optional
        In words; else what was used last.

    """

    exercise: str | None = None
    sets: int | None = None
    reps: int | None = None
    rest_s: float | None = None
    is_alone: bool = False
    is_short: bool = False
    has_questions: bool = True
    sensor: str | None = None
    band: str | None = None


def plan_training(
    wishes: TrainWishes, profile: Profile, folder: DataFolder, console: Console
) -> TrainingPlan | None:
    """Return the sitting with the band and step in use; None when nothing is due, which is said.

    Raises
    ------
    UnknownExerciseError, UnmeasurableExerciseError
        If there is no such exercise, or the engine cannot measure it.
    """
    plan = _plan(wishes, profile, folder, console)
    if plan is None or wishes.band is not None:
        return None if plan is None else plan.with_band(wishes.band)
    person = simulated(profile) if is_simulated(wishes.sensor) else profile
    return with_gear(plan, folder, person.patient_id, profile.band)


def _plan(
    wishes: TrainWishes, profile: Profile, folder: DataFolder, console: Console
) -> TrainingPlan | None:
    if wishes.exercise is not None:
        return make_plan(
            wishes.exercise,
            sets=wishes.sets,
            reps=wishes.reps,
            rest_s=wishes.rest_s,
            side=profile.side,
            has_questions=wishes.has_questions,
        )
    # A sitting that was cut off counts for today.
    asyncio.run(tell_recovered(folder, console, profile.language))
    person = simulated(profile) if is_simulated(wishes.sensor) else profile
    due = todays_sitting(
        folder,
        person,
        SittingWishes(
            side=profile.side, is_short=wishes.is_short, has_questions=wishes.has_questions
        ),
        now=calendar_now(),
        is_alone=wishes.is_alone,
        is_phone=is_phone(wishes.sensor),
    )
    notes = due.notes or ((NOTHING_DUE,) if due.plan is None else ())
    for note in notes:
        console.print(note.to(profile.language), highlight=False)
    if due.plan is None:
        return None
    steps = tuple(_with_numbers(step, wishes) for step in due.plan.steps)
    return replace(due.plan, steps=steps)


def _with_numbers(step: Step, wishes: TrainWishes) -> Step:
    """Put what was given on the command line in place of what was ordered."""
    if step.movement not in COUNTED:
        return step
    sets, reps = wishes.sets or step.sets, wishes.reps or step.reps
    return replace(
        step,
        exercise=replace(step.exercise, sets=sets, reps=reps),
        sets=sets,
        reps=reps,
        rest_s=step.rest_s if wishes.rest_s is None else wishes.rest_s,
        sets_done=min(sets, step.sets_done),
    )
