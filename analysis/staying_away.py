"""When a leg that left its rest pose has been away for too long to be in a repetition."""

from typing import Final

from analysis.exercise import Exercise
from analysis.rep_finder import State
from analysis.stillness import TICK_S, StillnessWatch

LONGEST_REP_S: Final = 25.0
LONGEST_HOLD_S: Final = 7.0  # a hold that is asked for may be kept too long
LONGEST_PAUSE_S: Final = 4.0  # at the top of an exercise that asks for none


def stays_away(exercise: Exercise, state: State, watch: StillnessWatch, away_s: float) -> bool:
    """Whether an excursion of `away_s` seconds is over without a return.

    Parameters
    ----------
    exercise : Exercise
        Whether it asks for a hold, or prescribes no tempo at all.
    state : State
        Of the excursion: on its way back a leg may pause for as long as it likes.
    watch : StillnessWatch
        How long the leg has been still.
    away_s : float
        Since it left the rest pose.

    """
    if away_s > LONGEST_REP_S:
        return True
    may_hold = exercise.hold_s is not None or exercise.eccentric_s is None
    longest_s = LONGEST_HOLD_S if may_hold else LONGEST_PAUSE_S
    return state is State.OUT and watch.pose(round(longest_s / TICK_S)) is not None
