"""Times that apps write as text, as `2024-5-3 9:07:01:050` or `09:07:01.05`."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from firmware_bridge.exports.recording import Array

_STAMP: Final = re.compile(
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[ T]+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})"
    r"(?:(?P<mark>[.:,])(?P<fraction>\d{1,9}))?"
)
_DAY_ZERO: Final = date(2000, 1, 1).toordinal()
_DAY_S: Final = 86400.0
_HALF_DAY_S: Final = 43200.0
_HOLE: Final = 1.5  # times the usual period


def clock_s(text: str) -> float:
    """Return a time in s, since 2000 or since midnight, NaN for what is not a time.

    Behind a colon stand milliseconds, behind a point or comma a decimal fraction.

    Examples
    --------
    >>> clock_s("00:01:02:050"), clock_s("0:1:2.5"), clock_s("noon")
    (62.05, 62.5, nan)

    """
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return float("nan")
    days = 0
    if match["year"]:
        try:
            day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            return float("nan")
        days = day.toordinal() - _DAY_ZERO
    fraction = match["fraction"] or "0"
    part_s = int(fraction) / (1000 if match["mark"] == ":" else 10 ** len(fraction))
    clock = int(match["hour"]) * 3600 + int(match["minute"]) * 60 + int(match["second"])
    return days * _DAY_S + clock + part_s


def clock_times_s(texts: Sequence[str]) -> Array:
    """Return the times of rows in s; NaN for rows without one.

    Times without a date go on past midnight.
    """
    time_s = np.array([clock_s(text) for text in texts], dtype=np.float64)
    known = np.flatnonzero(np.isfinite(time_s))
    if known.size and time_s[known].max() <= _DAY_S:
        passes_midnight = np.diff(time_s[known]) < -_HALF_DAY_S
        time_s[known[1:]] += np.cumsum(passes_midnight) * _DAY_S
    return time_s


def spread_equal_times(time_s: Array) -> Array:
    """Spread rows that arrived together over the time since the arrival before, (n,) in s.

    Radios deliver samples in bursts, and programs stamp the whole burst with one time. `time_s`
    never decreases and holds at least two different times; rows of a burst after a hole come one
    usual period apart.
    """
    starts = np.flatnonzero(np.concatenate(([True], np.diff(time_s) > 0)))
    counts = np.diff(np.concatenate((starts, [len(time_s)])))
    steps_s = np.diff(time_s[starts])
    own_s = steps_s / counts[1:]
    period_s = float(np.median(own_s))
    step_s = np.concatenate(([period_s], np.where(own_s > _HOLE * period_s, period_s, own_s)))
    rank_from_end = (
        np.repeat(counts, counts) - 1 - (np.arange(len(time_s)) - np.repeat(starts, counts))
    )
    return np.asarray(time_s - rank_from_end * np.repeat(step_s, counts))
