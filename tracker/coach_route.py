"""The way through a sitting: what became of each exercise, and which one is next."""

from typing import Any

from tracker.training_plan import Step, StepState, TrainingPlan

_LEFT_OPEN = frozenset({StepState.TODO, StepState.DOING})


class Route:
    """Where a sitting stands among its exercises.

    Parameters
    ----------
    plan : TrainingPlan
        The exercises in order; one whose sets were all done before counts as done.

    """

    def __init__(self, plan: TrainingPlan) -> None:
        self._plan = plan
        self._states = [
            StepState.DONE if step.sets_done >= step.sets else StepState.TODO for step in plan.steps
        ]
        self.at: int | None = None
        """Number of the exercise that is on, from 1."""

    def change(self, plan: TrainingPlan) -> None:
        """Go on with the same exercises, told in more detail."""
        self._plan = plan

    @property
    def step(self) -> Step:
        """The exercise that is on; before the first, and after the last, the nearest one."""
        return self._plan.step(self.at or 1)

    @property
    def next_todo(self) -> int | None:
        """Number of the next exercise to do: the first open one behind here, or else any."""
        open_ones = [n for n in range(1, len(self._states) + 1) if self.state(n) is StepState.TODO]
        behind = [n for n in open_ones if n > (self.at or 0)]
        return next(iter([*behind, *open_ones]), None)

    def has(self, number: int) -> bool:
        """Whether there is an exercise of that number."""
        return 1 <= number <= len(self._states)

    def state(self, number: int) -> StepState:
        """Return what became of an exercise."""
        return self._states[number - 1]

    def mark(self, number: int, state: StepState) -> None:
        """Note what became of an exercise."""
        self._states[number - 1] = state

    def begin(self, number: int) -> None:
        """Go to an exercise; one that was begun and left stays to do."""
        if self.at is not None and self.at != number and self.state(self.at) is StepState.DOING:
            self.mark(self.at, StepState.TODO)
        self.at = number
        self.mark(number, StepState.DOING)

    def message(self) -> dict[str, Any]:
        """Return the sitting as the live page shows it."""
        open_ones = [
            step.minutes
            for step, state in zip(self._plan.steps, self._states, strict=True)
            if state in _LEFT_OPEN
        ]
        is_on = self.at is not None and self.state(self.at) is StepState.DOING
        return {
            "type": "plan",
            "session": str(self._plan.session_id),
            "steps": [
                _shown(number, step, state)
                for number, (step, state) in enumerate(
                    zip(self._plan.steps, self._states, strict=True), start=1
                )
            ],
            "at": self.at if is_on else None,
            "minutes_left": round(sum(open_ones)),
        }


def _shown(number: int, step: Step, state: StepState) -> dict[str, Any]:
    exercise = step.exercise
    return {
        "n": number,
        "exercise": exercise.id,
        "name": {"en": exercise.name_en, "nl": exercise.name_nl},
        "posture": {"en": exercise.posture_en, "nl": exercise.posture_nl},
        "movement": str(step.movement),
        "sets": step.sets,
        "sets_done": step.sets_done,
        "reps": step.reps,
        "hold_s": exercise.hold_s,
        "rest_s": step.rest_s,
        "side": step.side,
        "is_measured": step.needs_sensor,
        "minutes": step.minutes,
        "state": str(state),
    }
