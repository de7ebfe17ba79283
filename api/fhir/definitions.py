"""What is ours in the FHIR interface, with its definitions: code systems, value sets, profiles."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from analysis import load_catalogue
from api.fhir.elements import Resource
from api.fhir.elements import without_nothing as filled
from api.fhir.profiles import profiles
from api.fhir.questionnaires import questionnaire_definitions
from api.fhir.vocabulary import CANONICAL, EXERCISE, MEASURES, QUALITY, VERSION

PUBLISHED: Final = "2026-11-23"
NOT_COMPONENTS: Final = frozenset({"set-quality", "repetition-values"})


@cache
def definitions() -> Mapping[str, Mapping[str, Resource]]:
    """Return the definitions by kind and id."""
    listed = [
        _measures(),
        _exercises(),
        *_value_sets(),
        *profiles(),
        *questionnaire_definitions(),
    ]
    kinds: dict[str, dict[str, Resource]] = {
        "CodeSystem": {},
        "ValueSet": {},
        "StructureDefinition": {},
        "Questionnaire": {},
    }
    for one in listed:
        kinds[one["resourceType"]][one["id"]] = one | _common()
    return kinds


def _common() -> Resource:
    return {
        "version": VERSION,
        "status": "active",
        "experimental": False,
        "date": PUBLISHED,
        "publisher": "tempo90",
    }


def _measures() -> Resource:
    concepts = [
        filled(
            {
                "code": code,
                "display": measure.display,
                "definition": measure.definition,
                "property": measure.unit and [{"code": "unit", "valueString": measure.unit}],
            }
        )
        for code, measure in MEASURES.items()
    ]
    unit = {"code": "unit", "description": "Unit of the values (UCUM).", "type": "string"}
    words = "Measures of how a set of a therapeutic exercise was performed."
    return _code_system(QUALITY, "Exercise quality", words, concepts, [unit])


def _exercises() -> Resource:
    concepts = [
        {
            "code": exercise.id,
            "display": exercise.name_en,
            "definition": f"{exercise.name_en}: {exercise.posture_en}",
            "designation": [{"language": "nl", "value": exercise.name_nl}],
        }
        for exercise in load_catalogue().exercises.values()
    ]
    words = "The exercises of the catalogue."
    return _code_system(EXERCISE, "Exercise", words, concepts, [])


def _code_system(
    url: str,
    title: str,
    description: str,
    concepts: Sequence[Resource],
    properties: Sequence[Resource],
) -> Resource:
    return filled(
        {
            "resourceType": "CodeSystem",
            "id": url.rpartition("/")[2],
            "url": url,
            "name": title.title().replace(" ", ""),
            "title": title,
            "description": description,
            "caseSensitive": True,
            "valueSet": f"{CANONICAL}/ValueSet/{url.rpartition('/')[2]}",
            "content": "complete",
            "count": len(concepts),
            "property": list(properties),
            "concept": list(concepts),
        }
    )


def _value_sets() -> list[Resource]:
    parts = [{"code": code} for code in MEASURES if code not in NOT_COMPONENTS]
    whole = (("exercise-quality", "Exercise quality", QUALITY), ("exercise", "Exercise", EXERCISE))
    return [
        *(
            _value_set(name, title, f"All codes of {title.lower()}.", {"system": system})
            for name, title, system in whole
        ),
        _value_set(
            "exercise-set-component",
            "Exercise set component",
            "What the components of an observation of a set, or of its repetitions, are about.",
            {"system": QUALITY, "concept": parts},
        ),
    ]


def _value_set(name: str, title: str, description: str, include: dict[str, Any]) -> Resource:
    return {
        "resourceType": "ValueSet",
        "id": name,
        "url": f"{CANONICAL}/ValueSet/{name}",
        "name": title.title().replace(" ", "") + "Codes",
        "title": title,
        "description": description,
        "compose": {"include": [include]},
    }
