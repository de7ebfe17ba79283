"""Simulates a whole recording, with the truth about it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Array
from tracker.simulator.exercises import Activity
from tracker.simulator.leg import GRAVITY_MS2, sensor_signals, thigh_signals
from tracker.simulator.reception import arrived, draw_restarts, is_on, stamps, with_restarts
from tracker.simulator.scenario import Placement, Scenario, Start
from tracker.simulator.sensor import SensorModel
from tracker.simulator.session import Body, draw_body, perform
from tracker.simulator.truth import IMPACT_S, Impact, PlannedRep, RepTruth, Truth, rep_truth
from tracker.simulator.wear import Wear

_REPS_FOR_ZERO: Final = 3
_FEET_A_STRIDE: Final = 2.0
_IMPACT_GRID_HZ: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SensorSignals:
    """What one sensor reports at the instants of the recording, and the vertical it is in.

    All (n, 3), in its own axes.
    """

    acc_ms2: Array
    gyr_rads: Array
    up: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedRecording:
    """What the sensor sent, and what really happened.

    Parameters
    ----------
    time_s : (n,) array
        Strictly increasing; lost samples are missing.
    acc_ms2, gyr_rads : (n, 3) arrays
        What the sensor reports, in its own axes.
    true_angle_deg : (n,) array
        The exact movement coordinate at the true instants, 0 at the calibration pose.
    true_knee_deg : (n,) array
        The exact knee flexion, 0 with the leg straight.
    truth : Truth
        Repetitions, holds, bouts, disturbances, the vertical.
    thigh : SensorSignals or None
        The second sensor, at the same instants, if one is worn.

    """

    scenario: Scenario
    time_s: Array
    acc_ms2: Array
    gyr_rads: Array
    true_angle_deg: Array
    true_knee_deg: Array
    truth: Truth
    thigh: SensorSignals | None = None


def simulate(scenario: Scenario, *, seed: int, wear: Wear | None = None) -> SimulatedRecording:
    """Simulate a recording; the same scenario and seed give the same numbers.

    Parameters
    ----------
    scenario : Scenario
        What happens. Another rate, sensor range or placement shows the same movement.
    seed : int
        Decides the person, the mounting, every repetition and the noise.
    wear : Wear, optional
        In place of one drawn for the scenario's level.

    Raises
    ------
    UnsimulatedExerciseError, UnknownProfileError, UnknownDisturbanceError
        If the scenario names something that does not exist.

    """
    people, sensor_rng, clock_rng, thigh_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(4)
    )
    body = draw_body(scenario, people, wear=wear)
    perform(body.choreography, scenario)
    movement, end_s = body.choreography.movement, body.choreography.cursor_s
    instants_s = np.arange(int(np.floor(end_s * scenario.rate_hz)) + 1) / scenario.rate_hz
    main = _measured(body, scenario, instants_s, sensor_rng)
    rest_deg = _rest_deg(body.choreography, scenario)
    stamps_s = stamps(instants_s, scenario, clock_rng)
    kept = arrived(len(instants_s), scenario, clock_rng)
    restarts = draw_restarts(scenario, end_s, clock_rng)
    kept &= is_on(instants_s, restarts)
    thigh = None
    if scenario.has_thigh_sensor:
        on_thigh = replace(scenario, placement=Placement.THIGH)
        second = _measured(body, on_thigh, instants_s, thigh_rng)
        thigh = SensorSignals(
            acc_ms2=second.acc_ms2[kept], gyr_rads=second.gyr_rads[kept], up=second.up[kept]
        )
    return SimulatedRecording(
        scenario=scenario,
        time_s=stamps_s[kept],
        acc_ms2=main.acc_ms2[kept],
        gyr_rads=with_restarts(instants_s, main.gyr_rads, restarts)[kept],
        true_angle_deg=movement.coordinate_deg(instants_s)[0][kept] - rest_deg,
        true_knee_deg=movement.knee_deg(instants_s)[kept],
        truth=_truth(body, rest_deg, main.up[kept], end_s),
        thigh=thigh,
    )


def _measured(
    body: Body, scenario: Scenario, time_s: Array, rng: np.random.Generator
) -> SensorSignals:
    """Return what a sensor at the scenario's place reports."""
    pose, wear = body.choreography.movement.pose(time_s), body.wear
    if scenario.placement is Placement.THIGH:
        acc, gyr, up = thigh_signals(pose, body.geometry)
        wear = body.thigh_wear
    elif scenario.placement is Placement.NOT_WORN:
        up = np.tile(body.geometry.mounting[:, 2], (len(time_s), 1))
        acc, gyr = GRAVITY_MS2 * up, np.zeros_like(up)
    else:
        acc, gyr, up = sensor_signals(pose, body.geometry)
    sensor = SensorModel(wear, scenario.limits, scenario.rate_hz, rng)
    acc, gyr = sensor.measure(time_s, acc, gyr)
    return SensorSignals(acc_ms2=acc, gyr_rads=gyr, up=up)


def _truth(body: Body, rest_deg: float, up: Array, end_s: float) -> Truth:
    choreography = body.choreography
    return Truth(
        reps=tuple(measure_rep(planned, body, rest_deg) for planned in choreography.planned),
        holds=tuple(choreography.holds),
        bouts=tuple(choreography.bouts),
        disturbances=tuple(choreography.disturbances),
        up=up,
        rest_deg=rest_deg,
        cadence_per_min=_cadence_per_min(choreography, end_s),
    )


def measure_rep(planned: PlannedRep, body: Body, rest_deg: float = 0.0) -> RepTruth:
    """Return the truth about a planned repetition, and how hard the foot came down in it."""
    movement = body.choreography.movement

    def intended(time_s: Array) -> Array:
        moved = movement.intended_deg(time_s)
        moved[0] -= rest_deg
        return moved

    def actual(time_s: Array) -> Array:
        moved = movement.coordinate_deg(time_s)
        moved[0] -= rest_deg
        return moved

    truth = rep_truth(planned, intended, actual)
    impacts = tuple(_impact(body, at_s) for at_s in planned.impacts_s)
    return replace(truth, impacts=impacts) if impacts else truth


def _impact(body: Body, at_s: float) -> Impact:
    time_s = at_s + np.arange(int(IMPACT_S * _IMPACT_GRID_HZ)) / _IMPACT_GRID_HZ
    acc, _, _ = sensor_signals(body.choreography.movement.pose(time_s), body.geometry)
    peak_g = float(np.linalg.norm(acc, axis=1).max()) / GRAVITY_MS2 - 1.0
    return Impact(at_s=at_s, peak_g=peak_g)


def _rest_deg(choreography: Choreography, scenario: Scenario) -> float:
    """Return the calibration pose: the first still one, else where the first lifts began."""
    coordinate = choreography.movement.intended_deg
    if scenario.start == Start.STILL:
        return float(coordinate(np.array([0.5 * scenario.still_s]))[0, 0])
    starts_s = np.array([p.lift_start_s for p in choreography.planned[:_REPS_FOR_ZERO]] or [0.0])
    return float(np.median(coordinate(starts_s)[0]))


def _cadence_per_min(choreography: Choreography, end_s: float) -> Array:
    """Return the cadence of each whole second."""
    seconds_s = np.arange(int(end_s) + 1, dtype=np.float64)
    turns = np.diff(choreography.movement.phase.evaluate(seconds_s)[0])
    is_cycling = choreography.setup.activity is Activity.CYCLING
    return np.asarray(60.0 * turns * (1.0 if is_cycling else _FEET_A_STRIDE))
