"""Long-running processes killed at random instants: trainings, the service, and sending.

What a training received, and what was kept of it, is noted in memory that outlives the process;
the next ordinary start must bring all of it but the last second into the database.
"""

import contextlib
import http.client
import json
import os
import random
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from tools.faulting.doomed import kill, kill_after, running, start, tempo90, wait_for
from tools.faulting.traced_work import PATIENT, RECORDING_BYTES, pieces, recording_bytes
from tools.faulting.trials import Kind, Trial
from tools.faulting.uploading import AnswerError, Line
from tools.faulting.worlds import EXERCISE, held
from tools.serverbench.payload import session_body
from tracker.recording_file import read_mcap
from tracker.running import find_running
from tracker.settings import DataFolder

RECEIVED = struct.Struct("<dd")  # when on this computer's clock, and up to which sample
LONGEST_SITTING_S = 32.0
LONGEST_UPLOAD_S = 4.0
MAY_BE_LOST_S = 1.0


def _marked(folder: Path, log: Path, *words: str) -> None:
    """Be `tempo90`, and note what was received and what was kept; a write outlives a kill."""
    from tracker.session_keeper import SessionKeeper  # noqa: PLC0415  # in the doomed process

    samples, ended = SessionKeeper.samples, SessionKeeper.set_ended
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    received, sets = (os.open(folder / name, flags, 0o600) for name in ("received", "sets"))

    def noted_samples(keeper: SessionKeeper, given: Any) -> None:
        samples(keeper, given)
        os.write(received, RECEIVED.pack(time.monotonic(), float(given.time_s[-1])))

    async def noted_end(keeper: SessionKeeper, *given: Any, **more: Any) -> None:
        await ended(keeper, *given, **more)
        os.write(sets, b"." * (len(keeper.record.exercise_sets) - (folder / "sets").stat().st_size))

    SessionKeeper.samples, SessionKeeper.set_ended = noted_samples, noted_end  # type: ignore[method-assign]
    tempo90(log, *words)


def kill_train(rng: random.Random, folder: Path) -> Trial:
    """Kill `tempo90 train` at a random instant of a sitting."""
    words = ["train", EXERCISE, "--sensor", "sim", "--sets", "2", "--reps", "1", "--rest", "1"]
    words += ["--no-questions", "--no-browser", "--quiet", "--no-voice", "--port", "0"]
    doomed = start(_marked, folder, folder / "log", *words, "--data", _data(folder))
    was_hit = kill_after(doomed, rng.uniform(0.0, LONGEST_SITTING_S))
    return _after_a_sitting(folder, "train" if was_hit else "ended before")


def kill_page(rng: random.Random, folder: Path) -> Trial:
    """Kill the program whose page started a sitting."""
    words = ["serve", "--sim", "--port", "0", "--data", _data(folder)]
    with running(_marked, folder, folder / "log", *words) as doomed:
        url = _address(DataFolder(folder / "data"))
        with _channel(url) as channel:
            channel.send(json.dumps({"do": "start", "exercise": EXERCISE, "sensor": "sim"}))
            kill_after(doomed, rng.uniform(0.0, LONGEST_SITTING_S))
    return _after_a_sitting(folder, "serve")


@contextlib.contextmanager
def _channel(url: str) -> Iterator[Any]:
    from websockets.sync.client import connect  # noqa: PLC0415  # slow to import

    address = f"{url.replace('http', 'ws', 1)}/ws/live"
    with contextlib.suppress(OSError, EOFError), connect(address, origin=url) as channel:  # type: ignore[arg-type]
        yield channel


def _after_a_sitting(folder: Path, hit: str) -> Trial:
    """Start again, and look for what was received and kept."""
    died_s, data = time.monotonic(), DataFolder(folder / "data")
    n_sets = (folder / "sets").stat().st_size if (folder / "sets").exists() else 0
    lost_s = _lost_s(folder, _last_on_disk_s(data), died_s)
    problems = [f"{lost_s:.2f} s of samples are lost"] if lost_s > MAY_BE_LOST_S else []
    began_s = time.monotonic()
    with running(tempo90, folder / "log", "serve", "--port", "0", "--data", str(data.root)):
        _address(data)
        wait_for(lambda: _is_all_stored(data), "what was cut off is not stored")
        back_s = time.monotonic() - began_s
    after = held(data)
    n_found = _n_sets(data)
    if n_found < n_sets:
        problems.append(f"{n_found} of {n_sets} sets")
    return Trial(hit, (*problems, *after.trouble), lost_s, back_s)


