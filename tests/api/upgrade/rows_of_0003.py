"""A synthetic clinic as a database of revision 0003 held it: table by table, value by value.

Nothing here comes from the present program, which may write another form: these rows are what
it must go on reading. Times are UTC; the integer keys are those that an empty database deals out.
"""

import zlib
from hashlib import sha256

from tests.api.upgrade.access_rows_of_0003 import ACCESS_ROWS
from tests.api.upgrade.names import (
    ADVICE,
    BARE_SESSION,
    EARLIER,
    ENDED_ORDER,
    INJURY,
    OLD_INJURY,
    ORDER,
    OTHER_PATIENT,
    PATIENT,
    RECORDING,
    SESSION,
    TRAINED,
    WRITTEN,
)

TRACE = zlib.compress(b'{"t":[0.0,1.2,1.8,4.8],"a":[0.0,90.0,90.0,0.0]}')
PHASES = (
    '[{"kind": "lift", "start_s": 2.0, "end_s": 3.2},'
    ' {"kind": "eccentric", "start_s": 3.8, "end_s": 6.8}]'
)
FEEDBACK = '[{"code": "good_tempo", "kind": "praise", "text": "Mooi rustig.", "values": {}}]'

PROGRAMME_ROWS = {
    "patient": [
        {
            "id": PATIENT,
            "name": "Synthetic patient 1",
            "is_synthetic": True,
            "language": "nl",
            "programme_starts_on": "2026-05-04",
            "created_at": WRITTEN,
        },
        {
            "id": OTHER_PATIENT,
            "name": "Synthetic patient 2",
            "is_synthetic": True,
            "language": "en",
            "created_at": WRITTEN,
        },
    ],
    "sensor": [{"family": "witmotion", "address": "00:00:5E:00:53:01", "name": "WT901BLE67"}],
    "injury_episode": [
        {
            "id": INJURY,
            "patient_id": PATIENT,
            "side": "left",
            "cause": "overload",
            "grade": 1,
            "site": "sit_bone",
            "injured_on": "2026-04-20",
            "injected_on": "2026-04-25",
            "sport": "football",
            "baseline_complaints": 5,
            "created_at": WRITTEN,
        },
        {"id": OLD_INJURY, "patient_id": PATIENT, "side": "right", "created_at": EARLIER},
    ],
    "session": [
        {
            "id": SESSION,
            "patient_id": PATIENT,
            "sensor_id": 1,
            "started_at": TRAINED,
            "received_at": TRAINED,
            "engine": "0.0.3",
            "catalogue": "1",
            "pain_before": 2,
            "pain_worst": 3,
            "soreness": 1,
            "rpe": 6,
            "warning_signs_start": False,
            "warning_signs_end": False,
            "took_anti_inflammatory": False,
            "took_paracetamol": True,
            "band_tight": True,
            "notes": "Synthetisch: band zat wat strak.",
            "sensor_extra": '{"battery_percent": 81}',
            "extra": '{"plan": {"sets": 3}}',
            "content_sha256": "3" * 64,
        },
        {
            "id": BARE_SESSION,
            "patient_id": OTHER_PATIENT,
            "started_at": TRAINED,
            "received_at": TRAINED,
            "engine": "0.0.3",
            "sensor_extra": "{}",
            "extra": "{}",
            "content_sha256": "4" * 64,
        },
    ],
    "exercise_set": [
        {
            "session_id": SESSION,
            "number": 1,
            "exercise": "ecc_prone_helper",
            "side": "left",
            "band": '"training band, yellow, single"',
            "start_s": 2.0,
            "end_s": 12.0,
            "reps": 2,
            "reps_prescribed": 15,
            "in_tempo": 1,
            "accepted": 2,
            "eccentric_mean_s": 2.75,
            "eccentric_sd_s": 0.35,
            "eccentric_drift_s": -0.5,
            "dose_s": 5.5,
            "dose_prescribed_s": 45.0,
            "dose_percent": 12.2,
            "peak_mean_deg": 89.0,
            "peak_sd_deg": 1.4,
            "rom_mean_deg": 88.0,
            "sparc_mean": -1.6,
            "coverage": 0.998,
            "calibration_quality": 0.97,
            "quality_extra": '{"flags": {"too_fast": 1}}',
            "feedback": FEEDBACK,
            "extra": '{"rest_s": 60.0}',
        },
        {
            "session_id": SESSION,
            "number": 2,
            "exercise": "stretch_hamstring",
            "start_s": 80.0,
            "end_s": 110.0,
            "quality_extra": "{}",
            "feedback": "[]",
            "extra": '{"holds": [{"start_s": 80.0, "end_s": 110.0, "interruptions": 0}]}',
        },
    ],
    "rep": [
        {
            "set_id": 1,
            "number": number,
            "start_s": start_s,
            "peak_s": start_s + 1.2,
            "end_s": start_s + 1.8 + eccentric_s,
            "peak_deg": 90.0,
            "peak_deg_u": 1.4,
            "rom_deg": 89.0,
            "rom_deg_u": 1.5,
            "eccentric_s": eccentric_s,
            "eccentric_s_u": 0.1,
            "eccentric_moving_s": eccentric_s,
            "pause_s": 0.0,
            "concentric_s": concentric_s,
            "concentric_s_u": concentric_s and 0.1,
            "hold_s": 0.6,
            "hold_scored_s": 0.7,
            "sparc": -1.6,
            "phases": PHASES,
            "flags": flags,
            "extra": '{"engine_note": "kept"}',
        }
        for number, start_s, eccentric_s, concentric_s, flags in (
            (1, 2.0, 3.0, None, "[]"),
            (2, 7.7, 2.5, 1.2, '["stepwise"]'),
        )
    ],
    "trace": [{"set_id": 1, "packed": TRACE}],
    "recording": [
        {
            "session_id": SESSION,
            "size_bytes": len(RECORDING),
            "sha256": sha256(RECORDING).hexdigest(),
            "stored_at": TRAINED,
        }
    ],
    "prescription": [
        {
            "id": ORDER,
            "patient_id": PATIENT,
            "injury_episode_id": INJURY,
            "exercise": "ecc_prone_helper",
            "side": "left",
            "sets": 3,
            "reps": 15,
            "eccentric_s": 3.0,
            "concentric_s": 2.0,
            "hold_s": 1.0,
            "rest_s": 60.0,
            "peak_deg": 90.0,
            "band": '"training band, yellow, single"',
            "starts_on": "2026-05-04",
            "created_at": "2026-05-04 07:30:00.000000",
        },
        {
            "id": ENDED_ORDER,
            "patient_id": PATIENT,
            "exercise": "bridge_leg_raise",
            "sets": 2,
            "starts_on": "2026-05-04",
            "ends_on": "2026-05-10",
            "created_at": WRITTEN,
        },
    ],
    "advice_answer": [
        {
            "id": ADVICE,
            "patient_id": PATIENT,
            "key": "rest_days",
            "answer": "accepted",
            "answered_at": WRITTEN,
        }
    ],
    "check_in": [
        {
            "id": "d2000000000040008000000000000001",
            "patient_id": PATIENT,
            "at": "2026-05-10 07:00:00.000000",
            "pain": 2,
            "soreness": 3,
            "warning_signs": False,
            "took_anti_inflammatory": False,
            "took_paracetamol": True,
            "received_at": "2026-05-10 07:00:01.000000",
        }
    ],
    "programme_answer": [
        {
            "id": "d3000000000040008000000000000001",
            "patient_id": PATIENT,
            "at": WRITTEN,
            "question": "warning_signs",
            "is_yes": False,
            "received_at": WRITTEN,
        }
    ],
    "self_report": [
        {
            "id": "d4000000000040008000000000000001",
            "patient_id": PATIENT,
            "session_id": SESSION,
            "at": TRAINED,
            "exercise": "ecc_prone_helper",
            "side": "left",
            "sets": 1,
            "reps": 15,
            "reason": "no_sensor",
            "received_at": TRAINED,
        }
    ],
    "sport_diary": [
        {
            "id": "d5000000000040008000000000000001",
            "patient_id": PATIENT,
            "at": "2026-05-09 16:00:00.000000",
            "sport": "cycling",
            "day": "ride",
            "level": 0,
            "minutes": 20,
            "pain_worst": 1,
            "is_complete": True,
            "has_returned_complaints": False,
            "notes": "Synthetisch: rustig gefietst.",
            "received_at": "2026-05-09 16:00:01.000000",
        }
    ],
    "enrolment": [
        {
            "injury_episode_id": INJURY,
            "patient_id": PATIENT,
            "programme": "hamstring",
            "start_on": "2026-05-04",
            "time_zone": "Europe/Amsterdam",
            "choices": '["ecc_prone_helper"]',
            "band": "training band, yellow, single",
            "sport": "cycling",
            "sport_from": "2026-05-08",
            "sport_confirmed_by": "Synthetic clinician",
            "created_at": WRITTEN,
            "changed_at": WRITTEN,
        },
        {
            "injury_episode_id": OLD_INJURY,
            "patient_id": PATIENT,
            "programme": "hamstring",
            "start_on": "2025-01-06",
            "time_zone": "Europe/Amsterdam",
            "choices": "[]",
            "created_at": EARLIER,
            "changed_at": EARLIER,
            "ended_at": "2025-03-31 07:00:00.000000",
        },
    ],
    "rest_day": [
        {
            "patient_id": PATIENT,
            "rest_on": "2026-05-07",
            "taken_at": WRITTEN,
            "advice_answer_id": ADVICE,
        }
    ],
    "set_correction": [
        {"session_id": SESSION, "number": 1, "reps": 3, "corrected_at": TRAINED},
    ],
    "sport_level": [
        {
            "injury_episode_id": INJURY,
            "day": "ride",
            "level": 1,
            "accepted_at": "2026-05-09 17:00:00.000000",
            "advice_answer_id": ADVICE,
        }
    ],
}
ROWS = PROGRAMME_ROWS | ACCESS_ROWS
