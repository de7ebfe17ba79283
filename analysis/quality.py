"""How good a repetition and a set were: the verdict on tempo, the flags, the set's numbers.

The rules read their limits from the exercise, so that a prescription can change any of them. Why
each limit is what it is: docs/reference/measures.md.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

from analysis.exercise import Exercise
from analysis.results import Flag, Rep, SetQuality
from analysis.standing_quality import standing_numbers

Verdict = Literal["in_tempo", "accepted", "too_fast", "too_slow"]

GAP_FLAG_S: Final = 0.1  # a shorter hole moves no edge of a 3 s phase by more than its uncertainty
MIN_SPREAD_REPS: Final = 3  # a spread or a trend of two repetitions says nothing

OF_BOUTS: Final = ("active_s", "backward_s", "cadence_mean_per_min", "at_target_percent")
NO_BOUTS: Final = "Repetitions are counted here, not bouts of sport."
NO_NUMBER: Final = "No repetition gave this number."


def judge_flags(
    exercise: Exercise,
    *,
    eccentric_s: float | None,
    eccentric_s_u: float | None,
    eccentric_moving_s: float | None,
    pause_s: float | None,
    peak_deg: float,
    peak_deg_u: float,
    rom_deg: float,
    end_above_rest_deg: float | None,
    gap_s: float = 0.0,
    is_saturated: bool = False,
    is_absolute: bool = False,
    hold_scored_s: float | None = None,
) -> tuple[Flag, ...]:
    """Decide the remarks on one repetition.

    Parameters
    ----------
    exercise : Exercise
        With the targets of the prescription.
    eccentric_s, eccentric_s_u : float, optional
        Duration of the eccentric phase and the half-width of its 95 % interval, in seconds.
    eccentric_moving_s, pause_s : float, optional
        Movement and standstill within that phase, in seconds.
    peak_deg, peak_deg_u, rom_deg : float
        Highest angle, the half-width of its 95 % interval, and the way out, in degrees.
    end_above_rest_deg : float, optional
        How far from rest the repetition ended, in degrees; None where that is not known.
    gap_s : float
        The longest hole in the signal during the repetition, in seconds.
    is_saturated : bool
        Whether the sensor ran out of range during the repetition.
    is_absolute : bool
        Whether zero was given, so that the angle is the joint's own and not the excursion from
        the start pose; only then is a peak limit judged.
    hold_scored_s : float, optional
        Time at or above 85 % of the peak, in seconds.

    Returns
    -------
    tuple of Flag
        In the order of `Flag`.

    """
    is_shallow = _is_shallow(exercise, peak_deg)
    is_incomplete = (
        exercise.has_peak_target
        and end_above_rest_deg is not None
        and end_above_rest_deg > exercise.incomplete_return_deg
    )
    is_beyond = _is_beyond_limit(exercise, peak_deg) and is_absolute
    found = {
        Flag.SHALLOW: is_shallow,
        Flag.INCOMPLETE_RETURN: is_incomplete,
        Flag.GAP: gap_s > GAP_FLAG_S,
        Flag.SATURATED: is_saturated,
        Flag.BEYOND_LIMIT: is_beyond,
        Flag.SHORT_HOLD: _is_short(hold_scored_s, exercise.hold_accepted_s),
        Flag.KNEE_MAY_BEND: exercise.bend_note_deg is not None
        and peak_deg - peak_deg_u > exercise.bend_note_deg,
    }
    if exercise.eccentric_s is not None and eccentric_s is not None:
        # A part of the range takes a part of the time: such a rep is judged by its mean speed.
        travel_deg = None
        if is_shallow or is_incomplete:
            travel_deg = max(rom_deg, peak_deg) - max(end_above_rest_deg or 0.0, 0.0)
        found |= _tempo_flags(
            exercise,
            eccentric_s=eccentric_s,
            u_s=eccentric_s_u or 0.0,
            moving_s=eccentric_moving_s if pause_s else None,
            travel_deg=travel_deg,
        )
    return tuple(flag for flag in Flag if found.get(flag))


def tempo_verdict(rep: Rep, exercise: Exercise) -> Verdict | None:
    """Say how the eccentric phase of a repetition compares with the prescribed tempo.

    Parameters
    ----------
    rep : Rep
        With its flags: a shallow or incomplete one is too fast only if flagged so.
    exercise : Exercise
        Whose bands count.

    Returns
    -------
    {"in_tempo", "accepted", "too_fast", "too_slow"} or None
        None where no tempo is prescribed, or the phase could not be measured.

    """
    if exercise.eccentric_s is None or rep.eccentric_s is None:
        return None
    if Flag.TOO_FAST in rep.flags:
        return "too_fast"
    is_part = Flag.SHALLOW in rep.flags or Flag.INCOMPLETE_RETURN in rep.flags
    verdict = _verdict(exercise, rep.eccentric_s, None, rep.eccentric_moving_s)
    if verdict == "too_fast" and is_part:
        return "accepted"
    return verdict


def set_quality(
    exercise: Exercise,
    reps: Sequence[Rep],
    *,
    coverage: float,
    calibration_quality: float,
    n_other_leg: int = 0,
) -> SetQuality:
    """Sum up a set of repetitions against what was prescribed.

    Parameters
    ----------
    exercise : Exercise
        The prescription: its repetitions, its eccentric time, its bands.
    reps : sequence of Rep
        The repetitions done, extra ones included, in order.
    coverage : float
        Share of the due samples that came, from 0 to 1.
    calibration_quality : float
        From 0 to 1.
    n_other_leg : int
        Steps of the other leg, as seen from this one.

    Returns
    -------
    SetQuality
        Standard deviations have n - 1 below the line; the drift is the change of a straight line
        fitted to the durations, from the first repetition to the last. Both need 3 repetitions.

    """
    timed = [rep.eccentric_s for rep in reps if rep.eccentric_s is not None]
    holds = [rep.hold_scored_s for rep in reps if rep.hold_scored_s is not None]
    verdicts = Counter(tempo_verdict(rep, exercise) for rep in reps)
    has_tempo = exercise.eccentric_s is not None
    dose_s = sum(one_s for one_s in timed if one_s >= exercise.fast_drop_s)
    prescribed_s = _prescribed_s(exercise)
    numbers = {
        "in_tempo": verdicts["in_tempo"] if has_tempo else None,
        "accepted": verdicts["in_tempo"] + verdicts["accepted"] if has_tempo else None,
        "eccentric_mean_s": _mean(timed),
        "eccentric_sd_s": _sd(timed),
        "eccentric_drift_s": _drift(timed),
        "dose_s": dose_s if timed else None,
        "dose_prescribed_s": prescribed_s,
        "dose_percent": _dose_percent(exercise, len(reps), dose_s, prescribed_s),
        "concentric_mean_s": _mean([r.concentric_s for r in reps if r.concentric_s is not None]),
        "hold_mean_s": _mean(holds) if exercise.hold_s is not None else None,
        "holds_long_enough": _n_long_enough(holds, exercise.hold_accepted_s),
        "peak_mean_deg": _mean([rep.peak_deg for rep in reps]),
        "peak_sd_deg": _sd([rep.peak_deg for rep in reps]),
        "rom_mean_deg": _mean([rep.rom_deg for rep in reps]),
        "sparc_mean": _mean([rep.sparc for rep in reps if rep.sparc is not None]),
    }
    standing, why_none = standing_numbers(exercise, reps, n_other_leg)
    numbers |= standing
    reasons = _reasons(exercise, len(reps), len(timed)) | why_none
    return SetQuality(
        reps=len(reps),
        reps_prescribed=exercise.reps,
        coverage=coverage,
        calibration_quality=calibration_quality,
        flags=dict(Counter(flag for rep in reps for flag in rep.flags)),
        absent={
            name: reasons.get(name, NO_NUMBER) for name, value in numbers.items() if value is None
        }
        | dict.fromkeys(OF_BOUTS, NO_BOUTS),
        **numbers,  # type: ignore[arg-type]  # one table, so that no number misses its reason
    )


def _is_shallow(exercise: Exercise, peak_deg: float) -> bool:
    return (
        exercise.peak_deg is not None
        and peak_deg < exercise.shallow_fraction[1] * exercise.peak_deg
    )


def _is_beyond_limit(exercise: Exercise, peak_deg: float) -> bool:
    return (
        exercise.peak_kind == "limit"
        and exercise.peak_good_deg is not None
        and peak_deg > exercise.peak_good_deg[1]
    )


def _is_short(hold_s: float | None, accepted_s: float | None) -> bool:
    return hold_s is not None and accepted_s is not None and hold_s < accepted_s


def _tempo_flags(
    exercise: Exercise,
    *,
    eccentric_s: float,
    u_s: float,
    moving_s: float | None,
    travel_deg: float | None,
) -> dict[Flag, bool]:
    """Return the flags on the tempo; `travel_deg` is given where mean speed decides."""
    verdict = _verdict(exercise, eccentric_s, travel_deg, moving_s)
    near = {
        _verdict(exercise, max(eccentric_s + shift_s, 1e-3), travel_deg, moving_s)
        for shift_s in (-u_s, u_s)
    }
    full_s = eccentric_s * _whole_range_share(exercise, travel_deg)
    return {
        Flag.TOO_FAST: verdict == "too_fast",
        Flag.FAST_DROP: full_s < exercise.fast_drop_s,
        Flag.STEPWISE: eccentric_s >= exercise.in_tempo_s[0] and _is_stepwise(exercise, moving_s),
        Flag.TOO_SLOW: verdict == "too_slow",
        Flag.TOO_CLOSE_TO_CALL: near != {verdict},
    }


def _verdict(
    exercise: Exercise, eccentric_s: float, travel_deg: float | None, moving_s: float | None
) -> Verdict:
    if eccentric_s * _whole_range_share(exercise, travel_deg) < exercise.accepted_s[0]:
        return "too_fast"
    if eccentric_s > exercise.accepted_s[1]:
        return "too_slow"
    first_s, last_s = exercise.in_tempo_s
    is_flowing = not _is_stepwise(exercise, moving_s)
    return "in_tempo" if first_s <= eccentric_s <= last_s and is_flowing else "accepted"


def _whole_range_share(exercise: Exercise, travel_deg: float | None) -> float:
    """Return by how much a partial range is to be scaled up to the whole one."""
    if travel_deg is None or exercise.peak_deg is None:
        return 1.0
    return exercise.peak_deg / max(travel_deg, 1.0)


def _is_stepwise(exercise: Exercise, moving_s: float | None) -> bool:
    return moving_s is not None and moving_s < exercise.moving_min_s


def _prescribed_s(exercise: Exercise) -> float | None:
    if exercise.reps is None or exercise.eccentric_s is None:
        return None
    return exercise.reps * exercise.eccentric_s


def _dose_percent(
    exercise: Exercise, n_reps: int, dose_s: float, prescribed_s: float | None
) -> float | None:
    """Return the lower of two shares: slow repetitions do not make up for missing ones."""
    if not exercise.is_core or not exercise.reps or not prescribed_s:
        return None
    return 100.0 * min(1.0, n_reps / exercise.reps, dose_s / prescribed_s)


def _n_long_enough(holds: Sequence[float], accepted_s: float | None) -> int | None:
    if accepted_s is None or not holds:
        return None
    return int(sum(hold_s >= accepted_s for hold_s in holds))  # numpy counts in its own kind


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _sd(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) >= MIN_SPREAD_REPS else None


def _drift(values: Sequence[float]) -> float | None:
    if len(values) < MIN_SPREAD_REPS:
        return None
    steps = np.arange(len(values)) - (len(values) - 1) / 2
    slope_per_rep = float(steps @ np.asarray(values) / (steps @ steps))
    return slope_per_rep * (len(values) - 1)


def _reasons(exercise: Exercise, n_reps: int, n_timed: int) -> dict[str, str]:
    """Return why each number would be absent, where the reason is not simply that none came."""
    spread = f"It takes {MIN_SPREAD_REPS} timed repetitions; there are {n_timed}."
    reasons = {
        "in_tempo": "No eccentric tempo is prescribed.",
        "accepted": "No eccentric tempo is prescribed.",
        "eccentric_sd_s": spread,
        "eccentric_drift_s": spread,
        "dose_prescribed_s": "No repetitions at an eccentric tempo are prescribed.",
        "dose_percent": "No number of repetitions is prescribed.",
        "peak_sd_deg": f"It takes {MIN_SPREAD_REPS} repetitions; there are {n_reps}.",
        "concentric_mean_s": exercise.absent.get("concentric_s", NO_NUMBER),
    }
    if not exercise.is_core:
        reasons["dose_percent"] = "The headline dose counts the core eccentric exercises only."
    if exercise.hold_s is None:
        reasons |= dict.fromkeys(("hold_mean_s", "holds_long_enough"), "No hold is prescribed.")
    return reasons
