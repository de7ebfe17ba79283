"""What a running session tells: where it stands, where the leg is, a repetition, the set card.

The terminal and the live page both live on these messages alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis import (
    Exercise,
    Feedback,
    Flag,
    LiveState,
    Rep,
    SetResult,
    feedback_text,
    tempo_verdict,
)
from tracker.coach_cues import CoachState
from tracker.gear import gear_kind
from tracker.training_plan import Step, TrainingPlan
from tracker.words import Text

VERDICTS: Final = ("in_tempo", "accepted", "too_fast", "too_slow", "shallow", "counted")


def verdict(rep: Rep, exercise: Exercise) -> str:
    """Return the one word for a repetition: not far enough, or else its tempo.

    One whose tempo is not judged, or could not be measured, is `counted`, and no more is said.
    """
    if Flag.SHALLOW in rep.flags:
        return "shallow"
    return tempo_verdict(rep, exercise) or "counted"


def state_message(
    plan: TrainingPlan, number: int, state: CoachState, set_number: int, text: Text | None
) -> dict[str, Any]:
    """Return where a session stands, with the targets of its exercise, the `number`th."""
    step = plan.step(number)
    exercise, kind = step.exercise, gear_kind(step.exercise)
    return {
        "type": "state",
        "state": str(state),
        "step": number,
        "exercise": exercise.id,
        "name": {"en": exercise.name_en, "nl": exercise.name_nl},
        "movement": str(exercise.movement),
        "set": set_number,
        "sets": max(step.sets, set_number),
        "reps_target": step.reps or 0,
        "rest_s": step.rest_s,
        "side": step.side_of(set_number) if set_number else step.side,
        "session": str(plan.session_id),
        "prescription": None if step.ordered is None else step.ordered.document(),
        "tempo_s": exercise.eccentric_s,
        "tempo_band_s": list(exercise.in_tempo_s),
        "accepted_s": list(exercise.accepted_s),
        "peak_target_deg": exercise.peak_deg,
        "hold_s": exercise.hold_s,
        "concentric_s": exercise.concentric_s,
        "down_s": exercise.eccentric_s,
        "gear": None if kind is None else {"asks": str(kind), "told": step.band},
        "cadence_target_per_min": exercise.cadence_min_per_min,
        "text": text.as_json() if text else None,
    }


def clock_frame(elapsed_s: float, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a frame of a set that no sensor sees: the clock's part of it alone."""
    unseen = {"a": None, "phase": None, "phase_s": None, "reps": 0}
    return {"type": "frame", "t": round(elapsed_s, 3), **unseen, **more}


def still_frame(still_s: float, due_s: float) -> dict[str, Any]:
    """Return the part of a frame that says how long the leg has been still, before a set."""
    return {"still_s": round(min(still_s, due_s), 2), "still_of_s": due_s}


def frame_message(
    live: LiveState, t0_s: float, n_reps: int, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return where the leg is at this moment; `t0_s` is the session's zero."""
    phase_s = None if live.phase_start_s is None else live.time_s - live.phase_start_s
    return {
        "type": "frame",
        "t": round(live.time_s - t0_s, 3),
        "a": _rounded(live.angle_deg, 1),
        "phase": None if live.phase is None else str(live.phase),
        "phase_s": _rounded(phase_s, 2),
        "reps": n_reps,
        **(more or {}),
    }


def rep_message(rep: Rep, number: int, exercise: Exercise) -> dict[str, Any]:
    """Return the live message of a finished repetition."""
    return {
        "type": "rep",
        "n": number,
        "eccentric_s": _rounded(rep.eccentric_s, 2),
        "peak_deg": round(rep.peak_deg),
        "verdict": verdict(rep, exercise),
        "flags": [str(flag) for flag in rep.flags],
    }


def card_message(
    step: Step,
    step_number: int,
    set_number: int,
    results: Sequence[SetResult],
    timed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the card of a set.

    Parameters
    ----------
    step : Step
        The exercise as prescribed.
    step_number, set_number : int
        Which exercise of the session, and which set of it, from 1.
    results : sequence of SetResult
        What the engine saw: usually one; several if a long gap cut the set in parts; none if it
        saw nothing.
    timed : mapping, optional
        What the clock alone saw of it: `held_s`, or `bouts`.

    """
    exercise, reps_target = step.exercise, step.reps or 0
    reps = [rep for result in results for rep in result.reps]
    doses_s = [r.quality.dose_s for r in results if r.quality.dose_s is not None]
    # The programme counts eccentric time for its core exercise alone.
    due_s = (
        reps_target * exercise.eccentric_s if exercise.is_core and exercise.eccentric_s else None
    )
    times_s = [rep.eccentric_s for rep in reps if rep.eccentric_s is not None]
    verdicts = [verdict(rep, exercise) for rep in reps]
    return {
        "type": "card",
        "step": step_number,
        "exercise": exercise.id,
        "prescription": None if step.ordered is None else step.ordered.document(),
        "movement": str(step.movement),
        "set": set_number,
        "reps": len(reps),
        "reps_target": reps_target,
        "extra_reps": max(0, len(reps) - reps_target) if reps_target else 0,
        "reps_by_patient": None,
        "has_correction": False,
        "in_tempo": sum(result.quality.in_tempo or 0 for result in results),
        "eccentric_mean_s": round(sum(times_s) / len(times_s), 2) if times_s else None,
        "dose_s": round(sum(doses_s), 1) if doses_s and due_s else None,
        "dose_prescribed_s": due_s,
        **_feedback(results[-1].feedback if results else ()),
        "reps_list": [
            {"eccentric_s": _rounded(rep.eccentric_s, 2), "verdict": word}
            for rep, word in zip(reps, verdicts, strict=True)
        ],
        "is_measured": timed is None,
        "holds": _holds(results, timed),
        "bouts": _bouts(results, timed),
        "legs": None,
    }


def _holds(
    results: Sequence[SetResult], timed: Mapping[str, Any] | None
) -> list[Mapping[str, Any]]:
    if timed is not None:
        return [timed] if "held_s" in timed else []
    return [
        {"held_s": round(hold.still_s, 1), "interruptions": hold.interruptions}
        for result in results
        for hold in result.holds
    ]


def _bouts(
    results: Sequence[SetResult], timed: Mapping[str, Any] | None
) -> list[Mapping[str, Any]]:
    if timed is not None:
        return list(timed.get("bouts", ()))
    return [
        {
            "kind": bout.kind,
            "cadence_per_min": _rounded(bout.cadence_per_min, 1),
            "duration_s": round(bout.end_s - bout.start_s, 1),
        }
        for result in results
        for bout in result.bouts
    ]


def _feedback(feedback: Sequence[Feedback]) -> dict[str, Any]:
    places: dict[str, Any] = {"praise": None, "correction": None, "next_step": None}
    for one in feedback:
        said = Text(feedback_text(one, "en"), feedback_text(one, "nl"))
        places[str(one.kind)] = said.as_json()
    return places


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
