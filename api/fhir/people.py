"""Patients, their injuries and what was ordered for them, as FHIR resources."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from analysis import load_catalogue
from api.access.consents import CarePublic
from api.fhir.elements import Resource, coding, concept, instant, quantity, reference
from api.fhir.elements import without_nothing as filled
from api.fhir.gear import gear_words
from api.fhir.vocabulary import (
    CANONICAL,
    EXERCISE,
    EXERCISE_THERAPY,
    LOINC,
    PHYSICAL_THERAPY,
    SIDES,
    TEST_DATA,
)
from api.models import InjuryEpisodeRow, PatientRow, PrescriptionRow

TARGETS: Final = f"{CANONICAL}/StructureDefinition/exercise-targets"
ORDER: Final = f"{CANONICAL}/StructureDefinition/exercise-order"
CAUSES: Final = {"tear": "tear", "overload": "overload", "back": "referred from the back"}
SITES: Final = {
    "sit_bone": "at the sit bone (ischial tuberosity)",
    "muscle_tendon": "muscle-tendon junction",
}
NAMES: Final = {"nl": "Dutch", "en": "English"}


def patient(row: PatientRow) -> Resource:
    """Return a patient; somebody made up by the simulator is marked as test data."""
    language = concept(coding("urn:ietf:bcp:47", row.language, NAMES[row.language]))
    meta: Resource = {"lastUpdated": instant(row.created_at)}
    if row.is_synthetic:
        meta["security"] = [TEST_DATA]
    return {
        "resourceType": "Patient",
        "id": str(row.id),
        "meta": meta,
        "active": True,
        "name": [{"text": row.name}],
        "communication": [{"language": language, "preferred": True}],
    }


def condition(row: InjuryEpisodeRow) -> Resource:
    """Return an injury. Whether it has healed is not recorded, so nothing is said of it."""
    words = ["Hamstring injury", *([CAUSES[row.cause]] if row.cause else [])]
    notes = [
        f"Injection on {row.injected_on.isoformat()}." if row.injected_on else None,
        f"Wants to go back to: {row.sport}." if row.sport else None,
        None
        if row.baseline_complaints is None
        else f"Complaints at the start, 0 to 10: {row.baseline_complaints}.",
    ]
    site = f", {SITES[row.site]}" if row.site else ""
    stage = {"summary": {"text": f"grade {row.grade}"}, "type": {"text": "grade of the tear"}}
    return filled(
        {
            "resourceType": "Condition",
            "id": str(row.id),
            "meta": {"lastUpdated": instant(row.created_at)},
            "code": concept(text=": ".join(words)),
            "bodySite": [concept(SIDES[row.side], text=f"{row.side} hamstrings{site}")],
            "stage": [stage] if row.grade else None,
            "subject": reference("Patient", row.patient_id),
            "onsetDateTime": row.injured_on and row.injured_on.isoformat(),
            "recordedDate": instant(row.created_at),
            "note": [{"text": text} for text in notes if text],
        }
    )


def service_request(
    row: PrescriptionRow, *, today: date, per_day: int | None, is_standing: bool = True
) -> Resource:
    """Return what was ordered: one exercise and its targets.

    Parameters
    ----------
    row : PrescriptionRow
        The order.
    today : date
        Decides whether it is over.
    per_day : int or None
        How many times a day the patient's programme has it; None without a programme.
    is_standing : bool
        Whether the newest version of the patient's prescription still holds it.

    """
    is_over = row.ends_on is not None and row.ends_on < today
    bounds = filled(
        {
            "start": row.starts_on.isoformat(),
            "end": row.ends_on.isoformat() if row.ends_on else None,
        }
    )
    often = {"frequency": per_day, "period": 1, "periodUnit": "d"} if per_day else {}
    return filled(
        {
            "resourceType": "ServiceRequest",
            "id": str(row.id),
            "meta": {"lastUpdated": instant(row.created_at), "profile": [ORDER]},
            "extension": [_targets(row)],
            "status": "completed" if is_over else "active" if is_standing else "revoked",
            "intent": "order",
            "category": [concept(PHYSICAL_THERAPY)],
            "code": concept(EXERCISE_THERAPY, exercise_coding(row.exercise), text=_words(row)),
            "subject": reference("Patient", row.patient_id),
            "reasonReference": row.injury_episode_id
            and [reference("Condition", row.injury_episode_id)],
            "doNotPerform": True if row.is_left_out else None,
            "bodySite": [
                concept(SIDES[side], text=f"{side} leg")
                for side in (SIDES if row.side == "both" else (row.side,))
                if side
            ],
            "occurrenceTiming": {"repeat": {"boundsPeriod": bounds, **often}},
            "authoredOn": instant(row.created_at),
        }
    )


def exercise_coding(exercise_id: str) -> Resource:
    """Return the code of an exercise; a newer catalogue may know more than this one names."""
    known = load_catalogue().exercises.get(exercise_id)
    return coding(EXERCISE, exercise_id, known.name_en if known else None)


def consent(care: CarePublic, patient_id: object, zone: ZoneInfo) -> Resource:
    """Return what a patient lets one clinician see."""
    actor = {
        "role": concept(
            coding(
                "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                "IRCP",
                "information recipient",
            )
        ),
        "reference": {"display": care.clinician},
    }
    scopes = [{"text": scope.value} for scope in sorted(care.scopes)]
    return filled(
        {
            "resourceType": "Consent",
            "id": str(care.id),
            "status": "active" if care.scopes else "inactive",
            "scope": concept(
                coding("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")
            ),
            "category": [concept(coding(LOINC, "59284-0", "Consent Document"))],
            "patient": reference("Patient", str(patient_id)),
            "dateTime": care.started_at.astimezone(zone).isoformat(),
            "policyRule": concept(text="Consent given to one clinician, by kind of data"),
            "provision": {
                "type": "permit" if care.scopes else "deny",
                "actor": [actor],
                **({"code": scopes} if scopes else {}),
            },
        }
    )


def _targets(row: PrescriptionRow) -> Resource:
    """Return the targets as an extension, one part for each that was given."""
    counts = {"sets": row.sets, "repetitions": row.reps}
    measured = {
        "eccentric-duration": (row.eccentric_s, "s"),
        "concentric-duration": (row.concentric_s, "s"),
        "hold-duration": (row.hold_s, "s"),
        "rest-duration": (row.rest_s, "s"),
        "peak-angle": (row.peak_deg, "deg"),
    }
    parts: list[dict[str, Any]] = [
        {"url": url, "valuePositiveInt": count} for url, count in counts.items() if count
    ]
    parts += [
        {"url": url, "valueQuantity": quantity(value, unit)}
        for url, (value, unit) in measured.items()
        if value is not None
    ]
    words = gear_words(row.band)
    if words is not None:
        parts.append({"url": "band", "valueString": words})
    return {"url": TARGETS, "extension": parts}


def _words(row: PrescriptionRow) -> str:
    said: Iterable[str | None] = (
        f"{row.sets} x {row.reps}" if row.reps else f"{row.sets} sets",
        f"{row.eccentric_s:g} s eccentric" if row.eccentric_s else None,
        f"{row.hold_s:g} s hold" if row.hold_s else None,
        f"about {row.peak_deg:g} deg" if row.peak_deg else None,
        f"{row.rest_s:g} s rest" if row.rest_s else None,
    )
    return f"{row.exercise}: " + ", ".join(part for part in said if part)
