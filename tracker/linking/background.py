"""Sending in the background while tempo90 runs: soon after a training, and rarer while it fails."""

import logging
import threading
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import SQLAlchemyError

from tracker.errors import TrackerError
from tracker.linking.here import database_of, person_of, send_now
from tracker.linking.sending import StoppedError
from tracker.profile import Profile
from tracker.settings import DataFolder

PAUSES_S: Final = (20.0, 60.0, 120.0, 300.0, 900.0)  # after so many rounds in a row that failed
END_S: Final = 2.0  # a request that is on its way may end; then the program goes

_log = logging.getLogger(__name__)


class BackgroundSender:
    """Send what waits and read what was ordered, in a thread of its own; use as a context."""

    def __init__(self, folder: DataFolder, profile: Profile) -> None:
        self._folder = folder
        self._person = person_of(profile)
        self._ends = threading.Event()
        self._wakes = threading.Event()
        self._tries_again = False
        self._thread = threading.Thread(target=self._run, name="sending", daemon=True)

    def wake(self, *, again: bool = False) -> None:
        """Begin a round now; `again`: with what was refused before."""
        self._tries_again |= again
        self._wakes.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        self._wakes.set()
        self._thread.join(END_S)

    def _run(self) -> None:
        n_failed, is_woken = 0, True
        with database_of(self._folder) as engine:
            while not self._ends.is_set():
                again, self._tries_again = self._tries_again, False
                try:
                    came_to = send_now(
                        engine,
                        self._folder,
                        self._person,
                        sleep=self._pause,
                        again=again,
                        reads_at_once=is_woken,
                    )
                    is_well = came_to is None or came_to.trouble is None
                except (TrackerError, SQLAlchemyError, OSError) as error:
                    _log.warning("Nothing could be sent: %s", error)
                    is_well = False
                n_failed = 0 if is_well else min(n_failed + 1, len(PAUSES_S) - 1)
                is_woken = self._wakes.wait(PAUSES_S[n_failed])
                self._wakes.clear()

    def _pause(self, length_s: float) -> None:
        if self._ends.wait(length_s):
            raise StoppedError("tempo90 ends.")
