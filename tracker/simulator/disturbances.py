"""What people do that is not the exercise, each act ending back in the rest pose."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Wave
from tracker.simulator.errors import UnknownDisturbanceError
from tracker.simulator.handling import adjust_strap, roll_over
from tracker.simulator.movement import MOST_BENT_DEG
from tracker.simulator.walking import stand_and_walk

# A hinge movement above 30 % of the target would be a repetition: idle movements stay clear.
_IDLE_HINGE_DEG: Final = 20.0
_IDLE_HINGE_FREE_DEG: Final = 6.5
_VERTICAL_DEG: Final = -90.0


def disturb(choreography: Choreography, kind: str) -> None:
    """Let the person do something else, and note when.

    Raises
    ------
    UnknownDisturbanceError
        If there is no disturbance of that kind.

    """
    if kind not in DISTURBANCES:
        raise UnknownDisturbanceError(kind, tuple(DISTURBANCES))
    start_s = choreography.cursor_s
    DISTURBANCES[kind](choreography)
    choreography.note(kind, start_s)


def _fidget(choreography: Choreography, *, strength: float, n_moves: int) -> None:
    """Move about at random: knee, hip and roll, never a whole repetition."""
    movement, rng = choreography.movement, choreography.rng
    hinge_deg = min(1.0, strength) * _idle_hinge_deg(choreography)
    roll_deg = movement.roll.settled
    for _ in range(n_moves):
        duration_s = rng.uniform(0.25, 1.0)
        at_s = choreography.cursor_s
        share = rng.uniform(0.1, 0.6)  # knee and hip turn about the same hinge: they add up
        movement.posture.move_to(rng.uniform(-0.5, 1.0) * hinge_deg * share, at_s, duration_s)
        thigh_deg = movement.at_rest.thigh_deg + rng.uniform(-1, 1) * hinge_deg * (1 - share) * 0.4
        movement.thigh.move_to(thigh_deg, at_s, duration_s)
        movement.roll.move_to(
            roll_deg + rng.normal(0.0, 10.0 * strength), at_s, duration_s * rng.uniform(0.7, 1.3)
        )
        choreography.knock(at_s + duration_s, impact_ms2=rng.uniform(0.2, 3.0) * strength)
        choreography.rest(duration_s + rng.uniform(0.0, 0.8))
    _lie_back(choreography, roll_deg)


def _idle_hinge_deg(choreography: Choreography) -> float:
    """Return how far idle movements may turn the hinge."""
    setup = choreography.setup
    if setup.idle_hinge_deg is not None:
        return setup.idle_hinge_deg
    return _IDLE_HINGE_DEG if setup.has_depth_target else _IDLE_HINGE_FREE_DEG


def _lie_back(choreography: Choreography, roll_deg: float) -> None:
    """Return to the rest pose, near enough."""
    movement, rng = choreography.movement, choreography.rng
    duration_s = rng.uniform(0.6, 1.4)
    at_s = choreography.cursor_s
    choreography.shift_rest_pose(duration_s)
    movement.thigh.move_to(movement.at_rest.thigh_deg, at_s, duration_s)
    movement.roll.move_to(roll_deg + rng.normal(0.0, 1.0), at_s, duration_s)
    choreography.rest(duration_s)


def _scratch(choreography: Choreography) -> None:
    """Scratch, itch, rub: quick shaking without much turning."""
    movement, rng = choreography.movement, choreography.rng
    for _ in range(int(rng.integers(2, 5))):
        duration_s, frequency_hz = rng.uniform(0.6, 2.0), rng.uniform(3.0, 6.0)
        start_s, end_s = choreography.cursor_s, choreography.cursor_s + duration_s
        for push in movement.push:
            amplitude_m = rng.normal(0.0, 1.5) / (2 * np.pi * frequency_hz) ** 2
            push.add(Wave(start_s, end_s, amplitude_m, frequency_hz, rng.uniform(0, 6.28), 0.2))
        for skin in movement.skin:
            amplitude_deg = rng.normal(0.0, 1.0)
            skin.add(Wave(start_s, end_s, amplitude_deg, frequency_hz, rng.uniform(0, 6.28), 0.2))
        choreography.rest(duration_s + rng.uniform(0.1, 1.0))


def _sit_up(choreography: Choreography) -> None:
    """Kneel or sit up, look around, lie down again: the shank stays near the ground."""
    movement, rng = choreography.movement, choreography.rng
    rest, roll_deg = movement.at_rest, movement.roll.settled
    hinge_deg = _idle_hinge_deg(choreography)
    up_s, down_s = rng.uniform(1.0, 2.5, 2)
    at_s, rise_deg = choreography.cursor_s, rng.uniform(-60.0, -25.0)
    if not rest.knee_flexes_up:  # on the back or a chair the knee comes up, not down
        rise_deg = max(0.0, min(-rise_deg, MOST_BENT_DEG - rest.knee_deg))
    movement.thigh.move_to(rest.thigh_deg + rise_deg, at_s, up_s)
    shank_deg = rng.uniform(-0.5, 0.5) * hinge_deg
    shift_deg = shank_deg - rest.direction * rise_deg - movement.posture.settled
    movement.knee.move_to(shift_deg, at_s, up_s)
    movement.roll.move_to(roll_deg + rng.normal(0.0, 12.0), at_s, up_s)
    choreography.rest(up_s + rng.uniform(1.0, 6.0))
    movement.thigh.move_to(rest.thigh_deg, choreography.cursor_s, down_s)
    movement.knee.move_to(0.0, choreography.cursor_s, down_s)
    movement.roll.move_to(roll_deg + rng.normal(0.0, 1.0), choreography.cursor_s, down_s)
    choreography.shift_rest_pose(down_s)
    choreography.rest(down_s)
    choreography.knock(choreography.cursor_s, impact_ms2=rng.uniform(0.5, 4.0))
    choreography.rest(0.5)


def _foot_down(choreography: Choreography) -> None:
    """Rest, seated, with the foot on the floor under the knee."""
    movement, rng = choreography.movement, choreography.rng
    down_s, up_s = rng.uniform(0.7, 1.5, 2)
    shank_deg = _VERTICAL_DEG + rng.normal(0.0, 6.0)
    bend_deg = movement.at_rest.direction * (shank_deg - movement.at_rest.shank_deg)
    movement.knee.move_to(bend_deg - movement.posture.settled, choreography.cursor_s, down_s)
    choreography.rest(down_s)
    choreography.knock(choreography.cursor_s, impact_ms2=rng.uniform(0.5, 3.0))
    choreography.rest(rng.uniform(12.0, 25.0))
    movement.knee.move_to(0.0, choreography.cursor_s, up_s)
    choreography.shift_rest_pose(up_s)
    choreography.rest(up_s)


def _reposition(choreography: Choreography) -> None:
    """Shift the leg by a few degrees."""
    duration_s = choreography.rng.uniform(0.6, 1.5)
    choreography.shift_rest_pose(duration_s)
    roll = choreography.movement.roll
    tilt_deg = choreography.rng.normal(0.0, 1.0)
    roll.move_to(roll.settled + tilt_deg, choreography.cursor_s, duration_s)
    choreography.rest(duration_s)


def _talk(choreography: Choreography) -> None:
    """Talk and laugh: the body rocks a little."""
    rng, start_s = choreography.rng, choreography.cursor_s
    choreography.rest(rng.uniform(3.0, 8.0))
    for curve, size in (
        (choreography.movement.thigh, 0.5),
        (choreography.movement.roll, 0.8),
        (choreography.movement.push[2], 0.002),
    ):
        frequency_hz, phase_rad = rng.uniform(0.3, 2.0), rng.uniform(0.0, 6.28)
        amplitude = size * rng.uniform(0.3, 1.0)
        curve.add(Wave(start_s, choreography.cursor_s, amplitude, frequency_hz, phase_rad, 0.5))


DISTURBANCES: Final[Mapping[str, Callable[[Choreography], None]]] = MappingProxyType(
    {
        "fidget": lambda c: _fidget(c, strength=0.4, n_moves=int(c.rng.integers(2, 6))),
        "hard_fidget": lambda c: _fidget(c, strength=1.0, n_moves=int(c.rng.integers(6, 16))),
        "scratch": _scratch,
        "adjust_strap": adjust_strap,
        "sit_up": _sit_up,
        "foot_down": _foot_down,
        "roll_over": roll_over,
        "stand_and_walk": stand_and_walk,
        "reposition": _reposition,
        "talk": _talk,
    }
)
