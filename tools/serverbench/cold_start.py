"""How long the first answer takes, from nothing: in processor time and by the clock."""

import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from serverbench.serving import HOST

ROUNDS: Final = 3
LONGEST_S: Final = 60.0
PAUSE_S: Final = 0.01
COMMAND: Final = ("-c", "from tracker.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Start:
    """What one start cost: the best of some."""

    name: str
    clock_s: float
    processor_s: float


def measure_starts() -> list[Start]:
    """Return the figures, Python's own start first."""
    return [
        _best("Python alone", lambda: _run(["-c", "pass"])),
        _best("import fastapi, sqlalchemy", lambda: _run(["-c", "import fastapi, sqlalchemy"])),
        _best("tempo90 --help", lambda: _run([*COMMAND, "--help"])),
        _best("import analysis", lambda: _run(["-c", "import analysis"])),
        _best("import api", lambda: _run(["-c", "import api"])),
        _best("tempo90 serve, first page, new database", _first_page),
    ]


def _best(name: str, run: Callable[[], float | None]) -> Start:
    found = []
    for _ in range(ROUNDS):
        used, began = _children_s(), time.perf_counter()
        clock_s = run()
        clock_s = clock_s or time.perf_counter() - began
        found.append((_children_s() - used, clock_s))
    used_s, _ = min(found)
    return Start(name, min(clock_s for _, clock_s in found), used_s)


def _run(arguments: Sequence[str]) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def _first_page() -> float:
    with TemporaryDirectory() as folder, socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
        free.close()
        began = time.perf_counter()
        arguments = [*COMMAND, "serve", "--port", str(port), "--data", str(Path(folder) / "data")]
        process = subprocess.Popen(
            [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(f"http://{HOST}:{port}/health", began)
            _wait_for(f"http://{HOST}:{port}/", began)
            return time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(LONGEST_S)


def _wait_for(address: str, began: float) -> None:
    while True:
        try:
            with urllib.request.urlopen(address, timeout=LONGEST_S):  # noqa: S310  # our own
                return
        except OSError:
            if time.perf_counter() - began > LONGEST_S:
                raise
            time.sleep(PAUSE_S)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
