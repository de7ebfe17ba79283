"""A believable upload: three sets of fifteen repetitions with their traces, some 80 kB of JSON."""

import math
from typing import Any
from uuid import UUID

SETS, REPS = 3, 15
REP_S = 5.8
TRACE_HZ = 20


def session_body(patient_id: UUID) -> dict[str, Any]:
    """Return a session of a patient, as `PUT /sessions/{id}` takes it."""
    return {
        "patient_id": str(patient_id),
        "started_at": "2026-05-12T08:30:00Z",
        "engine": "0.1.0",
        "catalogue": "1",
        "sensor": {"family": "witmotion", "address": "00:00:5E:00:53:01", "name": "WT901BLE67"},
        "pain": {"before": 2, "worst": 3},
        "soreness": 1,
        "exercise_sets": [_set() for _ in range(SETS)],
    }


def _set() -> dict[str, Any]:
    reps = [_rep(2.0 + n * REP_S) for n in range(REPS)]
    length_s = REPS * REP_S
    times = [round(n / TRACE_HZ, 3) for n in range(int(length_s * TRACE_HZ))]
    return {
        "exercise": "ecc_prone_helper",
        "side": "left",
        "band": "training band, yellow, single",
        "start_s": 2.0,
        "end_s": 2.0 + length_s,
        "reps": reps,
        "quality": {
            "reps": REPS,
            "reps_prescribed": REPS,
            "in_tempo": REPS,
            "accepted": REPS,
            "eccentric_mean_s": 3.0,
            "eccentric_sd_s": 0.3,
            "dose_s": 45.0,
            "dose_prescribed_s": 45.0,
            "peak_mean_deg": 88.9,
            "coverage": 0.998,
        },
        "feedback": [{"code": "good_tempo", "kind": "praise", "text": "Mooi rustig."}],
        "trace": {"t": times, "a": [round(45 - 45 * math.cos(at_s), 2) for at_s in times]},
    }


def _rep(start_s: float) -> dict[str, Any]:
    lifted_s, lowered_s = start_s + 1.2, start_s + 4.8
    return {
        "start_s": round(start_s, 3),
        "peak_s": round(lifted_s, 3),
        "end_s": round(lowered_s, 3),
        "peak_deg": 88.9,
        "peak_deg_u": 1.4,
        "rom_deg": 88.2,
        "rom_deg_u": 1.4,
        "phases": [
            {"kind": "lift", "start_s": round(start_s, 3), "end_s": round(lifted_s, 3)},
            {"kind": "eccentric", "start_s": round(start_s + 1.8, 3), "end_s": round(lowered_s, 3)},
        ],
        "eccentric_s": 3.0,
        "eccentric_s_u": 0.1,
        "eccentric_moving_s": 3.0,
        "pause_s": 0.0,
        "hold_s": 0.6,
        "sparc": -1.6,
        "flags": [],
    }
