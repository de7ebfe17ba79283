"""Real processes that are killed: forked from one that has loaded the program already.

So a kill at a random instant meets the work, and not the second in which Python imports.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tools.faulting.loaded"])
START_S = 60.0
POLL_S = 0.01


def start(target: Callable[..., None], *args: Any) -> ForkServerProcess:
    """Start a process that runs a function of ours."""
    process = FORKS.Process(target=target, args=args)
    process.start()
    return process


def kill(process: ForkServerProcess) -> bool:
    """Kill a process with SIGKILL; False if it had ended before."""
    process.kill()
    process.join()
    code = process.exitcode
    process.close()
    return code == -signal.SIGKILL


def kill_after(process: ForkServerProcess, delay_s: float) -> bool:
    """Kill a process after a while; False if it had ended before."""
    process.join(delay_s)
    return kill(process)


def tempo90(log: Path, *words: str) -> None:
    """Be the command `tempo90` with these words; what it says goes to a file."""
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["tempo90", *words]
    from tracker.cli import main  # noqa: PLC0415  # in the process that is to be killed

    try:
        status = main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    sys.stdout.flush()
    os._exit(status or 0)


def run_tempo90(log: Path, *words: str) -> tuple[int, float]:
    """Run the command to its end; return its exit status and how long it took, in seconds."""
    began_s = time.monotonic()
    process = start(tempo90, log, *words)
    process.join(START_S)
    status = process.exitcode
    if status is None:
        kill(process)
        return -1, time.monotonic() - began_s
    process.close()
    return status, time.monotonic() - began_s


@contextlib.contextmanager
def running(target: Callable[..., None], *args: Any) -> Iterator[ForkServerProcess]:
    """Run a process for a while; it is killed at the end at the latest."""
    process = start(target, *args)
    try:
        yield process
    finally:
        with contextlib.suppress(ValueError):  # closed already
            kill(process)


def wait_for(is_so: Callable[[], bool], what: str, most_s: float = START_S) -> None:
    """Wait until something is so.

    Raises
    ------
    TimeoutError
        If it never is.

    """
    ends_s = time.monotonic() + most_s
    while not is_so():
        if time.monotonic() > ends_s:
            raise TimeoutError(f"{what}: not within {most_s:.0f} s")
        time.sleep(POLL_S)
