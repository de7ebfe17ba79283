"""`make bench-streams`: live phones at 100 Hz a core, through the whole WebSocket path.

    make bench-streams                            40 phones for 20 s
    make bench-streams ARGS="--phones 100 --seconds 30"

Phones of their own process open real WebSockets to a service that the command started, log-ins
and all, and train; the service's processor time says how many a core carries. Beside it stands a
socket that only sends back what comes, in the same run. The parts are measured alone, in this
process: what is left of the whole is the coach, its messages and the event loop.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from streambench.parts import cost_of_parts  # noqa: E402
from streambench.phones import Heard, open_lines, stream  # noqa: E402
from streambench.servers import Server, echo, service  # noqa: E402
from streambench.signal import N_LEGS, messages_of  # noqa: E402

from api import migrate, open_engine, transaction  # noqa: E402
from api.access import AccessSettings, Role, Stage, accounts, logins  # noqa: E402
from api.access.cookies import LOGIN_COOKIE  # noqa: E402
from api.models import PatientRow  # noqa: E402
from tracker.settings import DataFolder  # noqa: E402

SETTLE_S: Final = 9.0  # the still start, and the first repetition
N_FIRST: Final = 2  # phones before those that are measured
PARTS_OF_S: Final = 30.0


@dataclass(frozen=True)
class Figures:
    """What one server took."""

    ms_a_stream: float
    kib_a_stream: float
    heard: Heard

    @property
    def streams_a_core(self) -> float:
        """How many streams one core carries."""
        return 1000.0 / self.ms_a_stream


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--phones", type=int, default=40)
    asked.add_argument("--seconds", type=float, default=20.0)
    given = asked.parse_args()
    for leg in range(N_LEGS):
        messages_of(leg, SETTLE_S + given.seconds + 1.0)  # before the clock runs
    with TemporaryDirectory() as folder:
        data = DataFolder(Path(folder)).make()
        cookies = make_people(data, given.phones + N_FIRST)
        with service(data.root) as server:
            whole = measure_warm(server, cookies, given.seconds)
    with echo() as server:
        bare = measure_warm(server, cookies, given.seconds)
    show(given.phones, given.seconds, whole, bare)
    return 0


def make_people(data: DataFolder, n_people: int) -> list[str]:
    """Store synthetic patients with log-ins; return the cookie of each."""
    migrate(data.database_url)
    engine, now, settings = open_engine(data.database_url), datetime.now(UTC), AccessSettings()
    cookies = []
    with transaction(engine, writes=True) as db:
        for number in range(n_people):
            patient_id, name = uuid4(), f"synthetic-{number}"
            db.add(PatientRow(id=patient_id, name=name, is_synthetic=True, created_at=now))
            db.flush()
            account = accounts.add_account(
                db,
                role=Role.PATIENT,
                login=name,
                name=name,
                password_hash=None,
                patient_id=patient_id,
                now=now,
            )
            token = logins.start(db, account, Stage.FULL, agent="", settings=settings, now=now)
            cookies.append(f"{LOGIN_COOKIE}={token}")
    engine.dispose()
    return cookies


def measure_warm(server: Server, cookies: Sequence[str], length_s: float) -> Figures:
    """Measure after some first phones, for which the process loads what it needs."""
    asyncio.run(measure(server, cookies[:N_FIRST], 1.0))
    return asyncio.run(measure(server, cookies[N_FIRST:], length_s))


async def measure(server: Server, cookies: Sequence[str], length_s: float) -> Figures:
    """Let phones stream, and read what the server took in the middle of it."""
    heard, empty_bytes = Heard(), server.memory_bytes()
    lines = await open_lines(f"ws://{server.host}/ws/phone", cookies)
    whole_s = SETTLE_S + length_s + 1.0
    phones = asyncio.create_task(stream(lines, whole_s, heard))
    await asyncio.sleep(SETTLE_S)
    before_s = server.cpu_s()
    await asyncio.sleep(length_s)
    taken_s, full_bytes = server.cpu_s() - before_s, server.memory_bytes()
    await phones
    return Figures(
        ms_a_stream=1000.0 * taken_s / (len(cookies) * length_s),
        kib_a_stream=(full_bytes - empty_bytes) / 1024 / len(cookies),
        heard=heard,
    )


def show(n_phones: int, length_s: float, whole: Figures, bare: Figures) -> None:
    """Print the table."""
    print(f"{n_phones} phones at 100 Hz for {length_s:.0f} s, one process, SQLite")
    print(f"{'':34}ms/s a stream   streams a core   KiB a stream")
    for name, one in (("the whole way", whole), ("a socket that sends back", bare)):
        print(
            f"{name:<34}{one.ms_a_stream:13.2f}{one.streams_a_core:17.0f}{one.kib_a_stream:15.0f}"
        )
    print(f"the whole way costs {whole.ms_a_stream / bare.ms_a_stream:.1f} x that socket")
    parts = cost_of_parts(PARTS_OF_S)
    for name, cost_ms in parts.items():
        print(f"  of it, {name:<25}{cost_ms:13.2f}{1000.0 / cost_ms:17.0f}")
    rest_ms = whole.ms_a_stream - bare.ms_a_stream - sum(parts.values())
    print(f"  of it, {'coach, messages, loop':<25}{rest_ms:13.2f}")
    print(f"heard: {whole.heard.n_acks} acknowledgements, {whole.heard.n_reps} repetitions")


if __name__ == "__main__":
    sys.exit(main())
