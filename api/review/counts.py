"""What a set comes to twice: as it was measured, and without the repetitions left out."""

from collections.abc import Collection
from dataclasses import dataclass
from statistics import fmean

from analysis import Exercise
from api.pages.charts import verdict
from api.schemas import RepBody, SetBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The numbers of a set that depend on which repetitions count.

    Parameters
    ----------
    reps, in_tempo : int
        How many repetitions, and how many of them in tempo.
    dose_s : float, optional
        Eccentric time delivered; None where no repetition was timed.
    eccentric_mean_s : float, optional
        Mean duration of the eccentric phase.

    """

    reps: int
    in_tempo: int
    dose_s: float | None
    eccentric_mean_s: float | None


def count_reps(
    one: SetBody, exercise: Exercise | None, left_out: Collection[int] = frozenset()
) -> Count:
    """Count the repetitions of a set, but for those left out.

    Parameters
    ----------
    one : SetBody
        The set as it was measured.
    exercise : Exercise, optional
        Whose bands count; None for one that the catalogue does not know.
    left_out : collection of int
        Numbers of repetitions, from 1.

    """
    counted = [rep for number, rep in enumerate(one.reps, 1) if number not in left_out]
    timed = [rep.eccentric_s for rep in counted if rep.eccentric_s is not None]
    return Count(
        reps=len(counted),
        in_tempo=sum(verdict(rep, exercise) == "in_tempo" for rep in counted),
        dose_s=_dose_s(counted, exercise) if timed else None,
        eccentric_mean_s=fmean(timed) if timed else None,
    )


def _dose_s(reps: list[RepBody], exercise: Exercise | None) -> float:
    """Add up eccentric time; a leg that dropped gives none (docs/reference/measures.md)."""
    least_s = exercise.fast_drop_s if exercise is not None else 0.0
    return sum(
        rep.eccentric_s
        for rep in reps
        if rep.eccentric_s is not None and rep.eccentric_s >= least_s
    )
