"""What an exercise is to the engine: its movement, its phases, its targets.

The entries stand in catalogue/exercises.toml (reviewed data); a prescription is an entry with
some fields replaced: `dataclasses.replace(exercise, reps=12)`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from types import NoneType
from typing import Any, get_args

from analysis.errors import CatalogueError, UnknownExerciseError


class Coordinate(StrEnum):
    """The movement coordinate: what the one angle of an exercise stands for."""

    KNEE_FLEXION = "knee_flexion_deg"
    LEG_ELEVATION = "leg_elevation_deg"
    LEG_SWING = "leg_swing_deg"
    SHANK_TILT = "shank_tilt_deg"
    SEGMENT_ROTATION = "segment_rotation_deg"


class Movement(StrEnum):
    """The kind of signal, which decides how it is read."""

    REPS = "reps"  # a hinge that leaves its rest pose and comes back
    STEPS = "steps"  # one foot up, the body after it, and down again
    STILLNESS = "stillness"
    GAIT = "gait"
    CYCLING = "cycling"


class OutwardPhase(StrEnum):
    """What the way out is: the muscle works against the load, or someone else does it."""

    LIFT = "lift"
    CONCENTRIC = "concentric"
    ECCENTRIC = "eccentric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """An entry of the catalogue. None means that the programme states no such target.

    Parameters
    ----------
    eccentric_is : {"return", "outward"}
        Which way is eccentric: the return, but for the squat and the step, whose way down
        (outward) is.
    outward : OutwardPhase
        `lift` when a helper or the hands move the leg out: never scored. Where the patient moves
        it at no prescribed tempo, it is timed and not judged.
    sensor_on : {"affected_shank", "moving_shank", "standing_shank", "leading_shank", "optional"}
        The leg that carries the sensor.
    side : {"affected", "both", "alternate", "either"}
        The leg that trains.
    peak_kind : {"target", "limit", "none"}
        Whether `peak_deg` is aimed at or not to be exceeded.
    peak_with_thigh_deg : float, optional
        What becomes the target of the knee angle when a second sensor on the thigh shows it.
    peak_good_deg : (low, high), optional
        Where a peak is as good as the target; above `high` a limit counts as exceeded.
    start_amplitude_deg : float
        The amplitude to expect before the person's own is known.
    min_amplitude_deg : float
        Excursions under this are never repetitions.
    set_pause_s : float
        A rest this long after a repetition ends the set.
    in_tempo_s, accepted_s : (low, high)
        The band of a timed phase that is in tempo, and the wider one that needs no correction.
    moving_min_s : float
        A phase in tempo must hold this much movement, else it went stepwise.
    fast_drop_s : float
        The whole range in less than this is a drop, which gives no eccentric time.
    shallow_fraction : (low, high)
        Under `high` times the peak target a repetition is shallow; about `low` of it is the least
        that counts as one.
    incomplete_return_deg : float
        Ending further than this from rest is no full return.
    hold_accepted_s : float, optional
        A hold this long is long enough.
    may_keep_pose : bool
        Of a stretch: whether the segment that carries the sensor may keep its rest pose in it.
    bend_note_deg : float, optional
        A straight leg hardly goes higher than this: the knee may be bending.
    bout_s, cadence_min_per_min : float, optional
        Length and least cadence of a bout, in running and cycling.
    is_core : bool
        Whether its eccentric time is the programme's headline dose.
    is_measurable : bool
        Whether this engine measures it; else `analyse_recording` refuses with the reason.
    wording : str
        The key of its own wording in catalogue/feedback.toml.
    absent : mapping
        What this sensor cannot measure here, and why, in English.
    stated : tuple of str
        The fields that the programme's source gives; the others are our defaults.

    """

    id: str
    name_en: str
    name_nl: str
    posture_en: str
    posture_nl: str
    movement: Movement
    coordinate: Coordinate
    weeks: tuple[int, int]
    sensor_on: str
    side: str
    sets: int
    reps: int | None
    rest_s: float | None
    eccentric_s: float | None
    concentric_s: float | None
    hold_s: float | None
    eccentric_is: str
    outward: OutwardPhase
    peak_deg: float | None
    peak_kind: str
    peak_with_thigh_deg: float | None
    start_amplitude_deg: float
    min_amplitude_deg: float
    set_pause_s: float
    in_tempo_s: tuple[float, float]
    accepted_s: tuple[float, float]
    moving_min_s: float
    fast_drop_s: float
    peak_good_deg: tuple[float, float] | None
    shallow_fraction: tuple[float, float]
    incomplete_return_deg: float
    hold_accepted_s: float | None
    may_keep_pose: bool
    bend_note_deg: float | None
    bout_s: float | None
    cadence_min_per_min: float | None
    has_helper: bool
    is_core: bool
    is_measurable: bool
    wording: str
    absent: Mapping[str, str]
    stated: tuple[str, ...]

    @property
    def has_peak_target(self) -> bool:
        """Whether depth is judged: the three knee-flexion exercises only."""
        return self.peak_deg is not None

    @property
    def can_measure_knee(self) -> bool:
        """Whether a second sensor on the thigh makes the angle that of the knee."""
        is_knee = self.coordinate is Coordinate.KNEE_FLEXION
        return is_knee or self.peak_with_thigh_deg is not None

    def with_thigh_sensor(self) -> "Exercise":
        """Return the exercise as it is judged when the knee angle is measured."""
        if self.peak_with_thigh_deg is None:
            return self
        seen = {"knee_flexion_deg", "peak_deg_target"}
        return replace(
            self,
            coordinate=Coordinate.KNEE_FLEXION,
            peak_deg=self.peak_with_thigh_deg,
            peak_kind="target",
            absent={name: why for name, why in self.absent.items() if name not in seen},
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All exercises by id, and the version that every result carries."""

    version: str
    exercises: Mapping[str, Exercise]

    def __getitem__(self, exercise_id: str) -> Exercise:
        """Return the exercise of that id.

        Raises
        ------
        UnknownExerciseError
            If there is none.

        """
        try:
            return self.exercises[exercise_id]
        except KeyError:
            known = ", ".join(sorted(self.exercises))
            raise UnknownExerciseError(
                f"There is no exercise {exercise_id!r}; choose one of: {known}."
            ) from None


