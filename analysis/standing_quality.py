"""The numbers of a set that only an exercise on one's feet has: sway, cadence, landings."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.exercise import Exercise, Movement
from analysis.results import Rep

MIN_CADENCE_REPS: Final = 3  # two intervals; one says nothing of a cadence
NO_SWAY: Final = "Sway is measured in the single-leg squat only."
NO_STEPS: Final = "Only steps have it."


def standing_numbers(
    exercise: Exercise, reps: Sequence[Rep], n_other_leg: int
) -> tuple[dict[str, float | int | None], dict[str, str]]:
    """Return these numbers of a set by name, and why each would be absent.

    Parameters
    ----------
    exercise : Exercise
        What was done.
    reps : sequence of Rep
        In order.
    n_other_leg : int
        Steps that the other leg led, as seen from this one.

    """
    sways = [rep.sway_deg for rep in reps if rep.sway_deg is not None]
    impacts = [rep.impact_g for rep in reps if rep.impact_g is not None]
    is_steps = exercise.movement is Movement.STEPS
    numbers: dict[str, float | int | None] = {
        "sway_mean_deg": float(np.mean(sways)) if sways else None,
        "cadence_per_min": _cadence_per_min(reps) if is_steps else None,
        "impact_mean_g": float(np.mean(impacts)) if impacts else None,
        "impact_max_g": max(impacts, default=None),
        "reps_other_leg": n_other_leg if is_steps else None,
    }
    no_impact = next((why for rep in reps if (why := rep.absent.get("impact_g"))), NO_STEPS)
    reasons = {
        "sway_mean_deg": NO_SWAY,
        "cadence_per_min": f"It takes {MIN_CADENCE_REPS} steps." if is_steps else NO_STEPS,
        "impact_mean_g": no_impact,
        "impact_max_g": no_impact,
        "reps_other_leg": NO_STEPS,
    }
    return numbers, reasons


def _cadence_per_min(reps: Sequence[Rep]) -> float | None:
    """Return this leg's steps a minute by the median interval: a pause has no say."""
    if len(reps) < MIN_CADENCE_REPS:
        return None
    return 60.0 / float(np.median(np.diff([rep.start_s for rep in reps])))
