import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracker.moving.filled_folder import files_of, fill, rows_of, store_session
from tracker.commands.backup import backup as backup_command
from tracker.moving import BackupError, back_up, restore, stage
from tracker.running import AlreadyRunningError, taken
from tracker.settings import DataFolder

NOW = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A filled data folder and its backup; tests read them only."""
    place = tmp_path_factory.mktemp("home")
    folder = fill(place / "data")
    back_up(folder, place / "out.zip")
    return folder, place / "out.zip"


def rewritten(path, source, change):
    """A backup whose entries went through `change(name, bytes) -> (name, bytes)`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            new.writestr(*change(entry.filename, old.read(entry)))
    return path


def with_manifest(path, source, **changes):
    def change(name, data):
        known = json.loads(data) | changes if name == "manifest.json" else None
        return (name, data if known is None else json.dumps(known).encode())

    return rewritten(path, source, change)


def test_every_row_and_file_is_the_same_on_the_new_computer(home, tmp_path):
    folder, backup = home
    new = DataFolder(tmp_path / "new" / "tempo90")

    aside = restore(new, backup, now=NOW)

    assert aside is None
    assert rows_of(new) == rows_of(folder)
    assert len(rows_of(new)["session"]) == 2
    assert files_of(new) == files_of(folder)
    assert new.database.stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["tempo90"]


def test_what_was_on_the_new_computer_is_kept_aside_and_not_merged(home, tmp_path):
    folder, backup = home
    new = fill(tmp_path / "tempo90", sessions=1)
    (new.root / "only-here.txt").write_text("kept", "utf-8")
    before = rows_of(new)

    aside = restore(new, backup, now=NOW)

    assert aside == tmp_path / "tempo90-before-20260512-083000"
    assert rows_of(DataFolder(aside)) == before
    assert (aside / "only-here.txt").exists()
    assert rows_of(new) == rows_of(folder)
    assert not (new.root / "only-here.txt").exists()


def test_the_backup_tells_its_progress_to_the_end(home, tmp_path):
    folder, _ = home
    told = []

    back_up(folder, tmp_path / "again.zip", lambda done, total: told.append((done, total)))

    assert told[-1][0] == pytest.approx(told[-1][1], rel=0.2)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_backup_while_sessions_are_stored_holds_a_whole_database(tmp_path):
    folder = fill(tmp_path / "data", sessions=1)
    is_done = threading.Event()

    def go_on_storing():
        while not is_done.is_set():
            store_session(folder)

    writer = threading.Thread(target=go_on_storing)
    writer.start()
    try:
        back_up(folder, tmp_path / "out.zip")
    finally:
        is_done.set()
        writer.join()
    restore(DataFolder(tmp_path / "new"), tmp_path / "out.zip", now=NOW)

    rows = rows_of(DataFolder(tmp_path / "new"))
    assert len(rows["exercise_set"]) == len(rows["session"]) >= 1


def test_what_a_clinic_keeps_in_servers_is_told_to_be_missing(home, tmp_path, monkeypatch, capsys):
    folder, _ = home
    monkeypatch.setenv("TEMPO90_DATABASE", "postgresql+psycopg://clinic/tempo90")
    monkeypatch.setenv("TEMPO90_OBJECT_STORE", "s3://clinic")

    backup_command(tmp_path / "out.zip", data=folder.root, as_json=True)

    said = capsys.readouterr()
    assert json.loads(said.out)["files"] > 0
    assert "pg_dump" in said.err
    assert "object store" in said.err


def test_only_its_owner_can_read_a_backup(home):
    _, backup = home

    assert backup.stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_not_written_over(home, tmp_path):
    folder, _ = home
    (tmp_path / "mine.zip").write_text("mine", "utf-8")

    with pytest.raises(BackupError, match="another name"):
        back_up(folder, tmp_path / "mine.zip")

    assert (tmp_path / "mine.zip").read_text("utf-8") == "mine"


def test_a_backup_does_not_go_into_the_folder_it_is_of(home):
    folder, _ = home

    with pytest.raises(BackupError, match="inside"):
        back_up(folder, folder.recordings / "out.zip")


@pytest.mark.parametrize(
    ("share_of_database", "told"),
    [(1.0, "told File too large"), (0.2, "told The database cannot be copied")],
)
def test_a_full_disk_leaves_nothing_behind_and_is_told_as_it_is(
    home, tmp_path, share_of_database, told
):
    folder, made = home
    room_bytes = int(share_of_database * folder.database.stat().st_size) + 4096
    assert room_bytes < made.stat().st_size
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from tracker.moving import back_up; from tracker.settings import DataFolder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room_bytes}, {room_bytes}))\n"
        "try:\n    back_up(DataFolder(Path(sys.argv[1])), Path(sys.argv[2]))\n"
        "except OSError as error:\n    print('told', error.strerror)\n"
    )

    heard = subprocess.run(
        [sys.executable, "-c", code, str(folder.root), str(tmp_path / "out.zip")],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip

    assert heard.stdout.startswith(told)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_killed_half_way_leaves_no_file_of_that_name_and_may_be_made_again(home, tmp_path):
    folder, _ = home
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tracker.moving import back_up; from tracker.settings import DataFolder\n"
        "def die(done, total):\n    if done > total / 2: os.kill(os.getpid(), 9)\n"
        "back_up(DataFolder(Path(sys.argv[1])), Path(sys.argv[2]), die)\n"
    )

    killed = subprocess.run(
        [sys.executable, "-c", code, str(folder.root), str(tmp_path / "out.zip")],
        check=False, cwd=ROOT,
    )  # fmt: skip
    is_there = (tmp_path / "out.zip").exists()
    back_up(folder, tmp_path / "out.zip")
    restore(DataFolder(tmp_path / "new"), tmp_path / "out.zip", now=NOW)

    assert killed.returncode == -signal.SIGKILL
    assert not is_there
    assert rows_of(DataFolder(tmp_path / "new")) == rows_of(folder)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused_and_nothing_changes(home, tmp_path, share):
    _, backup = home
    data = backup.read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: int(len(data) * share)])
    new = fill(tmp_path / "data", sessions=0)
    before = files_of(new)

    with pytest.raises(BackupError):
        restore(new, tmp_path / "cut.zip", now=NOW)

    assert files_of(new) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.zip", "data"]