@cache
def load_catalogue() -> Catalogue:
    """Read the catalogue that comes with the package.

    Examples
    --------
    >>> load_catalogue()["ecc_prone_helper"].eccentric_s
    3.0

    """
    text = resources.files("analysis").joinpath("catalogue/exercises.toml").read_text("utf-8")
    return parse_catalogue(text)


def parse_catalogue(text: str) -> Catalogue:
    """Read a catalogue from the text of its TOML file.

    Parameters
    ----------
    text : str
        `version`, a table `defaults` whose fields count where an exercise gives none, and a
        table `exercises` by id. What `defaults.absent` names is absent everywhere.

    Raises
    ------
    CatalogueError
        If an entry has an unknown field, lacks one, or has a value that is not allowed.

    """
    document = tomllib.loads(text)
    defaults = document["defaults"]
    exercises = {}
    for exercise_id, entry in document["exercises"].items():
        absent = defaults.get("absent", {}) | entry.get("absent", {})
        try:
            exercises[exercise_id] = _exercise(exercise_id, defaults | entry | {"absent": absent})
        except ValueError as error:
            raise CatalogueError(f"Exercise catalogue, {exercise_id}: {error}") from error
    return Catalogue(version=document["version"], exercises=exercises)


def _exercise(exercise_id: str, entry: Mapping[str, Any]) -> Exercise:
    """Build one exercise; TOML has no null, so what is not given is None."""
    declared = {field.name: field.type for field in fields(Exercise) if field.name != "id"}
    unknown = sorted(set(entry) - set(declared))
    if unknown:
        raise CatalogueError(f"unknown fields {unknown}.")
    missing = [
        name
        for name, kind in declared.items()
        if name not in entry and NoneType not in get_args(kind)
    ]
    if missing:
        raise CatalogueError(f"missing fields {missing}.")
    values: dict[str, Any] = {name: entry.get(name) for name in declared}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    values["movement"] = Movement(entry["movement"])
    values["coordinate"] = Coordinate(entry["coordinate"])
    values["outward"] = OutwardPhase(entry["outward"])
    return Exercise(id=exercise_id, **values)
