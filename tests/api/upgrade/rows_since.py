"""What the tables of each later revision held, beside the rows that were there before."""

import zlib

from tests.api.upgrade.names import (
    CLINICIANS_ACCOUNT,
    INJURY,
    NOON,
    ORDER,
    OTHER_PATIENT,
    PATIENT,
    PATIENTS_ACCOUNT,
    SESSION,
    TRAINED,
    WRITTEN,
    digest,
)
from tests.api.upgrade.rows_of_0003 import PHASES

LINK = "e1000000000040008000000000000001"
EXTRA_WEEK = "e2000000000040008000000000000001"
VERSION = "e3000000000040008000000000000001"
NEW_ORDER = "b1000000000040008000000000000003"
JOB = "e4000000000040008000000000000001"
CLINICIAN = "Synthetic clinician"
EARLIER_RESULT = zlib.compress(
    b'{"own_counts": {"1": 3}, "sets": [{"exercise": "ecc_prone_helper", "side": "left",'
    b' "start_s": 2.0, "end_s": 6.8, "reps": [{"start_s": 2.0, "peak_s": 3.2, "end_s": 6.8,'
    b' "peak_deg": 90.0, "eccentric_s": 3.0, "flags": [], "phases": %b}],'
    b' "quality": {"reps": 1}, "feedback": []}]}' % PHASES.encode()
)

