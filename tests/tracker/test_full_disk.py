import asyncio
import errno
import json
import os
import sys

import pytest

from tests.tracker.coach_builders import SESSION, a_plan
from tests.tracker.radio_builders import header
from tests.tracker.test_recorder import samples
from tests.tracker.tight_disk import TightDisk
from tests.tracker.training_builders import a_room
from tracker.disk_reserve import RESERVE_BYTES, STEP_BYTES, DiskReserve, with_reserve
from tracker.errors import RecordingError
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap
from tracker.virtual_radio import run_virtually

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tight disk is POSIX")
MEGABYTE = 2**20


def add(recorder, first, n):
    """Give a recorder n samples as a sensor would; return what it told."""
    told = []
    for k in range(first, first + n):
        try:
            recorder.add_samples(samples(k, 1))
        except RecordingError as error:
            told.append(str(error))
        if k % 50 == 0:
            recorder._thread.submit(int).result()  # the disk has caught up
    return told


def test_a_reserve_takes_space_and_gives_it_back_in_steps(tmp_path, monkeypatch):
    disk = TightDisk(monkeypatch, 2 * MEGABYTE)

    reserve = DiskReserve(tmp_path / "reserve", MEGABYTE)
    taken_bytes = 2 * MEGABYTE - disk.free_bytes
    has_given = [reserve.give(1000) for _ in range(5)]

    assert taken_bytes == MEGABYTE
    assert has_given == [True, True, True, True, False]
    assert disk.free_bytes == 2 * MEGABYTE
    assert MEGABYTE == 4 * STEP_BYTES


def test_a_reserve_that_does_not_fit_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    TightDisk(monkeypatch, MEGABYTE)

    with pytest.raises(OSError, match="No space left"):
        DiskReserve(tmp_path / "reserve", 2 * MEGABYTE)

    assert not list(tmp_path.iterdir())


def test_where_space_cannot_be_taken_at_once_it_is_written(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", unsupported)

    DiskReserve(tmp_path / "reserve", MEGABYTE)

    assert (tmp_path / "reserve").stat().st_size == MEGABYTE


def test_only_a_full_disk_costs_some_of_the_reserve(tmp_path):
    reserve = DiskReserve(tmp_path / "reserve", MEGABYTE)

    def fail():
        raise PermissionError(13, "Permission denied")

    with pytest.raises(PermissionError):
        with_reserve(fail, reserve)

    assert (tmp_path / "reserve").stat().st_size == MEGABYTE


def test_a_disk_that_fills_up_costs_a_recording_nothing(tmp_path, monkeypatch):
    path = tmp_path / "session.mcap"
    disk = TightDisk(monkeypatch, RESERVE_BYTES + 50_000)
    reserve = DiskReserve(tmp_path / "reserve")
    recorder = Recorder(path, header(), reserve=reserve)

    told = add(recorder, 0, 6000)
    recorder.close()

    assert told == []
    assert disk.free_bytes < 3 * STEP_BYTES, "it was really full"
    assert read_mcap(path).samples.n_samples == 6000


def test_what_a_full_disk_did_not_take_is_written_when_there_is_room_again(tmp_path, monkeypatch):
    path = tmp_path / "session.mcap"
    disk = TightDisk(monkeypatch, 20_000)
    recorder = Recorder(path, header())

    told = add(recorder, 0, 3000)
    disk.free_bytes = 10 * MEGABYTE
    told += add(recorder, 3000, 500)
    disk.free_bytes = 0
    told += add(recorder, 3500, 500)
    disk.free_bytes = 10 * MEGABYTE
    recorder.close()

    assert len(told) == 2, "once for each time"
    session = read_mcap(path)
    assert (session.is_finished, session.damage) == (True, None)
    assert session.samples.acc_ms2[:, 0].tolist() == list(range(4000))


def test_a_disk_that_stays_full_keeps_what_it_had(tmp_path, monkeypatch):
    path = tmp_path / "session.mcap"
    TightDisk(monkeypatch, 20_000)
    recorder = Recorder(path, header())

    add(recorder, 0, 3000)
    with pytest.raises(RecordingError, match="No space left"):
        recorder.close()

    session = read_mcap(tmp_path / "session.mcap.part")
    n_kept = session.samples.n_samples
    assert session.damage is None
    assert 200 < n_kept < 3000
    assert session.samples.acc_ms2[:, 0].tolist() == list(range(n_kept))


async def train(folder, plan, meanwhile):
    async with a_room(folder, plan) as room:
        running = asyncio.ensure_future(room.training.run())
        await meanwhile(room)
        return room, await running


def test_a_disk_that_fills_up_in_mid_set_costs_a_session_nothing(tmp_path, monkeypatch):
    disk = TightDisk(monkeypatch, 2 * RESERVE_BYTES)

    async def fill(room):
        await room.until_reps(1)
        disk.free_bytes = 0

    room, outcome = run_virtually(train(tmp_path, a_plan(sets=2, reps=2, rest_s=5.0), fill))

    document = json.loads(outcome.path.read_text())
    recorded = read_mcap(outcome.path.with_suffix(".mcap"))
    assert [len(one["reps"]) for one in document["exercise_sets"]] == [2, 2]
    assert recorded.is_finished
    assert recorded.samples.time_s[-1] - recorded.samples.time_s[0] > 25
    assert "geschreven" not in room.console.file.getvalue()
    assert not list((tmp_path / "unfinished").iterdir()), "the reserve is given back"


def test_a_disk_without_room_for_a_session_is_told_before_it(tmp_path, monkeypatch):
    TightDisk(monkeypatch, RESERVE_BYTES - 1)

    async def nothing(_):
        return None

    with pytest.raises(RecordingError, match="free some space"):
        run_virtually(train(tmp_path, a_plan(sets=1, reps=1), nothing))

    assert not list((tmp_path / "unfinished").iterdir())


def test_a_folder_that_turned_read_only_is_told_before_the_session(tmp_path, monkeypatch):
    make = os.mkdir

    def refuse(path, *options, **more):
        if str(SESSION) in str(path):
            raise OSError(30, "Read-only file system")
        return make(path, *options, **more)

    async def nothing(_):
        return None

    monkeypatch.setattr(os, "mkdir", refuse)

    with pytest.raises(RecordingError, match="right to write there"):
        run_virtually(train(tmp_path, a_plan(sets=1, reps=1), nothing))
