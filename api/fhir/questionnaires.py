"""Totals of questionnaires as FHIR: the total and its day, never the items, which are licensed."""

from collections.abc import Iterator
from typing import Final

from api.care.questionnaires import Questionnaire, load_questionnaires
from api.care.rows import QuestionnaireTotalRow
from api.fhir.elements import Resource, instant, reference
from api.fhir.vocabulary import CANONICAL

TOTAL: Final = "total"
MEASURED_ON: Final = "measured-on"
TOTAL_ONLY: Final = (
    "The total alone: the items are under licence of their owners and are not kept here."
)


def questionnaire_response(row: QuestionnaireTotalRow) -> Resource:
    """Return the total of a questionnaire that was filled in elsewhere.

    `authored` is when it was entered here; the day on which it was filled in is an answer.
    """
    one = load_questionnaires()[row.instrument]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"{row.instrument.replace('_', '-')}-{row.measured_on.isoformat()}.{row.patient_id}",
        "meta": {"lastUpdated": instant(row.entered_at)},
        "questionnaire": _url(one),
        "status": "completed",
        "subject": reference("Patient", row.patient_id),
        "authored": instant(row.entered_at),
        "source": reference("Patient", row.patient_id),
        "item": [
            {"linkId": TOTAL, "text": _words(one), "answer": [{"valueInteger": row.total}]},
            {
                "linkId": MEASURED_ON,
                "text": "Filled in on",
                "answer": [{"valueDate": row.measured_on.isoformat()}],
            },
        ],
    }


def questionnaire_definitions() -> Iterator[Resource]:
    """Give what is asked of each instrument: its total, and the day."""
    for one in load_questionnaires().values():
        yield {
            "resourceType": "Questionnaire",
            "id": _id(one),
            "url": _url(one),
            "name": f"{one.id.title().replace('_', '')}Total",
            "title": f"{one.name}: total",
            "description": f"{one.texts['en']}. {TOTAL_ONLY}",
            "subjectType": ["Patient"],
            "item": [
                {
                    "linkId": TOTAL,
                    "text": _words(one),
                    "type": "integer",
                    "required": True,
                    "extension": [_limit("minValue", 0), _limit("maxValue", one.most)],
                },
                {
                    "linkId": MEASURED_ON,
                    "text": "Filled in on",
                    "type": "date",
                    "required": True,
                },
            ],
        }


def _id(one: Questionnaire) -> str:
    return f"{one.id.replace('_', '-')}-total"


def _url(one: Questionnaire) -> str:
    return f"{CANONICAL}/Questionnaire/{_id(one)}"


def _words(one: Questionnaire) -> str:
    return f"Total of {one.name}, from 0 to {one.most}"


def _limit(name: str, value: int) -> Resource:
    return {"url": f"http://hl7.org/fhir/StructureDefinition/{name}", "valueInteger": value}
