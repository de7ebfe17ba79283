"""The examples of the OpenAPI document; a test sends each of them and expects success."""

from typing import Any, Final

PATIENT: Final[dict[str, Any]] = {
    "name": "Synthetic patient 1",
    "is_synthetic": True,
    "language": "nl",
    "programme_starts_on": "2026-05-04",
}

PRESCRIPTION: Final[dict[str, Any]] = {
    "patient_id": "7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01",
    "exercise": "ecc_prone_helper",
    "side": "left",
    "sets": 3,
    "reps": 15,
    "eccentric_s": 3.0,
    "rest_s": 60.0,
    "band": "training band, yellow, single",
    "starts_on": "2026-05-04",
}

REP: Final[dict[str, Any]] = {
    "start_s": 3.21,
    "peak_s": 4.4,
    "end_s": 8.0,
    "peak_deg": 88.9,
    "peak_deg_u": 1.4,
    "rom_deg": 88.2,
    "rom_deg_u": 1.4,
    "phases": [
        {"kind": "lift", "start_s": 3.21, "end_s": 4.2},
        {"kind": "eccentric", "start_s": 5.0, "end_s": 8.0},
    ],
    "eccentric_s": 3.0,
    "eccentric_s_u": 0.1,
    "eccentric_moving_s": 3.0,
    "pause_s": 0.0,
    "hold_s": 0.8,
    "sparc": -1.6,
    "flags": [],
    "concentric_s_absent": "a helper lifts the leg",
}

SESSION: Final[dict[str, Any]] = {
    "patient_id": "7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01",
    "started_at": "2026-05-12T08:30:00Z",
    "engine": "0.1.0",
    "catalogue": "1",
    "sensor": {"family": "witmotion", "address": "00:00:5E:00:53:01", "name": "WT901BLE67"},
    "pain": {"before": 2, "worst": 3},
    "soreness": 1,
    "exercise_sets": [
        {
            "exercise": "ecc_prone_helper",
            "side": "left",
            "band": "training band, yellow, single",
            "start_s": 3.1,
            "end_s": 8.4,
            "reps": [REP],
            "quality": {
                "reps": 1,
                "reps_prescribed": 1,
                "in_tempo": 1,
                "accepted": 1,
                "eccentric_mean_s": 3.0,
                "dose_s": 3.0,
                "dose_prescribed_s": 3.0,
                "peak_mean_deg": 88.9,
                "coverage": 0.998,
            },
            "feedback": [{"code": "tempo_good", "kind": "praise", "text": "Mooi rustig."}],
            "trace": {"t": [0.0, 1.3, 1.9, 4.9], "a": [0.4, 88.9, 88.0, 0.6]},
        }
    ],
}
