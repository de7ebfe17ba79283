"""Step-ups: one foot up, the body after it, and down again; slowly, or springing.

The leg that leads carries the sensor. Its foot goes onto the step, the knee straightens and lifts
the body, the other foot follows; then the other foot is let down, which this leg brakes by letting
its shank tilt forward, and this foot follows. With alternating legs every second step is led by
the other one, and this leg pushes off, follows, and is the first to be let down.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.simulator.choreography import Choreography
from tracker.simulator.truth import PlannedRep, RepKind

_SLOW_CYCLE_S: Final = 3.4
_QUICK_CYCLE_S: Final = 1.15
_SPRINGING_FROM: Final = 0.75  # of the way from slow to as fast as it goes
_SOFT_MS2: Final = (2.0, 8.0)
_HARD_MS2: Final = (18.0, 45.0)
_DOWN_DEG: Final = -90.0
_QUICKENING: Final = 0.25  # over a set


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beat:
    """A part of a step: its share of the whole, and the pose at its end."""

    share: float
    thigh_deg: float  # forward of the vertical
    shank_deg: float  # forward of the vertical, positive with the knee in front of the foot
    footing: float
    impact: float = 0.0  # of a full landing


def step_up(choreography: Choreography, index: int, set_index: int) -> None:
    """Do the next step up and down."""
    rng, task = choreography.rng, choreography.task
    spring = float(np.clip(task.spring + _QUICKENING * index / 20.0, 0.0, 1.0))
    cycle_s = _SLOW_CYCLE_S + (_QUICK_CYCLE_S - _SLOW_CYCLE_S) * spring
    cycle_s *= rng.normal(1.0, 0.06)
    leads = not (task.is_alternating and index % 2)
    beats = _leading(choreography, spring) if leads else _following(choreography, spring)
    edges_s, impacts_s = _write(choreography, beats, cycle_s, spring)
    if not leads:
        choreography.note("other_leg_step", edges_s[0])
    else:
        kinds = frozenset({RepKind.SPRINGING} if spring > _SPRINGING_FROM else ())
        choreography.planned.append(
            PlannedRep(
                set_index=set_index,
                lift_start_s=edges_s[0],
                lift_end_s=edges_s[4],
                release_s=edges_s[5],
                landing_s=edges_s[6],
                kinds=kinds,
                is_lifted=False,
                end_s=edges_s[8],
                impacts_s=impacts_s,
            )
        )
    choreography.rest(rng.uniform(0.05, 0.5) * (1.0 - 0.8 * spring))


def _leading(choreography: Choreography, spring: float) -> list[_Beat]:
    """Return the beats of the leg that leads; the body is lowered in the sixth."""
    rng, tilt_deg = choreography.rng, choreography.setup.peak_deg
    lift_deg = rng.uniform(48.0, 62.0)
    braking_deg = tilt_deg * rng.normal(1.0, 0.08)
    return [
        _Beat(share=0.14, thigh_deg=lift_deg, shank_deg=rng.uniform(25.0, 40.0), footing=0.0),
        _Beat(share=0.08, thigh_deg=52.0, shank_deg=4.0, footing=0.0, impact=0.5 + 0.5 * spring),
        _Beat(share=0.08, thigh_deg=50.0, shank_deg=0.7 * tilt_deg, footing=1.0),
        _Beat(share=0.16, thigh_deg=4.0, shank_deg=3.0, footing=1.0),
        _Beat(share=0.10, thigh_deg=2.0, shank_deg=1.0, footing=1.0 - 0.9 * (spring > 0.8)),  # noqa: PLR2004 - both feet off the step
        _Beat(share=0.34 - 0.1 * spring, thigh_deg=42.0, shank_deg=braking_deg, footing=1.0),
        _Beat(share=0.10, thigh_deg=30.0, shank_deg=rng.uniform(34.0, 46.0), footing=0.0),
        _Beat(share=0.10, thigh_deg=0.0, shank_deg=0.0, footing=0.0, impact=0.6 + 0.4 * spring),
    ]


def _following(choreography: Choreography, spring: float) -> list[_Beat]:
    """Return the beats of the leg that pushes off and follows."""
    bend_deg = choreography.rng.uniform(50.0, 75.0)
    return [
        _Beat(share=0.20, thigh_deg=-5.0, shank_deg=18.0, footing=1.0),
        _Beat(share=0.14, thigh_deg=35.0, shank_deg=bend_deg, footing=0.0),
        _Beat(share=0.12, thigh_deg=3.0, shank_deg=2.0, footing=0.0, impact=0.3 + 0.4 * spring),
        _Beat(share=0.12, thigh_deg=2.0, shank_deg=1.0, footing=1.0),
        _Beat(share=0.18, thigh_deg=12.0, shank_deg=24.0, footing=0.0),
        _Beat(share=0.12, thigh_deg=2.0, shank_deg=4.0, footing=0.0, impact=0.6 + 0.4 * spring),
        _Beat(share=0.12, thigh_deg=0.0, shank_deg=0.0, footing=1.0),
    ]


def _write(
    choreography: Choreography, beats: list[_Beat], cycle_s: float, spring: float
) -> tuple[list[float], tuple[float, ...]]:
    """Write the beats one after the other; return their edges and when the foot knocked."""
    movement, rng = choreography.movement, choreography.rng
    rest = movement.at_rest
    edges_s, impacts_s = [choreography.cursor_s], []
    whole = sum(beat.share for beat in beats)
    for beat in beats:
        duration_s = beat.share / whole * cycle_s * rng.uniform(0.92, 1.08)
        is_home = beat is beats[-1]
        movement.pose_to(
            rest.thigh_deg if is_home else _DOWN_DEG - beat.thigh_deg,
            rest.shank_deg if is_home else _DOWN_DEG + beat.shank_deg,
            choreography.cursor_s,
            duration_s,
            movement.coordinate,
        )
        movement.footing.move_to(beat.footing, choreography.cursor_s, min(0.08, duration_s))
        choreography.rest(duration_s)
        edges_s.append(choreography.cursor_s)
        if beat.impact:
            soft, hard = rng.uniform(*_SOFT_MS2), rng.uniform(*_HARD_MS2)
            impact_ms2 = beat.impact * (soft + (hard - soft) * spring**2)
            at_s = choreography.cursor_s - 0.02
            choreography.knock(at_s, impact_ms2=impact_ms2, jerk_deg=0.03 * impact_ms2)
            impacts_s.append(at_s)
    movement.footing.move_to(1.0, choreography.cursor_s, 0.08)
    return edges_s, tuple(impacts_s)
