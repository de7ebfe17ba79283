"""What is simulated: a person, a situation, a sensor."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np

from tracker.simulator.human import PROFILES
from tracker.simulator.sensor import WIDE, SensorRange
from tracker.simulator.wear import WearLevel


class Start(StrEnum):
    """What the person does when the recording begins."""

    STILL = "still"
    MOVING = "moving"  # under a second, then the first repetition
    MID_REP = "mid_rep"
    EARLY = "early"  # still, but too briefly to calibrate
    NEVER_STILL = "never_still"  # moves at once and never keeps the leg quiet


class Placement(StrEnum):
    """Where the sensor is worn."""

    SHANK = "shank"
    UPSIDE_DOWN = "upside_down"  # on the shank, turned over: one more mounting
    THIGH = "thigh"  # the wrong segment
    NOT_WORN = "not_worn"  # lying on the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One recording to simulate; what it leaves open is drawn from the seed.

    Parameters
    ----------
    exercise_id : str
        One of `simulated_exercises()`.
    sets, reps : int
        How many sets, and repetitions in each.
    wear : WearLevel
        How difficult strap, tissue and sensor are.
    profile : str
        One of `PROFILES`.
    tempo_s : float, optional
        Mean duration of the way back in place of the profile's.
    rate_hz : float
        Samples a second.
    start : Start
        Still for `still_s`, moving at once, in the middle of the first repetition, ...
    rest_s : float
        Least rest between sets; disturbances make it longer.
    before, between, after : tuples of str
        Disturbances (`DISTURBANCES`) before the first set, between all sets, after the last.
    loss_share, longest_loss_s : float
        Share of the samples lost in bursts, and the longest burst.
    restarts : int
        How often the sensor restarts in mid-recording: seconds without samples, a new zero of
        the gyroscope.
    placement : Placement
        Where the sensor is worn.
    has_thigh_sensor : bool
        Whether a second sensor is worn on the thigh, on the same clock.
    bout_s : float
        Length of a bout of sport. Repetitions of a sport are its bouts or runs.
    spring : float, optional
        Of step-ups and sprints: 0 slow, 1 as fast as it goes; drawn for the person if not given.
    is_alternating : bool
        Of step-ups: whether the legs lead by turns.
    stamp_jitter_s : float
        Standard deviation of the time stamps against the true instants.
    limits : SensorRange
        Full scale of the sensor.
    side : str
        The leg; a mirrored leg is one more rotation of the mounting.

    """

    exercise_id: str = "ecc_prone_helper"
    sets: int = 1
    reps: int = 10
    wear: WearLevel = WearLevel.TYPICAL
    profile: str = "steady"
    tempo_s: float | None = None
    rate_hz: float = 100.0
    start: Start = Start.STILL
    still_s: float = 2.5
    rest_s: float = 20.0
    before: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    loss_share: float = 0.0
    longest_loss_s: float = 0.4
    restarts: int = 0
    placement: Placement = Placement.SHANK
    has_thigh_sensor: bool = False
    bout_s: float = 20.0
    spring: float | None = None
    is_alternating: bool = False
    stamp_jitter_s: float = 0.0
    limits: SensorRange = WIDE
    side: str = "left"


_FIRST_EXERCISES = ("ecc_prone_helper", "ecc_seated_solo", "free_movement")
_SEATED = ("ecc_seated_solo", "conc_seated")
_SPORT = ("run_intervals", "run_continuous", "sprint_sets", "cycling")
_CALM = ("talk", "reposition", "scratch", "fidget", "adjust_strap")
_LARGE = ("stand_and_walk", "sit_up", "roll_over", "fidget", "adjust_strap", "scratch")
_STARTS = (Start.STILL, Start.MOVING, Start.MID_REP)
_RATES_HZ = (50.0, 100.0, 100.0, 100.0, 200.0)
_ALL_RATES_HZ = (25.0, 50.0, 100.0, 100.0, 200.0, 400.0)
_SMALL = SensorRange(acc_g=2.0, gyr_dps=250.0)


def random_scenario(exercise_id: str, wear: WearLevel | str, seed: int) -> Scenario:
    """Draw a person and a situation.

    Parameters
    ----------
    exercise_id : str
        One of `simulated_exercises()`.
    wear : WearLevel or str
        `typical`: mostly still starts, few disturbances. `hard`: everything of section
        "Disturbances" in docs/explanation/simulator.md.
    seed : int
        Decides all of it.

    """
    level = WearLevel(wear)
    is_hard = level is WearLevel.HARD
    rng = np.random.default_rng([seed, zlib.crc32(exercise_id.encode()), is_hard])
    kinds = (*_LARGE, "hard_fidget", *_CALM) if is_hard else (*_CALM, *_LARGE)
    if exercise_id in _SEATED:
        kinds = (*kinds, "foot_down")
    most = 3 if is_hard else 2

    def some() -> tuple[str, ...]:
        return tuple(str(kind) for kind in rng.choice(kinds, int(rng.integers(0, most + 1))))

    rates_hz = _RATES_HZ if exercise_id in _FIRST_EXERCISES else _ALL_RATES_HZ
    starts = (0.6, 0.25, 0.15) if is_hard else (0.85, 0.1, 0.05)
    profile = str(rng.choice(list(PROFILES)))
    small_range = is_hard and rng.random() < 0.1  # noqa: PLR2004 - one sensor in ten
    drawn = Scenario(
        exercise_id=exercise_id,
        sets=int(rng.integers(1, 4)),
        reps=int(rng.integers(5, 16)),
        wear=level,
        profile=profile,
        rate_hz=float(rng.choice(rates_hz)),
        start=Start(str(rng.choice([start.value for start in _STARTS], p=starts))),
        still_s=rng.uniform(2.0, 3.5),
        rest_s=rng.uniform(15.0, 40.0),
        before=some() if rng.random() < 0.3 + 0.3 * is_hard else (),
        between=some(),
        after=some(),
        loss_share=rng.uniform(0.0, 0.02) if is_hard else 0.0,
        stamp_jitter_s=rng.uniform(0.0, 0.002) if is_hard else 0.0,
        limits=_SMALL if small_range else WIDE,
        side=str(rng.choice(["left", "right"])),
    )
    return _as_sport(drawn) if exercise_id in _SPORT else drawn


def _as_sport(drawn: Scenario) -> Scenario:
    """Return fewer, longer acts from a still start; nobody scratches while running."""
    return replace(
        drawn,
        sets=1,
        reps=4 + drawn.reps // 4,
        start=Start.STILL,
        before=(),
        between=(),
        after=(),
    )


STRESSES: Final[Mapping[str, Callable[[Scenario], Scenario]]] = MappingProxyType(
    {
        "25 Hz": lambda s: replace(s, rate_hz=25.0),
        "400 Hz": lambda s: replace(s, rate_hz=400.0),
        "2 g and 250 deg/s": lambda s: replace(s, limits=_SMALL),
        "bursts of 0.5 s lost": lambda s: replace(s, loss_share=0.03, longest_loss_s=0.5),
        "sensor restarts": lambda s: replace(s, restarts=1),
        "upside down": lambda s: replace(s, placement=Placement.UPSIDE_DOWN),
        "starts early": lambda s: replace(s, start=Start.EARLY, before=()),
        "never still": lambda s: replace(s, start=Start.NEVER_STILL, before=()),
    }
)
