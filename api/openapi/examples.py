"""An example of every body that the interface answers with; a test checks each by its model."""

from typing import Any, Final

from api.course_examples import (
    CHECK_IN,
    CORRECTION,
    DIARY,
    ENROLMENT,
    INJURY,
    SELF_REPORT,
)
from api.examples import PATIENT, PRESCRIPTION, SESSION
from api.linking.examples import PROGRAMME
from api.openapi.clinic_examples import CLINIC_ANSWERS, from_clinic_example, version_example

Example = dict[str, Any]
PATIENT_ID: Final = "7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01"
SESSION_ID: Final = "5a0f1e0c-52a5-4a52-8b4c-7f1d3e2a9c10"
PRESCRIPTION_ID: Final = "c2c9e3f4-6f0e-4f64-9a5e-0d9b7a1e2f30"
AT: Final = "2026-05-12T08:52:10Z"
DOSE: Final[Example] = {
    "reps_due": 90,
    "reps_done": 45,
    "eccentric_due_s": 270.0,
    "eccentric_done_s": 131.4,
    "percent": 48.7,
}

PATIENT_PUBLIC: Final[Example] = PATIENT | {
    "id": PATIENT_ID,
    "version": 1,
    "url": f"/api/v1/patients/{PATIENT_ID}",
    "created_at": AT,
}
INJURY_PUBLIC: Final[Example] = INJURY | {
    "id": ENROLMENT["injury_episode_id"],
    "version": 1,
    "patient_id": PATIENT_ID,
    "created_at": AT,
}
PRESCRIPTION_PUBLIC: Final[Example] = PRESCRIPTION | {
    "id": PRESCRIPTION_ID,
    "url": f"/api/v1/prescriptions/{PRESCRIPTION_ID}",
    "created_at": AT,
    "version": 3,
    "is_standing": True,
}
VERSION: Final[Example] = version_example(PRESCRIPTION_PUBLIC)
RECORDING: Final[Example] = {
    "size_bytes": 81_920,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "stored_at": AT,
    "url": f"/api/v1/sessions/{SESSION_ID}/recording",
}
SESSION_PUBLIC: Final[Example] = SESSION | {
    "id": SESSION_ID,
    "url": f"/api/v1/sessions/{SESSION_ID}",
    "received_at": AT,
    "recording": RECORDING,
}
SESSION_STORED: Final[Example] = {
    "id": SESSION_ID,
    "url": f"/api/v1/sessions/{SESSION_ID}",
    "page": f"/sessions/{SESSION_ID}",
}
SESSION_LIST: Final[Example] = {
    "sessions": [
        {
            "id": SESSION_ID,
            "url": f"/api/v1/sessions/{SESSION_ID}",
            "patient_id": PATIENT_ID,
            "patient_name": PATIENT["name"],
            "is_synthetic": True,
            "started_at": SESSION["started_at"],
            "received_at": AT,
            "engine": SESSION["engine"],
            "catalogue": SESSION["catalogue"],
            "pain": SESSION["pain"],
            "soreness": SESSION["soreness"],
            "has_recording": True,
            "sets": [
                {
                    "number": 1,
                    "exercise": "ecc_prone_helper",
                    "side": "left",
                    "reps": 1,
                    "reps_prescribed": 1,
                    "in_tempo": 1,
                    "eccentric_mean_s": 3.0,
                    "dose_s": 3.0,
                    "dose_prescribed_s": 3.0,
                }
            ],
        }
    ],
    "next": None,
}
ENROLMENT_PUBLIC: Final[Example] = ENROLMENT | {
    "version": 2,
    "patient_id": PATIENT_ID,
    "first_training_on": "2026-05-04",
    "created_at": AT,
    "changed_at": AT,
}
TODAY: Final[Example] = {
    "on": "2026-05-12",
    "time_zone": "Europe/Amsterdam",
    "programme": "hamstring",
    "side": "left",
    "kind": "training",
    "day": 9,
    "week": 2,
    "block_weeks": [1, 2],
    "sport_week": None,
    "minutes": 22.0,
    "exercises": [
        {
            "exercise": "ecc_prone_helper",
            "name": {"en": "Eccentric leg curl", "nl": "Excentrische training met helper"},
            "posture": {"en": "lying face down", "nl": "op je buik"},
            "movement": "hinge",
            "side": "affected",
            "is_measured": True,
            "is_core": True,
            "sets": 3,
            "reps": 15,
            "hold_s": None,
            "eccentric_s": 3.0,
            "rest_s": 60.0,
            "sets_due": 6,
            "sets_done": 3,
            "sets_left": 3,
            "tempo_s": [2.5, 3.5],
            "peak_deg": 90.0,
            "prescription": None,
        }
    ],
    "sessions_due": 2,
    "sessions_done": 1,
    "sessions_partial": 0,
    "sessions_left": 1,
    "dose": DOSE,
    "sport": None,
    "streak_days": 4,
    "advice": [],
    "answered": [],
}
CALENDAR: Final[Example] = {
    "first_training_on": "2026-05-04",
    "days": [
        {
            "on": "2026-05-12",
            "kind": "training",
            "day": 9,
            "week": 2,
            "sessions_due": 2,
            "sessions_done": 1,
            "sessions_partial": 0,
            "is_self_reported": False,
            "dose": DOSE,
            "pain": 3,
            "soreness": 1,
            "sport_day": None,
            "sports_done": 0,
        }
    ],
}
AUDIT: Final[Example] = {
    "lines": [
        {
            "id": 17,
            "at": AT,
            "name": "Synthetic physiotherapist",
            "role": "clinician",
            "action": "read",
            "route": "GET /api/v1/sessions/{session_id}",
            "object_id": SESSION_ID,
            "patient_id": PATIENT_ID,
            "is_allowed": True,
        }
    ],
    "next": None,
}
MARK_PUBLIC: Final[Example] = {
    "kind": "discarded",
    "reason": "not_a_repetition",
    "remark": "Turned over.",
    "id": "3d0e6a1c-4b7f-4c57-9c38-2a1f7b60d5e4",
    "set_number": 1,
    "rep_number": 7,
    "start_s": 41.2,
    "end_s": 44.9,
    "marked_by": "Synthetic physiotherapist",
    "marked_at": AT,
}
RESULT: Final[Example] = {
    "number": 2,
    "state": "proposed",
    "engine": "0.2.0",
    "catalogue": "1",
    "made_by": "Synthetic physiotherapist",
    "made_at": AT,
    "n_changes": 1,
}
CHANGE: Final[Example] = {
    "exercise": "ecc_prone_helper",
    "before": 1,
    "after": 1,
    "values": [{"name": "eccentric_mean_s", "before": 2.9, "after": 2.8}],
    "reps": [],
}
PROBLEM: Final[Example] = {
    "type": "urn:tempo90:problem:not-found",
    "title": "Not Found",
    "status": 404,
    "detail": f"There is no session {SESSION_ID}.",
    "instance": f"/api/v1/sessions/{SESSION_ID}",
}

