"""Read a programme from its TOML file; what is wrong in it is reported with its place."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any, Final

from analysis.errors import CatalogueError
from analysis.exercise import (
    Catalogue,
    Coordinate,
    Exercise,
    Movement,
    OutwardPhase,
    load_catalogue,
)
from analysis.feedback import COMPARISONS, LANGUAGES, Condition, Text
from analysis.programme import (
    AdviceKind,
    AdviceRule,
    Block,
    Programme,
    SeriesBy,
    Sport,
    SportDay,
    SportPart,
    SportStage,
)
from analysis.programme_calendar import DAYS_PER_WEEK
from analysis.programme_facts import FACTS

PROGRAMMES: Final[Mapping[str, str]] = {
    "hamstring": "programme.toml",
    "achilles": "programme_achilles.toml",
}
REST: Final = "rest"
HEADLINES: Final = ("min_weeks", "max_weeks", "sessions_per_day", "rest_days_after_tear")
REQUIRED_SETTINGS: Final = frozenset({"core_sets_for_session", "pain_severe_from"})
ENUMS: Final = {"movement": Movement, "coordinate": Coordinate, "outward": OutwardPhase}
Table = Mapping[str, Any]


@cache
def load_programme(programme_id: str = "hamstring") -> Programme:
    """Read a programme that comes with the package.

    Raises
    ------
    CatalogueError
        If there is no such programme.

    Examples
    --------
    >>> load_programme().sessions_per_day
    2

    """
    if programme_id not in PROGRAMMES:
        known = ", ".join(PROGRAMMES)
        raise CatalogueError(f"There is no programme {programme_id!r}; choose one of: {known}.")
    name = PROGRAMMES[programme_id]
    text = resources.files("analysis").joinpath(f"catalogue/{name}").read_text("utf-8")
    return parse_programme(text, load_catalogue())


def parse_programme(text: str, catalogue: Catalogue) -> Programme:
    """Read a programme from the text of its TOML file.

    Parameters
    ----------
    text : str
        As catalogue/programme.toml.
    catalogue : Catalogue
        The exercises that it may refer to.

    Raises
    ------
    CatalogueError
        If something is missing, unknown or contradictory; the message names its place.

    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"Programme: not TOML: {error}.") from error
    allowed = {"id", "version", "name", "stated", "settings", "exercises", "blocks", "rules"}
    required = {"id", "version", "name", "blocks", *HEADLINES}
    _check_keys(document, "top level", allowed | {"sports", *HEADLINES}, required)
    settings = _settings(document)
    exercises = _exercises(document.get("exercises", {}), catalogue)
    blocks = tuple(
        _block(entry, f"blocks[{i}]", exercises) for i, entry in enumerate(document["blocks"])
    )
    _check_weeks([block.weeks for block in blocks], "blocks", first=1)
    sports = {
        name: _sport(name, entry, exercises) for name, entry in document.get("sports", {}).items()
    }
    headlines = {name: _whole(document.get(name), name) for name in HEADLINES}
    return Programme(
        id=document["id"],
        version=document["version"],
        name=_texts(document["name"], "name"),
        settings=settings,
        stated=_stated(document, settings),
        exercises=exercises,
        blocks=blocks,
        rules=_rules(document.get("rules", []), settings, exercises),
        sports=sports,
        **headlines,
    )


def _fail(where: str, problem: str) -> CatalogueError:
    return CatalogueError(f"Programme, {where}: {problem}.")


def _check_keys(
    entry: Table, where: str, allowed: Iterable[str], required: Iterable[str] = ()
) -> None:
    """Refuse fields that nobody reads, and the lack of those that somebody does."""
    if unknown := sorted(set(entry) - set(allowed)):
        raise _fail(where, f"unknown fields {unknown}")
    if missing := sorted(set(required) - set(entry)):
        raise _fail(where, f"missing fields {missing}")


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _fail(where, f"{value!r} is not a whole number of 0 or more")
    return value


