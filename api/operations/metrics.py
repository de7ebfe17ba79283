"""What a service counts of itself, in the text format of Prometheus.

A process counts in its memory. Where several serve one port each counts in files of one folder
(see count_files), and whichever is asked adds all of them up. What the database knows (jobs), and
whether all is well, is looked up when somebody asks. Labels are routes, never addresses.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event, func
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import col, select

from api.db import transaction
from api.jobs.rows import JobRow
from api.operations.count_files import FOLDER_VARIABLE
from api.operations.requests import SOCKET, Answered
from api.service_schemas import Readiness

BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CREATED: Final = 201
SESSION: Final = "/api/v1/sessions/{session_id}"
UPLOADS: Final = {  # what a first answer of 201 means
    ("PUT", SESSION): "session",
    ("PUT", f"{SESSION}/recording"): "recording",
    ("PATCH", f"{SESSION}/recording"): "recording",
}
JOB_STATES: Final = ("waiting", "running", "failed")


class Metrics:
    """The counters of one process, and what all processes of the service counted together."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._requests = Counter(
            "tempo90_requests",
            "Requests that were answered; a line of a page counts when it closes.",
            ("method", "route", "status"),
            registry=self._own,
        )
        self._took = Histogram(
            "tempo90_request_duration_seconds",
            "From the first byte of a request to the last one of its answer.",
            ("method", "route"),
            buckets=BUCKETS_S,
            registry=self._own,
        )
        self._uploads = Counter(
            "tempo90_uploads",
            "Sessions and recordings that were sent and stored for the first time.",
            ("kind",),
            registry=self._own,
        )
        self.sittings = Gauge(
            "tempo90_sittings_live",
            "Patients who train against this server at this moment.",
            multiprocess_mode="livesum",
            registry=self._own,
        )
        self._in_use = Gauge(
            "tempo90_database_connections_in_use",
            "Connections to the database that somebody works with at this moment.",
            multiprocess_mode="livesum",
            registry=self._own,
        )

    def count(self, answered: Answered) -> None:
        """Count a request that is over."""
        method, route, status = answered.method, answered.route, answered.status
        self._requests.labels(method, route, "none" if status is None else str(int(status))).inc()
        if method != SOCKET:
            self._took.labels(method, route).observe(answered.took_s)
        kind = UPLOADS.get((method, route))
        if kind is not None and status == CREATED:
            self._uploads.labels(kind).inc()

    def watch_pool(self, engine: Engine) -> None:
        """Count the connections of an engine that are in use."""
        in_use: set[int] = set()  # not a count: one may come back without having been given out

        def give(_connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
            in_use.add(id(record))
            self._in_use.set(len(in_use))

        def take_back(_connection: Any, record: ConnectionPoolEntry) -> None:
            in_use.discard(id(record))
            self._in_use.set(len(in_use))

        event.listen(engine, "checkout", give)
        event.listen(engine, "checkin", take_back)

    def text(self, *looked_up: Collector) -> bytes:
        """Return what was counted, by all processes, and what is looked up now."""
        counted = self._own
        if folder := os.environ.get(FOLDER_VARIABLE):
            counted = CollectorRegistry()
            MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        for one in looked_up:
            now.register(one)
        return generate_latest(counted) + generate_latest(now)


class ReadyFigures(Collector):
    """Whether each thing that the service needs is well: 1 or 0."""

    def __init__(self, found: Readiness) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Return one figure a check."""
        told = GaugeMetricFamily(
            "tempo90_ready", "1 if it is well, as /ready has it.", None, ["check"]
        )
        for one in self._found.checks:
            told.add_metric([one.name], float(one.is_well))
        yield told


class JobFigures(Collector):
    """How many jobs wait and failed; nothing where the database is away, which `ready` tells."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self._engine = engine
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Return the figures of this moment."""
        try:
            states, due_at = self._read()
        except SQLAlchemyError:
            return
        jobs = GaugeMetricFamily("tempo90_jobs", "Jobs in a state.", None, ["state"])
        for state in JOB_STATES:
            jobs.add_metric([state], states.get(state, 0))
        yield jobs
        late_s = 0.0 if due_at is None else max(0.0, (self._now - due_at).total_seconds())
        yield GaugeMetricFamily(
            "tempo90_jobs_late_seconds", "For how long the oldest waiting job is due.", late_s
        )

    def _read(self) -> tuple[dict[str, int], datetime | None]:
        """Return how many jobs are in each state, and since when the oldest waiting one is due."""
        with transaction(self._engine, writes=False) as db:
            counts = select(JobRow.state, func.count()).group_by(col(JobRow.state))
            oldest = select(func.min(JobRow.not_before)).where(JobRow.state == "waiting")
            return dict(db.exec(counts).all()), db.exec(oldest).one()
