"""Several processes that serve one port: started together, replaced when one dies, ended together.

The port is opened once, here; each process accepts from it. A process that dies is replaced, but
not for ever: a service that cannot live is told so by ending.
"""

import contextlib
import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Final

from tracker.errors import TrackerError

MOST_DEATHS: Final = 10
WITHIN_S: Final = 60.0
PAUSE_S: Final = 0.5  # between looks for a signal
KILL_AFTER_S: Final = 15.0  # beyond the time in which a process promised to end

_log = logging.getLogger(__name__)


class WorkersDieError(TrackerError, RuntimeError):
    """The processes of a service end as soon as they are started."""


class Workers:
    """Run a function in several processes until a signal comes.

    Parameters
    ----------
    work : callable
        Serves a socket until SIGTERM, then returns; must be importable by name.
    n_workers : int
        How many.
    ends_within_s : float
        How long `work` may take to end.
    most_deaths : int
        Processes that may die within a minute.
    on_death : callable, optional
        Told the number of each process that died.

    """

    def __init__(
        self,
        work: Callable[[socket.socket], None],
        n_workers: int,
        *,
        ends_within_s: float,
        most_deaths: int = MOST_DEATHS,
        on_death: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._work = work
        self._n_workers = n_workers
        self._ends_within_s = ends_within_s
        self._most_deaths = most_deaths
        self._on_death = on_death
        self._running: list[SpawnProcess] = []
        self._deaths_s: list[float] = []
        self._is_wished = False

    def run(self, listening: socket.socket) -> None:
        """Serve a socket until SIGTERM or Ctrl-C.

        Raises
        ------
        WorkersDieError
            If they die again and again.

        """
        with self._signals():
            try:
                while not self._is_wished:
                    while len(self._running) < self._n_workers:
                        self._running.append(self._start(listening))
                    wait([one.sentinel for one in self._running], timeout=PAUSE_S)
                    self._bury()
            finally:
                listening.close()
                self._end()

    def _start(self, listening: socket.socket) -> SpawnProcess:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=self._work, args=(listening,), name="tempo90 worker")
        process.start()
        return process

    def _bury(self) -> None:
        """Take out the dead, so that they are replaced.

        Raises
        ------
        WorkersDieError
            If there were too many in too short a time.

        """
        dead = [one for one in self._running if not one.is_alive()]
        if not dead or self._is_wished:
            return
        now_s = time.monotonic()
        for one in dead:
            _log.warning("a process ended (%s) and is replaced", one.exitcode)
            self._running.remove(one)
            self._deaths_s.append(now_s)
            if one.pid is not None:
                self._on_death(one.pid)
        self._deaths_s = [at_s for at_s in self._deaths_s if now_s - at_s < WITHIN_S]
        if len(self._deaths_s) >= self._most_deaths:
            raise WorkersDieError(
                f"{self._most_deaths} processes ended within {WITHIN_S:.0f} s: see what they say "
                "above, or start one alone, without --workers."
            )

    def _end(self) -> None:
        """Ask all to end and wait; who does not is killed, and loses a second at most."""
        for one in self._running:
            one.terminate()
        ends_s = time.monotonic() + self._ends_within_s + KILL_AFTER_S
        for one in self._running:
            one.join(max(0.0, ends_s - time.monotonic()))
            if one.is_alive():
                one.kill()
                one.join()

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        before = {one: signal.signal(one, self._wished) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _wished(self, _number: int, _frame: FrameType | None) -> None:
        self._is_wished = True
