"""A person with a sensor on, and what they do from the first second to the last."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.simulator.acts import perform_set
from tracker.simulator.choreography import Choreography, Task
from tracker.simulator.curves import Array
from tracker.simulator.disturbances import disturb
from tracker.simulator.errors import UnknownProfileError
from tracker.simulator.exercises import Activity, ExerciseSetup
from tracker.simulator.human import PROFILES, draw_person
from tracker.simulator.leg import Geometry, random_rotation
from tracker.simulator.movement import Movement, Support
from tracker.simulator.postures import take_position
from tracker.simulator.scenario import Placement, Scenario, Start
from tracker.simulator.truth import RepKind
from tracker.simulator.wear import Wear, WearLevel, draw_wear

_STILL_BEFORE_SET_S: Final = (2.0, 4.0)
_TOO_SHORT_TO_BE_STILL_S: Final = (0.0, 0.8)
_TOO_SHORT_TO_CALIBRATE_S: Final = (0.8, 1.6)
_THIGH_SWING_DEG: Final = (7.0, 17.0)  # on real people, while the knee bends by 90 degrees
_KNEEL_DEG: Final = -35.0
_HALF_TURN = np.diag([1.0, -1.0, -1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One person with one sensor on, or two."""

    choreography: Choreography
    geometry: Geometry
    wear: Wear
    thigh_wear: Wear


def draw_body(scenario: Scenario, people: np.random.Generator, *, wear: Wear | None = None) -> Body:
    """Draw a person of the scenario's profile, in position, the sensor on."""
    if scenario.profile not in PROFILES:
        raise UnknownProfileError(scenario.profile, tuple(PROFILES))
    (quirks,) = people.spawn(1)  # what came later is drawn apart: it changes nobody's movement
    worn = draw_wear(scenario.wear, people) if wear is None else wear
    setup = take_position(scenario.exercise_id, people)
    person = draw_person(PROFILES[scenario.profile], people, scenario.tempo_s)
    movement = Movement(
        setup.posture,
        worn,
        people.uniform(-180.0, 180.0),
        people,
        quirks,
        is_restless=scenario.start is Start.NEVER_STILL,
    )
    outer_side = 1.0 if scenario.side == "right" else -1.0
    geometry = Geometry(
        thigh_m=people.uniform(0.38, 0.46),
        sensor_m=(
            along_m := people.uniform(0.3, 0.4),
            0.04 * outer_side + people.uniform(-0.01, 0.01),
            people.uniform(-0.03, 0.03),
        ),
        mounting=_mounted(scenario.placement, people),
        shank_m=along_m + quirks.uniform(0.06, 0.1),
        hip_m=(0.0, outer_side * quirks.uniform(0.07, 0.1), quirks.uniform(-0.03, 0.03)),
        thigh_sensor_m=(quirks.uniform(0.2, 0.3), 0.08 * outer_side, quirks.uniform(-0.03, 0.03)),
        thigh_mounting=random_rotation(quirks),
    )
    task = Task(
        bout_s=scenario.bout_s,
        spring=quirks.uniform() if scenario.spring is None else scenario.spring,
        is_alternating=scenario.is_alternating,
    )
    choreography = Choreography(
        movement,
        setup,
        person,
        worn,
        people,
        task=task,
        thigh_swing_deg=_thigh_swing_deg(scenario, setup, quirks),
    )
    thigh_wear = draw_wear(scenario.wear, quirks) if wear is None else wear
    return Body(choreography=choreography, geometry=geometry, wear=worn, thigh_wear=thigh_wear)


def _mounted(placement: Placement, people: np.random.Generator) -> Array:
    mounting = random_rotation(people)
    return _HALF_TURN @ mounting if placement is Placement.UPSIDE_DOWN else mounting


def _thigh_swing_deg(
    scenario: Scenario, setup: ExerciseSetup, quirks: np.random.Generator
) -> float:
    swing_deg = quirks.uniform(*_THIGH_SWING_DEG) * quirks.choice((-1.0, 1.0))
    is_loose = scenario.wear is WearLevel.HARD and setup.posture.support is Support.SEATED
    return float(swing_deg) if is_loose and setup.activity is Activity.REPS else 0.0


def perform(choreography: Choreography, scenario: Scenario) -> None:
    """Write the whole session, from the first second to the last."""
    rng = choreography.rng
    if scenario.start == Start.STILL:
        choreography.rest(scenario.still_s)
    elif scenario.start in (Start.MOVING, Start.NEVER_STILL):
        choreography.rest(rng.uniform(*_TOO_SHORT_TO_BE_STILL_S))
    elif scenario.start == Start.EARLY:
        choreography.rest(rng.uniform(*_TOO_SHORT_TO_CALIBRATE_S))
    for kind in scenario.before:
        disturb(choreography, kind)
        choreography.rest(rng.uniform(*_STILL_BEFORE_SET_S))
    for set_index in range(scenario.sets):
        if set_index:
            _pause(choreography, scenario)
        if set_index == 0 and scenario.start == Start.MID_REP and not scenario.before:
            n_begun = _begin_in_the_middle(choreography)
            perform_set(choreography, scenario.reps - n_begun, set_index)
        else:
            perform_set(choreography, scenario.reps, set_index)
    choreography.rest(rng.uniform(2.0, 4.0))
    for kind in scenario.after:
        disturb(choreography, kind)
        choreography.rest(rng.uniform(1.0, 2.0))


def _begin_in_the_middle(choreography: Choreography) -> int:
    """Put the first repetition so that time 0 falls into it; return how many that makes."""
    if choreography.setup.activity is not Activity.REPS:
        return 0
    plan = choreography.draw_rep(0)
    whole_s = plan.out_s + plan.top_pause_s + plan.back_s
    choreography.cursor_s = -choreography.rng.uniform(0.1, 0.9) * whole_s
    choreography.perform(replace(plan, kinds=plan.kinds | {RepKind.CUT_BY_START}), 0)
    return 1


def _pause(choreography: Choreography, scenario: Scenario) -> None:
    """Rest between two sets, doing whatever the scenario says."""
    rng, start_s = choreography.rng, choreography.cursor_s
    choreography.rest(rng.uniform(3.0, 6.0))
    is_plank = choreography.movement.at_rest.support is Support.PLANK
    if is_plank:
        _kneel(choreography, _KNEEL_DEG)
    for kind in scenario.between:
        disturb(choreography, kind)
        choreography.rest(rng.uniform(0.5, 3.0))
    missing_s = scenario.rest_s - (choreography.cursor_s - start_s)
    least_s = rng.uniform(*_STILL_BEFORE_SET_S)
    if is_plank:
        choreography.rest(max(0.0, missing_s - least_s))
        _kneel(choreography, 0.0)
        missing_s = 0.0
    choreography.rest(max(missing_s, least_s))


def _kneel(choreography: Choreography, by_deg: float) -> None:
    """Put the knees down, or get up from them: the shank lies flat meanwhile."""
    movement, rng = choreography.movement, choreography.rng
    rest, start_s = movement.at_rest, choreography.cursor_s
    duration_s = rng.uniform(1.2, 2.2)
    shank_deg = rest.shank_deg if by_deg == 0.0 else rng.uniform(-3.0, 3.0)
    movement.pose_to(
        rest.thigh_deg + by_deg, shank_deg, choreography.cursor_s, duration_s, movement.knee
    )
    choreography.rest(duration_s)
    choreography.note("kneel", start_s)
