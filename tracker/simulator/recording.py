"""Simulates a whole recording, with the truth about it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tracker.simulator.choreography import Choreography
from tracker.simulator.curves import Array
from tracker.simulator.disturbances import disturb
from tracker.simulator.errors import UnknownProfileError
from tracker.simulator.exercises import take_position
from tracker.simulator.human import PROFILES, draw_person
from tracker.simulator.leg import Geometry, random_rotation, sensor_signals
from tracker.simulator.movement import Movement
from tracker.simulator.scenario import Scenario, Start
from tracker.simulator.sensor import SensorModel
from tracker.simulator.truth import PlannedRep, RepKind, RepTruth, Truth, rep_truth
from tracker.simulator.wear import Wear, draw_wear

_REPS_FOR_ZERO: Final = 3
_STILL_BEFORE_SET_S: Final = (2.0, 4.0)
_TOO_SHORT_TO_BE_STILL_S: Final = (0.0, 0.8)
_LOSS_BURST_S: Final = 0.04
_NO_LOSS_BEFORE_S: Final = 0.5
_LARGEST_JITTER: Final = 0.4  # of a period: stamps stay in order


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
    truth : Truth
        Repetitions, disturbances, the vertical.

    """

    scenario: Scenario
    time_s: Array
    acc_ms2: Array
    gyr_rads: Array
    true_angle_deg: Array
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One person with one sensor on."""

    choreography: Choreography
    geometry: Geometry
    wear: Wear


def draw_body(scenario: Scenario, people: np.random.Generator, *, wear: Wear | None = None) -> Body:
    """Draw a person of the scenario's profile, in position, the sensor on."""
    if scenario.profile not in PROFILES:
        raise UnknownProfileError(scenario.profile, tuple(PROFILES))
    worn = draw_wear(scenario.wear, people) if wear is None else wear
    setup = take_position(scenario.exercise_id, people)
    person = draw_person(PROFILES[scenario.profile], people, scenario.tempo_s)
    movement = Movement(setup.posture, worn, people.uniform(-180.0, 180.0), people)
    outer_side_m = 0.04 if scenario.side == "right" else -0.04
    geometry = Geometry(
        thigh_m=people.uniform(0.38, 0.46),
        sensor_m=(
            people.uniform(0.3, 0.4),
            outer_side_m + people.uniform(-0.01, 0.01),
            people.uniform(-0.03, 0.03),
        ),
        mounting=random_rotation(people),
    )
    return Body(
        choreography=Choreography(movement, setup, person, worn, people),
        geometry=geometry,
        wear=worn,
    )


def simulate(scenario: Scenario, *, seed: int, wear: Wear | None = None) -> SimulatedRecording:
    """Simulate a recording; the same scenario and seed give the same numbers.

    Parameters
    ----------
    scenario : Scenario
        What happens. Another rate or sensor range shows the same movement.
    seed : int
        Decides the person, the mounting, every repetition and the noise.
    wear : Wear, optional
        In place of one drawn for the scenario's level.

    Raises
    ------
    UnsimulatedExerciseError, UnknownProfileError, UnknownDisturbanceError
        If the scenario names something that does not exist.

    """
    people, sensor_rng, clock_rng = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(3)
    )
    body = draw_body(scenario, people, wear=wear)
    perform(body.choreography, scenario)
    end_s = body.choreography.cursor_s
    instants_s = np.arange(int(np.floor(end_s * scenario.rate_hz)) + 1) / scenario.rate_hz
    movement = body.choreography.movement
    acc, gyr, up = sensor_signals(movement.pose(instants_s), body.geometry)
    sensor = SensorModel(body.wear, scenario.limits, scenario.rate_hz, sensor_rng)
    acc, gyr = sensor.measure(instants_s, acc, gyr)
    rest_deg = _rest_deg(body.choreography, scenario)
    angle_deg = movement.coordinate_deg(instants_s)[0] - rest_deg
    stamps_s = _stamps(instants_s, scenario, clock_rng)
    kept = _kept(len(instants_s), scenario, clock_rng)
    return SimulatedRecording(
        scenario=scenario,
        time_s=stamps_s[kept],
        acc_ms2=acc[kept],
        gyr_rads=gyr[kept],
        true_angle_deg=angle_deg[kept],
        truth=Truth(
            reps=_measured(body.choreography, rest_deg),
            disturbances=tuple(body.choreography.disturbances),
            up=up[kept],
            rest_deg=rest_deg,
        ),
    )


