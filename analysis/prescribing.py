"""An exercise with what was ordered of it in its place, its bands moved along with its targets.

The bands of the catalogue belong to its targets: 2.5 to 3.5 s to a return of 3 s, 80 to 100 degrees
to a bend of 90. An order of 4 s therefore means 3.5 to 4.5 s; what scales with a time (how much of
it is movement, how short is a drop) keeps its share of it.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from analysis.exercise import Exercise, Movement
from analysis.samples import Side

Legs = Literal["left", "right", "both"]
COUNTED: Final = frozenset({Movement.REPS, Movement.STEPS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What a clinician may order of an exercise; None leaves the programme's own.

    Parameters
    ----------
    sets, reps : int, optional
        Of one session; with both legs, of each.
    eccentric_s, concentric_s, hold_s, rest_s : float, optional
        The tempo, the hold, the pause between sets.
    peak_deg : float, optional
        How far to bend.
    tempo_tolerance_s, peak_tolerance_deg : float, optional
        How far from the target still is on target, either way.
    legs : {"left", "right", "both"}, optional
        Which leg trains; both: each has its own sets.

    """

    sets: int | None = None
    reps: int | None = None
    eccentric_s: float | None = None
    concentric_s: float | None = None
    hold_s: float | None = None
    rest_s: float | None = None
    peak_deg: float | None = None
    tempo_tolerance_s: float | None = None
    peak_tolerance_deg: float | None = None
    legs: Legs | None = None

    @property
    def leg(self) -> Side | None:
        """The one leg that trains, if one was named."""
        return Side(self.legs) if self.legs in {"left", "right"} else None


def orderable(exercise: Exercise) -> frozenset[str]:
    """Return the names of the targets that mean something for an exercise.

    Examples
    --------
    >>> from analysis import load_catalogue
    >>> sorted(orderable(load_catalogue()["stretch_hamstring"]))
    ['hold_s', 'rest_s', 'sets']

    """
    names = {"sets", "rest_s"}
    if exercise.movement in COUNTED and exercise.reps is not None:
        names |= {"reps", "legs"}
    if exercise.movement is Movement.STILLNESS and exercise.side == "alternate":
        names |= {"legs"}
    if exercise.eccentric_s is not None:
        names |= {"eccentric_s", "tempo_tolerance_s"}
    if exercise.peak_deg is not None:
        names |= {"peak_deg", "peak_tolerance_deg"}
    names |= {name for name in ("concentric_s", "hold_s") if getattr(exercise, name) is not None}
    return frozenset(names)


def prescribed(exercise: Exercise, targets: Targets) -> Exercise:
    """Return an exercise as it was ordered.

    Parameters
    ----------
    exercise : Exercise
        As the programme has it.
    targets : Targets
        What means nothing for this exercise is left out: a plank gets no knee angle.

    Examples
    --------
    >>> from analysis import load_catalogue
    >>> slower = prescribed(load_catalogue()["ecc_prone_helper"], Targets(eccentric_s=4.0))
    >>> slower.in_tempo_s, slower.accepted_s
    ((3.5, 4.5), (3.0, 5.0))

    """
    known = orderable(exercise)
    plain = ("sets", "reps", "eccentric_s", "concentric_s", "hold_s", "rest_s", "peak_deg")
    given = {name: getattr(targets, name) for name in plain if name in known}
    ordered = replace(exercise, **{k: value for k, value in given.items() if value is not None})
    if "eccentric_s" in known:
        ordered = _with_tempo(exercise, ordered, targets.tempo_tolerance_s)
    if "peak_deg" in known:
        ordered = _with_peak(exercise, ordered, targets.peak_tolerance_deg)
    if exercise.hold_s and ordered.hold_s and exercise.hold_accepted_s is not None:
        share = exercise.hold_accepted_s / exercise.hold_s
        ordered = replace(ordered, hold_accepted_s=share * ordered.hold_s)
    if targets.legs is None or "legs" not in known:
        return ordered
    each_leg = "alternate" if exercise.movement is Movement.STILLNESS else "both"
    return replace(ordered, side=each_leg if targets.legs == "both" else "affected")


def tempo_tolerance_s(exercise: Exercise) -> float:
    """Return how far from its time a return still is in tempo, in seconds either way."""
    return (exercise.in_tempo_s[1] - exercise.in_tempo_s[0]) / 2


def peak_tolerance_deg(exercise: Exercise) -> float | None:
    """Return how far from its angle a bend still is good, in degrees either way."""
    good_deg = exercise.peak_good_deg
    return None if good_deg is None else (good_deg[1] - good_deg[0]) / 2


def _with_tempo(known: Exercise, ordered: Exercise, tolerance_s: float | None) -> Exercise:
    """Put the bands around the ordered time; the wider one stays as much wider as it was."""
    if known.eccentric_s is None or ordered.eccentric_s is None:
        return ordered
    if ordered.eccentric_s == known.eccentric_s and tolerance_s is None:
        return ordered
    target_s = ordered.eccentric_s
    usual_s = tempo_tolerance_s(known)
    near_s = usual_s if tolerance_s is None else tolerance_s
    wide_s = near_s * (known.accepted_s[1] - known.accepted_s[0]) / 2 / usual_s
    share = target_s / known.eccentric_s
    drop_s = known.fast_drop_s * min(1.0, share)
    in_tempo_s = (max(drop_s, target_s - near_s), target_s + near_s)
    return replace(
        ordered,
        in_tempo_s=in_tempo_s,
        accepted_s=(max(drop_s, target_s - wide_s), target_s + wide_s),
        moving_min_s=min(in_tempo_s[0], known.moving_min_s * share),
        fast_drop_s=drop_s,
    )


def _with_peak(known: Exercise, ordered: Exercise, tolerance_deg: float | None) -> Exercise:
    """Put the good range around the ordered angle."""
    if known.peak_deg is None or ordered.peak_deg is None or known.peak_good_deg is None:
        return ordered
    if tolerance_deg is not None:
        low, high = ordered.peak_deg - tolerance_deg, ordered.peak_deg + tolerance_deg
    else:
        shift_deg = ordered.peak_deg - known.peak_deg
        low, high = (limit + shift_deg for limit in known.peak_good_deg)
    return replace(ordered, peak_good_deg=(max(0.0, low), high))
