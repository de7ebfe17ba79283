"""Walking or running, from cadence and from how hard the shank is shaken.

Nobody walks at 150 steps a minute nor jogs at 120: people change over near 140. Going backward
both are slower and land more softly. Where the cadence is near the change, the acceleration
decides: a walker always has a foot down, a runner falls onto each.
"""

import math
from enum import StrEnum
from typing import Final

from analysis.gait_direction import Direction


class BoutKind(StrEnum):
    """What is done in a bout of sport."""

    WALK = "walk"
    JOG = "jog"
    WALK_BACKWARD = "walk_backward"
    JOG_BACKWARD = "jog_backward"
    RUN_UP = "run_up"
    SPRINT = "sprint"
    RUN_OUT = "run_out"
    PEDAL = "pedal"


# Cadence (steps a minute) and acceleration beside gravity (m/s²) between walking and jogging.
BETWEEN: Final[dict[Direction | None, tuple[float, float]]] = {
    "forward": (139.0, 14.0),
    "backward": (125.0, 7.0),
    None: (134.0, 11.0),
}
# By how much, as a logarithm, each of the two scatters from person to person and shoe to shoe.
CADENCE_SCATTER: Final = 0.07
EFFORT_SCATTER: Final = 0.8


def run_score(cadence_per_min: float, effort_ms2: float, direction: Direction | None) -> float:
    """Say how clearly someone runs who takes so many steps, shaken so much; under 0: walks.

    1 is what one of the two scatters by.
    """
    cadence, effort = BETWEEN[direction]
    by_cadence = math.log(cadence_per_min / cadence) / CADENCE_SCATTER
    by_effort = math.log(max(effort_ms2, 0.1) / effort) / EFFORT_SCATTER
    return by_cadence + by_effort


def kind_of(*, runs: bool, direction: Direction | None) -> BoutKind:
    """Return the kind of a bout; one of unknown direction goes by the plain name."""
    if direction == "backward":
        return BoutKind.JOG_BACKWARD if runs else BoutKind.WALK_BACKWARD
    return BoutKind.JOG if runs else BoutKind.WALK
