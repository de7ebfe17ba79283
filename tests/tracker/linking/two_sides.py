"""A patient's own computer on one side, a clinic on the other, and a line between them."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from sqlalchemy import event
from sqlmodel import select

from api import OwnPatient, migrate, open_engine, session_store, store, transaction
from api.access import Role
from api.linking import Kind, document_of, find_link, state_of, waiting
from api.models import PatientRow, RecordingRow, SessionRow
from api.recordings import RecordingFiles
from api.schemas import SessionCreate
from tests.api.access.people import open_clinic
from tests.api.builders import exercise_set, session
from tests.browser import serve
from tests.tracker.linking.flaky_line import flaky_line
from tracker.linking.clinic import Clinic
from tracker.linking.here import NO_LIMIT_BYTES
from tracker.linking.sending import Sender
from tracker.settings import DataFolder

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ME = OwnPatient(id=UUID(int=7), name="Synthetic me", language="nl")
ONE_SET = (3.0,)


@dataclass
class Home:
    """The patient's own computer."""

    folder: DataFolder
    engine: object

    @property
    def files(self):
        return RecordingFiles(self.folder.recordings, NO_LIMIT_BYTES)

    def fill(self, n_sessions, *, recording_every=0, start=0):
        """Sessions that were trained here; every so many has a recording."""
        ids = [uuid5(ME.id, str(n)) for n in range(start, start + n_sessions)]
        with transaction(self.engine, writes=True) as db:
            if db.get(PatientRow, ME.id) is None:
                db.add(PatientRow(id=ME.id, name=ME.name, created_at=NOON))
                db.flush()
            for n, session_id in enumerate(ids):
                at = NOON + timedelta(hours=n)
                body = session(
                    patient_id=str(ME.id),
                    started_at=at.isoformat(),
                    sets=[exercise_set(ONE_SET, trace=False)],
                )
                session_store.put_session(db, session_id, SessionCreate.model_validate(body))
                if recording_every and n % recording_every == 0:
                    self._record(db, session_id)
        return ids

    def _record(self, db, session_id):
        data = recording_of(session_id)
        path = self.files.path(session_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        digest = sha256(data).hexdigest()
        store.add_recording(db, session_id, size_bytes=len(data), sha256=digest)

    def link(self):
        with transaction(self.engine, writes=False) as db:
            return find_link(db, ME.id)

    def state(self):
        with transaction(self.engine, writes=False) as db:
            return state_of(db, ME.id)

    def waiting(self):
        link = self.link()
        with transaction(self.engine, writes=False) as db:
            return waiting(db, link)

    def document_of_the_programme(self):
        """The body that it waits to be sent with."""
        link = self.link()
        (item,) = [one for one in self.waiting() if one.kind is Kind.PROGRAMME]
        with transaction(self.engine, writes=False) as db:
            return document_of(db, link, item)

    def sender(self, *, timeout_s=5.0, piece_bytes=4_000, **given):
        link = self.link()
        clinic = Clinic(link.url, link.token, timeout_s=timeout_s, piece_bytes=piece_bytes)
        usual = {"now": lambda: NOON, "sleep": lambda _: None}
        return Sender(
            engine=self.engine, files=self.files, link=link, clinic=clinic, **(usual | given)
        )


@dataclass
class There:
    """The clinic, and the line to it."""

    clinic: object
    patient: object
    line: object
    url: str

    def key(self):
        return self.clinic.token(self.patient)

    def sessions(self):
        """The ids of the patient's sessions there, as often as they are stored."""
        mine = SessionRow.patient_id == self.patient.patient_id
        with transaction(self.clinic.engine, writes=False) as db:
            return sorted(db.exec(select(SessionRow.id).where(mine)))

    def recordings(self):
        files = self.clinic.api.app.state.recordings
        with transaction(self.clinic.engine, writes=False) as db:
            ids = [row.session_id for row in db.exec(select(RecordingRow))]
        return {session_id: b"".join(files.read(session_id)) for session_id in ids}


def without_sync(engine):
    """Wait for no disk: these tests are about lines, and the power stays on."""
    event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA synchronous = OFF"))


def recording_of(session_id):
    return session_id.bytes * 600  # 9.6 kB: three pieces


@contextmanager
def home_in(folder):
    made = DataFolder(folder).make()
    migrate(made.database_url)
    engine = open_engine(made.database_url)
    without_sync(engine)
    try:
        yield Home(made, engine)
    finally:
        engine.dispose()


@contextmanager
def clinic_there():
    with open_clinic() as clinic, serve(clinic.api.app) as address:
        without_sync(clinic.engine)
        patient = clinic.add(Role.PATIENT, "anna")
        with flaky_line(urlsplit(address).port) as (line, url):
            yield There(clinic, patient, line, url)
