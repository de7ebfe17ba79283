"""A session as FHIR: that it was done, with what, by which software, and from which signal."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api.convert import session_url
from api.fhir.elements import Resource, coding, concept, instant, period, quantity, reference
from api.fhir.elements import without_nothing as filled
from api.fhir.gear import gear_words
from api.fhir.people import exercise_coding
from api.fhir.vocabulary import CANONICAL, EXERCISE_THERAPY, PHYSICAL_THERAPY, SIDES
from api.models import PrescriptionRow, RecordingRow, RepRow, SensorRow, SessionRow, SetRow
from api.review.rows import RepMarkRow, ResultVersionRow

SESSION_PROFILE: Final = f"{CANONICAL}/StructureDefinition/exercise-session"
PARTICIPANT: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
RECORDING_TYPE: Final = "application/octet-stream"
HASH_LENGTH: Final = 12
FIRMWARE: Final = "firmware"
RATE: Final = "rate_hz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A stored session with all that belongs to it.

    Parameters
    ----------
    row : SessionRow
        The session.
    sets : sequence of SetRow
        Its sets, in order.
    reps : mapping of int to sequence of RepRow
        The repetitions by id of the set.
    sensor, recording : SensorRow, RecordingRow, optional
        What it was measured with, and the raw signal.
    orders : sequence of PrescriptionRow
        What stood ordered for the patient when it began, the newest first.
    named : mapping of str to PrescriptionRow
        The patient's orders by id: a set may say which one it followed.
    marks : sequence of RepMarkRow
        What clinicians said of its repetitions, ended marks too.
    accepted : ResultVersionRow, optional
        The result that counts, where a later analysis took the place of the first.

    """

    row: SessionRow
    sets: Sequence[SetRow] = ()
    reps: Mapping[int, Sequence[RepRow]] = field(default_factory=dict)
    sensor: SensorRow | None = None
    recording: RecordingRow | None = None
    orders: Sequence[PrescriptionRow] = ()
    named: Mapping[str, PrescriptionRow] = field(default_factory=dict)
    marks: Sequence[RepMarkRow] = ()
    accepted: ResultVersionRow | None = None

    @property
    def changed_at(self) -> datetime:
        """When it arrived, or was last looked through: marked, or analysed again and accepted."""
        moments = [self.row.received_at]
        moments += [one.ended_at or one.marked_at for one in self.marks]
        if self.accepted is not None:
            moments.append(self.accepted.decided_at or self.accepted.made_at)
        return max(moments)

    @property
    def status(self) -> str:
        """Whether results are as they were first given out, or were looked through since."""
        is_amended = self.accepted is not None or any(one.ended_at is None for one in self.marks)
        return "amended" if is_amended else "final"

    def marks_of(self, one: SetRow) -> list[RepMarkRow]:
        """Return the marks that stand on the repetitions of a set, in their order."""
        standing = [
            mark for mark in self.marks if mark.ended_at is None and mark.set_number == one.number
        ]
        return sorted(standing, key=lambda mark: mark.rep_number)

    @property
    def ends_at(self) -> datetime:
        """When the last set ended; the start where there is none."""
        last_s = max((one.end_s for one in self.sets), default=0.0)
        return self.row.started_at + timedelta(seconds=max(last_s, 0.0))

    def order_of(self, one: SetRow) -> PrescriptionRow | None:
        """Return the order that a set carries out: as it says, else by its exercise and leg."""
        told = one.extra.get("prescription")
        said = self.named.get(str(told.get("id"))) if isinstance(told, dict) else None
        if said is not None:
            return said
        fitting = (
            order
            for order in self.orders
            if order.exercise == one.exercise and order.side in {None, "both", one.side}
        )
        return next(fitting, None)


def procedure(sitting: Sitting) -> Resource:
    """Return that a session was done."""
    row = sitting.row
    exercises = dict.fromkeys(one.exercise for one in sitting.sets)
    orders = {found.id: None for one in sitting.sets if (found := sitting.order_of(one))}
    bands = dict.fromkeys(words for one in sitting.sets if (words := gear_words(one.band)))
    notes = [*(f"band: {words}" for words in bands), *([row.notes] if row.notes else [])]
    sides = dict.fromkeys(one.side for one in sitting.sets if one.side)
    used = [reference("Device", sensor_id(row))] if row.sensor_id is not None else []
    return filled(
        {
            "resourceType": "Procedure",
            "id": str(row.id),
            "meta": {"lastUpdated": instant(row.received_at), "profile": [SESSION_PROFILE]},
            "basedOn": [reference("ServiceRequest", order) for order in orders],
            "status": "completed",
            "category": concept(PHYSICAL_THERAPY),
            "code": concept(
                EXERCISE_THERAPY,
                *(exercise_coding(one) for one in exercises),
                text=", ".join(exercise_coding(one).get("display", one) for one in exercises),
            ),
            "subject": reference("Patient", row.patient_id),
            "performedPeriod": period(row.started_at, sitting.ends_at),
            "bodySite": [concept(SIDES[side], text=f"{side} leg") for side in sides],
            "usedReference": [*used, reference("Device", engine_id(row))],
            "note": [{"text": text} for text in notes],
        }
    )


