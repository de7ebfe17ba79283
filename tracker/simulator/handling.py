"""Turning over and handling the strap: movements about other axes than the knee's.

Nobody turns over like a log. The body rolls along the floor about its long axis, the hip beside
that axis goes round with it, the leg is drawn in and helps, and one ends up pointing elsewhere.
Nobody reaches an ankle with a straight leg either: people draw it in, sit up or bend down, and
then the sensor turns around the shank, a few centimetres from its middle.
"""

from typing import Final

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Curve, Wave
from tracker.simulator.movement import MOST_BENT_DEG, Support

_BODY_RADIUS_M: Final = 0.13
_DRAWN_IN_DEG: Final = (15.0, 55.0)
_DEG_PER_RAD: Final = 57.3


def roll_over(choreography: Choreography) -> None:
    """Turn to the side or the back, stay a while, turn back; on a chair or on foot: turn round."""
    if choreography.movement.at_rest.support in (Support.LYING, Support.PLANK):
        _roll(choreography)
    else:
        _turn_round(choreography)


def _roll(choreography: Choreography) -> None:
    movement, rng = choreography.movement, choreography.rng
    turn_deg = rng.choice((-1.0, 1.0)) * rng.uniform(70.0, 180.0)
    there_s, back_s = rng.uniform(1.4, 3.0, 2).tolist()
    heading_deg = movement.heading.settled
    _roll_by(choreography, turn_deg, there_s, heading_deg + rng.normal(0.0, 15.0))
    _lie_there(choreography, rng.uniform(3.0, 10.0))
    _roll_by(choreography, -turn_deg, back_s, heading_deg + rng.normal(0.0, 3.0))
    choreography.knock(choreography.cursor_s, impact_ms2=rng.uniform(0.5, 4.0))
    settle_s = rng.uniform(0.5, 1.2)
    movement.thigh.move_to(movement.at_rest.thigh_deg, choreography.cursor_s, settle_s)
    movement.roll.move_to(
        choreography.wear.hinge_tilt_deg + rng.normal(0.0, 1.0), choreography.cursor_s, settle_s
    )
    choreography.shift_rest_pose(settle_s)
    choreography.rest(settle_s)


def _roll_by(
    choreography: Choreography, turn_deg: float, duration_s: float, heading_deg: float
) -> None:
    """Roll along the floor: the trunk leads, the leg is drawn in and laid down again."""
    movement, rng, at_s = choreography.movement, choreography.rng, choreography.cursor_s
    movement.turn.move_to(movement.turn.settled + turn_deg, at_s, duration_s)
    movement.heading.move_to(heading_deg, at_s + 0.1 * duration_s, 0.8 * duration_s)
    way_m = _BODY_RADIUS_M * turn_deg / _DEG_PER_RAD
    movement.push[1].move_to(movement.push[1].settled + way_m, at_s, duration_s)
    _there_and_back(
        movement.push[2], rng.uniform(0.02, 0.06), at_s, duration_s, rng.uniform(0.4, 0.6)
    )
    drawn_deg, lag = rng.uniform(*_DRAWN_IN_DEG), rng.uniform(0.35, 0.6)
    rest = movement.at_rest
    drawn_deg = max(0.0, min(drawn_deg, MOST_BENT_DEG - rest.knee_deg))
    _there_and_back(movement.knee, rest.bending * drawn_deg, at_s, duration_s, lag)
    forward = -1.0 if rest.knee_flexes_up else 1.0  # the way the hip flexes
    hip_deg = forward * rng.uniform(0.2, 0.6) * drawn_deg
    _there_and_back(movement.thigh, hip_deg, at_s, duration_s, lag)
    rotation_deg = rng.uniform(10.0, 30.0) * rng.choice((-1.0, 1.0))
    _there_and_back(movement.roll, rotation_deg, at_s, 1.2 * duration_s, lag)
    choreography.rest(1.2 * duration_s)


def _lie_there(choreography: Choreography, duration_s: float) -> None:
    """Lie on the side or the back, breathing."""
    rng, start_s = choreography.rng, choreography.cursor_s
    choreography.rest(duration_s)
    span_s = (start_s, choreography.cursor_s)
    breath = Wave(*span_s, rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.35), rng.uniform(0, 6.28), 1.0)
    choreography.movement.turn.add(breath)


def _turn_round(choreography: Choreography) -> None:
    """Turn on the chair or on the spot with small steps, and back."""
    movement, rng = choreography.movement, choreography.rng
    is_standing = movement.at_rest.support is Support.STANDING
    turn_deg = rng.choice((-1.0, 1.0)) * rng.uniform(30.0, 150.0 if is_standing else 60.0)
    for delta_deg in (turn_deg, -turn_deg):
        duration_s = rng.uniform(1.2, 2.5)
        movement.heading.move_to(
            movement.heading.settled + delta_deg, choreography.cursor_s, duration_s
        )
        shuffle_deg = rng.uniform(5.0, 15.0)
        for curve, share in ((movement.thigh, -0.7), (movement.knee, 1.0), (movement.roll, 0.5)):
            step = Wave(
                choreography.cursor_s,
                choreography.cursor_s + duration_s,
                share * shuffle_deg,
                rng.uniform(1.0, 2.0),
                rng.uniform(0.0, 6.28),
                0.3,
            )
            curve.add(step)
        choreography.knock(choreography.cursor_s + 0.6 * duration_s, impact_ms2=rng.uniform(1, 5))
        choreography.rest(duration_s + rng.uniform(1.0, 4.0))


