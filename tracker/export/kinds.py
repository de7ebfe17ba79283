"""The kinds of export, and writing one: the database and the recordings of this computer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from api import export_patient, transaction
from api.fhir import everything, file_bundle
from api.own_data import read_measured
from api.own_tables import measured_tables
from api.pages.language import Language, read_messages
from api.pages.render import OWN
from api.recording_store import RecordingStore
from api.reports.content import Reader, report_content
from api.reports.making import report_facts
from api.reports.pdf import print_report
from api.schemas import PatientPublic
from api.store import find_recording, get_patient, get_session, list_all_sessions
from api.zones import machine_zone
from tracker.export.errors import ExportError
from tracker.export.motion_bids import Participant, write_motion_bids
from tracker.export.signal import Signal, read_signal
from tracker.export.signal_files import write_csv, write_json, write_parquet
from tracker.settings import DataFolder
from tracker.source_finding import find_source
from tracker.updating import make_ready

Kind = Literal["pdf", "csv", "fhir", "signal-csv", "parquet", "bids", "zip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWishes:
    """What is to be exported, and where to.

    Parameters
    ----------
    kind : str
        As in `KINDS`.
    patient_id : UUID
        Whose data.
    target : Path
        The file or the folder to make.
    session_id : UUID, optional
        One session alone, for the kinds of raw signal.
    first_on, last_on : date, optional
        The days of a report.
    reader : {"patient", "clinician"}
        For whom a report is.
    language : {"nl", "en"}
        Of a report.

    """

    kind: Kind
    patient_id: UUID
    target: Path
    session_id: UUID | None = None
    first_on: date | None = None
    last_on: date | None = None
    reader: Reader = "patient"
    language: Literal["nl", "en"] = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an export reads: an open transaction, the recordings, and when it is made."""

    db: Session
    files: RecordingStore
    now: datetime


def export(folder: DataFolder, wishes: ExportWishes, now: datetime) -> list[Path]:
    """Write an export and return its files.

    Parameters
    ----------
    folder : DataFolder
        Whose data are read.
    wishes : ExportWishes
        What and where to.
    now : datetime
        With a time zone.

    Raises
    ------
    ExportError
        If the target is there already, or there is nothing to export.
    ApiError
        If the patient or the session is not known, or a part of the installation is missing.

    """
    write, is_folder = KINDS[wishes.kind]
    _make_room(wishes.target, is_folder=is_folder)
    with _source(folder, now) as source:
        return write(source, wishes)


@contextmanager
def _source(folder: DataFolder, now: datetime) -> Iterator[Source]:
    source = find_source(folder)
    make_ready(source, folder)
    engine = source.open_database()
    try:
        with transaction(engine, writes=False) as db:
            yield Source(db=db, files=source.open_recordings(), now=now)
    finally:
        engine.dispose()


def _make_room(target: Path, *, is_folder: bool) -> None:
    """Make the folder, or see that the file is not there: nothing is ever written over."""
    try:
        if is_folder:
            target.mkdir(parents=True, exist_ok=True)
            is_taken = any(target.iterdir())
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            is_taken = target.exists()
    except OSError as error:
        raise ExportError(f"{target} cannot be written ({error.strerror}).") from error
    if is_taken:
        raise ExportError(f"{target} is there already: name another, or remove it.")


def _pdf(source: Source, wishes: ExportWishes) -> list[Path]:
    zone = ZoneInfo(machine_zone())
    facts = report_facts(
        source.db,
        wishes.patient_id,
        first_on=wishes.first_on,
        last_on=wishes.last_on,
        zone=zone,
        now=source.now,
    )
    language = Language(wishes.language, read_messages(wishes.language, [OWN / "locale"]), zone)
    wishes.target.write_bytes(print_report(report_content(facts, wishes.reader, language)))
    return [wishes.target]


def _csv(source: Source, wishes: ExportWishes) -> list[Path]:
    get_patient(source.db, wishes.patient_id)
    written = []
    for name, text in measured_tables(read_measured(source.db, wishes.patient_id)).items():
        path = wishes.target / name
        path.write_text(text, "utf-8", newline="")
        written.append(path)
    return written


def _fhir(source: Source, wishes: ExportWishes) -> list[Path]:
    found = everything(source.db, wishes.patient_id, source.now)
    return [write_json(wishes.target, file_bundle(found, source.now))]


def _zip(source: Source, wishes: ExportWishes) -> list[Path]:
    pieces = export_patient(source.db, source.files, wishes.patient_id)
    with wishes.target.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    return [wishes.target]


def _signal_csv(source: Source, wishes: ExportWishes) -> list[Path]:
    return [path for one in _signals(source, wishes) for path in write_csv(one, wishes.target)]


def _parquet(source: Source, wishes: ExportWishes) -> list[Path]:
    return [path for one in _signals(source, wishes) for path in write_parquet(one, wishes.target)]


def _bids(source: Source, wishes: ExportWishes) -> list[Path]:
    patient = get_patient(source.db, wishes.patient_id)
    signals = [one for one in _signals(source, wishes) if len(one.samples)]
    return write_motion_bids(signals, _participant(patient), wishes.target)


def _participant(patient: PatientPublic) -> Participant:
    """Return a patient without a name: the label tells two apart and says nothing else."""
    return Participant(label=patient.id.hex[:8], is_synthetic=patient.is_synthetic)


def _signals(source: Source, wishes: ExportWishes) -> Iterator[Signal]:
    """Give the signals that are wanted, oldest first, one at a time."""
    db = source.db
    get_patient(db, wishes.patient_id)
    ids = list_all_sessions(db, wishes.patient_id)
    if wishes.session_id is not None:
        ids = [one for one in ids if one == wishes.session_id]
    n_found = 0
    for session_id in ids:
        recording = find_recording(db, session_id)
        if recording is not None:
            n_found += 1
            session = get_session(db, session_id, with_traces=False)
            with source.files.local_copy(session_id) as path:
                yield read_signal(path, session, recording)
    if not n_found:
        which = "this patient" if wishes.session_id is None else f"session {wishes.session_id}"
        raise ExportError(f"There is no raw recording of {which}.")


Writing = Callable[[Source, ExportWishes], list[Path]]
# By kind: what writes it, and whether it is a folder.
KINDS: Final[Mapping[Kind, tuple[Writing, bool]]] = {
    "pdf": (_pdf, False),
    "csv": (_csv, True),
    "fhir": (_fhir, False),
    "signal-csv": (_signal_csv, True),
    "parquet": (_parquet, True),
    "bids": (_bids, True),
    "zip": (_zip, False),
}