def perform(choreography: Choreography, scenario: Scenario) -> None:
    """Write the whole session, from the first second to the last."""
    rng = choreography.rng
    if scenario.start == Start.STILL:
        choreography.rest(scenario.still_s)
    elif scenario.start == Start.MOVING:
        choreography.rest(rng.uniform(*_TOO_SHORT_TO_BE_STILL_S))
    for kind in scenario.before:
        disturb(choreography, kind)
        choreography.rest(rng.uniform(*_STILL_BEFORE_SET_S))
    for set_index in range(scenario.sets):
        if set_index:
            _pause(choreography, scenario)
        if set_index == 0 and scenario.start == Start.MID_REP and not scenario.before:
            _begin_in_the_middle(choreography)
            choreography.perform_set(scenario.reps - 1, set_index)
        else:
            choreography.perform_set(scenario.reps, set_index)
    choreography.rest(rng.uniform(2.0, 4.0))
    for kind in scenario.after:
        disturb(choreography, kind)
        choreography.rest(rng.uniform(1.0, 2.0))


def _begin_in_the_middle(choreography: Choreography) -> None:
    """Put the first repetition so that time 0 falls into it."""
    plan = choreography.draw_rep(0)
    whole_s = plan.lift_s + plan.top_pause_s + plan.eccentric_s
    choreography.cursor_s = -choreography.rng.uniform(0.1, 0.9) * whole_s
    choreography.perform(replace(plan, kinds=plan.kinds | {RepKind.CUT_BY_START}), 0)


def _pause(choreography: Choreography, scenario: Scenario) -> None:
    """Rest between two sets, doing whatever the scenario says."""
    rng, start_s = choreography.rng, choreography.cursor_s
    choreography.rest(rng.uniform(3.0, 6.0))
    for kind in scenario.between:
        disturb(choreography, kind)
        choreography.rest(rng.uniform(0.5, 3.0))
    missing_s = scenario.rest_s - (choreography.cursor_s - start_s)
    choreography.rest(max(missing_s, rng.uniform(*_STILL_BEFORE_SET_S)))


def _rest_deg(choreography: Choreography, scenario: Scenario) -> float:
    """Return the calibration pose: the first still one, else where the first lifts began."""
    coordinate = choreography.movement.coordinate_deg
    if scenario.start == Start.STILL:
        return float(coordinate(np.array([0.5 * scenario.still_s]))[0, 0])
    starts_s = np.array([p.lift_start_s for p in choreography.planned[:_REPS_FOR_ZERO]] or [0.0])
    return float(np.median(coordinate(starts_s)[0]))


def _measured(choreography: Choreography, rest_deg: float) -> tuple[RepTruth, ...]:
    def coordinate(time_s: Array) -> Array:
        moved = choreography.movement.coordinate_deg(time_s)
        moved[0] -= rest_deg
        return moved

    def measured(planned: PlannedRep) -> RepTruth:
        return rep_truth(planned, coordinate)

    return tuple(measured(planned) for planned in choreography.planned)


def _stamps(instants_s: Array, scenario: Scenario, rng: np.random.Generator) -> Array:
    bound_s = _LARGEST_JITTER / scenario.rate_hz
    jitter_s = rng.normal(0.0, 1.0, len(instants_s)) * scenario.stamp_jitter_s
    return instants_s + np.clip(jitter_s, -bound_s, bound_s)


def _kept(n: int, scenario: Scenario, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return which samples arrive: bursts are lost until the share is reached."""
    kept = np.ones(n, dtype=np.bool_)
    to_lose = scenario.loss_share * n
    first = int(_NO_LOSS_BEFORE_S * scenario.rate_hz)
    while n - np.count_nonzero(kept) < to_lose:
        length_s = rng.uniform(_LOSS_BURST_S, scenario.longest_loss_s)
        length = max(1, int(length_s * scenario.rate_hz))
        at = int(rng.integers(first, max(first + 1, n - length)))
        kept[at : at + length] = False
    return kept