ANSWERS: Final[dict[str, Example]] = {
    "PatientPublic": PATIENT_PUBLIC,
    "PatientList": {"patients": [PATIENT_PUBLIC]},
    "InjuryEpisodePublic": INJURY_PUBLIC,
    "InjuryEpisodeList": {"injury_episodes": [INJURY_PUBLIC]},
    "PrescriptionPublic": PRESCRIPTION_PUBLIC,
    "PrescriptionList": {"prescriptions": [PRESCRIPTION_PUBLIC]},
    "VersionPublic": VERSION,
    "VersionList": {"versions": [VERSION]},
    "FromClinic": from_clinic_example(VERSION),
    "InjuryTold": PROGRAMME["injury"],
    "ProgrammeTold": PROGRAMME,
    "RecordingPublic": RECORDING,
    "SessionPublic": SESSION_PUBLIC,
    "SessionStored": SESSION_STORED,
    "SessionList": SESSION_LIST,
    "Trace": {"t": [0.0, 1.3, 1.9, 4.9], "a": [0.4, 88.9, 88.0, None]},
    "EnrolmentPublic": ENROLMENT_PUBLIC,
    "TodayPublic": TODAY,
    "CalendarPublic": CALENDAR,
    "RestDayList": {"rest_days": ["2026-05-12", "2026-05-13"]},
    "CheckInList": {"check_ins": [CHECK_IN]},
    "DiaryList": {"diary": [DIARY]},
    "SelfReportList": {"self_reports": [SELF_REPORT]},
    "CorrectionPublic": CORRECTION | {"session_id": SESSION_ID, "number": 1, "corrected_at": AT},
    "MarkPublic": MARK_PUBLIC,
    "MarkList": {"marks": [MARK_PUBLIC]},
    "ResultPublic": RESULT,
    "ResultList": {"results": [RESULT]},
    "ResultComparison": RESULT | {"differences": [CHANGE]},
    "AuditList": AUDIT,
    "ErasureReport": {"rows": {"patient": 1, "session": 24, "exercise_set": 96}, "recordings": 24},
    "Me": {"role": "patient", "name": "Synthetic patient 1", "patient_id": PATIENT_ID},
    "Readiness": {
        "is_ready": True,
        "version": "0.1.0",
        "checks": [{"name": "database", "is_well": True, "found": "tables 0007"}],
    },
    "ReadyCheck": {"name": "disk", "is_well": True, "found": "212.4 GB free"},
    "Health": {"status": "ok", "version": "0.1.0", "revision": "0003"},
    "Problem": PROBLEM,
    **CLINIC_ANSWERS,
}
