"""What a set of bouts comes to: its numbers, and the words of its card."""

from collections.abc import Sequence
from typing import Final

from analysis.exercise import Exercise, Movement
from analysis.feedback import choose_from_facts
from analysis.gait_bouts import FoundBout
from analysis.gait_kinds import BoutKind
from analysis.results import Feedback, SetQuality

NO_REPS: Final = "Sport is counted in bouts, not in repetitions."
NO_DIRECTION: Final = "Of some bouts the direction could not be told."
NO_TARGET: Final = "No cadence is prescribed."
NOT_ON_FOOT: Final = "Cycling goes forward."
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
    "hold_mean_s",
    "holds_long_enough",
    "peak_mean_deg",
    "peak_sd_deg",
    "rom_mean_deg",
    "sparc_mean",
)
SPRINT_KINDS: Final = {BoutKind.RUN_UP, BoutKind.SPRINT, BoutKind.RUN_OUT}


def sport_quality(exercise: Exercise, bouts: Sequence[FoundBout], *, coverage: float) -> SetQuality:
    """Sum up the bouts of a set, at least one.

    Parameters
    ----------
    exercise : Exercise
        The prescription.
    bouts : sequence of FoundBout
        In order.
    coverage : float
        Share of the due samples that came, from 0 to 1.

    Returns
    -------
    SetQuality
        `reps` counts sprints. What speaks of repetitions is absent.

    """
    is_gait = exercise.movement is Movement.GAIT
    absent = dict.fromkeys(OF_REPS, NO_REPS)
    moved_s = sum(bout.moved_s for bout in bouts)
    n_sweeps = sum(bout.n_sweeps for bout in bouts)
    backward_s = None
    if not is_gait:
        absent["backward_s"] = NOT_ON_FOOT
    elif any(bout.direction is None and bout.kind not in SPRINT_KINDS for bout in bouts):
        absent["backward_s"] = NO_DIRECTION
    else:
        backward_s = sum((b.moved_s for b in bouts if b.direction == "backward"), 0.0)
    at_target = None
    if exercise.cadence_min_per_min is None:
        absent["at_target_percent"] = NO_TARGET
    else:
        at_target = 100.0 * sum(bout.at_target_s for bout in bouts) / moved_s
    return SetQuality(
        reps=sum(bout.kind is BoutKind.SPRINT for bout in bouts),
        reps_prescribed=exercise.reps,
        active_s=moved_s,
        backward_s=backward_s,
        cadence_mean_per_min=60.0 * (1.0 if is_gait else 0.5) * n_sweeps / moved_s,
        at_target_percent=at_target,
        coverage=coverage,
        absent=absent,
    )


def sport_feedback(
    exercise: Exercise, bouts: Sequence[FoundBout], quality: SetQuality
) -> tuple[Feedback, ...]:
    """Choose what the card of a set of bouts says."""
    n_prescribed = quality.reps_prescribed
    is_run = exercise.movement is Movement.GAIT and n_prescribed is None
    active_s = quality.active_s or 0.0
    percent = quality.at_target_percent
    facts: dict[str, float | None] = {
        "active_min": round(active_s / 60.0, 1),
        "active_s": active_s,
        "at_target_percent": None if percent is None else round(percent),
        "backward_s": quality.backward_s if is_run else None,
        "cadence_per_min": round(quality.cadence_mean_per_min or 0.0),
        "cadence_target_per_min": exercise.cadence_min_per_min,
        "coverage": quality.coverage,
        "missing_percent": round(100.0 * (1.0 - quality.coverage)),
        "n_kinds": len({bout.kind for bout in bouts}) if is_run else None,
        "n_missing": None if n_prescribed is None else n_prescribed - quality.reps,
        "n_prescribed": n_prescribed,
        "n_reps": None if n_prescribed is None else quality.reps,
    }
    return choose_from_facts(exercise, facts)
