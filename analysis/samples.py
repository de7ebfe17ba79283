"""Samples of one sensor on one clock: what comes into this package.

Units and axes: docs/reference/measures.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import SampleShapeError, SampleValueError


class Side(StrEnum):
    """The leg that carries the sensor."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, eq=False)
class ImuSamples:
    """Samples of an inertial sensor, oldest first.

    Parameters
    ----------
    time_s : (n,) array_like
        Seconds on any clock, strictly increasing.
    acc_ms2 : (n, 3) array_like
        Specific force in m/s² in the sensor's axes: +9.81 on the axis that points up at rest.
    gyr_rads : (n, 3) array_like
        Angular rate in rad/s, right-hand rule, in the same axes.

    Raises
    ------
    SampleShapeError
        If the shapes differ from the above.
    SampleValueError
        If a value is not finite, or time does not strictly increase.

    Examples
    --------
    >>> ImuSamples([0.0, 0.01], [[0, 0, 9.81]] * 2, [[0, 0, 0]] * 2).n_samples
    2

    """

    time_s: NDArray[np.float64]
    acc_ms2: NDArray[np.float64]
    gyr_rads: NDArray[np.float64]

    def __init__(self, time_s: ArrayLike, acc_ms2: ArrayLike, gyr_rads: ArrayLike) -> None:
        # C-contiguous float64, as the orientation filter insists on, and copies: a caller may
        # well fill the same buffers again.
        time = np.array(time_s, np.float64, order="C")
        acc = np.array(acc_ms2, np.float64, order="C")
        gyr = np.array(gyr_rads, np.float64, order="C")
        if time.size == 0 and acc.size == 0 and gyr.size == 0:
            time, acc, gyr = np.empty(0), np.empty((0, 3)), np.empty((0, 3))
        _check(time, acc, gyr)
        object.__setattr__(self, "time_s", time)
        object.__setattr__(self, "acc_ms2", acc)
        object.__setattr__(self, "gyr_rads", gyr)

    @classmethod
    def joined(cls, pieces: Sequence[Self]) -> Self:
        """Put consecutive pieces together, each of which ended before the next began."""
        return cls._checked(
            np.concatenate([piece.time_s for piece in pieces]),
            np.concatenate([piece.acc_ms2 for piece in pieces]),
            np.concatenate([piece.gyr_rads for piece in pieces]),
        )

    @classmethod
    def _checked(
        cls, time: NDArray[np.float64], acc: NDArray[np.float64], gyr: NDArray[np.float64]
    ) -> Self:
        """Wrap rows that need no second check."""
        made = cls.__new__(cls)
        object.__setattr__(made, "time_s", time)
        object.__setattr__(made, "acc_ms2", acc)
        object.__setattr__(made, "gyr_rads", gyr)
        return made

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.time_s)

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, span: slice) -> Self:
        """Return the samples of a slice, on the same clock."""
        if span.step not in (None, 1):
            return type(self)(self.time_s[span], self.acc_ms2[span], self.gyr_rads[span])
        return self._checked(self.time_s[span], self.acc_ms2[span], self.gyr_rads[span])


def _check(time: NDArray[np.float64], acc: NDArray[np.float64], gyr: NDArray[np.float64]) -> None:
    """Raise unless these rows are samples. A packet holds few of them: every call counts here."""
    n = time.size
    if time.ndim != 1 or acc.shape != (n, 3) or gyr.shape != (n, 3):
        raise SampleShapeError(
            "time, acceleration and angular rate must have the shapes (n,), (n, 3), (n, 3); "
            f"they have {time.shape}, {acc.shape}, {gyr.shape}."
        )
    if n == 0:
        return
    is_rising = n == 1 or _all(time[1:] > time[:-1])
    # Times that rise are finite if the first and the last are.
    is_finite = math.isfinite(time.item(0)) and math.isfinite(time.item(-1))
    is_finite = is_finite and (is_rising or _all(np.isfinite(time)))
    if not (is_finite and _all(np.isfinite(acc)) and _all(np.isfinite(gyr))):
        raise SampleValueError("Samples must be finite: drop rows that hold NaN or infinity.")
    if not is_rising:
        raise SampleValueError("Times must strictly increase: sort the rows and drop repeats.")


def _all(is_true: NDArray[np.bool_]) -> bool:
    """Whether all of them, one at least, are true: a third of the time of `ndarray.all`."""
    return bool(is_true.item(is_true.argmin()))
