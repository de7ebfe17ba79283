"""The postures of the exercises and the amplitudes people reach in them."""

from dataclasses import dataclass

import numpy as np

from tracker.simulator.errors import UnsimulatedExerciseError
from tracker.simulator.human import HumanProfile
from tracker.simulator.movement import Posture


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseSetup:
    """How one person takes the pose of an exercise.

    Parameters
    ----------
    posture : Posture
        The rest pose.
    peak_deg : float
        The peak this person aims at, from the rest pose.
    has_depth_target : bool
        Whether the exercise asks for 90 degrees.
    lift_s, hold_s : (float, float), optional
        Bounds of the way out and of the pause at the top where the exercise times them.

    """

    posture: Posture
    peak_deg: float
    has_depth_target: bool
    lift_s: tuple[float, float] | None = None
    hold_s: tuple[float, float] | None = None

    def habits(self, profile: HumanProfile) -> dict[str, tuple[float, float]]:
        """Return the fields of a profile that the exercise replaces."""
        return {
            "lift_s": self.lift_s or profile.lift_s,
            "top_pause_s": self.hold_s or profile.top_pause_s,
        }


def _prone(rng: np.random.Generator) -> ExerciseSetup:
    posture = Posture(
        thigh_deg=rng.uniform(-2.0, 2.0),
        shank_deg=rng.uniform(0.0, 10.0),  # feet over the edge, or on a towel
        direction=1.0,
        knee_flexes_up=True,
    )
    return ExerciseSetup(posture=posture, peak_deg=rng.normal(88.0, 4.0), has_depth_target=True)


def _seated(rng: np.random.Generator) -> ExerciseSetup:
    flexion_deg = rng.uniform(0.0, 10.0)  # nearly straight
    seat_deg = rng.normal(0.0, 4.0)
    posture = Posture(thigh_deg=seat_deg, shank_deg=seat_deg - flexion_deg, direction=-1.0)
    peak_deg = rng.normal(89.0, 4.0) - flexion_deg
    return ExerciseSetup(posture=posture, peak_deg=peak_deg, has_depth_target=True)


def _knee_extension(rng: np.random.Generator) -> ExerciseSetup:
    posture = Posture(
        thigh_deg=rng.normal(0.0, 4.0), shank_deg=-90.0 + rng.uniform(-8.0, 8.0), direction=1.0
    )
    return _free(posture, rng.uniform(20.0, 85.0), rng)


def _leg_raise(rng: np.random.Generator) -> ExerciseSetup:
    tilt_deg = rng.uniform(-5.0, 5.0)
    posture = Posture(
        thigh_deg=tilt_deg,
        shank_deg=tilt_deg,
        direction=1.0,
        turns_at_hip=True,
        knee_flexes_up=bool(rng.random() < 0.5),  # noqa: PLR2004 - prone or supine, by chance
    )
    return _free(posture, rng.uniform(14.0, 60.0), rng)


def _wide(rng: np.random.Generator) -> ExerciseSetup:
    posture = Posture(
        thigh_deg=0.0, shank_deg=rng.uniform(-30.0, 0.0), direction=1.0, turns_at_hip=True
    )
    return _free(posture, rng.uniform(60.0, 118.0), rng)


def _free(posture: Posture, peak_deg: float, rng: np.random.Generator) -> ExerciseSetup:
    longest_hold_s = rng.choice([0.3, 1.0, 2.5, 5.0])
    return ExerciseSetup(
        posture=posture,
        peak_deg=peak_deg,
        has_depth_target=False,
        lift_s=(0.8, 2.5),
        hold_s=(0.5 * longest_hold_s, longest_hold_s),
    )


_VARIANTS = {
    "ecc_prone_helper": (_prone,),
    "ecc_seated_solo": (_seated,),
    "free_movement": (_knee_extension, _leg_raise, _wide),
}


def take_position(exercise_id: str, rng: np.random.Generator) -> ExerciseSetup:
    """Draw how a person takes the pose of an exercise.

    Raises
    ------
    UnsimulatedExerciseError
        If the simulator has no such exercise.

    """
    if exercise_id not in _VARIANTS:
        raise UnsimulatedExerciseError(exercise_id, tuple(_VARIANTS))
    variants = _VARIANTS[exercise_id]
    return variants[int(rng.integers(len(variants)))](rng)


def simulated_exercises() -> tuple[str, ...]:
    """Return the ids of the exercises that can be simulated."""
    return tuple(_VARIANTS)
