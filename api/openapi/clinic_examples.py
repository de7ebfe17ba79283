"""An example of every body that clinicians read: the list by need, notes, totals, versions."""

from typing import Any, Final

from api.course_examples import ENROLMENT
from api.examples import PATIENT
from api.linking.examples import PROGRAMME

Example = dict[str, Any]
AT: Final = "2026-05-12T08:52:10Z"
AUTHOR: Final = "Synthetic physiotherapist"

NEEDS: Final[Example] = {
    "counts": {
        "new": 1,
        "attention": 6,
        "silent": 9,
        "aside": 2,
        "on_schedule": 65,
        "idle": 3,
    },
    "patients": [
        {
            "id": "7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01",
            "name": PATIENT["name"],
            "is_synthetic": True,
            "group": "attention",
            "is_new": True,
            "needs": [
                {
                    "code": "pain_severe",
                    "since": AT,
                    "is_new": True,
                    "words": {"en": "Pain 7 of 10 on 12 May", "nl": "Pijn 7 van 10 op 12 mei"},
                }
            ],
            "heard_at": AT,
            "facts": {"pain_worst": 7.0},
        }
    ],
    "next": None,
}
WRITTEN: Final[Example] = {
    "id": "9a6f4d0c-1b52-4a71-8c0f-6e2d7b3a5410",
    "text": "Heavier band from Monday, if the morning after stays under 3.",
    "author": AUTHOR,
    "is_own": True,
    "written_at": AT,
}
TOTAL: Final[Example] = {
    "id": "4f1c8e27-6d30-4b9e-a2c5-0b7d913e6f84",
    "instrument": "fash",
    "total": 62,
    "measured_on": "2026-05-12",
    "injury_episode_id": ENROLMENT["injury_episode_id"],
    "entered_by": AUTHOR,
    "entered_at": AT,
}
EXTRA_WEEK: Final[Example] = {
    "id": "1e7b5a90-3c48-4d26-9f61-d8a0c24b7e35",
    "after_week": 2,
    "added_at": AT,
    "added_by": AUTHOR,
}


def version_example(order: Example) -> Example:
    """Return a version of a prescription that consists of one order."""
    return {
        "id": "e3c1a7f4-5b28-4d90-8a16-2f7d0c94b6e5",
        "patient_id": order["patient_id"],
        "number": order["version"],
        "made_at": AT,
        "made_by": AUTHOR,
        "reason": "Tempo good for a week, pain under 3.",
        "undoes": None,
        "ordered_at": None,
        "orders": [order],
    }


def from_clinic_example(version: Example) -> Example:
    """Return what the computer of a patient reads, with one version of a prescription."""
    return {
        "patient_id": version["patient_id"],
        "versions": [version],
        "programme": ENROLMENT.get("programme", "hamstring"),
        "follows": PROGRAMME,
        "extra_weeks": [EXTRA_WEEK],
        "messages": [WRITTEN | {"is_own": False, "seen_at": None}],
        "withdrawn_messages": [],
    }


CLINIC_ANSWERS: Final[dict[str, Example]] = {
    "NeedList": NEEDS,
    "ThresholdsPublic": {"thresholds": {"pain_severe_from": 6.0, "missed_from": 5.0}},
    "NeedMarkPublic": {"id": "c85d2f16-7a94-4e03-b1d7-5f3e60a92c48"},
    "NotePublic": WRITTEN,
    "NoteList": {"notes": [WRITTEN]},
    "MessagePublic": WRITTEN | {"seen_at": None},
    "MessageList": {"messages": [WRITTEN | {"seen_at": None}]},
    "QuestionnaireTotalPublic": TOTAL,
    "QuestionnaireTotalList": {"questionnaire_totals": [TOTAL]},
    "ExtraWeekList": {"extra_weeks": [EXTRA_WEEK]},
}
