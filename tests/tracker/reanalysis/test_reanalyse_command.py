import hashlib
import io
import json
import shutil
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from rich.console import Console
from typer.testing import CliRunner

from analysis import ENGINE_VERSION
from api import migrate, open_engine, store, transaction
from api.recordings import RecordingFiles
from api.review import versions
from api.schemas import PatientCreate, SessionCreate
from tests.tracker.coach_builders import a_plan
from tests.tracker.training_builders import PROFILE, a_room
from tracker.cli import app
from tracker.reanalysis.job import Reanalysis
from tracker.reanalysis.telling import tell
from tracker.settings import DataFolder
from tracker.virtual_radio import run_virtually

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A set of three over the virtual radio: its document and its recording."""

    async def train():
        async with a_room(tmp_path_factory.mktemp("room"), a_plan(sets=1, reps=3)) as room:
            return await room.training.run()

    outcome = run_virtually(train())
    return json.loads(outcome.path.read_text()), outcome.path.with_suffix(".mcap")


class Place:
    """A data folder whose sessions an engine of last year measured: it missed the last rep."""

    def __init__(self, root, trained):
        self.folder = DataFolder(root).make()
        self.document, self.recording = trained
        migrate(self.folder.database_url)
        self.engine = open_engine(self.folder.database_url)
        with transaction(self.engine, writes=True) as db:
            store.put_patient(db, PROFILE.patient_id, PatientCreate(name="Synthetic patient"))

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
            store.put_session(db, session_id, body)
            digest = hashlib.sha256(data).hexdigest()
            store.add_recording(db, session_id, size_bytes=len(data), sha256=digest)
        if with_file:
            path = self.folder.recordings / session_id.hex[:2] / f"{session_id}.mcap"
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.recording, path)
        return session_id

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


@pytest.fixture
def place(tmp_path, trained):
    made = Place(tmp_path, trained)
    yield made
    made.engine.dispose()


def run(place, *arguments):
    return CliRunner().invoke(app, ["reanalyse", "--data", str(place.folder.root), *arguments])


def test_the_command_shows_what_the_present_engine_says_otherwise_and_changes_nothing(place):
    session_id = place.add()

    answer = run(place, "--session", str(session_id), "--json")

    document = json.loads(answer.stdout)
    one = document["sessions"][0]
    assert answer.exit_code == 0
    assert document["engine"] == ENGINE_VERSION
    assert {"name": "reps", "before": 2.0, "after": 3.0} in one["differences"][0]["values"]
    assert [(rep["before"], rep["after"]) for rep in one["differences"][0]["reps"]] == [(None, 3)]
    assert (place.reps(session_id), place.states(session_id)) == (2, ["proposed", "current"])


def test_all_are_those_that_an_older_engine_measured_and_are_done_once(place):
    old, new = place.add(), place.add(engine=ENGINE_VERSION)

    first, second = (json.loads(run(place, "--all", "--json").stdout) for _ in range(2))

    assert [one["session"] for one in first["sessions"]] == [str(old)]
    assert second["sessions"] == []
    assert place.states(new) == []


def test_a_job_that_was_cut_off_goes_on_with_what_is_left(place):
    ids = {place.add() for _ in range(3)}
    job = place.job()
    done = next(job.run(job.outdated()))

    left = place.job().outdated()

    assert done.result is not None
    assert set(left) == ids - {done.session_id}


def test_what_is_accepted_on_the_command_line_is_current(place):
    session_id = place.add()

    answer = run(place, "--all", "--accept", "all")

    assert "1 accepted" in answer.stdout
    assert place.reps(session_id) == 3
    assert place.states(session_id) == ["current", "earlier"]


def test_accepting_what_is_the_same_leaves_a_difference_waiting(place):
    different = place.add()

    run(place, "--all", "--accept", "same")
    waiting = place.states(different)
    run(place, "--all", "--accept", "all")

    assert waiting == ["proposed", "current"]
    assert place.states(different) == ["current", "earlier"]


def test_a_session_without_its_recording_is_told_and_stops_no_other(place):
    gone, there = place.add(with_file=False), place.add()

    answer = run(place, "--session", str(gone), "--session", str(there))

    assert answer.exit_code == 1
    assert "its file is not there any more" in answer.stdout.replace("\n", " ")
    assert "1 analysed" in answer.stdout
    assert place.states(there) == ["proposed", "current"]


def test_it_has_to_be_said_which(place):
    assert run(place).exit_code == 2
    assert run(place, "--all", "--session", str(UUID(int=1))).exit_code == 2


def test_the_table_says_before_and_after_of_each_change(place):
    place.add()
    job = place.job()
    out = Console(file=io.StringIO(), width=100)

    tell(out, list(job.run(job.outdated())))

    text = out.file.getvalue()
    assert "reps" in text
    assert "found" in text
    assert "1 wait" in text


def test_a_session_that_is_not_there_is_told(place):
    done = list(place.job().run([UUID(int=7)]))

    assert done[0].result is None
    assert "There is no session" in done[0].reason
