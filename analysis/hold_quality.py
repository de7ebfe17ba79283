"""How a set of holds was done, against what was prescribed."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.exercise import Exercise
from analysis.results import Hold, SetQuality

NO_REPS: Final = "A stretch is held: it has no repetitions."
NOT_PRESCRIBED: Final = "No length is prescribed."
OF_REPS: Final = (
    "in_tempo",
    "accepted",
    "eccentric_mean_s",
    "eccentric_sd_s",
    "eccentric_drift_s",
    "dose_s",
    "dose_prescribed_s",
    "dose_percent",
    "concentric_mean_s",
    "peak_mean_deg",
    "peak_sd_deg",
    "rom_mean_deg",
    "sparc_mean",
)


def hold_quality(
    exercise: Exercise, holds: Sequence[Hold], *, coverage: float, calibration_quality: float
) -> SetQuality:
    """Sum up a set of holds.

    Parameters
    ----------
    exercise : Exercise
        The prescription: how many holds, how long, and from when on one is long enough.
    holds : sequence of Hold
        At least one, in order.
    coverage, calibration_quality : float
        From 0 to 1.

    Returns
    -------
    SetQuality
        `reps` counts the holds; `hold_mean_s` is the mean of their stillness, interruptions
        taken out, and that is what `holds_long_enough` counts by.

    """
    absent = dict.fromkeys(OF_REPS, NO_REPS)
    if exercise.hold_accepted_s is None:
        absent["holds_long_enough"] = NOT_PRESCRIBED
    return SetQuality(
        reps=len(holds),
        reps_prescribed=exercise.reps,
        hold_mean_s=float(np.mean([hold.still_s for hold in holds])),
        holds_long_enough=n_long_enough(exercise, holds),
        coverage=coverage,
        calibration_quality=calibration_quality,
        absent=absent,
    )


def n_long_enough(exercise: Exercise, holds: Sequence[Hold]) -> int | None:
    """Return how many holds were still for long enough; None where no length is prescribed."""
    accepted_s = exercise.hold_accepted_s
    return None if accepted_s is None else int(sum(hold.still_s >= accepted_s for hold in holds))
