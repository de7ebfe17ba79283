"""What a stored set was judged by: the catalogue, or the order that it followed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis import Exercise, load_catalogue
from api.schemas import SetBody

Aim = Annotated[float, Field(ge=0, le=1_000)]  # s or degrees: what can be drawn
Span = tuple[Aim, Aim]


class SetTargets(BaseModel):
    """The `targets` of a set, as the patient's side sends them with a set that was ordered."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    eccentric_s: Aim | None = None
    in_tempo_s: Span | None = None
    accepted_s: Span | None = None
    peak_deg: Aim | None = None
    peak_good_deg: Span | None = None
    hold_s: Aim | None = None


def exercise_of(one: SetBody) -> Exercise | None:
    """Return the exercise of a set with its targets of that time; None for one not known here."""
    return judged_by(one.exercise, one.__pydantic_extra__ or {})


def judged_by(exercise_id: str, extra: Mapping[str, object]) -> Exercise | None:
    """Return an exercise with the targets in what came with a set; None for one not known here."""
    exercise = load_catalogue().exercises.get(exercise_id)
    given = extra.get("targets")
    if exercise is None or not isinstance(given, dict):
        return exercise
    try:
        targets = SetTargets.model_validate(given)
    except ValidationError:  # of another program, or no aim for a leg: by the catalogue
        return exercise
    return replace(exercise, **targets.model_dump(exclude_none=True))
