"""One patient's sitting against the server: the line to the phone, and the training it asks for."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from analysis import AnalysisError
from api import ApiError
from api.access import Identity
from tracker.after_training import summary_message
from tracker.at_clinic.quiet_view import QuietView
from tracker.at_clinic.storing import SittingStore
from tracker.at_clinic.trainee import Trainee, plan_for, read_trainee
from tracker.delivery import recover
from tracker.errors import TrackerError
from tracker.live import LiveHub
from tracker.phone.desk import PhoneDesk, Wish
from tracker.phone_training import exercises_for_phones, failed, train_with_phone
from tracker.settings import DataFolder
from tracker.training_outcome import TrainingOutcome

SERVICE_RESTART: Final = 1012  # close code: the page opens the line again, and goes on
PICTURES_HZ: Final = 15.0  # nobody looks at a screen on an ankle; a clinician may look on
_log = logging.getLogger(__name__)


class ClinicSitting:
    """What one patient does here, over however many connections of their phone.

    Parameters
    ----------
    kept : SittingStore
        Where sessions are stored, and what is known of patients.
    folder : DataFolder
        Where it is written while it runs.
    who : Identity
        The patient, as logged in.
    trainee : Trainee
        The patient, as known.

    """

    def __init__(
        self,
        kept: SittingStore,
        folder: DataFolder,
        who: Identity,
        trainee: Trainee,
    ) -> None:
        self.who = who
        self.loop = asyncio.get_running_loop()
        self.hub = LiveHub(max_frames_hz=PICTURES_HZ)
        self.desk = PhoneDesk(
            self.hub,
            self.loop.time,
            exercises=exercises_for_phones(),
            side=trainee.profile.side,
            on_wish=self.wish,
            needs_code=False,
        )
        self.n_lines = 0
        self.is_leaving = False
        self.on_rest: Callable[[], None] = lambda: None
        """Called when a training has ended."""

        self._kept = kept
        self._folder = folder
        self._view = QuietView()
        self._running: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a training runs."""
        return self._running is not None and not self._running.done()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is lost when this sitting is forgotten."""
        return self.n_lines == 0 and not self.is_running

    def wish(self, wish: Wish) -> None:
        """Start what the phone asks for, unless a training runs or this process is leaving."""
        if self.is_running or self.is_leaving or self.desk.link.checked is None:
            return
        self._running = asyncio.create_task(self._try(wish), name="training at the clinic")
        self._running.add_done_callback(lambda _: self.on_rest())

    async def catch_up(self) -> None:
        """Store what an earlier sitting left behind: one that was cut off, or not stored yet."""
        await recover(self._folder)
        await asyncio.to_thread(self._kept.store_all, self._folder, self.who)

    async def hand_over(self, set_ends_within_s: float) -> None:
        """End here, so that the phone can go on at another process; all that was done is stored.

        Parameters
        ----------
        set_ends_within_s : float
            How long somebody may go on who is in the middle of a set.

        """
        self.is_leaving = True
        if self.is_running:
            with suppress(TimeoutError):
                async with asyncio.timeout(set_ends_within_s):
                    await self._view.wait_between_sets()
        # The line first: the phone is to go on elsewhere, not to hear that it is done.
        self.desk.link.part(SERVICE_RESTART)
        await self.close()

    async def close(self) -> None:
        """End the training that runs; what was measured is stored."""
        self.is_leaving = True
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _try(self, wish: Wish) -> None:
        """Train; what cannot be done is told on the phone, and serving goes on."""
        try:
            await self._train(wish)
        except (TrackerError, AnalysisError, ApiError, SQLAlchemyError, OSError) as error:
            _log.warning("a training could not be done: %s", type(error).__name__)
            self.desk.link.send(failed(error))

    async def _train(self, wish: Wish) -> None:
        engine, now = self._kept.engine, self._kept.now()
        trainee = await asyncio.to_thread(read_trainee, engine, self.who, now=now)
        plan = await asyncio.to_thread(plan_for, engine, self.who, trainee, wish, now=now)
        if plan is None:
            self.desk.link.send({"type": "done"})
            return
        outcome = await train_with_phone(
            plan, self.desk, trainee.profile, self._folder, hub=self.hub, view=self._view
        )
        await self._store(outcome)

    async def _store(self, outcome: TrainingOutcome) -> None:
        stored = await asyncio.to_thread(self._kept.store_all, self._folder, self.who)
        if outcome.session_id in stored:
            session = str(outcome.session_id)
            self.hub.publish({"type": "saved", "session": session, "url": f"/sessions/{session}"})
        self.hub.publish(summary_message(outcome, ()))