def _texts(entry: Table, where: str) -> Text:
    texts = {language: entry.get(language, "") for language in LANGUAGES}
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise _fail(where, f"no text in {language!r}")
    return texts


def _settings(document: Table) -> Mapping[str, float]:
    """Gather the named numbers: the settings, the headline ones, and weeks told in days."""
    entries = {k: v for k, v in document.get("settings", {}).items() if k != "stated"}
    entries |= {name: document.get(name, 0) for name in HEADLINES}
    for name, value in entries.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _fail(f"settings.{name}", f"{value!r} is not a number")
    if missing := sorted(REQUIRED_SETTINGS - set(entries)):
        raise _fail("settings", f"missing fields {missing}")
    if "injection_weeks_quiet" in entries:
        entries["injection_days_quiet"] = entries["injection_weeks_quiet"] * DAYS_PER_WEEK
    return entries


def _stated(document: Table, settings: Table) -> frozenset[str]:
    stated = [*document.get("stated", []), *document.get("settings", {}).get("stated", [])]
    if unknown := sorted(set(stated) - set(settings)):
        raise _fail("stated", f"names no setting: {unknown}")
    return frozenset(stated)


def _exercises(entries: Table, catalogue: Catalogue) -> Mapping[str, Exercise]:
    """Join the catalogue with the programme's own exercises and replaced fields."""
    exercises = dict(catalogue.exercises)
    known = {field.name for field in fields(Exercise)} - {"id"}
    for exercise_id, entry in entries.items():
        where = f"exercises.{exercise_id}"
        _check_keys(entry, where, known | {"based_on"})
        source = entry.get("based_on", exercise_id)
        if source not in catalogue.exercises:
            raise _fail(where, f"no exercise {source!r} in the catalogue")
        changed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in entry.items()
            if name != "based_on"
        }
        try:
            for name, kind in ENUMS.items():
                if name in changed:
                    changed[name] = kind(changed[name])
        except ValueError as error:
            raise _fail(where, str(error)) from error
        exercises[exercise_id] = replace(catalogue.exercises[source], id=exercise_id, **changed)
    return exercises


def _block(entry: Table, where: str, exercises: Table) -> Block:
    names = {"weeks", "minutes", "exercises"}
    _check_keys(entry, where, names, names)
    slots = tuple(tuple(slot.split("|")) for slot in entry["exercises"])
    _check_exercises([name for slot in slots for name in slot], where, exercises)
    return Block(weeks=_weeks(entry["weeks"], where), minutes=entry["minutes"], slots=slots)


def _check_exercises(names: Iterable[str], where: str, exercises: Table) -> None:
    for name in names:
        if name not in exercises:
            raise _fail(where, f"no exercise {name!r} in the catalogue")


def _weeks(value: Any, where: str) -> tuple[int, int]:
    match value:
        case [int(first), int(last)] if 1 <= first <= last:
            return first, last
    raise _fail(where, f"weeks {value!r} are not [first, last]")


def _check_weeks(spans: list[tuple[int, int]], where: str, *, first: int | None = None) -> None:
    """Refuse weeks that overlap or leave a hole."""
    due = spans[0][0] if first is None and spans else first
    for span in spans:
        if span[0] != due:
            raise _fail(where, f"weeks {list(span)} do not follow: week {due} is due")
        due = span[1] + 1
    if not spans:
        raise _fail(where, "empty")


def _conditions(
    entries: Iterable[Any], where: str, settings: Mapping[str, float]
) -> tuple[Condition, ...]:
    conditions = []
    for entry in entries:
        match entry:
            case [str(fact), str(comparison), str() | int() | float() as limit]:
                pass
            case _:
                raise _fail(where, f"{entry!r} is not [fact, comparison, limit]")
        if fact not in FACTS:
            raise _fail(where, f"unknown fact {fact!r}")
        if comparison not in COMPARISONS:
            raise _fail(where, f"unknown comparison {comparison!r}")
        if isinstance(limit, str):
            if limit not in settings:
                raise _fail(where, f"no setting {limit!r}")
            limit = settings[limit]
        conditions.append(Condition(fact, comparison, float(limit)))
    return tuple(conditions)


