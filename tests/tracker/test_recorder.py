import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from analysis import ImuSamples
from tests.tracker.radio_builders import header, received
from tracker.errors import RecordingError, TrackerError
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap, recover_unfinished

ROOT = Path(__file__).resolve().parents[2]


def samples(first, n):
    """n samples at 100 Hz from number `first` on; the acceleration along x is the number."""
    number = np.arange(first, first + n)
    acc_ms2 = np.column_stack([number, np.zeros(n), np.full(n, 9.81)])
    return ImuSamples(1000 + number / 100, acc_ms2, np.full((n, 3), 1 / 3))


def record(path, seconds, **changes):
    """A recording of so many seconds at 100 Hz, one notification a sample."""
    with Recorder(path, header(**changes)) as recorder:
        for k in range(round(seconds * 100)):
            recorder.add_raw(received(k, 1000 + k / 100))
            recorder.add_samples(samples(k, 1))
    return path


def test_what_is_recorded_can_be_read_again_bit_by_bit(tmp_path):
    path = tmp_path / "session.mcap"
    with Recorder(path, header(settings={"reps": 15})) as recorder:
        recorder.annotate(1000.5, {"event": "set_started", "set": 1})
        for k in range(250):
            recorder.add_raw(received(k, 1000 + k / 100, link=1 + k // 200))
            recorder.add_samples(samples(k, 1))

    session = read_mcap(path)

    assert session.header == header(settings={"reps": 15})
    assert session.annotations == ({"at_s": 1000.5, "event": "set_started", "set": 1},)
    assert (session.is_finished, session.damage) == (True, None)
    assert session.samples.time_s.tolist() == samples(0, 250).time_s.tolist()
    assert session.samples.acc_ms2.tolist() == samples(0, 250).acc_ms2.tolist()
    assert session.samples.gyr_rads.tolist() == samples(0, 250).gyr_rads.tolist()
    first, last = session.notifications[0], session.notifications[-1]
    assert (first.data, first.arrival_s, first.link) == (b"\x55\x61", 1000.0, 1)
    assert (last.arrival_s, last.link, last.is_settled) == (1002.49, 2, True)
    assert first.characteristic == received(0, 0.0).characteristic


def test_until_it_is_closed_a_recording_is_a_part(tmp_path):
    path = tmp_path / "session.mcap"

    recorder = Recorder(path, header())
    names_before = [file.name for file in tmp_path.iterdir()]
    recorder.close()
    names_after = [file.name for file in tmp_path.iterdir()]

    assert (names_before, names_after) == (["session.mcap.part"], ["session.mcap"])


def test_a_second_of_signal_is_on_the_disk_before_the_next_one_is_full(tmp_path):
    path = tmp_path / "session.mcap"
    recorder = Recorder(path, header())

    for k in range(500):
        recorder.add_samples(samples(k, 1))
    deadline_s = time.monotonic() + 5
    n_readable = 0
    while n_readable < 400 and time.monotonic() < deadline_s:
        n_readable = read_mcap(tmp_path / "session.mcap.part").samples.n_samples
    recorder.close()

    assert n_readable >= 400


def test_nothing_is_overwritten(tmp_path):
    path = record(tmp_path / "session.mcap", 1)
    size = path.stat().st_size

    with pytest.raises(RecordingError, match="exists already"):
        Recorder(path, header())

    assert path.stat().st_size == size


def test_closing_twice_and_adding_afterwards_does_nothing(tmp_path):
    path = tmp_path / "session.mcap"
    recorder = Recorder(path, header())
    recorder.add_samples(samples(0, 10))
    recorder.close()

    recorder.close()
    recorder.add_samples(samples(10, 500))

    assert read_mcap(path).samples.n_samples == 10


def test_a_folder_that_cannot_be_written_is_told_before_the_session(tmp_path):
    with pytest.raises(RecordingError, match="The session can go on") as caught:
        Recorder(tmp_path / "missing" / "session.mcap", header())

    assert isinstance(caught.value, TrackerError)


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is writable for root")
def test_a_read_only_folder_is_told_before_the_session(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(RecordingError, match="ermission"):
        Recorder(tmp_path / "session.mcap", header())


def test_a_disk_that_fails_is_told_once_and_what_was_written_stays(tmp_path, monkeypatch):
    path = tmp_path / "session.mcap"
    recorder = Recorder(path, header())
    for k in range(300):
        recorder.add_samples(samples(k, 1))
    recorder.flush()
    recorder._thread.submit(int).result()  # the disk has caught up

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    told = []
    for k in range(300, 900):
        try:
            recorder.add_samples(samples(k, 1))
        except RecordingError as error:
            told.append(str(error))
        recorder._thread.submit(int).result()
    with pytest.raises(RecordingError, match="No space left"):
        recorder.close()
    monkeypatch.undo()

    [message] = told
    assert "No space left" in message
    assert "free some space" in message
    session = read_mcap(tmp_path / "session.mcap.part")
    assert session.damage is None
    assert session.samples.n_samples == 300


FULL_DISK = """
import resource, sys
sys.path.insert(0, ".")
from pathlib import Path
from tests.tracker.test_recorder import Recorder, RecordingError, header, samples
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
recorder = Recorder(Path(sys.argv[1]), header())
for k in range(6000):
    try:
        recorder.add_samples(samples(k, 1))
    except RecordingError as error:
        print(error)
    if k % 100 == 0:
        recorder._thread.submit(int).result()
try:
    recorder.close()
except RecordingError as error:
    print("lost:", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_file_that_may_not_grow_any_more_ends_whole_at_the_limit(tmp_path):
    path = tmp_path / "session.mcap"

    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.count("cannot be written") == 2
    assert done.stdout.count("lost:") == 1
    session = read_mcap(tmp_path / "session.mcap.part")
    assert session.damage is None
    assert 300 < session.samples.n_samples < 6000


KILLED = """
import sys, time
sys.path.insert(0, ".")
from pathlib import Path
from tests.tracker.test_recorder import Recorder, header, received, samples
recorder = Recorder(Path(sys.argv[1]), header())
began, k = time.monotonic(), 0
while True:                                           # as fast as a real sensor
    recorder.add_raw(received(k, 1000 + k / 100))
    recorder.add_samples(samples(k, 1))
    k += 1
    print(k, flush=True)
    time.sleep(max(0, began + k / 100 - time.monotonic()))
"""


def test_a_killed_recording_loses_at_most_a_second(tmp_path):
    waits_s = np.random.default_rng(0).uniform(1.0, 2.5, 4).cumsum() / 2
    commands = [[sys.executable, "-c", KILLED, str(tmp_path / f"{n}.mcap")] for n in range(4)]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    for process in processes:
        process.stdout.readline()
    began_s, n_added = time.monotonic(), []
    for process, wait_s in zip(processes, waits_s, strict=True):
        time.sleep(max(0.0, began_s + wait_s - time.monotonic()))
        process.kill()
        n_added.append(int(process.communicate()[0].split()[-1]))

    recovered = recover_unfinished(tmp_path)

    assert len(recovered) == 4
    for one, n in zip(recovered, n_added, strict=True):
        assert one.n_samples >= n - 100
        session = read_mcap(one.path)
        assert session.is_finished
        assert session.samples.acc_ms2[:, 0].tolist() == list(range(one.n_samples))
        assert one.recovered_s == pytest.approx((one.n_samples - 1) / 100)
