"""The accounts, keys, consents and the audit log of revision 0003."""

from tests.api.upgrade.names import (
    APP_TOKEN,
    CARE,
    CLINICIANS_ACCOUNT,
    LOGIN_TOKEN,
    OTHER_PATIENT,
    PASSWORD_HASH,
    PATIENT,
    PATIENTS_ACCOUNT,
    SESSION,
    TOTP_SECRET,
    TRAINED,
    WRITTEN,
    digest,
)

ACCESS_ROWS = {
    "account": [
        {
            "id": PATIENTS_ACCOUNT,
            "role": "patient",
            "login": "anna@example.org",
            "name": "Synthetic patient 1",
            "patient_id": PATIENT,
            "password_hash": PASSWORD_HASH,
            "totp_step": 0,
            "is_active": True,
            "created_at": WRITTEN,
        },
        {
            "id": CLINICIANS_ACCOUNT,
            "role": "clinician",
            "login": "physio@example.org",
            "name": "Synthetic clinician",
            "password_hash": PASSWORD_HASH,
            "totp_secret": TOTP_SECRET,
            "totp_step": 59_000_000,
            "is_active": True,
            "created_at": WRITTEN,
        },
    ],
    "audit": [
        {
            "at": WRITTEN,
            "account_id": CLINICIANS_ACCOUNT,
            "name": "Synthetic clinician",
            "role": "clinician",
            "action": "read",
            "route": "GET /sessions/{session_id}",
            "object_id": SESSION,
            "patient_id": PATIENT,
            "is_allowed": True,
        }
    ],
    "login_try": [
        {
            "key_sha256": digest("someone"),
            "window_start": WRITTEN,
            "ends_at": "2026-05-04 08:00:00.000000",
            "tries": 3,
        }
    ],
    "app_token": [
        {
            "sha256": digest(APP_TOKEN),
            "id": "c3000000000040008000000000000001",
            "patient_id": PATIENT,
            "label": "Synthetic computer",
            "created_at": WRITTEN,
            "used_at": TRAINED,
        }
    ],
    "care": [
        {
            "id": CARE,
            "clinician_id": CLINICIANS_ACCOUNT,
            "patient_id": PATIENT,
            "started_at": WRITTEN,
        },
        {
            "id": "c2000000000040008000000000000002",
            "clinician_id": CLINICIANS_ACCOUNT,
            "patient_id": OTHER_PATIENT,
            "started_at": WRITTEN,
            "ended_at": TRAINED,
        },
    ],
    "invitation": [
        {
            "sha256": digest("a code that was never used"),
            "id": "c4000000000040008000000000000001",
            "purpose": "reset",
            "role": "patient",
            "name": "Synthetic patient 1",
            "account_id": PATIENTS_ACCOUNT,
            "invited_by": CLINICIANS_ACCOUNT,
            "created_at": WRITTEN,
            "expires_at": "2026-05-04 08:00:00.000000",
            "used_at": "2026-05-04 07:10:00.000000",
        }
    ],
    "known_device": [
        {"sha256": digest("a browser"), "account_id": PATIENTS_ACCOUNT, "created_at": WRITTEN},
    ],
    "login": [
        {
            "sha256": digest(LOGIN_TOKEN),
            "id": "c5000000000040008000000000000001",
            "account_id": CLINICIANS_ACCOUNT,
            "stage": "full",
            "agent": "Firefox, Linux",
            "created_at": "2026-05-11 09:30:00.000000",
            "seen_at": "2026-05-11 09:50:00.000000",
            "expires_at": "2026-05-11 21:30:00.000000",
        }
    ],
    "recovery_code": [
        {"sha256": digest("0123456789ABCDEFGHJK"), "account_id": CLINICIANS_ACCOUNT},
    ],
    "consent": [
        {
            "id": f"c6000000000040008000{n:012}",
            "care_id": CARE,
            "scope": scope,
            "given_at": WRITTEN,
            "withdrawn_at": withdrawn_at,
        }
        for n, (scope, withdrawn_at) in enumerate(
            (("results", None), ("recordings", None), ("live", TRAINED)), start=1
        )
    ],
}
