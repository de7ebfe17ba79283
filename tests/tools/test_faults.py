"""The short form of `make faults`: one try of the kinds that are quick, and what they stand on."""

import random
import socket
import threading

import pytest

from tools.faulting.cutting_line import cutting_line
from tools.faulting.disk_model import Cut, Disk
from tools.faulting.kinds import KINDS
from tools.faulting.system_calls import Call, can_trace, read_calls
from tools.faulting.trials import Kind, Line, Trial, table
from tools.faulting.worlds import clear
from tools.faults import try_all, write_page

ROOT = "/disk"
FILE, FOLDER = 3, 4
FAR_S = 1e9
QUICK = ("kill-backup", "kill-migration", "power-upload", "power-restore", "damage")


@pytest.fixture(scope="module", autouse=True)
def _nothing_left():
    yield
    clear()


def opened(name, result=FILE, flags="O_WRONLY|O_CREAT"):
    return Call("openat", ("AT_FDCWD", f"{ROOT}/{name}".encode(), flags), result)


def written(data, at=0):
    return Call("pwrite64", (str(FILE), data, str(len(data)), str(at)), len(data))


def synced(number):
    return Call("fsync", (str(number),), 0)


def after(way, calls, folder):
    """What files hold after the power failed."""
    disk = Disk(ROOT)
    for call in calls:
        disk.take(call)
    Cut(way, random.Random(1)).write(disk.top, folder / way)  # noqa: S311
    return {path.name: path.read_bytes() for path in (folder / way).iterdir()}


def test_a_synced_file_without_a_synced_name_is_lost_and_with_it_is_there(tmp_path):
    calls = [opened("a"), written(b"words"), synced(FILE)]
    named = [*calls, opened("", FOLDER, "O_RDONLY"), synced(FOLDER)]

    assert after("lost", calls, tmp_path) == {}
    assert after("lost", named, tmp_path) == {"a": b"words"}


def test_a_name_that_is_there_before_the_contents_leaves_an_empty_file(tmp_path):
    renamed = Call("rename", (f"{ROOT}/draft".encode(), f"{ROOT}/a".encode()), 0)
    calls = [opened("draft"), written(b"words"), renamed]

    assert after("names", calls, tmp_path) == {"a": b""}
    assert after("kept", calls, tmp_path) == {"a": b"words"}


def test_what_was_safe_stays_when_later_writes_are_torn(tmp_path):
    first = [opened("a"), written(b"1" * 2048), synced(FILE)]
    first += [opened("", FOLDER, "O_RDONLY"), synced(FOLDER)]

    found = after("some", [*first, written(b"2" * 2048, at=2048)], tmp_path)["a"]

    assert found[:2048] == b"1" * 2048
    assert len(found) in {2048, 2560, 3072, 3584, 4096}


def test_a_call_that_another_thread_interrupted_in_the_log_is_read_as_one():
    log = [
        r'7 write(3, "\x61\x62", 2 <unfinished ...>',
        r"8 fsync(4) = 0",
        r"7 <... write resumed>) = 2",
        r'7 openat(AT_FDCWD, "\x61", O_RDONLY) = -1 ENOENT (No such file or directory)',
    ]

    calls = list(read_calls(iter(log)))

    assert calls == [Call("fsync", ("4",), 0), Call("write", ("3", b"ab", "2"), 2)]


def test_a_line_breaks_after_the_bytes_that_were_drawn():
    with socket.create_server(("127.0.0.1", 0)) as service:
        got = bytearray()

        def serve():
            with service.accept()[0] as taken:
                try:
                    while data := taken.recv(1000):
                        got.extend(data)
                except OSError:
                    return

        serving = threading.Thread(target=serve)
        serving.start()
        with cutting_line(service.getsockname()[1], random.Random(1)) as (line, url):  # noqa: S311
            line.begin(500)
            allowed = line._left_bytes
            with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as near:
                near.sendall(bytes(2000))
                serving.join()

    assert len(got) == allowed < 500
    assert line.n_cuts == 1


def test_the_table_says_what_was_lost_and_keeps_the_rows_that_were_not_tried_now(tmp_path):
    one, two = KINDS[0], KINDS[1]
    page = tmp_path / "faults.md"
    write_page(page, [Line(one, [Trial("train", lost_s=0.4)])], seed=1, took_s=60.0)

    write_page(page, [Line(two, [Trial("serve", ("a set is gone",))])], seed=1, took_s=60.0)

    text = page.read_text("utf-8")
    assert text.count(one.title) == text.count(two.title) == 1
    assert "0.40 s of signal" in text
    assert "**1 problems**" in text
    assert len(table([]).splitlines()) == 2


def test_a_try_that_breaks_is_a_problem_and_not_the_end():
    def fail(_rng, _folder):
        raise OSError("no room")

    kind = Kind("x", "x", "", "", 1, fail)

    (line,) = try_all([kind], seed=1, share=1.0, jobs=1, ends_s=FAR_S)

    assert "no room" in line.problems[0]


@pytest.mark.parametrize("name", QUICK)
def test_nothing_that_was_acknowledged_is_lost(name):
    if name.startswith("power") and not can_trace():
        pytest.skip("needs strace (Debian and Ubuntu: apt-get install strace)")
    (kind,) = [one for one in KINDS if one.id == name]

    (line,) = try_all([kind], seed=5, share=1 / kind.n_usual, jobs=1, ends_s=FAR_S)

    assert len(line.trials) == 1
    assert line.problems == []
