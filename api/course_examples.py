"""The examples of the programme's part of the OpenAPI document; a test sends each of them."""

from typing import Any, Final

INJURY: Final[dict[str, Any]] = {
    "side": "left",
    "cause": "tear",
    "grade": 1,
    "site": "muscle_tendon",
    "injured_on": "2026-04-29",
    "sport": "hockey",
    "baseline_complaints": 5,
}

ENROLMENT: Final[dict[str, Any]] = {
    "injury_episode_id": "1d7c7f0a-7a3a-4a5e-8e7e-0c2f5a9b6d01",
    "programme": "hamstring",
    "start_on": "2026-05-04",
    "time_zone": "Europe/Amsterdam",
    "choices": ["ecc_prone_helper"],
    "sport": "running",
    "accepted_levels": {},
}

REST_DAYS: Final[dict[str, Any]] = {"from_on": "2026-05-12", "days": 3}

CHECK_IN: Final[dict[str, Any]] = {
    "id": "5f1f2f6e-6d0b-4c6c-9a6f-1f4b8f0d2a01",
    "at": "2026-05-12T08:30:00+02:00",
    "pain": 2,
    "soreness": 1,
    "took_anti_inflammatory": False,
    "took_paracetamol": False,
}

PROGRAMME_ANSWER: Final[dict[str, Any]] = {
    "id": "5f1f2f6e-6d0b-4c6c-9a6f-1f4b8f0d2a02",
    "at": "2026-05-12T08:31:00+02:00",
    "question": "warning_signs",
    "is_yes": False,
}

ADVICE_ANSWER: Final[dict[str, Any]] = {
    "id": "5f1f2f6e-6d0b-4c6c-9a6f-1f4b8f0d2a03",
    "key": "ice",
    "answer": "seen",
}

DIARY: Final[dict[str, Any]] = {
    "id": "5f1f2f6e-6d0b-4c6c-9a6f-1f4b8f0d2a04",
    "at": "2026-06-16T19:00:00+02:00",
    "day": "walk_jog",
    "level": 0,
    "minutes": 12,
    "pain_worst": 2,
    "is_complete": True,
    "has_returned_complaints": False,
}

SELF_REPORT: Final[dict[str, Any]] = {
    "id": "5f1f2f6e-6d0b-4c6c-9a6f-1f4b8f0d2a05",
    "at": "2026-05-12T20:00:00+02:00",
    "exercise": "iso_prone_raise",
    "side": "left",
    "sets": 3,
    "reps": 20,
    "reason": "sensor flat",
}

CORRECTION: Final[dict[str, Any]] = {"reps": 15}
