"""What is simulated: a person, a situation, a sensor."""

import zlib
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tracker.simulator.human import PROFILES
from tracker.simulator.sensor import WIDE, SensorRange
from tracker.simulator.wear import WearLevel


class Start(StrEnum):
    """What the person does when the recording begins."""

    STILL = "still"
    MOVING = "moving"
    MID_REP = "mid_rep"


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
        Still for `still_s`, moving at once, or in the middle of the first repetition.
    rest_s : float
        Least rest between sets; disturbances make it longer.
    before, between, after : tuples of str
        Disturbances (`DISTURBANCES`) before the first set, between all sets, after the last.
    loss_share, longest_loss_s : float
        Share of the samples lost in bursts, and the longest burst.
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
    stamp_jitter_s: float = 0.0
    limits: SensorRange = WIDE
    side: str = "left"


_SEATED = ("ecc_seated_solo",)
_CALM = ("talk", "reposition", "scratch", "fidget", "adjust_strap")
_LARGE = ("stand_and_walk", "sit_up", "roll_over", "fidget", "adjust_strap", "scratch")


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

    starts = (0.6, 0.25, 0.15) if is_hard else (0.85, 0.1, 0.05)
    profile = str(rng.choice(list(PROFILES)))
    small_range = is_hard and rng.random() < 0.1  # noqa: PLR2004 - one sensor in ten
    return Scenario(
        exercise_id=exercise_id,
        sets=int(rng.integers(1, 4)),
        reps=int(rng.integers(5, 16)),
        wear=level,
        profile=profile,
        rate_hz=float(rng.choice([50.0, 100.0, 100.0, 100.0, 200.0])),
        start=Start(str(rng.choice([s.value for s in Start], p=starts))),
        still_s=rng.uniform(2.0, 3.5),
        rest_s=rng.uniform(15.0, 40.0),
        before=some() if rng.random() < 0.3 + 0.3 * is_hard else (),
        between=some(),
        after=some(),
        loss_share=rng.uniform(0.0, 0.02) if is_hard else 0.0,
        stamp_jitter_s=rng.uniform(0.0, 0.002) if is_hard else 0.0,
        limits=SensorRange(acc_g=2.0, gyr_dps=250.0) if small_range else WIDE,
        side=str(rng.choice(["left", "right"])),
    )
