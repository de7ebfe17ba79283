"""A data folder whose sessions an engine of last year measured: it missed the last repetition."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from uuid import uuid4

from api import migrate, open_engine, session_store, store, transaction
from api.recordings import RecordingFiles
from api.review import versions
from api.schemas import PatientCreate, SessionCreate
from tests.tracker.training_builders import PROFILE
from tracker.reanalysis.job import Reanalysis
from tracker.settings import DataFolder

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)


class Place:
    def __init__(self, root, sitting, url=None):
        self.folder = DataFolder(root).make()
        self.document, self.recording = sitting
        url = url or self.folder.database_url
        migrate(url)
        self.engine = open_engine(url)
        with transaction(self.engine, writes=True) as db:
            store.put_patient(db, PROFILE.patient_id, PatientCreate(name="Synthetic patient"))

    def close(self):
        self.engine.dispose()

    def add(self, *, engine="0.0.1", with_file=True):
        session_id = uuid4()
        sets = json.loads(json.dumps(self.document["exercise_sets"]))
        del sets[0]["reps"][-1]
        sets[0]["quality"]["reps"] = 2
        body = SessionCreate.model_validate(
            self.document | {"engine": engine, "exercise_sets": sets}
        )
        data = self.recording.read_bytes()
        with transaction(self.engine, writes=True) as db:
            session_store.put_session(db, session_id, body)
            digest = hashlib.sha256(data).hexdigest()
            store.add_recording(db, session_id, size_bytes=len(data), sha256=digest)
        if with_file:
            path = self.path(session_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.recording, path)
        return session_id

    def path(self, session_id):
        return self.folder.recordings / session_id.hex[:2] / f"{session_id}.mcap"

    def job(self, **options):
        return Reanalysis(
            self.engine, RecordingFiles(self.folder.recordings, 0), now=lambda: NOON, **options
        )

    def reps(self, session_id):
        with transaction(self.engine, writes=False) as db:
            return len(store.get_session(db, session_id).exercise_sets[0].reps)

    def states(self, session_id):
        with transaction(self.engine, writes=False) as db:
            return [one.state for one in versions.list_results(db, session_id)]