def provenance(sitting: Sitting, targets: Sequence[str]) -> Resource:
    """Return who made the results of a session, from which signal."""
    row, recording = sitting.row, sitting.recording
    signal: dict[str, Any] = {
        "role": "source",
        "what": {
            "reference": f"DocumentReference/{row.id}",
            "identifier": recording and _digest(recording),
        },
    }
    agents = [_agent("assembler", "Assembler", reference("Device", engine_id(row)))]
    if sitting.accepted is not None and sitting.accepted.decided_by:
        agents.append(_agent("verifier", "Verifier", {"display": sitting.accepted.decided_by}))
    names = dict.fromkeys(one.marked_by for one in sitting.marks if one.ended_at is None)
    agents += [_agent("author", "Author", {"display": name}) for name in names if name]
    return filled(
        {
            "resourceType": "Provenance",
            "id": str(row.id),
            "meta": {"lastUpdated": instant(sitting.changed_at)},
            "target": [{"reference": target} for target in targets],
            "occurredPeriod": period(row.started_at, sitting.ends_at),
            "recorded": instant(row.received_at),
            "agent": agents,
            "entity": [signal] if recording else None,
        }
    )


def _agent(code: str, display: str, who: Resource) -> Resource:
    return {"type": concept(coding(PARTICIPANT, code, display)), "who": who}


def document_reference(sitting: Sitting, recording: RecordingRow) -> Resource:
    """Return where the raw signal of a session is."""
    row = sitting.row
    url = f"{session_url(row.id)}/recording"
    return {
        "resourceType": "DocumentReference",
        "id": str(row.id),
        "meta": {"lastUpdated": instant(recording.stored_at)},
        "identifier": [_digest(recording)],
        "status": "current",
        "type": concept(text="raw signal of the movement sensor (MCAP)"),
        "subject": reference("Patient", row.patient_id),
        "date": instant(recording.stored_at),
        "content": [
            {
                "attachment": {
                    "contentType": RECORDING_TYPE,
                    "url": url,
                    "size": recording.size_bytes,
                    "title": f"{row.id}.mcap",
                    "creation": instant(row.started_at),
                }
            }
        ],
        "context": {
            "period": period(row.started_at, sitting.ends_at),
            "related": [reference("Procedure", row.id)],
        },
    }


def sensor_device(row: SessionRow, sensor: SensorRow) -> Resource:
    """Return the sensor of a patient, as it last told about itself."""
    told = row.sensor_extra
    firmware = told.get(FIRMWARE)
    name = told.get("name") or sensor.name or sensor.family
    return filled(
        {
            "resourceType": "Device",
            "id": sensor_id(row),
            "identifier": [{"type": {"text": "Bluetooth address"}, "value": sensor.address}]
            if sensor.address
            else None,
            "deviceName": [{"name": str(name), "type": "user-friendly-name"}],
            "modelNumber": sensor.family,
            "type": {"text": "movement sensor (accelerometer and gyroscope) on the leg"},
            "version": [{"type": {"text": FIRMWARE}, "value": str(firmware)}] if firmware else None,
            "property": _sampling(told.get(RATE)),
            "patient": reference("Patient", row.patient_id),
        }
    )


def engine_device(row: SessionRow) -> Resource:
    """Return the software that measured."""
    return filled(
        {
            "resourceType": "Device",
            "id": engine_id(row),
            "deviceName": [{"name": "tempo90", "type": "model-name"}],
            "type": {"text": "software that measures exercises from a movement sensor"},
            "version": [
                {"type": {"text": "engine"}, "value": row.engine},
                *(
                    [{"type": {"text": "exercise catalogue"}, "value": row.catalogue}]
                    if row.catalogue
                    else []
                ),
            ],
            "patient": reference("Patient", row.patient_id),
        }
    )


def sensor_id(row: SessionRow) -> str:
    """Return the id of a sensor as one patient has used it."""
    return f"sensor-{row.sensor_id}.{row.patient_id}"


def engine_id(row: SessionRow) -> str:
    """Return the id of the software of a session; versions may hold what an id may not."""
    version = f"{row.engine}/{row.catalogue or ''}"
    return f"engine-{hashlib.sha256(version.encode()).hexdigest()[:HASH_LENGTH]}.{row.patient_id}"


def owner_of(resource_id: str) -> UUID | None:
    """Return the id behind the last point of an id of ours; None where there is none."""
    try:
        return UUID(resource_id.rpartition(".")[2])
    except ValueError:
        return None


def _sampling(rate_hz: object) -> list[Resource]:
    if not isinstance(rate_hz, int | float):
        return []
    rate = quantity(rate_hz, "Hz")
    return [{"type": {"text": "sampling frequency"}, "valueQuantity": [rate]}]


def _digest(recording: RecordingRow) -> Resource:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:sha256:{recording.sha256}"}
