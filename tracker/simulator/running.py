"""Walking, jogging, the same backward, and sprints.

Hip and knee follow a gait cycle given by ten angles; going backward is the same cycle run in
reverse, so that the foot comes down where it would have left the floor. One phase counts the
strides of the whole recording; each kind of gait fades in and out over it, and the cadence may
change at any time. While the foot is down it stays where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Array, Curve, Move, SpeedProfile
from tracker.simulator.cycles import Cyclic, Turn, when_reached
from tracker.simulator.truth import BoutKind, BoutTruth

_Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joints:
    """Flexion of hip and knee at 0, 10 ... 90 % of the stride that begins as this foot lands.

    Our own rounding of what any textbook on gait draws.
    """

    hip_deg: tuple[float, ...]
    knee_deg: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """One way of going.

    Parameters
    ----------
    joints : Joints
        The angles over one stride.
    stance : float
        Share of the stride in which the foot is down.
    cadence_per_min : (low, high)
        Steps of both feet a minute.
    impact_ms2 : (low, high)
        How hard the foot comes down.
    bob_m : (low, high)
        How far the body goes up and down.
    is_backward : bool
        Whether the cycle runs in reverse.

    """

    joints: Joints
    stance: float
    cadence_per_min: _Range
    impact_ms2: _Range
    bob_m: _Range
    is_backward: bool = False

    def turns(self, reach: float) -> tuple[Turn, Turn, Turn]:
        """Return hip, knee and footing less 1 over one stride."""
        share = np.arange(_FINE) / _FINE
        down = _stance_window(share, self.stance) - 1.0
        hip, knee = Turn(self.joints.hip_deg), Turn(self.joints.knee_deg)
        at = (self.stance - share) % 1.0 if self.is_backward else share
        # The foot always comes down at phase 0, whichever way the cycle runs.
        return (
            Turn(reach * hip.sampled(at)),
            Turn(reach * knee.sampled(at)),
            Turn(down, n_harmonics=8),
        )


_FINE: Final = 40
_WALK: Final = Joints(
    hip_deg=(28.0, 25.0, 15.0, 5.0, -4.0, -10.0, -8.0, 8.0, 24.0, 31.0),
    knee_deg=(5.0, 15.0, 15.0, 8.0, 6.0, 12.0, 38.0, 60.0, 45.0, 12.0),
)
_JOG: Final = Joints(
    hip_deg=(32.0, 29.0, 18.0, 4.0, -6.0, 0.0, 18.0, 35.0, 42.0, 39.0),
    knee_deg=(15.0, 37.0, 41.0, 28.0, 18.0, 44.0, 85.0, 95.0, 66.0, 26.0),
)
_SPRINT: Final = Joints(
    hip_deg=(36.0, 20.0, 0.0, -12.0, -6.0, 22.0, 52.0, 68.0, 64.0, 48.0),
    knee_deg=(20.0, 32.0, 28.0, 22.0, 56.0, 106.0, 120.0, 98.0, 60.0, 26.0),
)
GAITS: Final[Mapping[BoutKind, Gait]] = MappingProxyType(
    {
        BoutKind.WALK: Gait(
            joints=_WALK,
            stance=0.62,
            cadence_per_min=(108.0, 132.0),
            impact_ms2=(6.0, 18.0),
            bob_m=(0.01, 0.025),
        ),
        BoutKind.JOG: Gait(
            joints=_JOG,
            stance=0.36,
            cadence_per_min=(148.0, 174.0),
            impact_ms2=(20.0, 48.0),
            bob_m=(0.03, 0.05),
        ),
        BoutKind.WALK_BACKWARD: Gait(
            joints=_WALK,
            stance=0.62,
            cadence_per_min=(88.0, 116.0),
            impact_ms2=(3.0, 9.0),
            bob_m=(0.008, 0.02),
            is_backward=True,
        ),
        BoutKind.JOG_BACKWARD: Gait(
            joints=_JOG,
            stance=0.40,
            cadence_per_min=(136.0, 166.0),
            impact_ms2=(10.0, 28.0),
            bob_m=(0.02, 0.04),
            is_backward=True,
        ),
        BoutKind.SPRINT: Gait(
            joints=_SPRINT,
            stance=0.26,
            cadence_per_min=(225.0, 270.0),
            impact_ms2=(40.0, 90.0),
            bob_m=(0.015, 0.03),
        ),
    }
)
_BACKWARD_REACH: Final = 0.75  # people take smaller steps backward
_EDGE_HZ: Final = 0.55  # strides a second when starting off and when stopping
_EDGE_S: Final = 1.0
_NODE_S: Final = 3.0  # the cadence wanders from one such stretch to the next
_WANDER: Final = 0.015
_OTHER_FOOT: Final = 0.25  # what its landing does to this leg
_STEPS_PER_MIN: Final = 120.0  # for one stride a second
_KNOCKS_FROM_GAIN: Final = 0.4


def run_bout(choreography: Choreography, index: int, set_index: int) -> None:
    """Do the next bout, say from brisk walk to easy jog, and stop for a moment."""
    bouts = choreography.setup.bouts
    kind, length = bouts[index % len(bouts)]
    pace_hz = _pace_hz(choreography, kind)
    duration_s = length * choreography.task.bout_s
    go(choreography, kind, set_index, duration_s, (_EDGE_HZ, pace_hz, _EDGE_HZ))
    choreography.rest(choreography.rng.uniform(1.0, 3.0))


def sprint(choreography: Choreography, index: int, set_index: int) -> None:
    """Run up, sprint, run out, turn round and walk back."""
    del index
    rng, spring = choreography.rng, choreography.task.spring
    sprint_hz = (0.85 + 0.15 * spring) * _pace_hz(choreography, BoutKind.SPRINT)
    jog_hz = _pace_hz(choreography, BoutKind.JOG)
    lengths_s = (rng.uniform(2.5, 6.0), rng.uniform(2.0, 5.0), rng.uniform(2.0, 4.0))
    full_hz = 0.93 * sprint_hz
    go(
        choreography,
        BoutKind.RUN_UP,
        set_index,
        lengths_s[0],
        (_EDGE_HZ, 0.5 * (jog_hz + full_hz), full_hz),
        gait=BoutKind.JOG,
    )
    go(choreography, BoutKind.SPRINT, set_index, lengths_s[1], (full_hz, sprint_hz, full_hz))
    go(
        choreography,
        BoutKind.RUN_OUT,
        set_index,
        lengths_s[2],
        (full_hz, 0.7 * jog_hz + 0.3 * full_hz, _EDGE_HZ),
        gait=BoutKind.JOG,
    )
    choreography.rest(rng.uniform(0.5, 2.0))
    choreography.movement.heading.add(Move(choreography.cursor_s, 2.0, 180.0))
    walk_hz = 0.9 * _pace_hz(choreography, BoutKind.WALK)
    back_s = rng.uniform(1.6, 2.4) * sum(lengths_s)
    go(choreography, BoutKind.WALK, set_index, back_s, (_EDGE_HZ, walk_hz, _EDGE_HZ))
    choreography.movement.heading.add(Move(choreography.cursor_s, 1.5, -180.0))
    choreography.rest(rng.uniform(2.0, 5.0))


def go(
    choreography: Choreography,
    kind: BoutKind,
    set_index: int,
    duration_s: float,
    strides_hz: tuple[float, float, float],
    *,
    gait: BoutKind | None = None,
) -> None:
    """Go for a while.

    Parameters
    ----------
    choreography : Choreography
        Who goes.
    kind : BoutKind
        What the bout counts as.
    set_index : int
        The set it belongs to.
    duration_s : float
        From the first step to the last.
    strides_hz : (first, usual, last)
        Strides a second; a bout that follows another starts as that one ended.
    gait : BoutKind, optional
        The gait, where it is not that of the kind.

    """
    movement, rng, start_s = choreography.movement, choreography.rng, choreography.cursor_s
    style = GAITS[gait or kind]
    end_s = start_s + duration_s
    _advance(choreography, start_s, duration_s, strides_hz)
    gain = _gain(
        start_s, end_s, is_followed=strides_hz[2] > _EDGE_HZ, is_led=strides_hz[0] > _EDGE_HZ
    )
    _swing(choreography, style, gain, (start_s - _EDGE_S, end_s + _EDGE_S))
    contacts_s = when_reached(movement.phase.evaluate, (start_s, end_s))
    others_s = when_reached(movement.phase.evaluate, (start_s, end_s), 0.5)
    for share, times_s in ((1.0, contacts_s), (_OTHER_FOOT, others_s)):
        for at_s in times_s[gain.evaluate(times_s)[0] > _KNOCKS_FROM_GAIN] if len(times_s) else ():
            impact_ms2 = share * rng.uniform(*style.impact_ms2)
            choreography.knock(float(at_s), impact_ms2=impact_ms2, jerk_deg=0.02 * impact_ms2)
    turns = movement.phase.evaluate(np.array([start_s, end_s]))[0]
    choreography.bouts.append(
        BoutTruth(
            kind=kind,
            set_index=set_index,
            start_s=start_s,
            end_s=end_s,
            cadence_per_min=_STEPS_PER_MIN * float(turns[1] - turns[0]) / duration_s,
            contacts_s=tuple(contacts_s.tolist()),
        )
    )
    choreography.cursor_s = end_s


def _pace_hz(choreography: Choreography, kind: BoutKind) -> float:
    return float(choreography.rng.uniform(*GAITS[kind].cadence_per_min)) / _STEPS_PER_MIN


def _advance(
    choreography: Choreography,
    start_s: float,
    duration_s: float,
    strides_hz: tuple[float, float, float],
) -> None:
    """Let the phase go on: speeding up, wandering about the usual pace, slowing down."""
    first_hz, usual_hz, last_hz = strides_hz
    edge_s = min(_EDGE_S, 0.3 * duration_s)
    n_inner = max(2, round((duration_s - 2 * edge_s) / _NODE_S))
    inner_s = np.linspace(edge_s, duration_s - edge_s, n_inner)
    inner_hz = usual_hz * choreography.rng.normal(1.0, _WANDER, n_inner)
    times_s = np.concatenate([[0.0], inner_s, [duration_s]])
    speeds_hz = np.concatenate([[first_hz], inner_hz, [last_hz]])
    strides = float(np.sum(np.diff(times_s) * 0.5 * (speeds_hz[:-1] + speeds_hz[1:])))
    shape = SpeedProfile(times_s.tolist(), speeds_hz.tolist())
    choreography.movement.phase.add(Move(start_s, duration_s, strides, shape))


def _gain(start_s: float, end_s: float, *, is_followed: bool, is_led: bool) -> Curve:
    """Return how much of the gait there is: all of it but at the ends, where it may overlap."""
    gain = Curve()
    fade_s = min(_EDGE_S, 0.3 * (end_s - start_s))
    gain.add(Move(start_s - 0.5 * fade_s if is_led else start_s, fade_s, 1.0))
    gain.add(Move(end_s - (0.5 if is_followed else 1.0) * fade_s, fade_s, -1.0))
    return gain


def _swing(
    choreography: Choreography, style: Gait, gain: Curve, span_s: tuple[float, float]
) -> None:
    """Write hip, knee, footing, and the body that goes along."""
    movement, rng = choreography.movement, choreography.rng
    rest, phase = movement.at_rest, movement.phase
    bends = 1.0 if rest.knee_flexes_up else -1.0
    reach = rng.uniform(0.8, 1.1) * (_BACKWARD_REACH if style.is_backward else 1.0)
    hip, knee, footing = style.turns(reach)
    movement.thigh.add(Cyclic(*span_s, phase, gain, _times(hip, -bends)))
    movement.knee.add(Cyclic(*span_s, phase, gain, _times(knee, bends * rest.direction)))
    movement.footing.add(Cyclic(*span_s, phase, gain, footing))
    bob_m = rng.uniform(*style.bob_m)
    for hip_curve, size_m in zip(movement.hip, (0.4 * bob_m, 0.3 * bob_m, bob_m), strict=True):
        hip_curve.add(Cyclic(*span_s, phase, gain, _wave(2, size_m, rng.uniform(0.0, 1.0))))
    movement.roll.add(Cyclic(*span_s, phase, gain, _wave(1, rng.uniform(1.0, 4.0), 0.0)))
    movement.heading.add(Cyclic(*span_s, phase, gain, _wave(1, rng.uniform(2.0, 6.0), 0.25)))


def _times(turn: Turn, factor: float) -> Turn:
    return Turn(factor * turn.sampled(np.arange(_FINE) / _FINE))


def _wave(n_a_stride: int, amplitude: float, offset: float) -> Turn:
    share = np.arange(_FINE) / _FINE
    return Turn(amplitude * np.sin(2.0 * np.pi * (n_a_stride * share + offset)))


def _stance_window(share: Array, stance: float) -> Array:
    """Return 1 while the foot is down, 0 while it is not, with soft edges."""
    edge = 0.06
    rise = np.clip((share + edge) / (2 * edge), 0.0, 1.0)
    again = np.clip((share - 1.0 + edge) / (2 * edge), 0.0, 1.0)
    fall = np.clip((stance + edge - share) / (2 * edge), 0.0, 1.0)
    return np.asarray(np.maximum(np.minimum(rise, fall), again))
