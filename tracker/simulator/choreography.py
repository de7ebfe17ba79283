"""Turns intentions into curves: the repetitions of a person, one after the other.

A cursor moves along; each act writes its pieces into the `Movement` and leaves the cursor where
it ends. What was meant is kept beside it, for the truth.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tracker.simulator.curves import Curve, Move, Ring, Wave
from tracker.simulator.exercises import ExerciseSetup
from tracker.simulator.human import HumanProfile, RepPlan, draw_rep
from tracker.simulator.movement import Movement, Support
from tracker.simulator.truth import BoutTruth, Disturbance, HoldTruth, PlannedRep, RepKind
from tracker.simulator.wear import Wear

_SWAY_IN_REST_SHARE: Final = 0.4  # the rest pose moves less in a set than between sets
_SHIFT_CHANCE: Final = 0.15
_SHIFT_NEEDS_S: Final = 0.7
_MAX_SHIFT_DEG: Final = 8.0
_MAX_SHIFT_SHARE: Final = 0.15  # of the person's range: small movements are done with care
_REBOUND_S: Final = (0.008, 0.025)  # rebound in degrees per degree/second of landing speed
_MAX_REBOUND_DEG: Final = 3.0
_IMPACT_MS2_PER_DPS: Final = (0.04, 0.12)
_TENSING_S: Final = 0.3
_RELAXING_S: Final = 0.4
_RIGHT_ANGLE_DEG: Final = 90.0
_SOFT_STOP: Final = 0.25  # a leg that ends in the air rebounds less than one that lands
_STANDING_STOP: Final = 0.1  # and one that takes over weight hardly at all
_LEAST_HOLD_TO_SAG_S: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What was asked for beyond the exercise itself.

    Parameters
    ----------
    bout_s : float
        Length of a bout of sport, or of a hold where it is not the usual 30 s.
    spring : float
        Of step-ups and sprints: 0 low and slow, 1 as fast as it goes.
    is_alternating : bool
        Of step-ups: whether the legs lead by turns.

    """

    bout_s: float = 20.0
    spring: float = 0.3
    is_alternating: bool = False


