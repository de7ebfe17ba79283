"""The processes that are measured: the service as the command starts it, and a bare echo."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
ECHO: Final = """
import asyncio, json, sys, uvicorn
async def app(scope, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (got := await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "bytes": got.get("bytes") or b""})
config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off", ws="websockets-sansio",
                        ws_per_message_deflate=False)
listening = config.bind_socket()
listening.listen()
print(f"http://127.0.0.1:{listening.getsockname()[1]};", flush=True)
uvicorn.Server(config).run(sockets=[listening])
"""


class Server:
    """A process and its address."""

    def __init__(self, process: subprocess.Popen[str], host: str) -> None:
        self.host = host
        self._pid = process.pid

    def cpu_s(self) -> float:
        """Return the processor time that it has used so far."""
        fields = Path(f"/proc/{self._pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_bytes(self) -> int:
        """Return the memory that it holds now."""
        status = Path(f"/proc/{self._pid}/status").read_text("utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found.group(1)) * 1024 if found else 0


@contextmanager
def service(folder: Path) -> Iterator[Server]:
    """Start `tempo90 serve --clinic` with SQLite."""
    command = ["-m", "tracker.cli", "serve", "--clinic", "https://localhost", "--port", "0"]
    yield from _run([*command, "--data", str(folder)])


@contextmanager
def echo() -> Iterator[Server]:
    """Start a socket that sends back what comes."""
    yield from _run(["-c", ECHO])


def _run(arguments: list[str]) -> Iterator[Server]:
    ours = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "TEMPO90_CLINIC_DRAIN_S": "0"}
    process = subprocess.Popen(  # ourselves
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **ours},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://([^;]+);", line)
        if found is None:
            raise RuntimeError(f"The server did not start: {line!r}")
        yield Server(process, found.group(1))
    finally:
        process.terminate()
        process.communicate(timeout=120)
