"""Cycling: hip and pedal are fixed to the bicycle, so the crank's angle decides those of the leg.

Thigh and shank are the two sides of a triangle whose base goes from the hip to the pedal; the law
of cosines gives both elevations at each angle of the crank. Legs that do not pedal stay where the
crank stopped. At a traffic light this foot stands on the ground.
"""

from typing import Final

import numpy as np

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Curve, Move, SpeedProfile, Wave
from tracker.simulator.cycles import Cyclic, Turn
from tracker.simulator.movement import Posture
from tracker.simulator.truth import BoutKind, BoutTruth

_CADENCE_PER_MIN: Final = (60.0, 110.0)
_THIGH_M, _SHANK_M, _CRANK_M = 0.42, 0.46, 0.17  # the shank to the pedal, along a stiff ankle
_SADDLE_REACH: Final = 0.955  # of the stretched leg, at the lowest pedal
_SEAT_TUBE_DEG: Final = 73.0
_N_SAMPLES: Final = 64
_N_HARMONICS: Final = 6
_NODE_S: Final = 4.0
_MOUNT_S: Final = 1.5
_COAST_S: Final = (3.0, 12.0)
_STAND_S: Final = (5.0, 15.0)
_STAND_CHANCE: Final = 0.25
_ROAD_MS2: Final = (0.3, 1.5)
_ROAD_HZ: Final = (6.0, 17.0)


def ride(choreography: Choreography, index: int, set_index: int) -> None:
    """Get going, pedal, coast, and now and then stop with the foot on the ground."""
    movement, rng, start_s = choreography.movement, choreography.rng, choreography.cursor_s
    pedal_s = choreography.task.bout_s
    coast_s, stand_s = rng.uniform(*_COAST_S), rng.uniform(*_STAND_S)
    stops = index == 0 or rng.random() < _STAND_CHANCE
    end_s = start_s + _MOUNT_S + pedal_s + coast_s
    gain = Curve()
    gain.add(Move(start_s, _MOUNT_S, 1.0))
    gain.add(Move(end_s - _MOUNT_S, _MOUNT_S, -1.0))
    _pedal(choreography, start_s + _MOUNT_S, pedal_s)
    thigh, knee = _linkage(movement.at_rest)
    movement.thigh.add(Cyclic(start_s, end_s, movement.phase, gain, thigh))
    movement.knee.add(Cyclic(start_s, end_s, movement.phase, gain, knee))
    movement.roll.add(Cyclic(start_s, end_s, movement.phase, gain, _side(rng.uniform(0.3, 2.0))))
    for push in movement.push:
        for frequency_hz in rng.uniform(*_ROAD_HZ, 3):
            amplitude_m = rng.uniform(*_ROAD_MS2) / (2.0 * np.pi * frequency_hz) ** 2
            push.add(Wave(start_s, end_s, amplitude_m, frequency_hz, rng.uniform(0, 6.28), 1.0))
    _note(choreography, BoutKind.PEDAL, set_index, start_s + _MOUNT_S, pedal_s)
    _note(choreography, BoutKind.COAST, set_index, end_s - coast_s, coast_s)
    choreography.cursor_s = end_s
    if stops:
        choreography.knock(end_s, impact_ms2=rng.uniform(1.0, 4.0))
        _note(choreography, BoutKind.STAND, set_index, end_s, stand_s)
        choreography.rest(stand_s)


def _pedal(choreography: Choreography, start_s: float, duration_s: float) -> None:
    """Turn the crank, the cadence changing slowly; from rest and back to rest."""
    rng = choreography.rng
    usual_hz = rng.uniform(*_CADENCE_PER_MIN) / 60.0
    n_inner = max(2, round(duration_s / _NODE_S))
    edge_s = min(1.5, 0.2 * duration_s)
    times_s = np.concatenate(
        [[0.0], np.linspace(edge_s, duration_s - 0.5 * edge_s, n_inner), [duration_s]]
    )
    speeds_hz = np.concatenate([[0.0], usual_hz * rng.normal(1.0, 0.04, n_inner), [0.0]])
    turns = float(np.sum(np.diff(times_s) * 0.5 * (speeds_hz[:-1] + speeds_hz[1:])))
    shape = SpeedProfile(times_s.tolist(), speeds_hz.tolist())
    choreography.movement.phase.add(Move(start_s, duration_s, turns, shape))


def _linkage(rest: Posture) -> tuple[Turn, Turn]:
    """Return thigh and knee over one turn of the crank, less the pose with a foot on the ground.

    The pedal goes round its axle; x points back, y up, seen from the side on which the knee, the
    joint in front of the line from hip to pedal, points to negative x.
    """
    crank_rad = 2.0 * np.pi * np.arange(_N_SAMPLES) / _N_SAMPLES
    tube_rad = np.radians(_SEAT_TUBE_DEG)
    axle_m = _SADDLE_REACH * (_THIGH_M + _SHANK_M) - _CRANK_M
    pedal_x = -axle_m * np.cos(tube_rad) - _CRANK_M * np.cos(crank_rad)
    pedal_y = -axle_m * np.sin(tube_rad) + _CRANK_M * np.sin(crank_rad)
    reach = np.hypot(pedal_x, pedal_y)
    line = np.arctan2(pedal_y, pedal_x)
    at_hip = np.arccos((_THIGH_M**2 + reach**2 - _SHANK_M**2) / (2 * _THIGH_M * reach))
    thigh = np.unwrap(line - at_hip)
    knee_x, knee_y = _THIGH_M * np.cos(thigh), _THIGH_M * np.sin(thigh)
    shank = np.unwrap(np.arctan2(pedal_y - knee_y, pedal_x - knee_x))
    thigh_deg, shank_deg = np.degrees(thigh), np.degrees(shank)
    knee_deg = shank_deg - thigh_deg - (rest.shank_deg - rest.thigh_deg)
    return (
        Turn(thigh_deg - rest.thigh_deg, _N_HARMONICS),
        Turn(rest.direction * knee_deg, _N_HARMONICS),
    )


def _side(amplitude_deg: float) -> Turn:
    turn = np.arange(_N_SAMPLES) / _N_SAMPLES
    return Turn(amplitude_deg * np.sin(2.0 * np.pi * turn))


def _note(
    choreography: Choreography, kind: BoutKind, set_index: int, start_s: float, duration_s: float
) -> None:
    turns = choreography.movement.phase.evaluate(np.array([start_s, start_s + duration_s]))[0]
    choreography.bouts.append(
        BoutTruth(
            kind=kind,
            set_index=set_index,
            start_s=start_s,
            end_s=start_s + duration_s,
            cadence_per_min=60.0 * float(turns[1] - turns[0]) / duration_s,
        )
    )
