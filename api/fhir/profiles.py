"""Our profiles of FHIR resources, each as what it asks beyond the standard (differential)."""

from collections.abc import Sequence
from typing import Any, Final

from api.fhir.elements import Resource
from api.fhir.observations import PAIN_PROFILE, SET_PROFILE
from api.fhir.people import ORDER, TARGETS
from api.fhir.sittings import SESSION_PROFILE
from api.fhir.vocabulary import CANONICAL, EXERCISE_THERAPY, PAIN, QUALITY

BASE: Final = "http://hl7.org/fhir/StructureDefinition"
FHIR_VERSION: Final = "4.0.1"
COMPONENTS: Final = f"{CANONICAL}/ValueSet/exercise-set-component"
TARGET_PARTS: Final = (
    ("sets", "positiveInt", "Sets ordered"),
    ("repetitions", "positiveInt", "Repetitions in a set"),
    ("eccentric-duration", "Quantity", "Duration of the eccentric phase, s"),
    ("concentric-duration", "Quantity", "Duration of the concentric phase, s"),
    ("hold-duration", "Quantity", "Time to hold, s"),
    ("rest-duration", "Quantity", "Rest between sets, s"),
    ("peak-angle", "Quantity", "Angle to reach, deg"),
    ("band", "string", "Elastic band to use"),
)


def profiles() -> list[Resource]:
    """Return all profiles, and the extension that one of them uses."""
    return [_set(), _pain(), _session(), _order(), _targets()]


def _set() -> Resource:
    return _profile(
        SET_PROFILE,
        "Observation",
        "One set of an exercise: its quality in components.",
        [
            _element("Observation.code", min=1, patternCodeableConcept=_pattern(_own_set())),
            _element("Observation.partOf", min=1, short="The session (Procedure)"),
            _element("Observation.effective[x]", min=1, type=[{"code": "Period"}]),
            _element("Observation.component", min=2),
            _element(
                "Observation.component.code",
                min=1,
                binding={"strength": "required", "valueSet": COMPONENTS},
            ),
        ],
    )


def _pain() -> Resource:
    return _profile(
        PAIN_PROFILE,
        "Observation",
        "Pain from 0 to 10 as told. It carries the code, the whole number and the method of the "
        "Dutch zib PainScore beside LOINC.",
        [
            _element("Observation.code", min=1, patternCodeableConcept=_pattern(*PAIN)),
            _element("Observation.effective[x]", min=1, type=[{"code": "dateTime"}]),
            _element("Observation.value[x]", min=1, type=[{"code": "integer"}]),
            _element("Observation.method", min=1),
        ],
    )


def _session() -> Resource:
    return _profile(
        SESSION_PROFILE,
        "Procedure",
        "A session of therapeutic exercises that was done.",
        [
            _element("Procedure.code", min=1, patternCodeableConcept=_pattern(EXERCISE_THERAPY)),
            _element("Procedure.performed[x]", min=1, type=[{"code": "Period"}]),
        ],
    )


def _order() -> Resource:
    targets = {
        "id": "ServiceRequest.extension:targets",
        "path": "ServiceRequest.extension",
        "sliceName": "targets",
        "min": 1,
        "max": "1",
        "type": [{"code": "Extension", "profile": [TARGETS]}],
    }
    return _profile(
        ORDER,
        "ServiceRequest",
        "An exercise that was ordered, with its targets.",
        [
            _element("ServiceRequest.code", min=1),
            _element("ServiceRequest.occurrence[x]", min=1, type=[{"code": "Timing"}]),
            targets,
        ],
    )


def _targets() -> Resource:
    """Define the extension: one nested extension for each target."""
    elements: list[Resource] = [
        {"id": "Extension", "path": "Extension", "short": "Targets of an exercise", "max": "1"}
    ]
    for name, kind, words in TARGET_PARTS:
        at = f"Extension.extension:{name}"
        elements += [
            {
                "id": at,
                "path": "Extension.extension",
                "sliceName": name,
                "short": words,
                "min": 0,
                "max": "1",
            },
            {"id": f"{at}.url", "path": "Extension.extension.url", "fixedUri": name},
            {
                "id": f"{at}.value[x]",
                "path": "Extension.extension.value[x]",
                "min": 1,
                "type": [{"code": kind}],
            },
        ]
    elements += [
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": TARGETS},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"},
    ]
    extension = _profile(TARGETS, "Extension", "Targets of an exercise.", elements)
    context = [{"type": "element", "expression": "ServiceRequest"}]
    return extension | {"context": context}


def _profile(url: str, kind: str, description: str, elements: Sequence[Resource]) -> Resource:
    name = url.rpartition("/")[2]
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": url,
        "name": name.title().replace("-", ""),
        "title": name.replace("-", " ").capitalize(),
        "description": description,
        "fhirVersion": FHIR_VERSION,
        "kind": "complex-type" if kind == "Extension" else "resource",
        "abstract": False,
        "type": kind,
        "baseDefinition": f"{BASE}/{kind}",
        "derivation": "constraint",
        "differential": {"element": list(elements)},
    }


def _element(path: str, **asked: Any) -> Resource:
    return {"id": path, "path": path, **asked}


def _pattern(*codings: Resource) -> Resource:
    return {"coding": [{key: one[key] for key in ("system", "code")} for one in codings]}


def _own_set() -> Resource:
    return {"system": QUALITY, "code": "set-quality"}
