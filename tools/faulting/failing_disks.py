"""Disks that are full or damage what they keep, and clocks that jump between two trainings."""

import contextlib
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from fastapi.testclient import TestClient

from analysis import ImuSamples
from api import ApiSettings, create_app, open_engine
from tools.faulting.doomed import running, tempo90, wait_for
from tools.faulting.traced_work import PATIENT, RECORDING_BYTES, RefusedPieceError, send_piece
from tools.faulting.trials import Kind, Trial
from tools.faulting.uploading import AnswerError, Line
from tools.faulting.worlds import brought_up_to_date, filled, held
from tools.serverbench.payload import session_body
from tracker.errors import RecordingError
from tracker.recording_file import read_mcap, recover_unfinished
from tracker.running import find_running
from tracker.settings import DataFolder

DISK_BYTES = 3 * 2**20
LEFT_BYTES = 200_000
N_SESSIONS = 20


@contextlib.contextmanager
def small_disk(place: Path, n_bytes: int) -> Iterator[Path]:
    """Mount a file system in memory; needs the right to."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "tmpfs", str(place)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S607


def can_mount() -> bool:
    """Whether this user may mount a file system."""
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", "/mnt"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def fill_disk(rng: random.Random, folder: Path) -> Trial:
    """Store sessions until the disk is full, make room, and store the rest."""
    with small_disk(folder / "disk", DISK_BYTES) as disk:
        data = DataFolder(disk / "data").make()
        brought_up_to_date(data)
        ballast = disk / "ballast"
        engine = open_engine(data.database_url)
        app = create_app(engine, ApiSettings(recordings_dir=data.recordings))
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            patient = {"name": "Synthetic", "is_synthetic": True}
            client.put(f"/api/v1/patients/{PATIENT}", json=patient).raise_for_status()
            free_bytes = shutil.disk_usage(disk).free
            ballast.write_bytes(bytes(max(0, free_bytes - rng.randint(0, LEFT_BYTES))))
            refused, said = _store_sessions(client)
            ballast.unlink()
            still, _ = _store_sessions(client)
        engine.dispose()
        after = held(data)
    problems = list(after.trouble)
    problems += [f"{one} was not stored with room again" for one in still]
    if not refused:
        problems.append("the disk was not full")
    if len(after.sessions) != N_SESSIONS:
        problems.append(f"{len(after.sessions)} of {N_SESSIONS} sessions")
    return Trial("session or recording", tuple(problems), said=said)


def _store_sessions(client: TestClient) -> tuple[list[str], str]:
    """Store all sessions and recordings; return what was refused, and the sentence."""
    refused, said, answers = [], "", []
    for number in range(N_SESSIONS):
        path = f"/api/v1/sessions/{UUID(int=number + 1)}"
        answers.append(client.put(path, json=session_body(PATIENT)))
        if answers[-1].is_success:
            with contextlib.suppress(RefusedPieceError):  # sent in the second round
                send_piece(client, UUID(int=number + 1), 0, RECORDING_BYTES, is_last=True)
    for answer in answers:
        if not answer.is_success:
            refused.append(str(answer.url.path))
            said = said or str(answer.json().get("detail", ""))
    return refused, said


def damage_recording(rng: random.Random, folder: Path) -> Trial:
    """Flip a byte of a recording or cut it anywhere: what is read is right, or left out."""
    source = next((filled(folder / "data").recordings).rglob("*.mcap"))
    whole, truth = source.read_bytes(), read_mcap(source).samples
    is_cut = rng.random() < 0.5  # noqa: PLR2004  (as likely as not)
    damaged = bytearray(whole)
    at = rng.randrange(len(whole))
    if is_cut:
        del damaged[at:]
    else:
        damaged[at] ^= 1 << rng.randrange(8)
    path = folder / "damaged.mcap.part"
    path.write_bytes(damaged)
    said, problems = "", []
    for found in recover_unfinished(folder):
        try:
            problems += _wrong(read_mcap(found.path).samples, truth)
            said = "" if found.damage is None else found.damage.reason
        except RecordingError as error:
            said = str(error)
    return Trial("cut" if is_cut else "a flipped bit", tuple(problems), said=said)


def _wrong(found: ImuSamples, truth: ImuSamples) -> list[str]:
    """Say whether there is a sample that was never recorded."""
    known = {
        float(time_s): tuple(acc) for time_s, acc in zip(truth.time_s, truth.acc_ms2, strict=True)
    }
    made_up = sum(
        known.get(float(time_s)) != tuple(acc)
        for time_s, acc in zip(found.time_s, found.acc_ms2, strict=True)
    )
    return [f"{made_up} samples were made up"] if made_up else []


def _rows(samples: ImuSamples) -> Iterator[tuple[float, tuple[float, ...]]]:
    for time_s, acc in zip(samples.time_s.tolist(), samples.acc_ms2.tolist(), strict=True):
        yield time_s, tuple(acc)


def jump_clock(rng: random.Random, folder: Path) -> Trial:
    """Store sessions whose clock jumps by days, back and forth, and with it the time zone."""
    data, log = DataFolder(folder / "data"), folder / "log"
    problems: list[str] = []
    began_s = time.monotonic()
    with running(tempo90, log, "serve", "--port", "0", "--data", str(data.root)):
        wait_for(lambda: find_running(data) is not None, "the service does not start")
        line = Line(find_running(data) or "")
        line.put(f"/patients/{PATIENT}", {"name": "Synthetic", "is_synthetic": True})
        for number in range(5):
            session_id = UUID(int=number + 1)
            jump = timedelta(seconds=rng.uniform(-3e8, 3e8))
            hours = rng.randint(-12, 14)
            at = f"{2026 + jump.days // 366:04d}-03-29T02:30:00{hours:+03d}:00"
            try:
                line.put(f"/sessions/{session_id}", session_body(PATIENT) | {"started_at": at})
            except AnswerError as error:
                problems.append(f"{at}: {error}")
    after = held(data)
    if len(after.sessions) != 5:  # noqa: PLR2004
        problems.append(f"{len(after.sessions)} of 5 sessions")
    return Trial("started_at", (*problems, *after.trouble), back_s=time.monotonic() - began_s)


RIGHT = "What can be read is right; a page says what is missing."
KINDS = (
    *(
        [
            Kind(
                "disk-full",
                "the disk of the service is full",
                "Nothing can be stored; what has been confirmed is safe.",
                "what was not confirmed",
                10,
                fill_disk,
            )
        ]
        if can_mount()
        else []
    ),
    Kind("damage", "a recording damaged", RIGHT, "the chunk that was hit", 300, damage_recording),
    Kind(
        "clock", "clock and time zone jump between sessions", "Nothing.", "nothing", 5, jump_clock
    ),
)
