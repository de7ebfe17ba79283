"""What the card of an exercise says before it begins: a picture, posture, sensor, what counts."""

import json
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from analysis import Exercise, Movement, load_catalogue
from api.pages.language import N_, Language
from api.pages.movement_figure import movement_of, way_out
from api.pages.movement_svg import movement_svg, posable_svg

SENSOR_ON: Final = {
    "affected_shank": N_("On the outer side of your injured leg, a hand above the ankle bone."),
    "moving_shank": N_("On the outer side of the leg that moves, a hand above the ankle bone."),
    "standing_shank": N_("On the outer side of the leg you stand on, a hand above the ankle bone."),
    "leading_shank": N_("On the leg that steps up first, a hand above the ankle bone."),
    "optional": N_("Not needed: the voice counts the seconds. With a sensor your stillness shows."),
}
COUNTS_RETURN: Final = N_("Counts: each way back. Take %(seconds)s seconds for it.")
COUNTS_BOTH: Final = N_("Counts: both ways. Take %(seconds)s seconds for each.")
COUNTS_DOWN: Final = N_("Counts: going down. Take %(seconds)s seconds for it.")
COUNTS_HOLD: Final = N_("At the top: hold for %(seconds)s seconds.")
COUNTS_STILL: Final = N_("Hold still for %(seconds)s seconds.")
COUNTS_STEPS: Final = N_("Counts: each step up and down. Low and slow first.")
COUNTS_CADENCE: Final = N_("Light gear, quick legs: more than %(cadence)s turns a minute.")
COUNTS_TIME: Final = N_("The voice leads you: what to do now, and how long.")
TO_ANGLE: Final = N_("Bend to about a right angle (%(degrees)s°).")
AT_MOST: Final = N_("Never further than a right angle (%(degrees)s°).")
KNEES: Final = frozenset({"ecc_prone_helper", "ecc_seated_solo", "conc_seated"})
"""The live page has a leg of its own for these, with the pacing arc about the knee."""


@dataclass(frozen=True, slots=True)
class ExerciseCard:
    """One card: words in the reader's language, pictures as markup.

    Parameters
    ----------
    picture : Markup
        The exercise, moving by itself.
    posable : Markup or None
        The figure that follows a measured movement; None where the live page has its own leg, or
        where the movement has no two ends.
    poses : str
        What turns it, as JSON.
    eccentric_is : str
        Whether the way that is braked goes `outward`, or is the `return`.
    amplitude_deg : float
        How far people usually go; 0 where it does not apply.

    """

    id: str
    name: str
    posture: str
    sensor: str
    needs_sensor: bool
    counts: list[str]
    picture: Markup
    posable: Markup | None
    poses: str
    eccentric_is: str
    amplitude_deg: float


def exercise_cards(language: Language) -> list[ExerciseCard]:
    """Return the cards of all exercises of the catalogue."""
    return [_card(one, language) for one in load_catalogue().exercises.values()]


def _card(exercise: Exercise, language: Language) -> ExerciseCard:
    name = exercise.name_nl if language.code == "nl" else exercise.name_en
    posture = exercise.posture_nl if language.code == "nl" else exercise.posture_en
    has_ends = exercise.movement in {Movement.REPS, Movement.STEPS} and exercise.id not in KNEES
    movement = movement_of(exercise)
    return ExerciseCard(
        id=exercise.id,
        name=name,
        posture=posture[:1].upper() + posture[1:],
        sensor=language.say(SENSOR_ON[exercise.sensor_on]),
        needs_sensor=exercise.sensor_on != "optional",
        counts=_counts(exercise, language),
        picture=Markup(movement_svg(exercise.id, name)),  # noqa: S704 (made here, escaped there)
        posable=Markup(posable_svg(exercise.id, name)) if has_ends else None,  # noqa: S704
        poses=json.dumps(
            {**way_out(movement), "amplitude": exercise.start_amplitude_deg} if has_ends else {}
        ),
        eccentric_is=exercise.eccentric_is or "",
        amplitude_deg=exercise.start_amplitude_deg or 0.0,
    )


def _counts(exercise: Exercise, language: Language) -> list[str]:
    """Say what is asked of each repetition, or of the time."""
    if exercise.movement is Movement.STILLNESS:
        return [language.say(COUNTS_STILL, seconds=_whole(exercise.hold_s))]
    if exercise.movement is Movement.CYCLING:
        return [language.say(COUNTS_CADENCE, cadence=_whole(exercise.cadence_min_per_min))]
    if exercise.movement is Movement.GAIT:
        return [language.say(COUNTS_TIME)]
    said = []
    if exercise.movement is Movement.STEPS:
        said.append(language.say(COUNTS_STEPS))
    if exercise.peak_deg is not None:
        depth = AT_MOST if exercise.peak_kind == "limit" else TO_ANGLE
        said.append(language.say(depth, degrees=_whole(exercise.peak_deg)))
    if exercise.hold_s is not None:
        said.append(language.say(COUNTS_HOLD, seconds=_whole(exercise.hold_s)))
    if exercise.eccentric_s is not None:
        ways = COUNTS_RETURN if exercise.eccentric_is == "return" else COUNTS_DOWN
        ways = COUNTS_BOTH if exercise.concentric_s is not None else ways
        said.append(language.say(ways, seconds=_whole(exercise.eccentric_s)))
    return said


def _whole(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
