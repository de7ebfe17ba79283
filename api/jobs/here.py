"""Jobs in this process: a thread that works while there is something to do, and then ends.

The queue is the database, so a restart goes on with what is there. Several processes may do so
side by side: a job is held by one of them.
"""

import logging
import threading
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from api.db import repeated, transaction
from api.jobs.kinds import Kinds, Workplace
from api.jobs.queue import list_due
from api.jobs.retention import ask_if_due
from api.jobs.running import KINDS, next_due, run_job

LONGEST_WAIT_S: Final = 60.0  # a clock that jumps is noticed within this
LEAST_WAIT_S: Final = 0.05
END_S: Final = 5.0  # an item on its way may end; then the program goes, and another goes on
_log = logging.getLogger(__name__)


class JobsHere:
    """Work on jobs in a thread of this process.

    Parameters
    ----------
    place : Workplace
        What they work with.
    kinds : mapping
        How an item of each kind is done.

    """

    def __init__(self, place: Workplace, *, kinds: Kinds = KINDS) -> None:
        self._place = place
        self._kinds = kinds
        self._ends = threading.Event()
        self._wakes = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Begin with what is due, now."""
        with self._lock:
            self._wakes.set()
            if self._ends.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop after the item that is on its way."""
        with self._lock:
            self._ends.set()
            self._wakes.set()
            thread = self._thread
        if thread is not None:
            thread.join(END_S)

    def _run(self) -> None:
        while not self._ends.is_set():
            self._wakes.clear()
            try:
                self._work_off()
                wait_s = self._wait_s()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("Jobs wait, for the database does not answer: %s", error)
                wait_s = LONGEST_WAIT_S
            if wait_s is None:
                with self._lock:
                    if not self._wakes.is_set():
                        self._thread = None
                        return
            else:
                self._wakes.wait(wait_s)

    def _work_off(self) -> None:
        repeated(self._ask_for_retention)
        while not self._ends.is_set() and (due := self._due()):
            for job_id in due:
                run_job(self._place, job_id, kinds=self._kinds, is_stopped=self._ends.is_set)

    def _due(self) -> list[UUID]:
        with transaction(self._place.engine, writes=False) as db:
            return list(list_due(db, self._place.now()))

    def _ask_for_retention(self) -> None:
        with transaction(self._place.engine, writes=True) as db:
            ask_if_due(db, self._place.now())

    def _wait_s(self) -> float | None:
        moment = next_due(self._place)
        if moment is None:
            return None
        left = (moment - self._place.now()) / timedelta(seconds=1)
        return min(max(left, LEAST_WAIT_S), LONGEST_WAIT_S)
