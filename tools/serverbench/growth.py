"""How the cost of a page grows with the clinic: processor time, statements, time of the database.

Each page is asked for by a clinician who treats everybody, or by the patient. The service's own
time is that of its processor, the database's is what was waited for its answers; the least of
some rounds, for other programs only ever add.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from big_clinic import NOW
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from api import ApiSettings, create_app
from api.access.cookies import LOGIN_COOKIE
from serverbench.clinic import OTHER_ID, grow, log_in, patient_with_curves, session_with_curves
from serverbench.plans import explain

ORIGIN: Final = "https://localhost"
ROUNDS: Final = 7
PATIENT: Final = f"/patients/{patient_with_curves()}"
OF_A_FEW: Final = "list: own 80 patients"
PAGES: Final = {
    OF_A_FEW: "/clinic?show=all",
    "list: what is new": "/clinic",
    "list: all": "/clinic?show=all",
    "list: page 30": "/clinic?show=all&page=30",
    "list: search": "/clinic?show=all&search=0123",
    "patient": f"/clinic{PATIENT}",
    "calendar": f"{PATIENT}/calendar",
    "report": f"{PATIENT}/report",
    "sessions, newest": "/sessions",
    "session": f"/sessions/{session_with_curves()}",
    "session, reviewed": f"/sessions/{session_with_curves()}/review",
    "FHIR: one patient": f"/api/v1/fhir/Observation?patient={patient_with_curves()}&_count=50",
    "FHIR: by date": "/api/v1/fhir/Procedure?date=ge2026-05-01&_count=50",
    "results.zip": f"/api/v1{PATIENT}/results.zip",
}


@dataclass(slots=True)
class Cost:
    """What one page cost."""

    page: str
    service_ms: float
    database_ms: float
    statements: int
    bytes: int
    plans: list[str] = field(default_factory=list)

    @property
    def all_ms(self) -> float:
        """What the server needs for it altogether."""
        return self.service_ms + self.database_ms


@dataclass(slots=True)
class _Seen:
    waited_s: float = 0.0
    statements: list[tuple[str, Any]] = field(default_factory=list)


def measure_growth(
    engine: Engine, sizes: tuple[int, ...], told: Callable[[str], None], rounds: int = ROUNDS
) -> dict[int, list[Cost]]:
    """Let a clinic grow from size to size, and return what each page costs at each."""
    found: dict[int, list[Cost]] = {}
    before = 0
    for n_sets in sizes:
        began = time.monotonic()
        grow(engine, n_sets, before)
        told(f"{engine.dialect.name}: {n_sets} sets after {time.monotonic() - began:.0f} s")
        found[n_sets] = measure_pages(engine, rounds, with_plans=n_sets == sizes[-1])
        before = n_sets
    return found


def measure_pages(engine: Engine, rounds: int, *, with_plans: bool) -> list[Cost]:
    """Return what each page costs now."""
    settings = ApiSettings(recordings_dir=Path("recordings"), is_loopback_only=False)
    app = create_app(engine, settings)
    app.state.clock = lambda: NOW
    app.state.access.now = lambda: NOW
    of_all, of_few = (
        TestClient(app, base_url=ORIGIN, cookies={LOGIN_COOKIE: cookie})
        for cookie in (log_in(engine), log_in(engine, OTHER_ID))
    )
    costs = []
    for page, address in PAGES.items():
        client = of_few if page == OF_A_FEW else of_all
        cost, seen = _measure(engine, client, (page, address), rounds)
        if with_plans:
            cost.plans = [explain(engine, *one) for one in seen.statements]
        costs.append(cost)
    return costs


def _measure(
    engine: Engine, client: TestClient, asked: tuple[str, str], rounds: int
) -> tuple[Cost, _Seen]:
    page, address = asked
    if rounds > 1:
        _ask(client, address)  # what is made once is made now
    best: tuple[float, Cost, _Seen] | None = None
    for _ in range(rounds):
        with _watching(engine) as seen:
            began = time.process_time()
            answer = _ask(client, address)
            used_s = time.process_time() - began
        cost = Cost(
            page, 1e3 * used_s, 1e3 * seen.waited_s, len(seen.statements), len(answer.content)
        )
        if best is None or cost.all_ms < best[0]:
            best = (cost.all_ms, cost, seen)
    assert best is not None  # noqa: S101  # there are rounds
    return best[1], best[2]


def _ask(client: TestClient, address: str) -> Any:
    answer = client.get(address, follow_redirects=False)
    if answer.status_code != 200:  # noqa: PLR2004
        raise RuntimeError(f"{address}: {answer.status_code} {answer.text[:300]}")
    return answer


@contextmanager
def _watching(engine: Engine) -> Iterator[_Seen]:
    """See the statements of an engine, and how long each was waited for."""
    seen, began = _Seen(), 0.0

    def start(*given: Any) -> None:
        nonlocal began
        if given[2].startswith("BEGIN"):  # said aloud to SQLite alone
            return
        seen.statements.append((given[2], given[3]))
        began = time.perf_counter()

    def end(*given: Any) -> None:
        if given[2].startswith("BEGIN"):
            return
        seen.waited_s += time.perf_counter() - began

    event.listen(engine, "before_cursor_execute", start)
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", start)
        event.remove(engine, "after_cursor_execute", end)
