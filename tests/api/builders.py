"""Bodies and services for the tests of the api: plain numbers that can be checked by eye."""

import base64
import hashlib
import math
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID, uuid4

from fastapi.testclient import TestClient

from api import ApiSettings, create_app, migrate, open_engine
from tests import postgres

PATIENT_ID = UUID("7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01")
BASE_URL = "http://localhost"
SQLITE, POSTGRES = "sqlite", "postgresql"
LIFT_S, TOP_S, REST_S = 1.2, 0.6, 1.0


@dataclass
class Service:
    client: TestClient
    app: object
    folder: Path
    url: str

    def put_patient(self, patient_id=PATIENT_ID, **fields):
        body = {"name": "Synthetic patient 1", "is_synthetic": True} | fields
        return self.client.put(f"/api/v1/patients/{patient_id}", json=body)

    def put_session(self, body=None, session_id=None):
        session_id = session_id or uuid4()
        path = f"/api/v1/sessions/{session_id}"
        return session_id, self.client.put(path, json=body or session())


@contextmanager
def service(*, make=create_app, database=SQLITE, **settings):
    """A service on a database of its own, brought up by the migrations."""
    folder = Path(mkdtemp())
    given = {"recordings_dir": folder / "recordings", "time_zone": "Europe/Amsterdam"} | settings
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        url = stack.enter_context(new_database(folder, database))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        app = make(engine, ApiSettings(**given))
        client = TestClient(app, base_url=BASE_URL, raise_server_exceptions=False)
        yield Service(stack.enter_context(client), app, folder, url)


@contextmanager
def new_database(folder, database):
    if database == POSTGRES:
        with postgres.new_database() as url:
            yield url
        return
    shutil.copy(migrated_database(), folder / "tempo90.db")
    yield f"sqlite:///{folder / 'tempo90.db'}"


@cache
def migrated_database():
    path = Path(mkdtemp()) / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


def rep(start_s, *, eccentric_s=3.0, peak_deg=90.0, flags=()):
    down_s = start_s + LIFT_S + TOP_S
    return {
        "start_s": round(start_s, 3),
        "peak_s": round(start_s + LIFT_S, 3),
        "end_s": round(down_s + eccentric_s, 3),
        "peak_deg": peak_deg,
        "peak_deg_u": 1.4,
        "rom_deg": peak_deg,
        "rom_deg_u": 1.4,
        "phases": [
            {"kind": "lift", "start_s": round(start_s, 3), "end_s": round(start_s + LIFT_S, 3)},
            {
                "kind": "eccentric",
                "start_s": round(down_s, 3),
                "end_s": round(down_s + eccentric_s, 3),
            },
        ],
        "eccentric_s": eccentric_s,
        "eccentric_s_u": 0.1,
        "eccentric_moving_s": eccentric_s,
        "pause_s": 0.0,
        "concentric_s": None,
        "concentric_s_absent": "The way out is not the patient's own work.",
        "hold_s": TOP_S,
        "sparc": -1.6,
        "flags": list(flags),
    }


def exercise_set(eccentrics_s=(3.0,) * 15, *, exercise="ecc_prone_helper", trace=True, **fields):
    reps, at_s = [], 2.0
    for eccentric_s in eccentrics_s:
        peak_deg = 90.0 - 3.0 * math.sin(len(reps))
        flags = ["too_fast"] if eccentric_s < 2 else ["too_slow"] if eccentric_s > 4 else []
        reps.append(rep(at_s, eccentric_s=eccentric_s, peak_deg=round(peak_deg, 1), flags=flags))
        at_s = reps[-1]["end_s"] + REST_S
    in_tempo = sum(2.5 <= took_s <= 3.5 for took_s in eccentrics_s)
    body = {
        "exercise": exercise,
        "side": "left",
        "band": "training band, yellow, single",
        "start_s": 2.0,
        "end_s": reps[-1]["end_s"] if reps else 2.0,
        "reps": reps,
        "quality": {
            "reps": len(reps),
            "reps_prescribed": 15,
            "in_tempo": in_tempo,
            "accepted": sum(2.0 <= took_s <= 4.0 for took_s in eccentrics_s),
            "eccentric_mean_s": round(sum(eccentrics_s) / max(len(reps), 1), 3),
            "eccentric_sd_s": 0.3,
            "eccentric_drift_s": -0.4,
            "dose_s": round(min(sum(eccentrics_s), 45.0), 3),
            "dose_prescribed_s": 45.0,
            "peak_mean_deg": 88.9,
            "peak_sd_deg": 2.1,
            "sparc_mean": -1.62,
            "coverage": 0.998,
            "calibration_quality": 0.97,
            "flags": {},
        },
        "feedback": [
            {
                "code": "good_tempo",
                "kind": "praise",
                "text": f"{in_tempo} van de {len(reps)} keer ongeveer 3 seconden. Mooi rustig.",
                "values": {
                    "n_in_tempo": in_tempo,
                    "n_timed": len(reps),
                    "target_s": 3.0,
                    "wording": "default",
                },
            }
        ],
    }
    if trace:
        body["trace"] = angle_trace(reps, body["start_s"], body["end_s"])
    return body | fields


def angle_trace(reps, start_s, end_s, rate_hz=20):
    """The knee angle of these reps, from the start of the set."""
    times, angles = [], []
    for n in range(int((end_s - start_s) * rate_hz) + 1):
        at_s = start_s + n / rate_hz
        times.append(round(at_s - start_s, 3))
        angles.append(round(max((angle_of(one, at_s) for one in reps), default=0.0), 2))
    return {"t": times, "a": angles}


def angle_of(one, at_s):
    lift, lowering = one["phases"]
    if at_s <= lift["start_s"] or at_s >= lowering["end_s"]:
        return 0.0
    if at_s < lift["end_s"]:
        share = (at_s - lift["start_s"]) / LIFT_S
    elif at_s < lowering["start_s"]:
        share = 1.0
    else:
        length_s = lowering["end_s"] - lowering["start_s"]
        share = 1 - (at_s - lowering["start_s"]) / length_s
    return one["peak_deg"] * (1 - math.cos(math.pi * share)) / 2


def session(*, sets=None, **fields):
    return {
        "patient_id": str(PATIENT_ID),
        "started_at": "2026-05-12T08:30:00Z",
        "engine": "0.1.0",
        "catalogue": "1",
        "sensor": {
            "family": "witmotion",
            "address": "00:00:5E:00:53:01",
            "name": "WT901BLE67",
            "battery_percent": 81,
        },
        "pain": {"before": 2, "worst": 3},
        "soreness": 1,
        "exercise_sets": [exercise_set((3.0, 2.9), trace=False)] if sets is None else sets,
    } | fields


def three_sets():
    """A believable sitting: the first set calm, the last one hurried."""
    return [
        exercise_set((3.1, 3.0, 2.9, 3.2, 3.0, 2.8, 3.1, 2.9, 3.0, 3.3, 2.7, 2.9, 3.0, 2.8, 2.9)),
        exercise_set((2.9, 3.0, 2.8, 2.6, 2.9, 2.4, 2.7, 3.6, 2.8, 2.9, 4.3, 2.6, 2.7, 2.4, 2.5)),
        exercise_set((2.6, 2.4, 2.2, 2.5, 1.8, 2.1, 1.9, 2.6, 2.0, 1.7, 2.2, 1.6, 2.3, 1.9)),
    ]


def digest(data):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"
