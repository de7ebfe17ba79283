"""`make bench-server`: uploads per second on one core, on a real PostgreSQL, and what they cost.

    make bench-server                       300 uploads, eight senders
    make bench-server ARGS="--uploads 3000"
    make bench-server ARGS="--database URL" an empty PostgreSQL of your own

Beside the service stands a bare FastAPI route that writes the same rows and checks nothing. Both
run in a process of their own; "per core" divides by the processor time that this process used,
which other work on the machine disturbs little. The database's own time is not in it.
"""

import argparse
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from serverbench.bare import bare_app  # noqa: E402
from serverbench.payload import session_body  # noqa: E402
from serverbench.postgres import own_postgres  # noqa: E402

from api import ApiSettings, create_app, migrate, open_engine, store, transaction  # noqa: E402
from api.access import app_tokens  # noqa: E402
from api.schemas import PatientCreate  # noqa: E402

WARM_UP = 20
TARGET_PER_S = 300.0
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Figures:
    """What one server did."""

    name: str
    per_s: float
    per_core_s: float
    ms_p50: float
    ms_p95: float


def main() -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=300)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--database", help="address of an empty PostgreSQL; else one is started")
    given = parser.parse_args()
    with own_postgres(given.database) as url:
        migrate(url)
        patient_id, token = _someone(url)
        body = json.dumps(session_body(patient_id)).encode()
        print(f"one upload: {len(body) / 1000:.0f} kB, {given.senders} senders")
        ours, bare = (
            measure(name, make, url, (body, token, given.uploads, given.senders))
            for name, make in (("tempo90", _service), ("bare FastAPI", _bare))
        )
    print(f"{'':14}{'uploads/s':>12}{'per core':>12}{'p50 ms':>10}{'p95 ms':>10}")
    for one in (ours, bare):
        print(
            f"{one.name:14}{one.per_s:12.0f}{one.per_core_s:12.0f}"
            f"{one.ms_p50:10.1f}{one.ms_p95:10.1f}"
        )
    verdict = "reached" if ours.per_core_s >= TARGET_PER_S else "not reached"
    print(f"ratio to bare: {bare.per_core_s / ours.per_core_s:.2f} times the processor time")
    print(f"target {TARGET_PER_S:.0f}/s on one core: {verdict}")


def measure(
    name: str,
    make: Callable[[str, str], Any],
    url: str,
    load: tuple[bytes, str, int, int],
) -> Figures:
    """Send the same session under new ids to a server of its own, and time it."""
    body, token, n_uploads, n_senders = load
    with _serving(make, url) as (port, pipe):
        _send(port, body, token, WARM_UP)
        used_s = _processor_time(pipe)
        began = time.perf_counter()
        with ThreadPoolExecutor(n_senders) as pool:
            share = n_uploads // n_senders
            took = [
                one
                for some in pool.map(lambda _: _send(port, body, token, share), range(n_senders))
                for one in some
            ]
        passed_s = time.perf_counter() - began
        used_s = _processor_time(pipe) - used_s
    took.sort()
    return Figures(
        name,
        len(took) / passed_s,
        len(took) / used_s,
        1000 * took[len(took) // 2],
        1000 * took[int(len(took) * 0.95)],
    )


def _send(port: int, body: bytes, token: str, n_uploads: int) -> list[float]:
    connection = http.client.HTTPConnection(HOST, port)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    took = []
    for _ in range(n_uploads):
        began = time.perf_counter()
        connection.request("PUT", f"/api/v1/sessions/{uuid4()}", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        took.append(time.perf_counter() - began)
        if answer.status != http.client.CREATED:
            sys.exit(f"{answer.status}: {text[:200]!r}")
    connection.close()
    return took


def _someone(url: str) -> tuple[UUID, str]:
    """Return a patient and the key of an app."""
    engine, patient_id = open_engine(url), uuid4()
    with transaction(engine, writes=True) as db:
        store.put_patient(db, patient_id, PatientCreate(name="Synthetic", is_synthetic=True))
        token = app_tokens.add_token(db, patient_id, "bench", now=datetime.now(UTC))
    engine.dispose()
    return patient_id, token


def _service(url: str, folder: str) -> Any:
    settings = ApiSettings(recordings_dir=Path(folder), is_loopback_only=False)
    return create_app(open_engine(url), settings)


def _bare(url: str, _: str) -> Any:
    return bare_app(open_engine(url))


def _processor_time(pipe: Connection) -> float:
    pipe.send("time")
    used: float = pipe.recv()
    return used


@contextmanager
def _serving(make: Callable[[str, str], Any], url: str) -> Iterator[tuple[int, Connection]]:
    context = get_context("spawn")
    here, there = context.Pipe()
    with TemporaryDirectory() as folder:
        process = context.Process(target=_serve, args=(make, url, folder, there), daemon=True)
        process.start()
        try:
            yield here.recv(), here
        finally:
            here.send("end")
            process.join()


def _serve(make: Callable[[str, str], Any], url: str, folder: str, pipe: Connection) -> None:
    import socket  # noqa: PLC0415
    import threading  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    listening = socket.create_server((HOST, 0))
    config = uvicorn.Config(make(url, folder), log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    running.start()
    pipe.send(listening.getsockname()[1])
    while pipe.recv() == "time":
        pipe.send(time.process_time())
    server.should_exit = True
    running.join()


if __name__ == "__main__":
    main()