def adjust_strap(choreography: Choreography) -> None:
    """Draw the leg in, turn the sensor around the shank, put the leg back."""
    movement, rng = choreography.movement, choreography.rng
    start_deg = movement.strap.settled
    reach_s = rng.uniform(0.9, 2.0)
    undo = _reach(choreography, reach_s)
    choreography.rest(rng.uniform(0.2, 0.8))
    for _ in range(int(rng.integers(2, 4))):
        duration_s = rng.uniform(0.4, 1.2)
        movement.strap.move_to(start_deg + rng.normal(0.0, 15.0), choreography.cursor_s, duration_s)
        for skin, size_deg in zip(movement.skin[1:], (2.0, 3.0), strict=True):
            _there_and_back(skin, rng.normal(0.0, size_deg), choreography.cursor_s, duration_s, 0.5)
        for push in movement.push:
            _tug(choreography, push, duration_s)
        choreography.knock(choreography.cursor_s + duration_s, impact_ms2=rng.uniform(0.5, 4.0))
        choreography.rest(duration_s + rng.uniform(0.1, 0.6))
    movement.strap.move_to(start_deg + rng.normal(0.0, 4.0), choreography.cursor_s, 0.8)
    for skin, size_deg in zip(movement.skin[1:], (0.4, 1.0), strict=True):
        skin.move_to(skin.settled + rng.normal(0.0, size_deg), choreography.cursor_s, 0.8)
    choreography.rest(0.8 + rng.uniform(0.2, 0.6))
    back_s = rng.uniform(0.9, 2.0)
    for curve, settled in undo:
        curve.move_to(settled, choreography.cursor_s, back_s)
    choreography.shift_rest_pose(back_s)
    choreography.rest(back_s)
    choreography.knock(choreography.cursor_s, impact_ms2=rng.uniform(0.5, 3.0))
    choreography.rest(0.6)


def _reach(choreography: Choreography, duration_s: float) -> list[tuple[Curve, float]]:
    """Bring the ankle within reach; return what to bring back to where it was.

    Lying: onto the side, hip and knee drawn in. Seated: the ankle over the other knee, the thigh
    turned outward. Standing: the foot onto a chair or the other knee.
    """
    movement, rng, at_s = choreography.movement, choreography.rng, choreography.cursor_s
    rest = movement.at_rest
    curves = (movement.turn, movement.roll, movement.thigh, movement.heading, movement.footing)
    undo = [(curve, curve.settled) for curve in (*curves, movement.knee)]
    if rest.support in (Support.LYING, Support.PLANK):
        side_deg = rng.choice((-1.0, 1.0)) * rng.uniform(60.0, 100.0)
        movement.turn.move_to(movement.turn.settled + side_deg, at_s, duration_s)
        flexion_deg, hip_deg = rng.uniform(70.0, 110.0), rng.uniform(40.0, 80.0)
        outward_deg = rng.normal(0.0, 10.0)
    else:
        flexion_deg, hip_deg = rng.uniform(80.0, 110.0), rng.uniform(15.0, 40.0)
        if rest.support is Support.STANDING:
            hip_deg += 50.0
            movement.footing.move_to(0.0, at_s, 0.2)
        outward_deg = rng.choice((-1.0, 1.0)) * rng.uniform(40.0, 75.0)
    lag_s = 0.15 * duration_s
    movement.knee.move_to(rest.bending * (flexion_deg - rest.knee_deg), at_s, 0.9 * duration_s)
    hip = -hip_deg if rest.knee_flexes_up else hip_deg
    movement.thigh.move_to(movement.thigh.settled + hip, at_s + lag_s, 0.85 * duration_s)
    movement.roll.move_to(movement.roll.settled + outward_deg, at_s + lag_s, 0.85 * duration_s)
    movement.heading.move_to(movement.heading.settled + rng.normal(0, 8), at_s, duration_s)
    choreography.rest(duration_s)
    return undo


def _tug(choreography: Choreography, push: Curve, duration_s: float) -> None:
    """Let the hands pull at leg and strap."""
    rng, at_s = choreography.rng, choreography.cursor_s
    frequency_hz = rng.uniform(2.0, 6.0)
    amplitude_m = rng.normal(0.0, 0.7) / (6.28 * frequency_hz) ** 2
    push.add(Wave(at_s, at_s + duration_s, amplitude_m, frequency_hz, rng.uniform(0, 6.28), 0.2))


def _there_and_back(
    curve: Curve, size: float, start_s: float, duration_s: float, turning: float
) -> None:
    """Move a curve away and back again, turning at a share of the time."""
    settled = curve.settled
    curve.move_to(settled + size, start_s, turning * duration_s)
    curve.move_to(settled, start_s + turning * duration_s, (1.0 - turning) * duration_s)
