"""The engine's codes in the reader's words."""

from collections.abc import Mapping
from typing import Final

from analysis import (
    AnalysisError,
    Exercise,
    Feedback,
    FeedbackKind,
    feedback_text,
    load_catalogue,
)
from api.pages.language import N_, Language
from api.schemas import FeedbackBody

FLAGS: Final[Mapping[str, str]] = {
    "shallow": N_("not bent far enough"),
    "incomplete_return": N_("not fully back"),
    "too_fast": N_("too fast"),
    "fast_drop": N_("leg dropped"),
    "stepwise": N_("in steps, not one movement"),
    "too_slow": N_("may be a little quicker"),
    "gap": N_("signal interrupted"),
    "saturated": N_("movement too strong for the sensor"),
    "too_close_to_call": N_("too close to the limit to say"),
    "beyond_limit": N_("bent beyond the limit"),
    "short_hold": N_("held too short"),
    "knee_may_bend": N_("knee may be bending"),
}
SIDES: Final[Mapping[str, str]] = {"left": N_("left"), "right": N_("right")}
COORDINATES: Final[Mapping[str, str]] = {
    "knee_flexion_deg": N_("Knee bend, mean peak"),
    "leg_elevation_deg": N_("Leg raise, mean peak"),
    "leg_swing_deg": N_("Leg swing, mean peak"),
    "shank_tilt_deg": N_("Tilt of the lower leg, mean peak"),
    "segment_rotation_deg": N_("Rotation, mean peak"),
}
GEAR: Final[Mapping[str, str]] = {
    "training_band": N_("training band"),
    "inner_tube": N_("inner tube"),
    "inner_tube_halved": N_("inner tube, cut in half"),
    "less": N_("pre-stretched less"),
    "same": N_("pre-stretched the same"),
    "more": N_("pre-stretched more"),
    "slow": N_("low and slow"),
    "faster": N_("faster"),
    "springing": N_("springing"),
}
FEEDBACK: Final[Mapping[str, str]] = {
    "praise": N_("Went well"),
    "correction": N_("One thing to change"),
    "next_step": N_("Next"),
}


def find_exercise(exercise_id: str) -> Exercise | None:
    """Return an exercise of the catalogue; None for one that a newer engine knows."""
    return load_catalogue().exercises.get(exercise_id)


def exercise_name(exercise_id: str, language: Language) -> str:
    """Name an exercise; one that is not in the catalogue keeps its id."""
    exercise = find_exercise(exercise_id)
    if exercise is None:
        return exercise_id
    return exercise.name_nl if language.code == "nl" else exercise.name_en


def side(code: str | None, language: Language) -> str | None:
    """Name a side."""
    return language.say(SIDES[code]) if code is not None else None


def flag(code: str, language: Language) -> str:
    """Say a flag in words; one that is not known here keeps its code."""
    return language.say(FLAGS[code]) if code in FLAGS else code.replace("_", " ")


def gear(told: object, language: Language) -> str | None:
    """Describe what resists or is stepped on, given as words or as fields; None if it is open.

    Fields: docs/reference/http.md. Other words of another program are kept as they are.
    """
    if not isinstance(told, Mapping):
        return str(told) if told else None
    parts = [_gear_part(name, value, language) for name, value in told.items()]
    return ", ".join(part for part in parts if part) or None


def _gear_part(name: object, value: object, language: Language) -> str:
    if name == "is_double" and isinstance(value, bool):
        return language.say(N_("double") if value else N_("single"))
    if name == "helper_presses" and isinstance(value, bool):
        return language.say(N_("helper presses along") if value else N_("helper only lifts"))
    if name == "height_cm" and isinstance(value, int | float):
        return language.say(N_("%(n)s cm"), n=language.number(value, 0))
    if not isinstance(value, str):
        return ""
    return language.say(GEAR[value]) if value in GEAR else value


def peak_label(exercise: Exercise | None, language: Language) -> str:
    """Say what the angle of an exercise stands for."""
    key = exercise.coordinate.value if exercise else "segment_rotation_deg"
    return language.say(COORDINATES[key])


def sentence(feedback: FeedbackBody, language: Language) -> str:
    """Say a feedback in the reader's language, or as it was stored if its code is not known."""
    try:
        known = Feedback(
            code=feedback.code,
            kind=FeedbackKind(feedback.kind or FeedbackKind.CORRECTION),
            values=feedback.values,
        )
        return feedback_text(known, language.code)
    except (AnalysisError, ValueError, LookupError):
        return feedback.text or feedback.code.replace("_", " ")


def feedback_label(feedback: FeedbackBody, language: Language) -> str | None:
    """Name the place of a sentence on the card."""
    message = FEEDBACK.get(feedback.kind or "")
    return None if message is None else language.say(message)
