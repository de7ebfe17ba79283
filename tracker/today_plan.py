"""Today's plan as a sitting: which exercises, in which order, on which leg.

Exercises of both legs are cut in two, and all that the sensor sees on one leg comes before all that
it sees on the other: it moves at most once. When time is short the core of the programme is first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from analysis import Exercise, Movement, Programme, SportDay, Today
from tracker.phone.family import suits_ankle
from tracker.planning import make_step
from tracker.training_plan import OTHER_LEG, SPORTS, Leg, Step, TrainingPlan

FIRST_LEG: Final[Leg] = "left"
"""Where nobody said which leg is affected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingWishes:
    """What somebody wants of today's sitting.

    Parameters
    ----------
    side : {"left", "right"}, optional
        The affected leg, when it is known.
    is_short : bool
        Time is short: the core of the programme comes first.
    has_questions : bool
        Whether pain and soreness are asked.
    session_id : UUID, optional
        Under which it is stored; else a new one.

    """

    side: Leg | None = None
    is_short: bool = False
    has_questions: bool = True
    session_id: UUID | None = None


def sitting_of_today(
    programme: Programme, today: Today, wishes: SittingWishes
) -> TrainingPlan | None:
    """Return the sitting that is due today; None when nothing is.

    On a day of rest, and after a tear, that is the gentle stretching of those weeks.
    """
    steps = [*_exercise_steps(programme, today, wishes), *_sport_steps(programme, today, wishes)]
    if not steps:
        return None
    return TrainingPlan(
        steps=tuple(in_order(steps, wishes)),
        session_id=wishes.session_id or uuid4(),
        has_questions=wishes.has_questions,
        is_programme=True,
    )


def in_order(steps: Sequence[Step], wishes: SittingWishes) -> list[Step]:
    """Put exercises in an order that moves the sensor at most once; a sport comes last."""
    other = OTHER_LEG[wishes.side or FIRST_LEG]

    def place(step: Step) -> tuple[bool, bool, bool]:
        is_later = wishes.is_short and not step.exercise.is_core
        return step.movement in SPORTS, step.side == other, is_later

    return sorted(steps, key=place)


def steps_of(
    exercise: Exercise, side: Leg | None, *, day: SportDay | None = None, level: int = 0
) -> list[Step]:
    """Return an exercise as it is trained: on each leg, on the affected one, or on both at once.

    The leg is the one that carries the sensor.
    """
    if exercise.movement is Movement.STILLNESS:
        takes_turns = exercise.side == "alternate"
        return [make_step(exercise, side=side if takes_turns else None)]
    if exercise.side == "both" and exercise.movement is Movement.REPS:
        first = side or FIRST_LEG
        return [make_step(exercise, side=leg) for leg in (first, OTHER_LEG[first])]
    if exercise.movement in SPORTS:  # whichever leg the sensor is on by then
        return [make_step(exercise, day=day, level=level)]
    return [make_step(exercise, side=side)]


def for_a_phone(plan: TrainingPlan) -> tuple[TrainingPlan | None, tuple[Exercise, ...]]:
    """Return the sitting with a phone as the sensor, and the exercises that are left out.

    A phone never goes on the ankle for steps and sports. A sport it can lead from a pocket, by the
    clock; steps are left out.
    """
    kept = tuple(
        replace(step, is_unseen=step.movement in SPORTS)
        for step in plan.steps
        if step.movement in SPORTS or suits_ankle(step.exercise)
    )
    left_out = tuple(
        step.exercise
        for step in plan.steps
        if step.movement not in SPORTS and not suits_ankle(step.exercise)
    )
    return (replace(plan, steps=kept) if kept else None), left_out


def with_done(plan: TrainingPlan, done: Iterable[tuple[str, Leg | None, int]]) -> TrainingPlan:
    """Return the sitting with sets that were done before counted in.

    Parameters
    ----------
    plan : TrainingPlan
        All of it.
    done : iterable of (exercise id, leg, sets)
        What was done.

    """
    counts = {(exercise_id, leg): n_sets for exercise_id, leg, n_sets in done}
    steps = tuple(
        replace(step, sets_done=min(step.sets, counts.get((step.exercise.id, step.side), 0)))
        for step in plan.steps
    )
    n_done = sum(step.sets_done for step in steps)
    is_open = any(step.sets_done < step.sets for step in steps)
    return replace(plan, steps=steps, is_resumed=True) if n_done and is_open else plan


def _exercise_steps(programme: Programme, today: Today, wishes: SittingWishes) -> list[Step]:
    if today.exercises:
        due = [planned.exercise for planned in today.exercises]
    elif today.sport is None and today.sessions_due == 0:
        block = programme.block_of(today.week or 1)
        known = [programme.exercises[slot[0]] for slot in block.slots]
        due = [one for one in known if one.movement is Movement.STILLNESS]
    else:
        due = []
    return [step for one in due if one.is_measurable for step in steps_of(one, wishes.side)]


def _sport_steps(programme: Programme, today: Today, wishes: SittingWishes) -> list[Step]:
    """Return what opens a day of sport, and the sport itself."""
    planned = today.sport
    if planned is None:
        return []
    way = next(one for one in programme.sports.values() if planned.day.id in one.days)
    opening = [programme.exercises[name] for name in way.opening]
    steps = [step for one in opening for step in steps_of(one, wishes.side)]
    if planned.is_held_back:
        return steps
    exercise = programme.exercises[planned.day.exercise]
    return [*steps, *steps_of(exercise, wishes.side, day=planned.day, level=planned.level)]
