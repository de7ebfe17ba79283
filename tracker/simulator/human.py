"""Who does the exercise: profiles of people, and what each repetition of theirs looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.simulator.curves import Shape, SpeedProfile, minimum_jerk
from tracker.simulator.truth import RepKind

_Range = tuple[float, float]


class Descent(StrEnum):
    """The shape of the way back."""

    MINIMUM_JERK = "minimum_jerk"
    CONSTANT = "constant"
    FRONT_LOADED = "front_loaded"
    BACK_LOADED = "back_loaded"
    STEPWISE = "stepwise"
    DROP_CATCH = "drop_catch"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanProfile:
    """Habits of a person. Shares are probabilities per repetition.

    Parameters
    ----------
    tempo_mean_s, tempo_sd_s : float
        Duration of the way back, planned start to landing.
    tempo_drift_s : float
        Change of the mean from one repetition to the next (fatigue makes it negative).
    plain_descents : pairs
        Shapes without a special event, and their weights.

    """

    tempo_mean_s: float = 3.0
    tempo_sd_s: float = 0.25
    tempo_drift_s: float = 0.0
    peak_sd_deg: float = 3.0
    lift_s: _Range = (0.7, 1.4)
    top_pause_s: _Range = (0.1, 0.8)
    rest_s: _Range = (0.4, 1.5)
    stepwise_share: float = 0.02
    drop_catch_share: float = 0.02
    drop_share: float = 0.0
    shallow_share: float = 0.0
    incomplete_share: float = 0.0
    dangling_share: float = 0.03
    double_lift_share: float = 0.03
    aborted_share: float = 0.0
    plain_descents: tuple[tuple[Descent, float], ...] = (
        (Descent.MINIMUM_JERK, 0.25),
        (Descent.CONSTANT, 0.4),
        (Descent.FRONT_LOADED, 0.15),
        (Descent.BACK_LOADED, 0.2),
    )


PROFILES: Final[Mapping[str, HumanProfile]] = MappingProxyType(
    {
        "steady": HumanProfile(),
        "beginner_too_fast": HumanProfile(
            tempo_mean_s=1.6,
            tempo_sd_s=0.3,
            rest_s=(0.3, 0.9),
            drop_share=0.06,
            drop_catch_share=0.06,
            incomplete_share=0.04,
        ),
        "fatiguing": HumanProfile(
            tempo_mean_s=3.2, tempo_sd_s=0.2, tempo_drift_s=-0.08, drop_catch_share=0.05
        ),
        "careful_slow": HumanProfile(
            tempo_mean_s=4.3,
            tempo_sd_s=0.5,
            lift_s=(1.0, 1.8),
            rest_s=(0.8, 2.0),
            stepwise_share=0.08,
        ),
        "half_way": HumanProfile(
            tempo_mean_s=2.8, shallow_share=0.4, incomplete_share=0.3, aborted_share=0.03
        ),
        "erratic": HumanProfile(
            tempo_mean_s=2.7,
            tempo_sd_s=0.8,
            peak_sd_deg=6.0,
            rest_s=(0.3, 2.0),
            top_pause_s=(0.0, 1.0),
            stepwise_share=0.08,
            drop_catch_share=0.08,
            drop_share=0.05,
            shallow_share=0.08,
            incomplete_share=0.08,
            dangling_share=0.08,
            double_lift_share=0.08,
            aborted_share=0.05,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepPlan:
    """One repetition as it will be done: the way out, a pause, the way back."""

    peak_deg: float
    out_s: float
    out_shape: Shape
    top_pause_s: float
    back_s: float
    back_shape: Shape
    return_deg: float  # where it ends, above the rest pose
    rest_s: float
    kinds: frozenset[RepKind]
    sag_deg: float = 0.0  # sunk so far while held


_SHORTEST_S: Final = 0.9  # anyone who brakes at all takes this long
_DROP_S: Final = (0.4, 0.85)
_SHALLOW_DEG: Final = (36.0, 66.0)  # of 90: clear of the undecided 30-35 % and of 78 %
_INCOMPLETE_DEG: Final = (10.0, 25.0)
_DIRECTNESS: Final = 0.6


def draw_rep(
    profile: HumanProfile,
    rep_index: int,
    peak_deg: float,
    rng: np.random.Generator,
    *,
    may_be_shallow: bool = True,
) -> RepPlan:
    """Draw one repetition of a person.

    Parameters
    ----------
    profile : HumanProfile
        Their habits.
    rep_index : int
        0 for the first of the set: fatigue counts from there.
    peak_deg : float
        The peak they aim at, from the rest pose.
    rng : numpy.random.Generator
        Chance.
    may_be_shallow : bool
        Whether depth has a target, so that some repetitions can fall short of it.

    """
    kinds: set[RepKind] = set()
    peak_deg += rng.normal(0.0, profile.peak_sd_deg * peak_deg / 90.0)
    if may_be_shallow and rng.random() < profile.shallow_share:
        peak_deg = rng.uniform(*_SHALLOW_DEG)
        kinds.add(RepKind.SHALLOW)
    tempo_s = profile.tempo_mean_s + rep_index * profile.tempo_drift_s
    eccentric_s = max(_SHORTEST_S, rng.normal(tempo_s, profile.tempo_sd_s))
    descent = _draw_descent(profile, rng)
    if descent is Descent.DROP:
        eccentric_s = rng.uniform(*_DROP_S)
        kinds.add(RepKind.FAST_DROP)
    elif descent is Descent.STEPWISE:
        eccentric_s += rng.uniform(0.2, 0.8)
        kinds.add(RepKind.STEPWISE)
    elif descent is Descent.DROP_CATCH:
        kinds.add(RepKind.DROP_CATCH)
    return_deg = 0.0
    if rng.random() < profile.incomplete_share and RepKind.SHALLOW not in kinds:
        return_deg = rng.uniform(*_INCOMPLETE_DEG)
        kinds.add(RepKind.INCOMPLETE)
    elif rng.random() < profile.dangling_share:
        kinds.add(RepKind.DANGLING)
    is_double = rng.random() < profile.double_lift_share
    if is_double:
        kinds.add(RepKind.DOUBLE_LIFT)
    return RepPlan(
        peak_deg=peak_deg,
        out_s=rng.uniform(*profile.lift_s) * (1.8 if is_double else 1.0),
        out_shape=_lift_shape(is_double, rng),
        top_pause_s=rng.uniform(*profile.top_pause_s),
        back_s=eccentric_s,
        back_shape=descent_shape(descent, eccentric_s, rng),
        return_deg=return_deg,
        rest_s=rng.uniform(*profile.rest_s),
        kinds=frozenset(kinds),
    )


def draw_timed_way(
    profile: HumanProfile, rep_index: int, rng: np.random.Generator
) -> tuple[float, Shape]:
    """Draw a way of which the tempo counts and nothing special happens: duration and shape."""
    tempo_s = profile.tempo_mean_s + rep_index * profile.tempo_drift_s
    duration_s = max(_SHORTEST_S, rng.normal(tempo_s, profile.tempo_sd_s))
    return duration_s, descent_shape(_plain_descent(profile, rng), duration_s, rng)


def _draw_descent(profile: HumanProfile, rng: np.random.Generator) -> Descent:
    chance = rng.random()
    for share, special in (
        (profile.drop_share, Descent.DROP),
        (profile.drop_catch_share, Descent.DROP_CATCH),
        (profile.stepwise_share, Descent.STEPWISE),
    ):
        if chance < share:
            return special
        chance -= share
    return _plain_descent(profile, rng)


def _plain_descent(profile: HumanProfile, rng: np.random.Generator) -> Descent:
    plain, weights = zip(*profile.plain_descents, strict=True)
    chosen = rng.choice(len(plain), p=np.array(weights) / sum(weights))
    return Descent(plain[int(chosen)])


def _lift_shape(is_double: bool, rng: np.random.Generator) -> Shape:
    """Return how a helper or the hands bring the leg out: smoothly, or in two goes."""
    if is_double:
        sag = rng.uniform(0.0, 0.35)
        return SpeedProfile([0, 0.15, 0.35, 0.45, 0.55, 0.62, 0.8, 1], [0, 1, 1, 0, -sag, 0, 1, 0])
    if rng.random() < _DIRECTNESS:
        return minimum_jerk
    early, late = rng.uniform(0.5, 1.3, 2)
    return SpeedProfile([0, 0.25, 0.7, 1], [0, early, late, 0])


def descent_shape(descent: Descent, duration_s: float, rng: np.random.Generator) -> Shape:
    """Return the way back as a shape; the foot needs 40-150 ms to come to a stop."""
    if descent is Descent.MINIMUM_JERK:
        return minimum_jerk
    stop = min(0.25, rng.uniform(0.04, 0.15) / duration_s)
    start = min(0.25, rng.uniform(0.08, 0.3) / duration_s)
    if descent is Descent.DROP:
        return SpeedProfile([0, 1 - stop, 1], [0, 1, 0])
    if descent is Descent.DROP_CATCH:
        drop = min(0.3, rng.uniform(0.2, 0.35) / duration_s)
        fast, caught = rng.uniform(2.0, 4.0), rng.uniform(0.0, 0.4)
        return SpeedProfile(
            [0, 0.6 * drop, drop, min(drop + 0.2, 0.7), 1 - stop, 1], [0, fast, caught, 1, 1, 0]
        )
    if descent is Descent.STEPWISE:
        at, share = rng.uniform(0.25, 0.55), min(0.35, rng.uniform(0.3, 0.9) / duration_s)
        return SpeedProfile(
            [0, start, at - 0.08, at, at + share, at + share + 0.05, 1 - stop, 1],
            [0, 1, 1, 0, 0, 1, 1, 0],
        )
    first, last = {
        Descent.CONSTANT: (1.0, 1.0),
        Descent.FRONT_LOADED: (1.5, 0.5),
        Descent.BACK_LOADED: (0.6, 1.5),
    }[descent]
    knots = np.linspace(start, 1 - stop, 5)
    speeds = np.linspace(first, last, 5) * rng.uniform(0.82, 1.18, 5)
    return SpeedProfile([0, *knots, 1], [0, *speeds, 0])


def draw_person(
    profile: HumanProfile, rng: np.random.Generator, tempo_s: float | None = None
) -> HumanProfile:
    """Draw one person of a profile: nobody is the average of their kind."""
    mean_s = tempo_s if tempo_s is not None else profile.tempo_mean_s * rng.normal(1.0, 0.07)
    return replace(
        profile,
        tempo_mean_s=mean_s,
        tempo_sd_s=profile.tempo_sd_s * rng.uniform(0.7, 1.3),
    )