def _rules(
    entries: Iterable[Table], settings: Mapping[str, float], exercises: Table
) -> tuple[AdviceRule, ...]:
    rules: dict[str, AdviceRule] = {}
    optional = {"unless", "exercises", "once_every_days", "stated"}
    required = {"code", "kind", "when", *LANGUAGES}
    for i, entry in enumerate(entries):
        where = f"rules[{i}] {entry.get('code', '')}".rstrip()
        _check_keys(entry, where, required | optional, required)
        if entry["code"] in rules:
            raise _fail(where, "the code is taken")
        if entry["kind"] not in set(AdviceKind):
            raise _fail(where, f"unknown kind {entry['kind']!r}")
        texts = _texts(entry, where)
        for text in texts.values():
            names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            if unknown := sorted(names - set(settings)):
                raise _fail(where, f"the text names no setting: {unknown}")
        _check_exercises(entry.get("exercises", []), where, exercises)
        rules[entry["code"]] = AdviceRule(
            code=entry["code"],
            kind=AdviceKind(entry["kind"]),
            when=_conditions(entry["when"], where, settings),
            unless=_conditions(entry.get("unless", []), where, settings),
            exercises=tuple(entry.get("exercises", ())),
            once_every_days=entry.get("once_every_days"),
            is_stated=entry.get("stated", False),
            texts=texts,
        )
    return tuple(rules.values())


def _sport(sport_id: str, entry: Table, exercises: Table) -> Sport:
    where = f"sports.{sport_id}"
    names = {"name", "opening", "checklist", "stages", "days"}
    _check_keys(entry, where, names, names)
    _check_exercises(entry["opening"], where, exercises)
    days = {name: _day(name, day, f"{where}.days.{name}") for name, day in entry["days"].items()}
    _check_exercises([day.exercise for day in days.values()], where, exercises)
    stages = []
    for i, stage in enumerate(entry["stages"]):
        place = f"{where}.stages[{i}]"
        _check_keys(stage, place, {"id", "weeks", "cycle"}, {"id", "weeks", "cycle"})
        if unknown := sorted(set(stage["cycle"]) - {*days, REST}):
            raise _fail(place, f"unknown days {unknown}")
        if not stage["cycle"]:
            raise _fail(place, "an empty cycle")
        weeks = _weeks(stage["weeks"], place)
        stages.append(SportStage(id=stage["id"], weeks=weeks, cycle=tuple(stage["cycle"])))
    _check_weeks([stage.weeks for stage in stages], f"{where}.stages")
    return Sport(
        id=sport_id,
        name=_texts(entry["name"], where),
        opening=tuple(entry["opening"]),
        checklist=tuple(
            _texts(item, f"{where}.checklist[{i}]") for i, item in enumerate(entry["checklist"])
        ),
        stages=tuple(stages),
        days=days,
    )


def _day(day_id: str, entry: Table, where: str) -> SportDay:
    given = {name: value for name, value in entry.items() if name not in LANGUAGES}
    allowed = {field.name for field in fields(SportDay)} - {"id", "texts"}
    _check_keys(given, where, allowed, {"exercise", "rounds", "pain_max"})
    parts = []
    part_fields = fields(SportPart)
    required = {field.name for field in part_fields if field.default is MISSING}
    for i, part in enumerate(given.pop("parts", ())):
        _check_keys(part, f"{where}.parts[{i}]", {field.name for field in part_fields}, required)
        parts.append(SportPart(**part))
    given["courses_m"] = tuple(tuple(course) for course in given.get("courses_m", ()))
    by = given.get("series_by", SeriesBy.COURSE)
    if by not in set(SeriesBy):
        raise _fail(where, f"series_by {by!r} is none of {[str(one) for one in SeriesBy]}")
    given["series_by"] = SeriesBy(by)
    given["stated"] = tuple(given.get("stated", ()))
    return SportDay(id=day_id, texts=_texts(entry, where), parts=tuple(parts), **given)
