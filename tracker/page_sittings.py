"""Trainings that a page asks for, on the computer that serves it: one at a time.

The sensor is the one that was asked for, or the last one that was used here. A simulated one is
for trying out, and only where that is allowed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Final, Protocol

from rich.console import Console

from analysis import AnalysisError
from tracker import words
from tracker.after_training import accept, settle
from tracker.calendar_clock import calendar_now
from tracker.course_here import WarningSignError, ordered_here, todays_sitting
from tracker.errors import TrackerError
from tracker.gear_memory import with_gear
from tracker.live import LiveHub
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.phone.desk import PhoneDesk
from tracker.phone.family import PHONE_SPEC, check_ankle
from tracker.phone_training import patient_settings, phone_sensor, stopper
from tracker.planning import make_plan
from tracker.profile import Profile, as_kept, simulated
from tracker.runner import Training
from tracker.sensor_choice import SensorChoice, is_simulated
from tracker.sensor_opening import check_sensor_spec, is_phone, open_any_sensor
from tracker.settings import DataFolder
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.today_plan import SittingWishes
from tracker.training_outcome import TrainingOutcome
from tracker.training_plan import TrainingPlan
from tracker.watching.from_home import seen_by_clinic
from tracker.words import Text

LAST_SENSOR: Final = "last-sensor.json"


class OpenSensor(Protocol):
    """Gets the sensor that was asked for, for a while; see `open_any_sensor`."""

    def __call__(
        self, spec: str | None, exercise_id: str, *, seed: int, folder: DataFolder
    ) -> AbstractAsyncContextManager[SensorChoice]:
        """Get it."""
        ...


class PageSittings:
    """Run what pages ask for; see `LiveHub.starter`.

    Parameters
    ----------
    folder, profile, hub
        Where sessions are kept, whose they are, and who shows them.
    console : Console
        Where a line for each happening goes.
    allows_simulated : bool
        Whether a simulated sensor may be asked for.
    usual_sensor : str, optional
        The one to take before any was used here; else the first that is heard.
    seed : int
        Of a simulated patient.
    open_sensor : callable
        Opens what a page asks for; another than `open_any_sensor` for a room with its own radio.

    """

    def __init__(
        self,
        folder: DataFolder,
        profile: Profile,
        hub: LiveHub,
        console: Console,
        *,
        allows_simulated: bool = False,
        usual_sensor: str | None = None,
        seed: int = 1,
        open_sensor: OpenSensor = open_any_sensor,
    ) -> None:
        self._folder = folder
        self._usual_sensor = usual_sensor
        self._profile = profile
        self._hub = hub
        self._console = console
        self._allows_simulated = allows_simulated
        self._seed = seed
        self._open_sensor = open_sensor
        self._running: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._person = profile
        self.url = ""
        self.phone: PhoneDesk | None = None
        self.is_busy: Callable[[], bool] = lambda: False
        """Whether somebody else trains here."""

        self.outcomes: list[TrainingOutcome] = []

    async def take(self, command: Command) -> None:
        """Carry out what a page asks for while no training runs.

        Raises
        ------
        CommandRefusedError
            If it cannot be done.

        """
        if command.do is Deed.ACCEPT:
            await accept(command, self.url, self._folder, self._person.patient_id)
            return
        if command.do is not Deed.START:
            raise CommandRefusedError(words.NO_TRAINING)
        async with self._starting:
            if self.is_running:
                return  # a second click, or another page
            await self._start(command)

    async def _start(self, command: Command) -> None:
        if self.is_busy():
            raise CommandRefusedError(words.IN_TRAINING)
        spec = command.sensor or self._last_sensor()
        if is_simulated(spec) and not self._allows_simulated:
            raise CommandRefusedError(words.NO_SIMULATION)
        self._person = simulated(self._profile) if is_simulated(spec) else self._profile
        plan = await asyncio.to_thread(self._plan, command, spec)
        self._running = asyncio.create_task(
            self._try(plan, spec, is_hands_free=command.on), name="training by page"
        )

    @property
    def is_running(self) -> bool:
        """Whether a training that a page asked for runs, or is being started."""
        return self._running is not None and not self._running.done()

    async def close(self) -> None:
        """End the training that runs; what was measured is kept."""
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait({self._running})

    def _plan(self, command: Command, spec: str | None) -> TrainingPlan:
        profile = as_kept(self._profile, self._folder.profile)
        if command.exercise is not None:
            try:
                order = ordered_here(self._folder, self._person, command.exercise, calendar_now())
                plan = make_plan(command.exercise, side=profile.side, order=order)
                check_sensor_spec(spec, command.exercise)
            except AnalysisError as error:
                raise CommandRefusedError(words.NO_SUCH_EXERCISE) from error
            except WarningSignError as error:
                raise CommandRefusedError(error.text) from error
            except TrackerError as error:
                raise CommandRefusedError(Text(str(error), str(error))) from error
            return self._with_gear(plan, profile)
        wishes = SittingWishes(side=profile.side, is_short=command.short)
        due = todays_sitting(
            self._folder, profile, wishes, now=calendar_now(), is_phone=is_phone(spec)
        )
        if due.plan is None:
            raise CommandRefusedError(due.notes[-1] if due.notes else words.NOTHING_DUE)
        return self._with_gear(due.plan, profile)

    def _with_gear(self, plan: TrainingPlan, profile: Profile) -> TrainingPlan:
        """Put in what the person used last, or told at the intake."""
        return with_gear(plan, self._folder, self._person.patient_id, profile.band)

    async def _try(self, plan: TrainingPlan, spec: str | None, *, is_hands_free: bool) -> None:
        """Train; what cannot be done is told on every page, and serving goes on."""
        try:
            await self._train(plan, spec, is_hands_free=is_hands_free)
        except (TrackerError, AnalysisError, OSError) as error:
            self._console.print(str(error), markup=False, highlight=False)
            text = Text(str(error), str(error))
            self._hub.publish({"type": "refused", "text": text.as_json()})

    async def _train(self, plan: TrainingPlan, spec: str | None, *, is_hands_free: bool) -> None:
        async with self._sensor(plan, spec) as sensor:
            training = Training(
                plan,
                sensor,
                self._person,
                self._folder,
                hub=self._hub,
                view=PlainView(self._console, self._profile.language),
                speaker=SilentSpeaker(),
                settings=patient_settings(None) if spec == PHONE_SPEC else None,
                is_hands_free=is_hands_free,
            )
            link = self.phone.link if self.phone is not None and spec == PHONE_SPEC else None
            if link is not None:
                link.on_stop = stopper(training)
            try:
                async with seen_by_clinic(self._hub, self._folder, self._person.patient_id):
                    outcome = await training.run()
            finally:
                if link is not None:
                    link.on_stop = None
        if outcome.has_seen_sensor:
            self._remember(spec)
        self.outcomes.append(outcome)
        report = await settle(outcome, self.url, self._folder, self._profile, self._hub)
        for _, reason in report.failed:
            self._console.print(reason, markup=False, highlight=False)

    @asynccontextmanager
    async def _sensor(self, plan: TrainingPlan, spec: str | None) -> AsyncIterator[SensorChoice]:
        if spec == PHONE_SPEC and self.phone is not None and self.phone.link.checked is not None:
            for step in plan.steps:
                if not step.is_unseen:
                    check_ankle(step.exercise, self._profile.language)
            yield phone_sensor(self.phone, self._profile.language)
            return
        first = plan.first.exercise.id
        async with self._open_sensor(spec, first, seed=self._seed, folder=self._folder) as sensor:
            yield sensor

    def _last_sensor(self) -> str | None:
        with suppress(OSError, ValueError, AttributeError):
            known = json.loads((self._folder.root / LAST_SENSOR).read_text("utf-8"))
            if isinstance(spec := known.get("sensor"), str):
                return spec
        return self._usual_sensor

    def _remember(self, spec: str | None) -> None:
        if spec is None or is_simulated(spec):
            return
        with suppress(OSError):
            path = self._folder.root / LAST_SENSOR
            path.write_text(json.dumps({"sensor": spec}) + "\n", "utf-8")