class Choreography:
    """Write the movement of one person, act by act.

    Parameters
    ----------
    movement : Movement
        Where it is written.
    setup : ExerciseSetup
        Pose and reach.
    profile : HumanProfile
        Habits.
    wear : Wear
        How hard knocks shake tissue and strap.
    rng : numpy.random.Generator
        Chance.
    task : Task
        What was asked for beyond the exercise itself.
    thigh_swing_deg : float
        How far the thigh moves, seated, while the shank turns by 90 degrees.
    cursor_s : float
        When the first act begins.

    """

    def __init__(
        self,
        movement: Movement,
        setup: ExerciseSetup,
        profile: HumanProfile,
        wear: Wear,
        rng: np.random.Generator,
        *,
        task: Task | None = None,
        thigh_swing_deg: float = 0.0,
        cursor_s: float = 0.0,
    ) -> None:
        self.movement, self.setup, self.wear, self.rng = movement, setup, wear, rng
        self.profile = setup.fitted(profile)
        self.task = task or Task()
        self._thigh_swing_deg = thigh_swing_deg
        self.cursor_s = cursor_s
        # From an incomplete return even a shallow repetition rises far enough to be one.
        self._least_rise_deg = 0.36 * setup.peak_deg
        self.planned: list[PlannedRep] = []
        self.holds: list[HoldTruth] = []
        self.bouts: list[BoutTruth] = []
        self.disturbances: list[Disturbance] = []

    def rest(self, duration_s: float) -> None:
        """Lie still."""
        self.cursor_s += float(duration_s)

    def draw_rep(self, rep_index: int) -> RepPlan:
        """Think of the next repetition of this person."""
        plan = draw_rep(
            self.profile,
            rep_index,
            self.setup.peak_deg,
            self.rng,
            may_be_shallow=self.setup.has_depth_target,
        )
        return self.setup.adapted(plan, self.profile, rep_index, self.rng)

    def perform(self, plan: RepPlan, set_index: int) -> None:
        """Do one repetition and rest after it as planned."""
        movement, setup, start_s = self.movement, self.setup, self.cursor_s
        lowest_peak_deg = movement.coordinate.settled + self._least_rise_deg
        plan = replace(plan, peak_deg=max(plan.peak_deg, lowest_peak_deg))
        top_s = start_s + plan.out_s
        release_s = top_s + plan.top_pause_s
        landing_s = release_s + plan.back_s
        rise_deg = plan.peak_deg - movement.coordinate.settled
        sag_deg = plan.sag_deg if plan.top_pause_s > _LEAST_HOLD_TO_SAG_S else 0.0
        fall_deg = plan.return_deg - plan.peak_deg + sag_deg
        movement.coordinate.add(Move(start_s, plan.out_s, rise_deg, plan.out_shape))
        if sag_deg:
            held_s = plan.top_pause_s
            movement.coordinate.add(Move(top_s + 0.2 * held_s, 0.6 * held_s, -sag_deg))
        movement.coordinate.add(Move(release_s, plan.back_s, fall_deg, plan.back_shape))
        self._move_thigh((start_s, plan.out_s), (release_s, plan.back_s), rise_deg)
        movement.effort.add(Move(start_s, _TENSING_S, 1.0 - movement.effort.settled))
        relaxing = movement.at_rest.rest_effort - 1.0
        movement.effort.add(Move(landing_s - 0.1, _RELAXING_S, relaxing))
        if setup.is_assisted:
            self._hand(start_s, release_s)
            impact_ms2 = self.rng.uniform(0.5, 2.5)
            self.knock(release_s, impact_ms2=impact_ms2, jerk_deg=self.rng.uniform(0.2, 0.8))
        self.planned.append(
            PlannedRep(
                set_index=set_index,
                lift_start_s=start_s,
                lift_end_s=top_s,
                release_s=release_s,
                landing_s=landing_s,
                kinds=plan.kinds,
                is_eccentric_outward=setup.is_eccentric_outward,
                is_lifted=setup.is_assisted,
            )
        )
        self.cursor_s = landing_s
        self._land(plan)
        self._settle(plan)

    def abort_lift(self) -> None:
        """Lift the leg a little and put it back: not a repetition."""
        highest_deg = 20.0 if self.setup.has_depth_target else min(7.0, 0.2 * self.setup.peak_deg)
        height_deg = self.rng.uniform(0.4, 1.0) * highest_deg
        up_s, down_s = self.rng.uniform(0.4, 0.9, 2).tolist()
        coordinate, start_s = self.movement.coordinate, self.cursor_s
        coordinate.add(Move(start_s, up_s, height_deg - coordinate.settled))
        coordinate.add(Move(start_s + up_s, down_s, -height_deg))
        self.cursor_s = start_s + up_s + down_s
        self.note("aborted_lift", start_s)
        self.rest(self.rng.uniform(0.4, 1.5))

    def knock(self, at_s: float, *, impact_ms2: float, jerk_deg: float = 0.0) -> None:
        """Shake leg, tissue and strap: a band let go, a landing, a heel strike."""
        rng, gain = self.rng, self.wear.knock_gain
        if not gain:
            return
        if jerk_deg:
            sign = rng.choice((-1.0, 1.0))
            ring = Ring(at_s, sign * jerk_deg * gain, rng.uniform(4, 8), rng.uniform(0.05, 0.1))
            self.movement.shake.add(ring)
        for push, share in zip(self.movement.push, rng.uniform(-0.5, 0.5, 2), strict=False):
            self._thump(push, at_s, share * impact_ms2 * gain)
        self._thump(self.movement.push[2], at_s, impact_ms2 * gain)
        wobble_deg = self.wear.wobble_deg * min(1.0, 0.1 * impact_ms2)
        for skin in self.movement.skin:
            amplitude_deg = wobble_deg * rng.normal(0.0, 0.6)
            skin.add(Ring(at_s, amplitude_deg, rng.uniform(6, 12), rng.uniform(0.04, 0.1)))

    def note(self, kind: str, start_s: float) -> None:
        """Keep in mind that something happened from then until the cursor."""
        self.disturbances.append(Disturbance(kind=kind, start_s=start_s, end_s=self.cursor_s))

    def shift_rest_pose(self, over_s: float, share: float = 1.0) -> None:
        """Come to lie differently from here on; a small share stays near the pose of before."""
        bound = min(_MAX_SHIFT_DEG, _MAX_SHIFT_SHARE * self.setup.peak_deg)
        kept_deg = (1.0 - share) * self.movement.posture.settled
        target_deg = kept_deg + self.rng.normal(0.0, share * self.wear.rest_shift_deg)
        target_deg = float(np.clip(target_deg, -bound, bound))
        self.movement.posture.move_to(target_deg, self.cursor_s, over_s)

    def _thump(self, push: Curve, at_s: float, impact_ms2: float) -> None:
        frequency_hz = self.rng.uniform(12.0, 22.0)
        amplitude_m = impact_ms2 / (2.0 * np.pi * frequency_hz) ** 2
        push.add(Ring(at_s, amplitude_m, frequency_hz, self.rng.uniform(0.02, 0.05)))

    def _move_thigh(
        self, out: tuple[float, float], back: tuple[float, float], rise_deg: float
    ) -> None:
        """Let the thigh give way a little, and swing where it does; each way (start, duration)."""
        movement, share = self.movement, rise_deg / _RIGHT_ANGLE_DEG
        thigh_deg = self.rng.normal(0.0, self.wear.thigh_shift_deg) * rise_deg / _RIGHT_ANGLE_DEG
        movement.thigh.add(Move(*out, thigh_deg))
        movement.thigh.add(Move(*back, -thigh_deg))
        if not self._thigh_swing_deg:
            return
        # People bring the foot to where it should be: the knee makes up for the thigh.
        swing_deg = self._thigh_swing_deg * share
        for way, delta_deg in ((out, swing_deg), (back, -swing_deg)):
            movement.thigh.add(Move(*way, delta_deg))
            movement.coordinate.add(Move(*way, -movement.at_rest.direction * delta_deg))

    def _hand(self, start_s: float, end_s: float) -> None:
        """Let a helper's or one's own hand, which is never steady, carry the leg."""
        amplitude_deg = self.rng.uniform(0.05, 0.4) * self.wear.knock_gain
        frequency_hz, phase_rad = self.rng.uniform(1.5, 4.0), self.rng.uniform(0.0, 6.28)
        hand = Wave(start_s, end_s, amplitude_deg, frequency_hz, phase_rad, fade_s=0.25)
        self.movement.coordinate.add(hand)

    def _land(self, plan: RepPlan) -> None:
        """Hit the surface, or the end of the band, with the speed there was."""
        if plan.return_deg:
            return
        late = plan.back_shape(np.linspace(0.85, 1.0, 16))[1].max()
        speed_dps = float(late) * plan.peak_deg / plan.back_s
        hardness = 1.0 if self.movement.at_rest.knee_flexes_up else _SOFT_STOP
        if self.movement.at_rest.support is Support.STANDING:
            hardness = _STANDING_STOP
        rebound_deg = hardness * self.rng.uniform(*_REBOUND_S) * speed_dps
        self.knock(
            self.cursor_s - 0.03,
            impact_ms2=hardness * self.rng.uniform(*_IMPACT_MS2_PER_DPS) * speed_dps,
            jerk_deg=min(_MAX_REBOUND_DEG, rebound_deg),
        )

    def _settle(self, plan: RepPlan) -> None:
        """Rest after a repetition: still, dangling, or shifting a little."""
        rng = self.rng
        if RepKind.DANGLING in plan.kinds:
            swing_deg = rng.uniform(2.0, 6.0) * rng.choice((-1.0, 1.0))
            later_s = self.cursor_s + rng.uniform(0.05, 0.2)
            swing = Ring(later_s, swing_deg, rng.uniform(0.9, 1.4), rng.uniform(0.25, 0.4))
            self.movement.coordinate.add(swing)
            self.rest(1.2)
        elif plan.rest_s > _SHIFT_NEEDS_S and rng.random() < _SHIFT_CHANCE:
            self.shift_rest_pose(0.6 * plan.rest_s, _SWAY_IN_REST_SHARE)
        self.rest(plan.rest_s)