@given(at=st.floats(0, 0.999), flip=st.integers(1, 255))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whichever_byte_is_damaged_the_data_are_right_or_refused(home, tmp_path, at, flip):
    folder, backup = home
    data = bytearray(backup.read_bytes())
    data[int(at * len(data))] ^= flip
    (tmp_path / "bad.zip").write_bytes(data)
    new = DataFolder(tmp_path / "new")

    try:
        restore(new, tmp_path / "bad.zip", now=NOW)
    except BackupError:
        assert not new.database.exists()
    else:  # it hit what carries nothing, such as the time stamp of an entry
        assert rows_of(new) == rows_of(folder)
        assert files_of(new) == files_of(folder)
        shutil.rmtree(new.root)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "a/../../evil", "C:evil", "a\\..\\evil", "nul\0", "a//b", "x."]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(home, tmp_path, name):
    _, backup = home
    files = [{"name": name, "n_bytes": 4, "sha256": "0" * 64}]
    bad = with_manifest(tmp_path / "bad.zip", backup, files=files)

    with pytest.raises(BackupError, match="outside"):
        restore(DataFolder(tmp_path / "new"), bad, now=NOW)

    assert not (tmp_path / "evil").exists()


def test_two_names_that_are_one_on_windows_are_refused(home, tmp_path):
    _, backup = home
    files = [{"name": name, "n_bytes": 4, "sha256": "0" * 64} for name in ("a/B", "A/b")]

    with pytest.raises(BackupError, match="twice"):
        stage(DataFolder(tmp_path / "new"), with_manifest(tmp_path / "b.zip", backup, files=files))


def test_a_file_that_the_list_does_not_name_is_refused(home, tmp_path):
    _, backup = home
    bad = shutil.copy(backup, tmp_path / "bad.zip")
    with zipfile.ZipFile(bad, "a") as archive:
        archive.writestr("data/extra", "hello")

    with pytest.raises(BackupError, match="not those that it lists"):
        stage(DataFolder(tmp_path / "new"), Path(bad))


def test_a_file_with_other_contents_than_listed_is_refused(home, tmp_path):
    _, backup = home
    bad = rewritten(
        tmp_path / "bad.zip",
        backup,
        lambda name, data: (name, b"other" if name.endswith("ca.pem") else data),
    )

    with pytest.raises(BackupError, match=re.escape("tls/ca.pem")):
        stage(DataFolder(tmp_path / "new"), bad)


@pytest.mark.parametrize("changes", [{"schema": "tempo90.backup/2"}, {"tables": "9999"}])
def test_a_backup_of_a_newer_version_says_to_update_first(home, tmp_path, changes):
    _, backup = home
    newer = with_manifest(tmp_path / "newer.zip", backup, version="7.0.0", **changes)

    with pytest.raises(BackupError, match=r"7\.0\.0.*update") as told:
        restore(DataFolder(tmp_path / "new"), newer, now=NOW)

    assert "\n" not in str(told.value)


def test_any_other_zip_file_is_no_backup(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(BackupError, match="not a backup"):
        restore(DataFolder(tmp_path / "new"), tmp_path / "other.zip", now=NOW)


def test_nothing_is_restored_under_a_running_tempo90(home, tmp_path):
    _, backup = home
    new = fill(tmp_path / "data", sessions=0)
    before = files_of(new)

    with taken(new), pytest.raises(AlreadyRunningError, match="end it first"):
        restore(new, backup, now=NOW)

    assert files_of(new) == before


def test_a_power_cut_before_the_swap_is_made_good_at_the_next_start(home, tmp_path):
    folder, backup = home
    new = fill(tmp_path / "data", sessions=0)
    stage(new, backup)
    os.rename(new.root, tmp_path / "data-before-cut")  # noqa: PTH104 - the power fails right here

    started = DataFolder(tmp_path / "data").make()

    assert rows_of(started) == rows_of(folder)


def test_a_waiting_folder_stays_where_it_is_while_the_old_one_is_in_use(home, tmp_path):
    _, backup = home
    new = fill(tmp_path / "data", sessions=0)
    stage(new, backup)

    with taken(new):
        new.make()

    assert rows_of(new)["session"] == []
    assert len(rows_of(new.make())["session"]) == 2


def test_a_backup_of_an_older_database_is_taken_in_and_updated_with_a_copy(tmp_path):
    from api import migrate  # noqa: PLC0415 - this test alone goes back in time
    from tracker.updating import bring_up_to_date  # noqa: PLC0415

    old = DataFolder(tmp_path / "old").make()
    migrate(old.database_url, "0001")
    back_up(old, tmp_path / "old.zip")
    new = DataFolder(tmp_path / "new")
    restore(new, tmp_path / "old.zip", now=NOW)

    copy = bring_up_to_date(new)

    assert copy is not None
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    assert bring_up_to_date(new) is None
