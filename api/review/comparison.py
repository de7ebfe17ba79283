"""Two sessions of one exercise against each other, with what each number is uncertain by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import fmean, stdev
from typing import Final, Literal

from analysis import Exercise
from api.pages.charts import verdict
from api.pages.views import KNEE_U_DEG
from api.schemas import RepBody

Verdict = Literal["more", "less", "too_close", "unknown"]
LEAST_REPS: Final = 3  # the spread of two says nothing
NOISE_DEG: Final = 6.0  # of a knee angle between two sessions (docs/reference/measures.md)
SHOWN: Final[Mapping[str, float]] = {"sparc": 0.05, "in_tempo_percent": 0.5}
"""Half of the last digit that is shown, where a number has no uncertainty of its own."""

NOT_A_DROP_S: Final = 1.0  # where the catalogue does not know the exercise
T_95: Final[Mapping[int, float]] = {
    # Student's t, two-sided 95 %, by degrees of freedom; between two entries the wider one counts.
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    6: 2.447,
    8: 2.306,
    10: 2.228,
    14: 2.145,
    20: 2.086,
    30: 2.042,
    60: 2.000,
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number of one session; `u` is the half-width of its 95 % interval, None if unknown."""

    value: float
    u: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure of two sessions.

    Parameters
    ----------
    name : str
        As in docs/reference/measures.md; its ending is its unit.
    first, second : Estimate, optional
        Of the earlier and of the later session; None where it was not measured.
    difference : float, optional
        Second minus first.
    u : float, optional
        What the difference is uncertain by.
    verdict : {"more", "less", "too_close", "unknown"}
        What can be said of it.

    """

    name: str
    first: Estimate | None
    second: Estimate | None
    difference: float | None
    u: float | None
    verdict: Verdict


def compare(
    first: Sequence[RepBody],
    second: Sequence[RepBody],
    before: Exercise | None,
    now: Exercise | None,
) -> list[Comparison]:
    """Compare the repetitions that count of two sessions.

    Parameters
    ----------
    first, second : sequence of RepBody
        All sets of one exercise and one leg, of the earlier and of the later session.
    before, now : Exercise, optional
        Whose bands count in the first and in the second: an order may have changed them. None for
        one that the catalogue does not know.

    Returns
    -------
    list of Comparison
        Those measures that at least one of the two has.

    Notes
    -----
    A mean is uncertain by the spread of its repetitions (Student's t) and by what one of them is
    uncertain by: much of that is the strap and the start position, the same in a whole sitting,
    so it does not shrink with their number. A share in tempo is uncertain by the repetitions too
    close to a limit to call. A difference is called only beyond both uncertainties in quadrature,
    a knee angle never under 6 degrees.

    """
    measured = [_estimates(first, before), _estimates(second, now)]
    names = dict.fromkeys(name for one in measured for name in one)
    least_deg = NOISE_DEG if now is not None and now.id in KNEE_U_DEG else 0.0
    return [
        _compare(name, measured[0].get(name), measured[1].get(name), least_deg) for name in names
    ]


def counted(reps: Sequence[RepBody], left_out: Collection[int]) -> list[RepBody]:
    """Return the repetitions of a set that count, but for those of these numbers, from 1."""
    return [rep for number, rep in enumerate(reps, 1) if number not in left_out]


def _compare(
    name: str, first: Estimate | None, second: Estimate | None, least_deg: float
) -> Comparison:
    difference = u = None
    called: Verdict = "unknown"
    if first is not None and second is not None:
        difference = second.value - first.value
        if first.u is not None and second.u is not None:
            u = max(hypot(first.u, second.u), least_deg if name.endswith("_deg") else 0.0)
            is_close = abs(difference) <= max(u, SHOWN.get(name, 0.0))
            called = "too_close" if is_close else "more" if difference > 0 else "less"
    return Comparison(
        name=name, first=first, second=second, difference=difference, u=u, verdict=called
    )


def _estimates(reps: Sequence[RepBody], exercise: Exercise | None) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {"reps": Estimate(len(reps), 0.0)}
    if exercise is not None and exercise.eccentric_s is not None:
        found |= _tempo(reps, exercise)
    timed = [rep for rep in reps if rep.eccentric_s is not None]
    if timed:
        least_s = NOT_A_DROP_S if exercise is None else exercise.fast_drop_s
        given = [rep for rep in timed if (rep.eccentric_s or 0.0) >= least_s]
        dose_s = sum(rep.eccentric_s or 0.0 for rep in given)
        found["dose_s"] = Estimate(dose_s, sum(rep.eccentric_s_u or 0.0 for rep in given))
    for name in ("eccentric_s", "concentric_s", "hold_scored_s", "peak_deg", "rom_deg", "sparc"):
        mean = _mean(reps, name)
        if mean is not None:
            found[name] = mean
    return found


def _tempo(reps: Sequence[RepBody], exercise: Exercise) -> dict[str, Estimate]:
    """Return the share in tempo, in percent of the timed repetitions."""
    judged = [verdict(rep, exercise) for rep in reps if rep.eccentric_s is not None]
    if not judged:
        return {}
    n_close = sum("too_close_to_call" in rep.flags for rep in reps)
    per_rep = 100 / len(judged)
    return {"in_tempo_percent": Estimate(judged.count("in_tempo") * per_rep, n_close * per_rep)}


def _mean(reps: Sequence[RepBody], name: str) -> Estimate | None:
    """Return the mean of a measure over the repetitions that have it."""
    pairs = [
        (value, getattr(rep, f"{name}_u", None) or _extra_u(rep, name))
        for rep in reps
        if (value := getattr(rep, name)) is not None
    ]
    if not pairs:
        return None
    values = [value for value, _ in pairs]
    if len(values) < LEAST_REPS:
        return Estimate(fmean(values), None)
    own = [u for _, u in pairs if u is not None]
    of_one = sqrt(fmean(u * u for u in own)) if own else 0.0
    of_spread = _t95(len(values) - 1) * stdev(values) / sqrt(len(values))
    return Estimate(fmean(values), hypot(of_spread, of_one))


def _extra_u(rep: RepBody, name: str) -> float | None:
    found = (rep.__pydantic_extra__ or {}).get(f"{name}_u")
    return float(found) if isinstance(found, int | float) else None


def _t95(freedom: int) -> float:
    return T_95[max(known for known in T_95 if known <= max(freedom, min(T_95)))]
