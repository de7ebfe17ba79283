"""A server in a process of its own, and how much of the processor it used."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

HOST: Final = "127.0.0.1"
STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    pipe: Connection

    def processor_s(self) -> float:
        """Return how long it has used the processor."""
        return float(self._ask("time"))

    def memory_bytes(self) -> int:
        """Return how much memory it holds; 0 where the system does not say."""
        return int(self._ask("memory"))

    def _ask(self, word: str) -> float:
        self.pipe.send(word)
        told: float = self.pipe.recv()
        return told


@contextmanager
def serving(make: Callable[[str, str], Any], url: str) -> Iterator[Server]:
    """Run the app that `make(url, folder)` returns, on one core."""
    context = get_context("spawn")
    here, there = context.Pipe()
    with TemporaryDirectory() as folder:
        process = context.Process(target=_serve, args=(make, url, folder, there), daemon=True)
        process.start()
        try:
            yield Server(here.recv(), here)
        finally:
            here.send("end")
            process.join()


def _serve(make: Callable[[str, str], Any], url: str, folder: str, pipe: Connection) -> None:
    import uvicorn  # noqa: PLC0415  # in its own process

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    listening = socket.create_server((HOST, 0), backlog=2048)
    config = uvicorn.Config(
        make(url, folder), log_level="warning", access_log=False, ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    running.start()
    pipe.send(listening.getsockname()[1])
    while (asked := pipe.recv()) != "end":
        pipe.send(time.process_time() if asked == "time" else _memory_bytes())
    server.should_exit = True
    running.join()


def _memory_bytes() -> int:
    if not STATUS.exists():
        return 0
    held = next(line for line in STATUS.read_text("utf-8").splitlines() if "VmRSS" in line)
    return int(held.split()[1]) * 1024
