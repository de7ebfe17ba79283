"""Stretching: going into a pose, keeping it for half a minute, coming out of it."""

from typing import Final

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Wave
from tracker.simulator.truth import HoldTruth

_DUE_S: Final = 30.0
_BREATH_DEG: Final = (0.2, 0.8)
_BREATH_HZ: Final = (0.18, 0.32)
_SHIFT_DEG: Final = (8.0, 25.0)
_CLEAR_OF_EDGE_S: Final = 3.0


def hold(choreography: Choreography, index: int, set_index: int) -> None:
    """Stretch once: the better the tempo a person keeps, the better the half minute."""
    del index
    movement, rng, profile = choreography.movement, choreography.rng, choreography.profile
    setup, rest = choreography.setup, movement.at_rest
    in_s, out_s = rng.uniform(1.5, 4.0, 2).tolist()
    movement.pose_to(
        setup.held_thigh_deg, setup.held_shank_deg, choreography.cursor_s, in_s, movement.knee
    )
    roll_deg = movement.roll.settled
    movement.roll.move_to(roll_deg + setup.held_roll_deg, choreography.cursor_s, in_s)
    choreography.rest(in_s)
    held_s = max(6.0, rng.normal(_DUE_S * profile.tempo_mean_s / 3.0, 4.0 * profile.tempo_sd_s))
    start_s, end_s = choreography.cursor_s, choreography.cursor_s + held_s
    breath = Wave(
        start_s, end_s, rng.uniform(*_BREATH_DEG), rng.uniform(*_BREATH_HZ), rng.uniform(0, 6), 1.0
    )
    movement.thigh.add(breath)
    interruptions = []
    restless = profile.stepwise_share + profile.aborted_share + profile.incomplete_share
    while start_s + _CLEAR_OF_EDGE_S < end_s - _CLEAR_OF_EDGE_S and rng.random() < 4.0 * restless:
        at_s = rng.uniform(start_s + _CLEAR_OF_EDGE_S, end_s - _CLEAR_OF_EDGE_S)
        interruptions.append(_interrupt(choreography, at_s))
        start_s = interruptions[-1][1]
    hold_start_s = end_s - held_s
    choreography.cursor_s = max(end_s, start_s + 1.0)
    choreography.holds.append(
        HoldTruth(
            set_index=set_index,
            start_s=hold_start_s,
            end_s=choreography.cursor_s,
            interruptions=tuple(interruptions),
        )
    )
    movement.pose_to(rest.thigh_deg, rest.shank_deg, choreography.cursor_s, out_s, movement.knee)
    movement.roll.move_to(roll_deg, choreography.cursor_s, out_s)
    choreography.rest(out_s + rng.uniform(3.0, 8.0))


def _interrupt(choreography: Choreography, at_s: float) -> tuple[float, float]:
    """Let go, shift, cough: move out of the pose and back into it."""
    movement, rng = choreography.movement, choreography.rng
    away_s, back_s = rng.uniform(0.4, 1.0, 2).tolist()
    stay_s = rng.uniform(0.0, 1.5)
    size_deg = rng.uniform(*_SHIFT_DEG) * rng.choice((-1.0, 1.0))
    for curve, share in ((movement.knee, 1.0), (movement.thigh, -0.4), (movement.roll, 0.3)):
        settled_deg = curve.settled
        curve.move_to(settled_deg + share * size_deg, at_s, away_s)
        curve.move_to(settled_deg, at_s + away_s + stay_s, back_s)
    return at_s, at_s + away_s + stay_s + back_s
