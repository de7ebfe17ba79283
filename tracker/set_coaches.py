"""Which coach leads a set: one for each kind of movement."""

from analysis import Movement
from tracker.coach_holds import HoldSet
from tracker.coach_reps import RepSet
from tracker.coach_set import SetCoach
from tracker.coach_sport import SportSet
from tracker.settings import CoachSettings
from tracker.training_plan import SPORTS, Step


def new_set(step: Step, set_number: int, settings: CoachSettings, *, is_measured: bool) -> SetCoach:
    """Return the coach of a set; `is_measured` counts where a sensor is optional."""
    if step.movement is Movement.STILLNESS:
        return HoldSet(step, set_number, settings, is_measured=is_measured)
    if step.movement in SPORTS:
        return SportSet(step, set_number, settings, is_measured=is_measured)
    return RepSet(step, set_number, settings)
