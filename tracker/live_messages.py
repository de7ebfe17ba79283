"""What a running session tells: where it stands, where the leg is, a repetition, the set card.

The terminal and the live page both live on these messages alone.
"""

from collections.abc import Sequence
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
from tracker.coach_cues import CoachState, TrainingPlan
from tracker.words import Text

VERDICTS: Final = ("in_tempo", "accepted", "too_fast", "too_slow", "shallow")


def verdict(rep: Rep, exercise: Exercise) -> str:
    """Return the one word for a repetition: not far enough, or else its tempo.

    A repetition whose tempo is not judged, or could not be measured, is `accepted`.
    """
    if Flag.SHALLOW in rep.flags:
        return "shallow"
    return tempo_verdict(rep, exercise) or "accepted"


def state_message(
    plan: TrainingPlan, state: CoachState, set_number: int, text: Text | None
) -> dict[str, Any]:
    """Return where a session stands, with the targets of its exercise."""
    exercise = plan.exercise
    return {
        "type": "state",
        "state": str(state),
        "exercise": exercise.id,
        "name": {"en": exercise.name_en, "nl": exercise.name_nl},
        "set": set_number,
        "sets": plan.sets,
        "reps_target": plan.reps,
        "rest_s": plan.rest_s,
        "side": plan.side,
        "session": str(plan.session_id),
        "tempo_s": exercise.eccentric_s,
        "tempo_band_s": list(exercise.in_tempo_s),
        "accepted_s": list(exercise.accepted_s),
        "peak_target_deg": exercise.peak_deg,
        "text": text.as_json() if text else None,
    }


def frame_message(live: LiveState, t0_s: float, n_reps: int) -> dict[str, Any]:
    """Return where the leg is at this moment; `t0_s` is the session's zero."""
    phase_s = None if live.phase_start_s is None else live.time_s - live.phase_start_s
    return {
        "type": "frame",
        "t": round(live.time_s - t0_s, 3),
        "a": _rounded(live.angle_deg, 1),
        "phase": None if live.phase is None else str(live.phase),
        "phase_s": _rounded(phase_s, 2),
        "reps": n_reps,
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
    number: int, results: Sequence[SetResult], exercise: Exercise, reps_target: int
) -> dict[str, Any]:
    """Return the card of a set.

    Parameters
    ----------
    number : int
        Which set of the session, from 1.
    results : sequence of SetResult
        What the engine saw: usually one; several if a long gap cut the set in parts; none if it
        saw no repetition.
    exercise : Exercise
        The exercise as prescribed.
    reps_target : int
        Repetitions asked for.

    """
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
        "set": number,
        "reps": len(reps),
        "reps_target": reps_target,
        "in_tempo": sum(result.quality.in_tempo or 0 for result in results),
        "eccentric_mean_s": round(sum(times_s) / len(times_s), 2) if times_s else None,
        "dose_s": round(sum(doses_s), 1) if doses_s and due_s else None,
        "dose_prescribed_s": due_s,
        **_feedback(results[-1].feedback if results else ()),
        "reps_list": [
            {"eccentric_s": _rounded(rep.eccentric_s, 2), "verdict": word}
            for rep, word in zip(reps, verdicts, strict=True)
        ],
    }


def _feedback(feedback: Sequence[Feedback]) -> dict[str, Any]:
    places: dict[str, Any] = {"praise": None, "correction": None, "next_step": None}
    for one in feedback:
        said = Text(feedback_text(one, "en"), feedback_text(one, "nl"))
        places[str(one.kind)] = said.as_json()
    return places


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