def _lost_s(folder: Path, on_disk_s: float | None, died_s: float) -> float:
    """Return how long before its death the program received the first sample that is lost."""
    if on_disk_s is None or not (folder / "received").exists():
        return 0.0
    noted = (folder / "received").read_bytes()
    whole = len(noted) // RECEIVED.size * RECEIVED.size
    lost = [at_s for at_s, last_s in RECEIVED.iter_unpack(noted[:whole]) if last_s > on_disk_s]
    return max(0.0, died_s - lost[0]) if lost else 0.0


def _last_on_disk_s(data: DataFolder) -> float | None:
    """Return the time of the last sample of the recording that was cut off; None without one."""
    found = [*data.unfinished.rglob("*.mcap*"), *data.outbox.glob("*.mcap")]
    samples = [read_mcap(path).samples for path in found]
    return max((float(one.time_s[-1]) for one in samples if len(one)), default=None)


def _is_all_stored(data: DataFolder) -> bool:
    return not any(data.unfinished.iterdir()) and not any(data.outbox.iterdir())


def _n_sets(data: DataFolder) -> int:
    found = [json.loads(path.read_text("utf-8")) for path in data.sent.glob("*.json")]
    return sum(len(one["exercise_sets"]) for one in found)


def kill_serve(rng: random.Random, folder: Path) -> Trial:
    """Kill the service while sessions and recordings are sent to it, and go on at the next."""
    data, log = DataFolder(folder / "data"), folder / "log"
    words = ("serve", "--port", "0", "--data", str(data.root))
    sent: list[tuple[UUID, int]] = []
    with running(tempo90, log, *words) as doomed:
        line = Line(_address(data))
        ends_s = time.monotonic() + rng.uniform(0.0, LONGEST_UPLOAD_S)
        with contextlib.suppress(OSError, http.client.HTTPException):
            line.put(f"/patients/{PATIENT}", {"name": "Synthetic", "is_synthetic": True})
            while True:
                _send_one(line, sent, lambda: time.monotonic() > ends_s and kill(doomed))
    began_s = time.monotonic()
    with running(tempo90, log, *words):
        line = Line(_address(data))
        back_s = time.monotonic() - began_s
        problems = [one for session_id, n in sent for one in _go_on(line, session_id, n)]
    after = held(data)
    known = {session_id.hex for session_id, _ in sent}
    problems += [f"session {one} is gone" for one in known - set(after.sessions)]
    return Trial("serve", (*problems, *after.trouble), back_s=back_s)


def _send_one(line: Line, sent: list[tuple[UUID, int]], perhaps: Any) -> None:
    """Send a session and its recording in pieces; what is confirmed is noted at once."""
    session_id = UUID(int=len(sent) + 1)
    line.put(f"/sessions/{session_id}", session_body(PATIENT))
    sent.append((session_id, 0))
    for offset, ends, is_last in pieces():
        perhaps()
        line.piece(session_id, offset, recording_bytes(session_id)[:ends], is_last=is_last)
        sent[-1] = (session_id, ends)


def _go_on(line: Line, session_id: UUID, n_bytes: int) -> list[str]:
    offset = line.offset(session_id)
    if offset < n_bytes:
        return [f"{offset} of {n_bytes} bytes of {session_id} are there"]
    whole = recording_bytes(session_id)
    if offset < RECORDING_BYTES:
        try:
            line.piece(session_id, offset, whole, is_last=True)
        except AnswerError:  # a torn piece is found by its digest: the whole is sent again
            line.piece(session_id, line.offset(session_id), whole, is_last=True)
    return []


def _data(folder: Path) -> str:
    return str(folder / "data")


def _address(data: DataFolder) -> str:
    """Wait for the address of the service of a data folder."""
    wait_for(lambda: find_running(data) is not None, "the service does not start")
    return find_running(data) or ""


BACK = "The screen is gone. The next start says how much of the training was brought back."
SHORT = "at most 1 s of signal"
KINDS = (
    Kind("kill-train", "`train` killed in a sitting", BACK, SHORT, 40, kill_train, True),
    Kind("kill-page", "`serve` killed in a page's sitting", BACK, SHORT, 25, kill_page, True),
    Kind(
        "kill-serve",
        "`serve` killed while sessions are sent to it",
        "The sender waits, asks how much has arrived, and goes on from there.",
        "what was not confirmed",
        30,
        kill_serve,
        True,
    ),
)
