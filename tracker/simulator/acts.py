"""Which act an exercise consists of, one after the other."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from tracker.simulator.choreography import Choreography
from tracker.simulator.cycling import ride
from tracker.simulator.exercises import Activity
from tracker.simulator.holds import hold
from tracker.simulator.running import run_bout, sprint
from tracker.simulator.steps import step_up

_Act = Callable[[Choreography, int, int], None]


def _repetition(choreography: Choreography, index: int, set_index: int) -> None:
    choreography.perform(choreography.draw_rep(index), set_index)


_ACTS: Final[Mapping[Activity, _Act]] = MappingProxyType(
    {
        Activity.REPS: _repetition,
        Activity.STEPS: step_up,
        Activity.HOLD: hold,
        Activity.GAIT: run_bout,
        Activity.SPRINT: sprint,
        Activity.CYCLING: ride,
    }
)


def perform_next(choreography: Choreography, index: int, set_index: int) -> None:
    """Do the next repetition, hold, bout or run of a set."""
    _ACTS[choreography.setup.activity](choreography, index, set_index)


def perform_set(choreography: Choreography, n_acts: int, set_index: int) -> None:
    """Do a set, with an aborted lift now and then where something is lifted."""
    can_abort = choreography.setup.activity is Activity.REPS
    for index in range(n_acts):
        if can_abort and index and choreography.rng.random() < choreography.profile.aborted_share:
            choreography.abort_lift()
        perform_next(choreography, index, set_index)
