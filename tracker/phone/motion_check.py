"""Is this phone fit to measure, and whose signs does its browser follow? Told by a still pose.

Before it is strapped on, the phone lies flat for a moment with its screen up. The specific force
must then be about +9.8 m/s² along z (W3C, Device Orientation and Motion); WebKit on iPhone and
iPad gives the opposite. What the page takes its platform for is only what is expected: where the
pose says otherwise, the person confirms that the screen is up, and the pose wins. How the phone
turned on its way to the table shows whether its gyroscope has the right unit and sign.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from firmware_bridge import DamagedFrame, DeviceMotionDecoder, ImuPacket, PhonePlatform
from tracker.phone.gyro_check import contradicts

STILL_S: Final = 1.0
STILL_ACC_MS2: Final = 0.3  # standard deviation on a table, browsers round to 0.1
STILL_GYR_RADS: Final = 0.06  # 3.4 degrees a second: more than the offset of a phone
GRAVITY_MS2: Final = (8.8, 10.8)
FLAT_SHARE: Final = 0.9  # of gravity along z: within 26 degrees of level
LOWEST_HZ: Final = 20.0  # the engine's least rate
HIGHEST_HZ: Final = 1000.0  # and its highest
FIT_PLATFORMS: Final[Mapping[str, PhonePlatform]] = {"android": "android", "ios": "ios"}
N_WITHOUT_GYROSCOPE: Final = 20  # events with accelerations alone
MAX_KEPT: Final = 1024


class Finding(StrEnum):
    """Where the check stands."""

    WAITING = "waiting"  # too few events yet
    MOVING = "moving"
    NOT_FLAT = "not_flat"
    UNSURE = "unsure"  # the pose contradicts the platform: is the screen up?
    FIT = "fit"
    NO_GYROSCOPE = "no_gyroscope"
    WRONG_UNIT = "wrong_unit"
    TOO_SLOW = "too_slow"

    @property
    def is_final(self) -> bool:
        """Whether no further event changes it."""
        return self in {Finding.FIT, Finding.NO_GYROSCOPE, Finding.WRONG_UNIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check came to.

    Parameters
    ----------
    platform : {"android", "ios"}
        Whose signs the browser follows.
    rate_hz : float
        Events a second.
    is_as_expected : bool
        Whether the platform was what the page took it for.

    """

    platform: PhonePlatform
    rate_hz: float
    is_as_expected: bool

    def document(self) -> dict[str, Any]:
        """Return it as a page keeps it, to say so when it comes back to another process."""
        return {
            "platform": self.platform,
            "rate_hz": round(self.rate_hz, 2),
            "is_as_expected": self.is_as_expected,
        }

    @classmethod
    def read(cls, told: object) -> Self | None:
        """Read what a page kept; None where it cannot be that of a phone that is fit."""
        if not isinstance(told, dict):
            return None
        platform = FIT_PLATFORMS.get(str(told.get("platform")))
        rate_hz, is_as_expected = told.get("rate_hz"), told.get("is_as_expected")
        if platform is None or not isinstance(is_as_expected, bool):
            return None
        if not isinstance(rate_hz, int | float) or not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
            return None
        return cls(platform=platform, rate_hz=float(rate_hz), is_as_expected=is_as_expected)


class MotionCheck:
    """Watch the first events of a phone.

    Parameters
    ----------
    expected : {"android", "ios", "standardised"}
        What the page takes its platform for.

    """

    def __init__(self, expected: PhonePlatform) -> None:
        self.finding = Finding.WAITING
        self.result: Checked | None = None
        self._expected = expected
        self._decoder = DeviceMotionDecoder("standardised")  # signs as sent
        self._kept: deque[ImuPacket] = deque(maxlen=MAX_KEPT)
        self._n_damaged = 0
        self._is_screen_up_said = False

    @classmethod
    def passed(cls, result: Checked) -> Self:
        """Return the check of a phone that was found fit before, by another process."""
        made = cls(result.platform)
        made.finding, made.result = Finding.FIT, result
        return made

    def feed(self, samples: bytes) -> Finding:
        """Take in samples as the page sends them; return where the check stands."""
        if self.finding.is_final:
            return self.finding
        for one in self._decoder.feed(samples):
            if isinstance(one, ImuPacket):
                self._kept.append(one)
            elif isinstance(one, DamagedFrame):
                self._n_damaged += 1
        self.finding = self._judge()
        return self.finding

    def confirm_screen_up(self) -> Finding:
        """Take note that a person says the screen is up."""
        self._is_screen_up_said = True
        if not self.finding.is_final:
            self.finding = self._judge()
        return self.finding

    def _judge(self) -> Finding:
        if not self._kept:
            has_no_numbers = self._n_damaged >= N_WITHOUT_GYROSCOPE
            return Finding.NO_GYROSCOPE if has_no_numbers else Finding.WAITING
        last = self._last_second()
        if last is None:
            return Finding.WAITING
        acc_ms2 = np.array([one.acc_ms2 for one in last])
        gyr_rads = np.array([one.gyr_rads for one in last])
        is_still = acc_ms2.std(axis=0).max() < STILL_ACC_MS2
        is_turning = np.linalg.norm(gyr_rads.mean(axis=0)) > STILL_GYR_RADS
        if not is_still or is_turning or gyr_rads.std(axis=0).max() > STILL_GYR_RADS:
            return Finding.MOVING
        return self._judge_pose(acc_ms2.mean(axis=0), self._rate_hz(last))

    def _judge_pose(self, pull_ms2: NDArray[np.float64], rate_hz: float) -> Finding:
        size_ms2 = float(np.linalg.norm(pull_ms2))
        if not GRAVITY_MS2[0] <= size_ms2 <= GRAVITY_MS2[1]:
            return Finding.WRONG_UNIT
        if contradicts(self._kept):
            return Finding.WRONG_UNIT
        if rate_hz < LOWEST_HZ:
            return Finding.TOO_SLOW
        if abs(pull_ms2[2]) < FLAT_SHARE * size_ms2:
            return Finding.NOT_FLAT
        found: PhonePlatform = "android" if pull_ms2[2] > 0 else "ios"
        is_as_expected = (found == "ios") == (self._expected == "ios")
        if not is_as_expected and not self._is_screen_up_said:
            return Finding.UNSURE
        self.result = Checked(platform=found, rate_hz=rate_hz, is_as_expected=is_as_expected)
        return Finding.FIT

    def _last_second(self) -> list[ImuPacket] | None:
        """Return the events of the last second; None if there is not a whole one yet."""
        end_s = self._kept[-1].device_time_s or 0.0
        if end_s - (self._kept[0].device_time_s or 0.0) < STILL_S:
            return None
        return [one for one in self._kept if end_s - (one.device_time_s or 0.0) <= STILL_S]

    @staticmethod
    def _rate_hz(packets: list[ImuPacket]) -> float:
        times_s = [one.device_time_s or 0.0 for one in packets]
        steps_s = [after - before for before, after in pairwise(times_s)]
        return 1.0 / median(steps_s) if steps_s else 0.0
