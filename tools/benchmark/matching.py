"""What was found against what happened: the arithmetic that must not be wrong silently.

Nothing here knows the engine or the simulator: spans and instants in seconds, nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

Span = tuple[float, float]
_LEAST_SHARED: Final = 0.5  # of the true span


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Errors in four numbers: mean absolute, mean, 95th percentile and largest of the absolute."""

    n: int
    mae: float
    bias: float
    p95: float
    largest: float


def spread(errors: ArrayLike) -> Spread:
    """Summarise errors; those that are not finite do not count.

    Examples
    --------
    >>> spread([0.1, -0.1, 0.3, float("nan")]).n
    3

    """
    values = np.asarray(errors, dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        nothing = float("nan")
        return Spread(n=0, mae=nothing, bias=nothing, p95=nothing, largest=nothing)
    sizes = np.abs(values)
    return Spread(
        n=len(values),
        mae=float(sizes.mean()),
        bias=float(values.mean()),
        p95=float(np.percentile(sizes, 95)),
        largest=float(sizes.max()),
    )


def matched(true: Sequence[Span], found: Sequence[Span]) -> list[int | None]:
    """Return for each true span the index of the found one that is it.

    A found span can be only one true one: pairs are made in order of the time they share, and
    only where they share more than half of the true span.
    """
    shared_s = [
        (min(end_s, other_end_s) - max(start_s, other_start_s), i, j)
        for i, (start_s, end_s) in enumerate(true)
        for j, (other_start_s, other_end_s) in enumerate(found)
    ]
    match: list[int | None] = [None] * len(true)
    taken: set[int] = set()
    for both_s, i, j in sorted(shared_s, key=lambda one: (-one[0], one[1], one[2])):
        start_s, end_s = true[i]
        if match[i] is None and j not in taken and both_s > _LEAST_SHARED * (end_s - start_s):
            match[i] = j
            taken.add(j)
    return match


def count_off(found_s: Sequence[float], span_s: Span, least: int, most: int) -> int:
    """Return found minus true within a set; anything between `least` and `most` is right."""
    n = sum(span_s[0] <= t <= span_s[1] for t in found_s)
    return n - min(max(n, least), most)


def n_outside(found_s: Sequence[float], spans_s: Sequence[Span]) -> int:
    """Return how many instants lie in none of the spans."""
    return sum(not any(a <= t <= b for a, b in spans_s) for t in found_s)


def outside_s(duration_s: float, spans_s: Sequence[Span]) -> float:
    """Return how much of 0 to `duration_s` lies in none of the spans, which may overlap."""
    covered_s, reached_s = 0.0, 0.0
    for start_s, end_s in sorted(spans_s):
        begin_s = max(start_s, reached_s)
        if end_s > begin_s:
            covered_s += min(end_s, duration_s) - min(begin_s, duration_s)
            reached_s = end_s
    return duration_s - covered_s


def silences(time_s: Sequence[float], longer_than_s: float) -> list[Span]:
    """Return the spans without samples that are longer than so much."""
    return [(a, b) for a, b in pairwise(time_s) if b - a > longer_than_s]


def share_right(
    true: Sequence[tuple[Span, str]], found: Sequence[tuple[Span, str]], step_s: float = 0.1
) -> float:
    """Return the share of the time of the true spans in which the found label is theirs."""
    right, n = 0, 0
    for (start_s, end_s), label in true:
        for t in np.arange(start_s + 0.5 * step_s, end_s, step_s):
            labels = [other for (a, b), other in found if a <= t < b]
            right += labels == [label]
            n += 1
    return right / n if n else float("nan")


def agrees(flagged: bool, excess: float, doubt: float) -> bool | None:
    """Whether a flag is right, that belongs above a limit; None too close to it to tell."""
    return None if abs(excess) < doubt else flagged == (excess > 0)
