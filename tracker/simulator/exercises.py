"""What each exercise of the programme asks of the body, and how one person answers."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from tracker.simulator.curves import minimum_jerk
from tracker.simulator.human import HumanProfile, RepPlan, draw_timed_way
from tracker.simulator.movement import Posture
from tracker.simulator.truth import BoutKind, RepKind

_Range = tuple[float, float]
_SAG_SHARE: Final = (0.0, 0.06)  # a leg held in the air sinks by that share of its height
_BEYOND_CHANCE: Final = 0.06
_BEYOND_DEG: Final = (12.0, 22.0)  # clear of the 10 degrees that nobody minds
_PRESCRIBED_S: Final = 3.0  # the tempo that a profile's mean tempo is compared with


class Activity(StrEnum):
    """The kind of thing that is done."""

    REPS = "reps"
    STEPS = "steps"
    HOLD = "hold"
    GAIT = "gait"
    SPRINT = "sprint"
    CYCLING = "cycling"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseSetup:
    """How one person takes the pose of an exercise, and what its repetitions are like.

    Parameters
    ----------
    posture : Posture
        The rest pose.
    peak_deg : float
        The peak this person aims at, from the rest pose; where nothing is aimed at, 0.
    activity : Activity
        What is done.
    has_depth_target : bool
        Whether the exercise asks for 90 degrees.
    is_assisted : bool
        Whether a helper or the hands do the way out.
    is_out_timed : bool
        Whether the way out has a tempo too.
    is_eccentric_outward : bool
        Whether the way out is the timed, eccentric one, and the way back free.
    limit_deg : float, optional
        A ceiling from the rest pose, which some people do not keep.
    lift_s, hold_s, back_s : (float, float), optional
        Bounds of the way out, of the pause at the top and of the way back, in place of those of
        the profile.
    hold_due_s : float, optional
        A hold that is asked for: people keep it as well as they keep the tempo.
    rest_s : (float, float), optional
        Bounds of the rest between repetitions in place of the profile's.
    bouts : tuple of (BoutKind, float)
        Of gait: what is done by turns, and for how many times the length of a bout.
    idle_hinge_deg : float, optional
        How far idle movements may turn the hinge, where a few degrees would be a repetition.
    held_thigh_deg, held_shank_deg, held_roll_deg : float
        The pose of a stretch: elevations, and how far the leg is turned inward.

    """

    posture: Posture
    peak_deg: float = 0.0
    activity: Activity = Activity.REPS
    has_depth_target: bool = False
    is_assisted: bool = False
    is_out_timed: bool = False
    is_eccentric_outward: bool = False
    limit_deg: float | None = None
    lift_s: _Range | None = None
    hold_s: _Range | None = None
    back_s: _Range | None = None
    hold_due_s: float | None = None
    rest_s: _Range | None = None
    bouts: tuple[tuple[BoutKind, float], ...] = ()
    idle_hinge_deg: float | None = None
    held_thigh_deg: float = 0.0
    held_shank_deg: float = 0.0
    held_roll_deg: float = 0.0

    def fitted(self, profile: HumanProfile) -> HumanProfile:
        """Return the habits of a person in this exercise: without what cannot happen in it."""
        if self.is_assisted:
            return profile
        fitted = replace(
            profile,
            lift_s=self.lift_s or profile.lift_s,
            top_pause_s=self._hold_s(profile),
            rest_s=self.rest_s or profile.rest_s,
            double_lift_share=0.0,
        )
        if self.idle_hinge_deg is not None:  # a swing of some degrees would be a repetition
            fitted = replace(fitted, dangling_share=0.0)
        if self.has_depth_target:
            return fitted
        return replace(fitted, drop_catch_share=0.0, drop_share=0.0, incomplete_share=0.0)

    def _hold_s(self, profile: HumanProfile) -> _Range:
        if self.hold_due_s is None:
            return self.hold_s or profile.top_pause_s
        keeping = float(np.clip(profile.tempo_mean_s / _PRESCRIBED_S, 0.4, 1.4))
        spread = 0.15 + 0.4 * profile.tempo_sd_s
        held_s = self.hold_due_s * keeping
        return (held_s * max(0.1, 1.0 - spread), held_s * (1.0 + spread))

    def adapted(
        self, plan: RepPlan, profile: HumanProfile, rep_index: int, rng: np.random.Generator
    ) -> RepPlan:
        """Return a repetition as this exercise has it, from one out and timed on the way back."""
        if self.is_out_timed:
            out_s, out_shape = draw_timed_way(profile, rep_index, rng)
            plan = replace(plan, out_s=out_s, out_shape=out_shape)
        if self.is_eccentric_outward:
            plan = replace(plan, out_s=plan.back_s, out_shape=plan.back_shape)
        if self.back_s is not None:
            plan = replace(plan, back_s=rng.uniform(*self.back_s), back_shape=minimum_jerk)
            if not self.is_eccentric_outward:
                plan = replace(plan, kinds=plan.kinds - {RepKind.STEPWISE})
        if self.hold_due_s is not None:
            plan = replace(plan, sag_deg=plan.peak_deg * rng.uniform(*_SAG_SHARE))
        if self.limit_deg is not None and not plan.kinds and rng.random() < _BEYOND_CHANCE:
            kinds = plan.kinds | {RepKind.BEYOND_LIMIT}
            plan = replace(plan, peak_deg=self.limit_deg + rng.uniform(*_BEYOND_DEG), kinds=kinds)
        return plan
