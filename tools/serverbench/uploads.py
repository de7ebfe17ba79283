"""Uploads of sessions: how many a second, and what each costs the service and the database.

Beside the service stands a bare FastAPI route that writes the same rows and checks nothing. Both
run in a process of their own; "a core" divides by the processor time of that process, which other
work on the machine disturbs little.
"""

import http.client
import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from api import ApiSettings, create_app, open_engine
from serverbench.bare import bare_app
from serverbench.crowd import Sender, gather_crowd
from serverbench.payload import session_body
from serverbench.postgres import database_s
from serverbench.serving import HOST, serving

WARM_UP: Final = 20
TARGET_PER_S: Final = 300.0
PEOPLE: Final = 100
Request = tuple[bytes, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """What one server did; `database_ms` is None where its processes cannot be seen."""

    name: str
    per_s: float
    service_ms: float
    database_ms: float | None
    ms_p50: float
    ms_p95: float

    @property
    def per_core_s(self) -> float:
        """How many a second one core of the service takes in."""
        return 1_000 / self.service_ms


def measure_uploads(url: str, n_uploads: int, n_senders: int) -> tuple[list[Uploads], int]:
    """Return the figures of the service and of the bare route, and the bytes of one upload."""
    crowd = gather_crowd(url, PEOPLE)
    template = session_body(crowd[0].patient_id)
    found = []
    for number, (name, make) in enumerate((("tempo90", service), ("bare FastAPI", _bare))):
        first = number * (n_uploads + WARM_UP)
        requests = [_request(crowd, template, first + n) for n in range(n_uploads + WARM_UP)]
        found.append(_measure(name, make, url, requests, n_senders))
    return found, len(requests[0][0])


def service(url: str, folder: str) -> Any:
    """Make the app as a server runs it."""
    settings = ApiSettings(recordings_dir=Path(folder), is_loopback_only=False)
    return create_app(open_engine(url), settings)


def _bare(url: str, _: str) -> Any:
    return bare_app(open_engine(url))


def _request(crowd: Sequence[Sender], template: dict[str, Any], number: int) -> Request:
    sender = crowd[number % len(crowd)]
    return json.dumps(sender.body(template, number // len(crowd))).encode(), sender.token


def _measure(
    name: str,
    make: Callable[[str, str], Any],
    url: str,
    requests: Sequence[Request],
    n_senders: int,
) -> Uploads:
    warm_up, counted = requests[:WARM_UP], requests[WARM_UP:]
    with serving(make, url) as server:
        _send(server.port, warm_up)
        used_s, stored_s = server.processor_s(), database_s()
        began = time.perf_counter()
        with ThreadPoolExecutor(n_senders) as pool:
            shares = [counted[n::n_senders] for n in range(n_senders)]
            took = [
                one for some in pool.map(lambda s: _send(server.port, s), shares) for one in some
            ]
        passed_s = time.perf_counter() - began
        used_s = server.processor_s() - used_s
        later_s = database_s()
    took.sort()
    is_seen = stored_s is not None and later_s is not None
    return Uploads(
        name=name,
        per_s=len(took) / passed_s,
        service_ms=1_000 * used_s / len(took),
        database_ms=1_000 * (later_s - stored_s) / len(took) if is_seen else None,
        ms_p50=1_000 * took[len(took) // 2],
        ms_p95=1_000 * took[int(len(took) * 0.95)],
    )


def _send(port: int, requests: Sequence[Request]) -> list[float]:
    connection = http.client.HTTPConnection(HOST, port)
    took = []
    for body, token in requests:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        began = time.perf_counter()
        connection.request("PUT", f"/api/v1/sessions/{uuid4()}", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        took.append(time.perf_counter() - began)
        if answer.status != http.client.CREATED:
            sys.exit(f"{answer.status}: {text[:200]!r}")
    connection.close()
    return took
