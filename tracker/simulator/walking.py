"""Getting up, walking a few steps and coming back to the rest pose.

Hip and knee follow a normal gait cycle as a short Fourier series; each heel strike rings through
the shank. Steps come at 1.5-2 a second, so one leg's stride is 0.75-1 Hz.
"""

from typing import Final

import numpy as np

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Curve, Move, Wave

# Flexion in degrees at 0, 10 ... 90 % of the stride that begins with this heel's strike: our own
# rounding of what any gait textbook draws.
_HIP_DEG: Final = (28.0, 25.0, 15.0, 5.0, -4.0, -10.0, -8.0, 8.0, 24.0, 31.0)
_KNEE_DEG: Final = (5.0, 15.0, 15.0, 8.0, 6.0, 12.0, 38.0, 60.0, 45.0, 12.0)
_HARMONICS: Final = 4
_STANDING_DEG: Final = -90.0
_FADE_S: Final = 0.8
_QUARTER_TURN: Final = 0.5 * np.pi


def stand_and_walk(choreography: Choreography) -> None:
    """Get up, walk for a few seconds, turn round, come back to the rest pose."""
    movement, rng = choreography.movement, choreography.rng
    rest, roll_deg = movement.at_rest, movement.roll.settled
    up_s = rng.uniform(1.5, 3.0)
    at_s = choreography.cursor_s
    movement.thigh.move_to(_STANDING_DEG + rng.normal(0.0, 2.0), at_s, up_s)
    straight_deg = rest.direction * (rest.thigh_deg - rest.shank_deg)
    movement.knee.move_to(
        straight_deg - movement.posture.settled, at_s, up_s * rng.uniform(0.7, 1.0)
    )
    side_deg = rng.normal(0.0, 12.0)
    movement.roll.move_to(roll_deg + side_deg, at_s, 0.5 * up_s)
    movement.roll.move_to(rng.normal(0.0, 3.0), at_s + 0.5 * up_s, 0.5 * up_s)
    if rest.is_on_this_foot:
        movement.footing.move_to(0.0, at_s, 0.3)
    choreography.rest(up_s + rng.uniform(0.2, 0.8))
    _walk(choreography, rng.uniform(5.0, 15.0))
    choreography.rest(rng.uniform(0.2, 0.8))
    down_s, at_s = rng.uniform(1.5, 3.0), choreography.cursor_s
    movement.thigh.move_to(rest.thigh_deg, at_s, down_s)
    movement.roll.move_to(roll_deg + rng.normal(0.0, 1.5), at_s, down_s)
    movement.knee.move_to(0.0, at_s, down_s)
    choreography.shift_rest_pose(down_s)
    choreography.rest(down_s)
    if rest.is_on_this_foot:
        movement.footing.move_to(1.0, choreography.cursor_s - 0.3, 0.3)
    choreography.knock(choreography.cursor_s, impact_ms2=rng.uniform(1.0, 5.0))


def _walk(choreography: Choreography, duration_s: float) -> None:
    movement, rng = choreography.movement, choreography.rng
    start_s = choreography.cursor_s
    end_s = start_s + duration_s
    stride_hz, reach = rng.uniform(0.75, 1.0), rng.uniform(0.7, 1.1)
    bends = 1.0 if movement.at_rest.knee_flexes_up else -1.0
    knee = bends * movement.at_rest.direction
    _cycle(movement.thigh, _HIP_DEG, -bends * reach, stride_hz, (start_s, end_s))
    _cycle(movement.knee, _KNEE_DEG, knee * reach, stride_hz, (start_s, end_s))
    bob_m = rng.uniform(0.01, 0.025)
    for push, size_m in zip(movement.push, (0.4 * bob_m, 0.4 * bob_m, bob_m), strict=True):
        phase_rad = rng.uniform(0.0, 6.28)
        push.add(Wave(start_s, end_s, size_m, 2.0 * stride_hz, phase_rad, _FADE_S))
    movement.roll.add(Wave(start_s, end_s, rng.uniform(1, 4), stride_hz, 0.0, _FADE_S))
    movement.heading.add(Move(start_s + 0.4 * duration_s, rng.uniform(1.2, 2.0), 180.0))
    for strike_s in np.arange(start_s + 0.5 / stride_hz, end_s, 0.5 / stride_hz):
        is_own_leg = round((strike_s - start_s) * 2.0 * stride_hz) % 2 == 0
        impact_ms2 = rng.uniform(6.0, 18.0) * (1.0 if is_own_leg else 0.25)
        choreography.knock(strike_s, impact_ms2=impact_ms2)
    choreography.rest(duration_s)


def _cycle(
    curve: Curve,
    table_deg: tuple[float, ...],
    gain: float,
    stride_hz: float,
    span_s: tuple[float, float],
) -> None:
    """Add a periodic movement given by ten values a period, faded in and out."""
    spectrum = np.fft.rfft(np.asarray(table_deg)) / len(table_deg)
    mean_deg = gain * float(spectrum[0].real)
    curve.add(Move(span_s[0], _FADE_S, mean_deg))
    curve.add(Move(span_s[1] - _FADE_S, _FADE_S, -mean_deg))
    for harmonic in range(1, _HARMONICS + 1):
        amplitude_deg = 2.0 * gain * float(np.abs(spectrum[harmonic]))
        phase_rad = float(np.angle(spectrum[harmonic])) + _QUARTER_TURN
        curve.add(Wave(*span_s, amplitude_deg, harmonic * stride_hz, phase_rad, _FADE_S))
