"""Streams of one recording, each on its own times, onto the times of one of them.

Acceleration and gravity are added, so gravity, which changes slowly, is interpolated. Angular
rates are never interpolated: a sample is an acceleration with the nearest angular rate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.recording import Array, Export
from firmware_bridge.exports.table import Table

# Longer holes are not bridged: they stay holes, for the engine to see.
MAX_BRIDGE_S: Final = 0.1
# Of a period, with room for the rounding of times as large as seconds since 1970.
_HALF: Final = 0.501


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Values (n, k) at strictly increasing times (n,) in s."""

    time_s: Array
    values: Array

    @classmethod
    def sorted(cls, time_s: Array, values: Array) -> tuple[Self, int]:
        """Sort rows by time and keep the first of equal times; return how many rows went."""
        order = np.argsort(time_s, kind="stable")
        time_s = time_s[order]
        keep = np.concatenate(([True], np.diff(time_s) > 0))
        return cls(time_s[keep], values[order][keep]), int(np.count_nonzero(~keep))

    def times(self, factor: float) -> Self:
        """Return the stream with its values multiplied, as from one unit to another."""
        return type(self)(self.time_s, self.values * factor)

    @property
    def period_s(self) -> float:
        """Usual time between two samples; 0 for a single one."""
        return float(np.median(np.diff(self.time_s))) if len(self.time_s) > 1 else 0.0

    def covers(self, time_s: Array) -> NDArray[np.bool_]:
        """Tell at which times the stream can be interpolated without bridging a hole."""
        last = len(self.time_s) - 1
        behind = np.clip(np.searchsorted(self.time_s, time_s), min(1, last), last)
        before = np.maximum(behind - 1, 0)
        is_bridged = self.time_s[behind] - self.time_s[before] <= MAX_BRIDGE_S
        is_inside = (time_s >= self.time_s[0]) & (time_s <= self.time_s[-1])
        is_on_sample = np.isin(time_s, self.time_s)
        covered: NDArray[np.bool_] = is_inside & (is_bridged | is_on_sample)
        return covered

    def at(self, time_s: Array) -> Array:
        """Interpolate linearly, (len(time_s), k)."""
        columns = [np.interp(time_s, self.time_s, column) for column in self.values.T]
        return np.column_stack(columns)


def add(first: Stream, other: Stream) -> Stream:
    """Add two streams at the times of the first.

    Times at which the other has a hole of more than 0.1 s, or has not begun, or is over, are left
    out.

    Raises
    ------
    UnreadableExportError
        If the streams have no time in common.

    """
    keep = other.covers(first.time_s)
    if not keep.any():
        raise _apart()
    time_s = first.time_s[keep]
    return Stream(time_s, first.values[keep] + other.at(time_s))


def pair(acc: Stream, gyr: Stream) -> tuple[Array, Array, Array]:
    """Pair each acceleration with the nearest angular rate within half a period.

    The period is that of the slower stream. What finds no partner is left out.

    Returns
    -------
    (m,), (m, 3) and (m, 3) ndarray
        Times of the accelerations in s, accelerations, angular rates.

    Raises
    ------
    UnreadableExportError
        If no two samples are near enough.

    """
    behind = np.clip(np.searchsorted(gyr.time_s, acc.time_s), 0, len(gyr.time_s) - 1)
    before = np.maximum(behind - 1, 0)
    is_before_nearer = acc.time_s - gyr.time_s[before] <= gyr.time_s[behind] - acc.time_s
    nearest = np.where(is_before_nearer, before, behind)
    period_s = max(acc.period_s, gyr.period_s)
    keep = np.abs(gyr.time_s[nearest] - acc.time_s) <= _HALF * period_s
    if not keep.any():
        raise _apart()
    return acc.time_s[keep], acc.values[keep], gyr.values[nearest[keep]]


def paired_export(
    format_id: str,
    acc: Stream,
    gyr: Stream,
    notes: Iterable[str] = (),
    *,
    n_recorded: int | None = None,
) -> Export:
    """Pair two streams in SI units to a recording that begins at 0 s.

    Parameters
    ----------
    format_id : str
        Name of the format.
    acc, gyr : Stream
        Specific force in m/s² and angular rate in rad/s.
    notes : iterable of str
        What there is to say already.
    n_recorded : int, optional
        How many accelerations there were, if more than in `acc`.

    Raises
    ------
    UnreadableExportError
        If the streams have no time in common.

    """
    time_s, acc_ms2, gyr_rads = pair(acc, gyr)
    said = list(notes)
    if n_lost := (n_recorded or len(acc.time_s)) - len(time_s):
        said.append(
            f"{n_lost} samples at the ends or beside holes have no partner and are left out."
        )
    return Export(
        format=format_id,
        time_s=time_s - time_s[0],
        acc_ms2=acc_ms2,
        gyr_rads=gyr_rads,
        notes=tuple(said),
    )


def _apart() -> UnreadableExportError:
    return UnreadableExportError(
        "Acceleration and angular rate were not recorded at the same time",
        "export the files of one and the same recording together",
    )


def read_stream(
    table: Table,
    time: int,
    values: Sequence[int],
    notes: list[str],
    *,
    time_factor: float = 1.0,
    factor: float = 1.0,
) -> Stream:
    """Read columns of a table as a stream, without the rows that lack a number.

    Parameters
    ----------
    table : Table
        Where the columns stand.
    time : int
        Column of the times.
    values : sequence of int
        Columns of the values.
    notes : list of str
        What was left out is added here.
    time_factor, factor : float
        From the units of the columns to s, and to the unit wanted.

    Raises
    ------
    UnreadableExportError
        If no row is whole, or a cell is not a number.

    """
    rows = table.read_at((time, *values), gaps_allowed=True)
    is_whole = np.isfinite(rows).all(axis=1)
    if not is_whole.any():
        raise UnreadableExportError(f"{table.name} holds no samples", "record again")
    if n_missing := int(np.count_nonzero(~is_whole)):
        notes.append(f"{n_missing} rows of {table.name} lack a number and are left out.")
    rows = rows[is_whole]
    stream, n_repeated = Stream.sorted(rows[:, 0] * time_factor, rows[:, 1:] * factor)
    if n_repeated:
        notes.append(f"{n_repeated} rows of {table.name} repeat a time and are left out.")
    return stream
