"""Left against right: only where both legs do the same and the difference is more than noise."""

from dataclasses import dataclass
from typing import Final

from analysis.exercise import Coordinate, Exercise, OutwardPhase
from analysis.results import SetQuality

# Under these a difference between two legs, two straps and two sets is no difference (ours).
LEAST_DURATION_S: Final = 0.5
LEAST_ANGLE_DEG: Final = 10.0
MIN_REPS: Final = 3
NOT_COMPARED: Final = (
    "Legs are compared only in the standing exercises and the seated one with both phases."
)
TOO_FEW: Final = f"It takes {MIN_REPS} repetitions of each leg."
NO_PAIR: Final = "One of the legs has no such number."


@dataclass(frozen=True, slots=True, kw_only=True)
class LegDifference:
    """Left minus right, and whether that is more than noise; absent with a reason."""

    eccentric_s: float | None = None
    concentric_s: float | None = None
    rom_deg: float | None = None
    differs: tuple[str, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()


def compare_legs(exercise: Exercise, left: SetQuality, right: SetQuality) -> LegDifference:
    """Compare a set of the left leg with one of the right.

    Parameters
    ----------
    exercise : Exercise
        What both did.
    left, right : SetQuality
        As the engine gave them.

    Returns
    -------
    LegDifference
        Differences of the means, left minus right, in seconds and degrees. `differs` names those
        of more than 0.5 s or 10 degrees; the others are not to be spoken of. All are absent in
        exercises where one leg trains for the other's sake or a helper moves it, and with fewer
        than 3 repetitions of a leg.

    Examples
    --------
    >>> from analysis import SetQuality, load_catalogue
    >>> quick, slow = SetQuality(reps=20, rom_mean_deg=20.0), SetQuality(reps=20, rom_mean_deg=32.0)
    >>> compare_legs(load_catalogue()["iso_stand_ext"], quick, slow).differs
    ('rom_deg',)

    """
    pairs = {
        "eccentric_s": (left.eccentric_mean_s, right.eccentric_mean_s, LEAST_DURATION_S),
        "concentric_s": (left.concentric_mean_s, right.concentric_mean_s, LEAST_DURATION_S),
        "rom_deg": (left.rom_mean_deg, right.rom_mean_deg, LEAST_ANGLE_DEG),
    }
    why_none = None
    if not is_compared(exercise):
        why_none = NOT_COMPARED
    elif min(left.reps, right.reps) < MIN_REPS:
        why_none = TOO_FEW
    found: dict[str, float] = {}
    if why_none is None:
        for name, (of_left, of_right, _) in pairs.items():
            if of_left is not None and of_right is not None:
                found[name] = of_left - of_right
    return LegDifference(
        **found,
        differs=tuple(name for name, value in found.items() if abs(value) > pairs[name][2]),
        absent=tuple((name, why_none or NO_PAIR) for name in pairs if name not in found),
    )


def is_compared(exercise: Exercise) -> bool:
    """Whether the legs are compared in an exercise: both train, standing or in both phases."""
    is_standing = exercise.coordinate in {Coordinate.LEG_SWING, Coordinate.SHANK_TILT}
    is_seated = (
        exercise.coordinate is Coordinate.KNEE_FLEXION
        and exercise.outward is OutwardPhase.CONCENTRIC
    )
    return exercise.side == "both" and (is_standing or is_seated)
