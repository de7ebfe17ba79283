"""The pose that counts as zero, and the pose the leg rests in now: they drift apart.

Zero is the calibration pose of the recording. The rest pose follows the leg, a few degrees at a
time, so that repetitions are found; what is measured still counts from zero.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector, hinge_angle_deg, tilt_between_deg
from analysis.rep_finder import SAME_REST_DEG
from analysis.rest_seeker import DOUBTFUL_QUALITY, FoundRest
from analysis.results import Calibration
from analysis.stillness import Pose

NEW_REST_DEG: Final = 35.0  # a moved chair or foot; more is another pose
GOOD_QUALITY: Final = 0.7
STEADY_QUALITY: Final = 0.9  # of a leg that lies or hangs while its owner holds still
TURNED_QUALITY: Final = 0.6
ENVELOPE_REPS: Final = 5
ENVELOPE_DEG: Final = 3.0  # landings this close to the lowest are at rest; others stopped short


class RestPoses:
    """Zero, rest, and the first rest pose found, in case a later one was none.

    Parameters
    ----------
    zero_deg : float
        The angle that the first still pose stands for.
    needs_steady : bool
        Whether angles from zero are judged: a pose that was less than steady is then bettered by
        the first landings, unless its angle was given. Standing people sway.

    """

    def __init__(self, zero_deg: float, *, needs_steady: bool = False) -> None:
        self.zero_deg = zero_deg
        is_strict = needs_steady and zero_deg == 0.0
        self._enough_quality = STEADY_QUALITY if is_strict else GOOD_QUALITY
        self.zero_up: Vector | None = None
        self.calibration = Calibration(method="none", quality=0.0, zero_deg=zero_deg)
        self._rest_up: Vector | None = None
        self._first: tuple[Vector, Calibration] | None = None
        self._n_landings = 0
        self._landings: list[Vector] = []
        self._home_up: Vector | None = None  # the rest pose before the leg went elsewhere

    @property
    def is_known(self) -> bool:
        """Whether there is a rest pose."""
        return self._rest_up is not None

    @property
    def rest_up(self) -> Vector:
        """The vertical in the rest pose, (3,); only while there is one."""
        if self._rest_up is None:
            raise RuntimeError("No rest pose has been found yet.")
        return self._rest_up

    @property
    def zero_pose_up(self) -> Vector:
        """The vertical in the zero pose, (3,); only while there is one."""
        if self.zero_up is None:
            raise RuntimeError("No zero pose has been found yet.")
        return self.zero_up

    @property
    def is_guess(self) -> bool:
        """Whether the rest pose was found between movements, and nobody said what it stands for."""
        is_doubtful = self.calibration.quality <= DOUBTFUL_QUALITY and self.zero_deg == 0.0
        return is_doubtful or self.calibration.method == "lower-envelope"

    def find(self, found: FoundRest, at_s: float) -> None:
        """Take the first rest pose."""
        self.calibration = Calibration(
            method=found.method, quality=found.quality, zero_deg=self.zero_deg, at_s=at_s
        )
        self.zero_up = self._rest_up = found.up
        self._first = (found.up, self.calibration)

    def off_rest_deg(self, up: NDArray[np.float64]) -> float:
        """Angle between the mean of some rows (n, 3) and the rest pose, in any direction."""
        return tilt_between_deg(_mean(up), self.rest_up)

    def rest_level_deg(self, axis: Vector) -> float:
        """Where the rest pose is now, in degrees from the zero pose."""
        if self._rest_up is None or self.zero_up is None:
            return 0.0
        return float(hinge_angle_deg(self._rest_up[None], axis, self.zero_up)[0])

    def follow(self, up: Vector) -> bool:
        """Take this for the rest pose from now on, unless it crept too far from zero for one."""
        if self.zero_up is None or tilt_between_deg(up, self.zero_up) > NEW_REST_DEG:
            return False
        self._rest_up = up
        return True

    @property
    def has_left_home(self) -> bool:
        """Whether the leg rests elsewhere than where its repetitions began."""
        return self._home_up is not None

    def leave_home(self) -> None:
        """Remember the rest pose of the repetitions so far: the leg may come back to it."""
        if self._home_up is None:
            self._home_up = self._rest_up

    def settle(self) -> None:
        """Give up the pose of before: repetitions count from where the leg rests now."""
        self._home_up = None

    def return_home(self, up: NDArray[np.float64], near_deg: float) -> bool:
        """Take the rest pose of the last repetitions, if these rows (n, 3) are in it again.

        Between sets people rest elsewhere, on their knees or seated, for longer than a hold lasts.
        """
        home = self._home_up
        if home is None or tilt_between_deg(_mean(up), home) > near_deg:
            return False
        self._rest_up, self._home_up = home, None
        return True

    def is_back_at_zero(self, up: NDArray[np.float64], near_deg: float) -> bool:
        """Whether these rows (n, 3) are in the zero pose; then that is the rest pose again."""
        if self.zero_up is None or tilt_between_deg(_mean(up), self.zero_up) > near_deg:
            return False
        self._rest_up = self.zero_up
        return True

    def follow_landing(self, up: NDArray[np.float64], axis: Vector, same_rest_deg: float) -> None:
        """Follow where a repetition came to rest, in these rows (n, 3), if that is near zero.

        Where the recording began in movement, zero is the lower envelope of the first landings.
        """
        if self.zero_up is None:
            return
        mean = up.mean(axis=0)
        mean /= np.sqrt(mean @ mean)
        is_near = any(
            tilt_between_deg(mean, pose) < same_rest_deg for pose in (self.zero_up, self.rest_up)
        )
        # A leg that comes down further than it rested did not rest there.
        below_deg = -float(hinge_angle_deg(mean[None], axis, self.rest_up)[0])
        is_rest = is_near or 0.0 < below_deg < NEW_REST_DEG
        if is_rest:
            self._rest_up = mean
        self._n_landings += 1
        if self.calibration.quality > self._enough_quality or self._n_landings > ENVELOPE_REPS:
            return
        if is_rest:
            self._landings.append(mean)
            self._take_envelope(axis)

    def _take_envelope(self, axis: Vector) -> None:
        """Take the mean of the lowest landings so far for zero."""
        landings = np.array(self._landings)
        level_deg = hinge_angle_deg(landings, axis, self.zero_pose_up)
        envelope = landings[level_deg < level_deg.min() + ENVELOPE_DEG].mean(axis=0)
        self.zero_up = envelope / np.sqrt(envelope @ envelope)
        self.calibration = replace(self.calibration, method="lower-envelope", quality=GOOD_QUALITY)

    def replace(self, pose: Pose, at_s: float) -> bool:
        """Nothing was counted from the first pose: take this one. True if zero moved with it."""
        self._rest_up = pose.up
        if self.zero_deg != 0.0:  # the first pose's angle was given: it stays the zero
            return False
        self.zero_up = pose.up
        self.calibration = Calibration(
            method="still-pose", quality=steadiness(pose.wander_deg), at_s=at_s
        )
        return True

    def turn_round(self, pose: Pose, at_s: float) -> bool:
        """Take this pose for good: the first one was the other end of the movement."""
        has_moved = self.replace(pose, at_s)
        if has_moved:  # a moment between two movements is no still pose to swear by
            self.calibration = replace(self.calibration, quality=TURNED_QUALITY)
        self._first = None
        return has_moved

    def is_back_at_first(self, up: NDArray[np.float64]) -> bool:
        """Whether these rows (n, 3) are in the first rest pose, which was replaced meanwhile."""
        if self._first is None or self._first[0] is self.zero_up:
            return False
        return tilt_between_deg(_mean(up), self._first[0]) < SAME_REST_DEG

    def return_to_first(self) -> None:
        """Take the first rest pose again."""
        if self._first is not None:
            self.zero_up = self._rest_up = self._first[0]
            self.calibration = self._first[1]


def _mean(up: NDArray[np.float64]) -> Vector:
    """Mean of some rows (n, 3)."""
    return np.asarray(np.add.reduce(up) / len(up)) if len(up) > 1 else up[0]


def steadiness(wander_deg: float) -> float:
    """Quality of a still pose, 0 to 1, from how far it wandered."""
    return float(np.clip(1.0 - wander_deg / 4.0, 0.0, 1.0))