ROWS_0004 = {
    "clinic_link": [
        {
            "id": LINK,
            "patient_id": PATIENT,
            "url": "https://tempo.clinic.example",
            "clinic_patient_id": PATIENT,
            "label": "Synthetic computer",
            "token": "synthetic-link-token",
            "linked_at": WRITTEN,
            "tried_at": TRAINED,
            "sent_at": TRAINED,
            "trouble": "unreachable",
            "reason": "The clinic does not answer.",
        }
    ],
    "sent_item": [
        {
            "link_id": LINK,
            "kind": "session",
            "key": SESSION,
            "sha256": "5" * 64,
            "refusal": "The clinic had another one.",
            "noted_at": TRAINED,
        }
    ],
}
ROWS_0005 = {
    "need_threshold": [
        {
            "name": "silent_days",
            "value": 5.0,
            "changed_at": WRITTEN,
            "changed_by": CLINICIAN,
        }
    ],
    "clinic_note": [
        {
            "id": "f1000000000040008000000000000001",
            "patient_id": PATIENT,
            "author_id": CLINICIANS_ACCOUNT,
            "author": CLINICIAN,
            "text": "Synthetisch: volgende week bellen.",
            "written_at": TRAINED,
            "removed_at": NOON,
        }
    ],
    "message": [
        {
            "id": "f2000000000040008000000000000001",
            "patient_id": PATIENT,
            "author_id": CLINICIANS_ACCOUNT,
            "author": CLINICIAN,
            "text": "Synthetisch: goed bezig.",
            "written_at": TRAINED,
            "seen_at": NOON,
            "withdrawn_at": NOON,
        }
    ],
    "need_look": [
        {
            "reader_id": CLINICIANS_ACCOUNT,
            "patient_id": PATIENT,
            "seen_at": WRITTEN,
            "aside_at": WRITTEN,
            "aside_until": TRAINED,
        }
    ],
    "need_mark": [
        {
            "id": "f3000000000040008000000000000001",
            "reader_id": CLINICIANS_ACCOUNT,
            "reader": CLINICIAN,
            "patient_id": PATIENT,
            "kind": "snoozed",
            "at": WRITTEN,
            "until": TRAINED,
            "note": "Synthetisch: op vakantie.",
            "undone_at": NOON,
        }
    ],
    "patient_summary": [
        {
            "patient_id": PATIENT,
            "heard_at": TRAINED,
            "newest_at": TRAINED,
            "top_rank": 1,
            "codes": " silent ",
            "silent_from": "2026-05-14 00:00:00.000000",
            "runs_from": WRITTEN,
            "runs_until": "2026-07-27 00:00:00.000000",
            "detail": "{}",
            "made_by": 0,
            "made_at": TRAINED,
        }
    ],
    "questionnaire_total": [
        {
            "id": "f4000000000040008000000000000001",
            "patient_id": PATIENT,
            "injury_episode_id": INJURY,
            "instrument": "fash",
            "total": 62,
            "measured_on": "2026-05-04",
            "entered_by": CLINICIAN,
            "entered_at": WRITTEN,
        }
    ],
    "extra_week": [
        {
            "id": EXTRA_WEEK,
            "injury_episode_id": INJURY,
            "after_week": 1,
            "added_at": TRAINED,
            "added_by": CLINICIAN,
        }
    ],
}
ROWS_0006 = {
    "rep_mark": [
        {
            "id": "f5000000000040008000000000000001",
            "session_id": SESSION,
            "set_number": 1,
            "rep_number": 2,
            "start_s": 7.7,
            "end_s": 12.0,
            "kind": "discarded",
            "reason": "helper",
            "remark": "Synthetisch: tweede hulp.",
            "marked_by": CLINICIAN,
            "marked_at": NOON,
            "moved_from": "f5000000000040008000000000000009",
            "ended_by": CLINICIAN,
            "ended_at": NOON,
        }
    ],
    "result_version": [
        {
            "id": f"f6000000000040008000{number:012}",
            "session_id": SESSION,
            "number": number,
            "state": state,
            "engine": engine,
            "catalogue": "1",
            "made_by": "tempo90",
            "made_at": TRAINED,
            "decided_by": CLINICIAN,
            "decided_at": NOON,
            "n_changes": 1,
            "packed": EARLIER_RESULT,
        }
        for number, state, engine in ((1, "earlier", "0.0.2"), (2, "current", "0.0.3"))
    ],
}
ROWS_0007 = {
    "prescription": [
        {
            "id": NEW_ORDER,
            "patient_id": PATIENT,
            "exercise": "bridge_leg_raise",
            "side": "both",
            "sets": 2,
            "tempo_tolerance_s": 0.5,
            "peak_tolerance_deg": 10.0,
            "is_left_out": False,
            "is_added": True,
            "starts_on": "2026-05-11",
            "created_at": NOON,
        }
    ],
    "prescription_version": [
        {
            "id": VERSION,
            "patient_id": PATIENT,
            "number": 3,  # after one for each order that was there
            "made_at": NOON,
            "made_by": CLINICIAN,
            "account_id": CLINICIANS_ACCOUNT,
            "reason": "Synthetisch: brug erbij.",
            "undoes": 2,
        }
    ],
    "prescription_line": [
        {"version_id": VERSION, "prescription_id": order} for order in (ORDER, NEW_ORDER)
    ],
    "prescription_template": [
        {
            "id": "f7000000000040008000000000000001",
            "programme": "hamstring",
            "name": "Synthetic template",
            "orders": '[{"exercise": "ecc_prone_helper", "sets": 3, "starts_on": "2000-01-03"}]',
            "made_at": NOON,
            "made_by": CLINICIAN,
            "account_id": CLINICIANS_ACCOUNT,
        }
    ],
}
ROWS_0008 = {
    "job": [
        {
            "id": JOB,
            "kind": "reports",
            "wishes": '{"reader": "clinician", "language": "nl"}',
            "state": "done",
            "asked_by": CLINICIANS_ACCOUNT,
            "asked_name": CLINICIAN,
            "asked_role": "clinician",
            "asked_at": TRAINED,
            "started_at": TRAINED,
            "ended_at": NOON,
            "not_before": TRAINED,
            "n_tries": 1,
            "claimed_by": CLINICIANS_ACCOUNT,
            "claimed_until": NOON,
            "n_all": 1,
            "n_done": 1,
            "n_failed": 0,
            "problem": "",
        }
    ],
    "job_item": [
        {
            "job_id": JOB,
            "number": 1,
            "patient_id": PATIENT,
            "session_id": SESSION,
            "state": "done",
            "reason": "",
            "file_name": "report.pdf",
            "content": b"%PDF-1.7 synthetic",
        }
    ],
    "retention": [
        {
            "id": 1,
            "keep_days": 3650,
            "set_by": "Synthetic administrator",
            "set_at": WRITTEN,
            "starts_at": TRAINED,
        }
    ],
}
ROWS_0009 = {
    "passkey": [
        {
            "id": "f8000000000040008000000000000001",
            "account_id": PATIENTS_ACCOUNT,
            "credential": "c3ludGhldGlj",
            "public_key": "c3ludGhldGljIGtleQ",
            "uses": 4,
            "name": "Synthetic phone",
            "created_at": WRITTEN,
            "used_at": TRAINED,
        }
    ],
    "passkey_challenge": [
        {"sha256": digest("asked"), "account_id": PATIENTS_ACCOUNT, "ends_at": TRAINED},
    ],
}
ROWS_0010 = {
    "clinic_link": [
        {
            "id": "e1000000000040008000000000000002",
            "patient_id": OTHER_PATIENT,
            "url": "https://tempo.clinic.example",
            "clinic_patient_id": OTHER_PATIENT,
            "label": "Synthetic computer",
            "token": "synthetic-link-token-2",
            "linked_at": WRITTEN,
            "read_at": NOON,
        }
    ],
    "received_order": [{"version_id": VERSION, "link_id": LINK, "ordered_at": NOON}],
    "received_week": [{"week_id": EXTRA_WEEK}],
}
ROWS_0011 = {
    "sent_item": [
        {
            "link_id": LINK,
            "kind": "programme",
            "key": "current",
            "sha256": digest("programme"),
            "refusal": None,
            "noted_at": NOON,
        }
    ],
}
ROWS_SINCE = {
    "0004": ROWS_0004,
    "0005": ROWS_0005,
    "0006": ROWS_0006,
    "0007": ROWS_0007,
    "0008": ROWS_0008,
    "0009": ROWS_0009,
    "0010": ROWS_0010,
    "0011": ROWS_0011,
}
