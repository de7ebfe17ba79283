"""How people take the pose of each exercise: one draw for one person.

Elevations are those of thigh (hip to knee) and shank (knee to foot) above horizontal. A standing
leg points down: -90 degrees; with `knee_flexes_up` it bends its knee by raising the shank, and
swings forward by lowering its elevation.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.simulator.errors import UnsimulatedExerciseError
from tracker.simulator.exercises import Activity, ExerciseSetup
from tracker.simulator.movement import Posture, Support
from tracker.simulator.truth import BoutKind

_DOWN_DEG: Final = -90.0
_IDLE_SHARE: Final = 0.22  # of the person's range: clear of the 30 % from which a lift counts
_Draw = Callable[[np.random.Generator], ExerciseSetup]


def _prone(rng: np.random.Generator) -> ExerciseSetup:
    posture = Posture(
        thigh_deg=rng.uniform(-2.0, 2.0),
        shank_deg=rng.uniform(0.0, 10.0),  # feet over the edge, or on a towel
        direction=1.0,
        knee_flexes_up=True,
    )
    peak_deg = rng.normal(88.0, 4.0)
    return ExerciseSetup(
        posture=posture, peak_deg=peak_deg, has_depth_target=True, is_assisted=True
    )


def _seated(rng: np.random.Generator) -> ExerciseSetup:
    posture, flexion_deg = _on_a_chair(rng)
    peak_deg = rng.normal(89.0, 4.0) - flexion_deg
    return ExerciseSetup(
        posture=posture, peak_deg=peak_deg, has_depth_target=True, is_assisted=True
    )


def _seated_active(rng: np.random.Generator) -> ExerciseSetup:
    posture, flexion_deg = _on_a_chair(rng)
    return ExerciseSetup(
        posture=posture,
        peak_deg=rng.normal(86.0, 4.0) - flexion_deg,
        has_depth_target=True,
        is_out_timed=True,
        limit_deg=90.0 - flexion_deg,
    )


def _on_a_chair(rng: np.random.Generator) -> tuple[Posture, float]:
    flexion_deg = rng.uniform(0.0, 10.0)  # nearly straight
    seat_deg = rng.normal(0.0, 4.0)
    posture = Posture(
        thigh_deg=seat_deg,
        shank_deg=seat_deg - flexion_deg,
        direction=-1.0,
        support=Support.SEATED,
    )
    return posture, flexion_deg


def _prone_raise(rng: np.random.Generator) -> ExerciseSetup:
    tilt_deg = rng.uniform(-3.0, 3.0)
    posture = Posture(
        thigh_deg=tilt_deg,
        shank_deg=tilt_deg + rng.uniform(-2.0, 4.0),
        direction=1.0,
        thigh_share=1.0,
        knee_flexes_up=True,
    )
    return _raise(posture, rng.uniform(10.0, 25.0), lift_s=(0.8, 1.8))


def _plank(rng: np.random.Generator) -> ExerciseSetup:
    tilt_deg = rng.uniform(-12.0, -3.0)  # on the toes, the hips higher than the feet
    posture = Posture(
        thigh_deg=tilt_deg + rng.uniform(-2.0, 2.0),
        shank_deg=tilt_deg,
        direction=1.0,
        thigh_share=1.0,
        knee_flexes_up=True,
        support=Support.PLANK,
        sway_deg=rng.uniform(0.05, 0.15),
        rest_effort=0.8,
    )
    return _raise(posture, rng.uniform(6.0, 20.0), lift_s=(0.6, 1.5))


def _raise(posture: Posture, peak_deg: float, lift_s: tuple[float, float]) -> ExerciseSetup:
    return ExerciseSetup(
        posture=posture,
        peak_deg=peak_deg,
        lift_s=lift_s,
        hold_due_s=2.0,
        idle_hinge_deg=_IDLE_SHARE * peak_deg,
    )


def _bridge(rng: np.random.Generator) -> ExerciseSetup:
    """Supine, pelvis up, the free foot on the floor; then the knee straightens into the air."""
    posture = Posture(
        thigh_deg=rng.uniform(15.0, 35.0),
        shank_deg=rng.uniform(-95.0, -72.0),
        direction=1.0,
        thigh_share=rng.uniform(0.0, 0.35),
        rest_effort=0.4,
        sway_deg=rng.uniform(0.03, 0.1),
    )
    return ExerciseSetup(
        posture=posture,
        peak_deg=rng.uniform(94.0, 116.0),
        lift_s=(0.8, 1.8),
        hold_due_s=2.0,
        back_s=(0.9, 2.2),
    )


def _standing_extension(rng: np.random.Generator) -> ExerciseSetup:
    """On the other leg, this one straight and hardly touching the floor."""
    lean_deg = rng.uniform(-6.0, 4.0)  # the foot a little in front, towards the band
    posture = Posture(
        thigh_deg=_DOWN_DEG + lean_deg,
        shank_deg=_DOWN_DEG + lean_deg,
        direction=1.0,
        thigh_share=1.0,
        knee_flexes_up=True,
        support=Support.STANDING,
        sway_deg=rng.uniform(0.15, 0.4),
        rest_effort=0.4,
    )
    peak_deg = rng.uniform(10.0, 30.0)
    return ExerciseSetup(
        posture=posture,
        peak_deg=peak_deg,
        idle_hinge_deg=_IDLE_SHARE * peak_deg,
        is_out_timed=True,
        hold_s=(0.1, 0.6),
        rest_s=(0.2, 0.8),
    )


def _squat(rng: np.random.Generator) -> ExerciseSetup:
    """On this leg: the knee goes forward over the foot, the hip back and down."""
    tilt_deg = rng.uniform(15.0, 40.0)
    knee_deg = rng.uniform(max(55.0, 1.6 * tilt_deg), 95.0)
    stoop_deg = rng.uniform(0.0, 6.0)
    posture = Posture(
        thigh_deg=_DOWN_DEG - stoop_deg,
        shank_deg=_DOWN_DEG + rng.uniform(0.0, 5.0),
        direction=1.0,
        thigh_share=1.0 - knee_deg / tilt_deg,
        knee_flexes_up=True,
        support=Support.STANDING,
        is_on_this_foot=True,
        sway_deg=rng.uniform(0.2, 0.5),
        rest_effort=0.6,
    )
    return ExerciseSetup(
        posture=posture,
        peak_deg=tilt_deg,
        idle_hinge_deg=_IDLE_SHARE * tilt_deg,
        is_eccentric_outward=True,
        hold_s=(0.05, 0.6),
        back_s=(0.9, 2.0),
        rest_s=(0.2, 1.2),
    )


def _standing_posture(rng: np.random.Generator) -> Posture:
    return Posture(
        thigh_deg=_DOWN_DEG - rng.uniform(0.0, 3.0),
        shank_deg=_DOWN_DEG + rng.uniform(0.0, 3.0),
        direction=1.0,
        knee_flexes_up=True,
        support=Support.STANDING,
        is_on_this_foot=True,
        sway_deg=rng.uniform(0.1, 0.25),
        rest_effort=0.2,
    )


def _sprinter(rng: np.random.Generator) -> ExerciseSetup:
    return ExerciseSetup(posture=_standing_posture(rng), activity=Activity.SPRINT)


def _runner(*bouts: tuple[BoutKind, float]) -> _Draw:
    return lambda rng: ExerciseSetup(
        posture=_standing_posture(rng), activity=Activity.GAIT, bouts=bouts
    )


def _step(rng: np.random.Generator) -> ExerciseSetup:
    tilt_deg = rng.uniform(18.0, 32.0)  # of the shank while the body is lowered
    return ExerciseSetup(posture=_standing_posture(rng), peak_deg=tilt_deg, activity=Activity.STEPS)


def _bicycle(rng: np.random.Generator) -> ExerciseSetup:
    """With a foot on the ground, waiting."""
    posture = Posture(
        thigh_deg=-102.0 + rng.uniform(-6.0, 6.0),
        shank_deg=-86.0 + rng.uniform(-5.0, 5.0),
        direction=1.0,
        knee_flexes_up=True,
        support=Support.SEATED,
        rest_effort=0.2,
    )
    return ExerciseSetup(posture=posture, activity=Activity.CYCLING)


def _stretch(
    rest_deg: tuple[float, float], held_deg: tuple[float, float, float], support: Support
) -> _Draw:
    """Return how a stretch is entered.

    Elevations of thigh and shank before it, and in it with the roll of the leg.
    """

    def draw(rng: np.random.Generator) -> ExerciseSetup:
        thigh_deg, shank_deg, held_thigh_deg, held_shank_deg, held_roll_deg = (
            np.array([*rest_deg, *held_deg]) + rng.normal(0.0, 5.0, 5)
        ).tolist()
        posture = Posture(thigh_deg=thigh_deg, shank_deg=shank_deg, direction=1.0, support=support)
        return ExerciseSetup(
            posture=posture,
            activity=Activity.HOLD,
            held_thigh_deg=held_thigh_deg,
            held_shank_deg=held_shank_deg,
            held_roll_deg=held_roll_deg,
        )

    return draw


def _knee_extension(rng: np.random.Generator) -> ExerciseSetup:
    posture = Posture(
        thigh_deg=rng.normal(0.0, 4.0),
        shank_deg=-90.0 + rng.uniform(-8.0, 8.0),
        direction=1.0,
        support=Support.SEATED,
    )
    return _free(posture, rng.uniform(20.0, 85.0), rng)


def _leg_raise(rng: np.random.Generator) -> ExerciseSetup:
    tilt_deg = rng.uniform(-5.0, 5.0)
    posture = Posture(
        thigh_deg=tilt_deg,
        shank_deg=tilt_deg,
        direction=1.0,
        thigh_share=1.0,
        knee_flexes_up=bool(rng.random() < 0.5),  # noqa: PLR2004 - prone or supine, by chance
    )
    return _free(posture, rng.uniform(14.0, 60.0), rng)


def _wide(rng: np.random.Generator) -> ExerciseSetup:
    posture = Posture(
        thigh_deg=0.0, shank_deg=rng.uniform(-30.0, 0.0), direction=1.0, thigh_share=1.0
    )
    return _free(posture, rng.uniform(60.0, 118.0), rng)


def _free(posture: Posture, peak_deg: float, rng: np.random.Generator) -> ExerciseSetup:
    longest_hold_s = rng.choice([0.3, 1.0, 2.5, 5.0])
    return ExerciseSetup(
        posture=posture,
        peak_deg=peak_deg,
        lift_s=(0.8, 2.5),
        hold_s=(0.5 * longest_hold_s, longest_hold_s),
    )


_DRAWS: Final[Mapping[str, tuple[_Draw, ...]]] = MappingProxyType(
    {
        "ecc_prone_helper": (_prone,),
        "ecc_seated_solo": (_seated,),
        "free_movement": (_knee_extension, _leg_raise, _wide),
        "conc_seated": (_seated_active,),
        "iso_prone_raise": (_prone_raise,),
        "plank_leg_raise": (_plank,),
        "bridge_leg_raise": (_bridge,),
        "iso_stand_ext": (_standing_extension,),
        "squat_single": (_squat,),
        "step_up": (_step,),
        "stretch_hamstring": (_stretch((0.0, -80.0), (0.0, -18.0, 0.0), Support.SEATED),),
        "stretch_adductor": (_stretch((0.0, -80.0), (5.0, -60.0, 35.0), Support.SEATED),),
        "mob_knee_chest": (_stretch((6.0, -6.0), (110.0, 20.0, 0.0), Support.LYING),),
        "mob_knee_across": (_stretch((6.0, -6.0), (85.0, 5.0, 45.0), Support.LYING),),
        "run_intervals": (
            _runner(
                (BoutKind.WALK, 1.0),
                (BoutKind.JOG, 1.0),
                (BoutKind.WALK_BACKWARD, 1.0),
                (BoutKind.JOG_BACKWARD, 1.0),
            ),
        ),
        "run_continuous": (_runner((BoutKind.JOG, 4.0), (BoutKind.JOG_BACKWARD, 1.0)),),
        "sprint_sets": (_sprinter,),
        "cycling": (_bicycle,),
    }
)


def take_position(exercise_id: str, rng: np.random.Generator) -> ExerciseSetup:
    """Draw how a person takes the pose of an exercise.

    Raises
    ------
    UnsimulatedExerciseError
        If the simulator has no such exercise.

    """
    if exercise_id not in _DRAWS:
        raise UnsimulatedExerciseError(exercise_id, tuple(_DRAWS))
    draws = _DRAWS[exercise_id]
    return draws[int(rng.integers(len(draws)))](rng)


def simulated_exercises() -> tuple[str, ...]:
    """Return the ids of the exercises that can be simulated."""
    return tuple(_DRAWS)
