"""Rows to bodies and back. What has a column goes there; what has none travels in `extra`."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from api.models import (
    InjuryEpisodeRow,
    PatientRow,
    RecordingRow,
    RepRow,
    SensorRow,
    SessionRow,
    SetRow,
    TraceRow,
)
from api.schemas import (
    InjuryEpisodePublic,
    OpenBody,
    Pain,
    PatientPublic,
    QualityBody,
    RecordingPublic,
    RepBody,
    Sensor,
    SessionCreate,
    SessionPublic,
    SessionSummary,
    SetBody,
    SetSummary,
    Trace,
)

API: Final = "/api/v1"
PACKING_LEVEL: Final = 4  # tighter than 6 on such columns, in a third of the time
QUALITY_COLUMNS: Final = tuple(QualityBody.model_fields)
REP_COLUMNS: Final = tuple(RepBody.model_fields)
ANSWER_COLUMNS: Final = (
    "soreness",
    "rpe",
    "warning_signs_start",
    "warning_signs_end",
    "took_anti_inflammatory",
    "took_paracetamol",
    "band_tight",
)
SET_COLUMNS: Final = ("exercise", "side", "band", "start_s", "end_s")


def content_sha256(body: SessionCreate, traces: Sequence[bytes | None]) -> str:
    """Fingerprint what a session says, whatever the order of its keys and its time zone.

    Absent, null and default count as the same: a field that a later version of this service
    adds must not make the repeat of an older session look like another one. `traces` are those
    of its sets, as `write_trace` writes them.
    """
    document = body.model_dump(
        mode="json",
        exclude_none=True,
        exclude_defaults=True,
        exclude={"exercise_sets": {"__all__": {"trace"}}},  # long, and its text is always the same
    )
    document["started_at"] = body.started_at.timestamp()
    document["traces"] = [trace and _sha256(trace) for trace in traces]
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return _sha256(canonical.encode())


def session_columns(
    session_id: UUID,
    body: SessionCreate,
    *,
    sensor_id: int | None,
    received_at: datetime,
    fingerprint: str,
) -> dict[str, Any]:
    """Return the columns of a session itself, without its sets."""
    pain = body.pain or Pain()
    return {
        "id": session_id,
        "patient_id": body.patient_id,
        "sensor_id": sensor_id,
        "started_at": body.started_at,
        "received_at": received_at,
        "engine": body.engine,
        "catalogue": body.catalogue,
        "pain_before": pain.before,
        "pain_worst": pain.worst,
        **{name: getattr(body, name) for name in ANSWER_COLUMNS},
        "notes": body.notes,
        "sensor_extra": _sensor_extra(body.sensor),
        "extra": _extra(body),
        "content_sha256": fingerprint,
    }


def set_columns(session_id: UUID, number: int, body: SetBody) -> dict[str, Any]:
    """Return the columns of one set; sets of a session count from 1."""
    return {
        "session_id": session_id,
        "number": number,
        **{name: getattr(body, name) for name in SET_COLUMNS},
        **{name: getattr(body.quality, name) for name in QUALITY_COLUMNS},
        "quality_extra": _extra(body.quality),
        "feedback": [
            one.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            for one in body.feedback
        ],
        "extra": _extra(body),
    }


def rep_columns(set_id: int, number: int, body: RepBody) -> dict[str, Any]:
    """Return the columns of one repetition; repetitions of a set count from 1."""
    columns = {name: getattr(body, name) for name in REP_COLUMNS}
    return {"set_id": set_id, "number": number, **columns, "extra": _extra(body)}


def write_trace(trace: Trace) -> bytes:
    """Write the columns of a trace as JSON."""
    return trace.model_dump_json().encode()


def pack_trace(written: bytes) -> bytes:
    """Pack a trace that was written; a set of a minute becomes some 5 kB."""
    return zlib.compress(written, PACKING_LEVEL)


def unpack_trace(row: TraceRow) -> Trace:
    """Unpack what `pack_trace` packed; it was checked on the way in."""
    return Trace.model_construct(**json.loads(zlib.decompress(row.packed)))


def session_public(
    row: SessionRow,
    *,
    sensor: SensorRow | None,
    sets: Sequence[SetRow],
    reps: Mapping[int, Sequence[RepRow]],
    traces: Mapping[int, TraceRow],
    recording: RecordingRow | None,
) -> SessionPublic:
    """Put a session together from its rows."""
    return SessionPublic.model_validate(
        {
            **row.extra,
            **row.model_dump(include={"id", "patient_id", "started_at", "received_at", "engine"}),
            **row.model_dump(include={"catalogue", "notes", *ANSWER_COLUMNS}),
            "url": session_url(row.id),
            "pain": {"before": row.pain_before, "worst": row.pain_worst},
            "sensor": sensor and {**sensor.model_dump(exclude={"id"}), **row.sensor_extra},
            "exercise_sets": [
                set_body(one, reps.get(one.id or 0, ()), traces.get(one.id or 0)) for one in sets
            ],
            "recording": recording and recording_public(recording),
        }
    )


def session_summary(
    row: SessionRow, patient: PatientRow, sets: Iterable[SetRow], *, has_recording: bool
) -> SessionSummary:
    """Return one line on a session."""
    names = set(SetSummary.model_fields)
    return SessionSummary.model_validate(
        {
            **row.model_dump(include=set(SessionSummary.model_fields)),
            "url": session_url(row.id),
            "patient_name": patient.name,
            "is_synthetic": patient.is_synthetic,
            "pain": {"before": row.pain_before, "worst": row.pain_worst},
            "has_recording": has_recording,
            "sets": [one.model_dump(include=names) for one in sets],
        }
    )


def recording_public(row: RecordingRow) -> RecordingPublic:
    """Return the label of a recording."""
    return RecordingPublic(
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        stored_at=row.stored_at,
        url=f"{session_url(row.session_id)}/recording",
    )


def patient_public(row: PatientRow) -> PatientPublic:
    """Return a patient."""
    return PatientPublic.model_validate({**row.model_dump(), "url": f"{API}/patients/{row.id}"})


def injury_episode_public(row: InjuryEpisodeRow) -> InjuryEpisodePublic:
    """Return an injury."""
    return InjuryEpisodePublic.model_validate(row.model_dump())


def session_url(session_id: UUID) -> str:
    """Return the address of a session in the HTTP interface."""
    return f"{API}/sessions/{session_id}"


def set_body(row: SetRow, reps: Sequence[RepRow], trace: TraceRow | None) -> SetBody:
    """Return a set as it is given back."""
    quality = {name: getattr(row, name) for name in QUALITY_COLUMNS}
    body = SetBody.model_validate(
        {
            **row.extra,
            **{name: getattr(row, name) for name in SET_COLUMNS},
            "quality": {**row.quality_extra, **quality},
            "feedback": row.feedback,
            "reps": [
                {**rep.extra, **{name: getattr(rep, name) for name in REP_COLUMNS}} for rep in reps
            ],
        }
    )
    body.trace = unpack_trace(trace) if trace is not None else None
    return body


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sensor_extra(sensor: Sensor | None) -> dict[str, Any]:
    """Keep what may differ between two sittings with one sensor: its name, its battery."""
    return {} if sensor is None else {"name": sensor.name, **_extra(sensor)}


def _extra(body: OpenBody) -> dict[str, Any]:
    return dict(body.__pydantic_extra__ or {})
