"""The runner: radio, clock, disk, engine, coach, screen and sound at work together.

    Collector -> Timeline -> Recorder
                        `-> SetMeasurement -> Coach -> view, sound, live page, session on disk

Everything happens in one event loop; only the end of a set and writing to disk leave it. Ctrl-C
cancels `Training.run` once: the running set is closed, the session stored, and `run` returns.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar

from analysis import Event, ImuSamples
from tracker import words
from tracker.coach import Coach
from tracker.coach_commands import PageCommands
from tracker.coach_cues import (
    Ask,
    CoachState,
    Go,
    Keep,
    Key,
    Output,
    Play,
    Prepare,
    Publish,
    Say,
    SessionOver,
    StartMeasuring,
    StopMeasuring,
)
from tracker.collector_events import (
    Battery,
    CollectorEvent,
    CollectorState,
    Received,
    StateChanged,
)
from tracker.ears import Ears, SilentTalker, Talker
from tracker.keyboard import Typing
from tracker.live import LiveHub
from tracker.live_commands import Command
from tracker.live_messages import clock_frame, frame_message, still_frame
from tracker.measuring import SetMeasurement
from tracker.profile import Language, Profile
from tracker.questions import Question
from tracker.sensor_choice import SensorChoice
from tracker.sensor_news import SensorNews
from tracker.session_keeper import SessionKeeper, SetNumber
from tracker.settings import CoachSettings, DataFolder
from tracker.sounds import Speaker
from tracker.terminal import View
from tracker.thigh_sensor import ThighSensor
from tracker.timeline import Timeline
from tracker.training_outcome import TrainingOutcome
from tracker.training_plan import TrainingPlan

T = TypeVar("T")
TICK_S: Final = 0.05
STOOD_STILL_S: Final = 2.0
"""A tick that comes so late means that the computer slept, or that this program was stopped."""

SILENT_S: Final = 0.3
"""Without a sample for so long the clock alone is shown."""

DRAW_EVERY: Final = 2  # ticks: ten pictures a second


class Training:
    """One session from "looking for the sensor" to its JSON in the outbox.

    Parameters
    ----------
    plan : TrainingPlan
        What is trained.
    sensor : SensorChoice
        With what.
    profile : Profile
        By whom, and in which language.
    folder : DataFolder
        Where it is kept.
    hub, view, speaker
        Who shows and sounds it.
    talker : Talker, optional
        Who speaks here; pages have voices of their own.
    settings : CoachSettings, optional
        Times of the coach.
    is_hands_free : bool
        Whether the cards of the exercises go on by themselves.

    """

    def __init__(
        self,
        plan: TrainingPlan,
        sensor: SensorChoice,
        profile: Profile,
        folder: DataFolder,
        *,
        hub: LiveHub,
        view: View,
        speaker: Speaker,
        talker: Talker | None = None,
        settings: CoachSettings | None = None,
        is_hands_free: bool = False,
    ) -> None:
        self._plan = plan
        self._sensor = sensor
        self._language: Language = profile.language
        self._folder = folder
        self._hub, self._view = hub, view
        self._ears = Ears(hub, speaker, talker or SilentTalker())
        self._settings = settings or CoachSettings()
        self._coach = Coach(plan, self._settings, is_hands_free=is_hands_free)
        self._commands = PageCommands(self._coach, self._settings)
        self._typing = Typing()
        self._timeline = Timeline(sensor.family)
        self._measurement: SetMeasurement | None = None
        self._keeper = SessionKeeper(plan, sensor, profile, folder, self._say)
        self._number = SetNumber(1, 0)
        self._writing: list[asyncio.Task[bool]] = []
        self._news = SensorNews(self._show, self._say)
        self._thigh: ThighSensor | None = None
        if sensor.thigh is not None:
            self._thigh = ThighSensor(
                sensor.thigh, self._keeper, self._use_thigh, self._say, self._tell_coach
            )
        self._measured_s = self._began_s = self._framed_s = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self._failure: BaseException | None = None
        self._was_interrupted = self._is_streaming = False

    # -- From start to end -----------------------------------------------------------------------

    async def run(self) -> TrainingOutcome:
        """Train until the coach is done; being cancelled once ends the session cleanly."""
        self._began_s = self._now_s()
        self._keeper.begin(self._began_s)
        collector = self._sensor.new_source(self._on_event)
        tasks = [self._spawn(collector.run(), "collector"), self._spawn(self._tick(), "ticker")]
        if self._thigh is not None:
            tasks.append(self._spawn(self._thigh.run(), "collector of the thigh"))
        self._hub.leader = self.command
        try:
            self._do(self._coach.start(self._now_s()))
            await self._until_over()
        finally:
            self._hub.leader = None
            collector.stop()
            if self._thigh is not None:
                self._thigh.stop()
            tasks[1].cancel()
            await asyncio.gather(*tasks, *self._writing, return_exceptions=True)
            self._keep(self._timeline.finish())
            if self._thigh is not None:
                self._thigh.finish()
            await self._keeper.close()
            if self._failure is not None or self._coach.state is not CoachState.DONE:
                self._keeper.leave()  # the next start recovers it
        if self._failure is not None:
            raise self._failure
        return await asyncio.to_thread(self._finish)

    async def _until_over(self) -> None:
        """Wait for the end; the first cancellation only tells the coach to end."""
        while not self._over.is_set():
            try:
                await self._over.wait()
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if self._was_interrupted or task is None:
                    raise
                self._was_interrupted = True
                task.uncancel()
                self._do(self._coach.interrupt(self._now_s()))

    def _finish(self) -> TrainingOutcome:
        """Store the session, if there is anything to store."""
        record = self._keeper.record
        record.answers = dict(self._coach.answers)
        path = self._keeper.finish(self._measured_s)
        return TrainingOutcome(
            session_id=self._plan.session_id,
            path=path,
            document=record.document(),
            cards=tuple(self._coach.cards.values()),
            plan=self._coach.route.message(),
            was_interrupted=self._was_interrupted,
            has_seen_sensor=self._keeper.first_s is not None,
        )

    async def _tick(self) -> None:
        """Let the coach's clock run, and the picture follow."""
        n_ticks = 0
        due_s = self._now_s()
        while True:
            if self._now_s() - due_s > STOOD_STILL_S:
                self._stood_still(due_s)
            self._do(self._coach.tick(self._now_s()))
            if n_ticks % DRAW_EVERY == 0:
                self._show_clock()
                self._view.draw()
            n_ticks += 1
            wait_s = self._coach.tick_in_s(self._now_s(), TICK_S)
            due_s = self._now_s() + wait_s
            await asyncio.sleep(wait_s)

    def _stood_still(self, from_s: float) -> None:
        """Note that the computer slept; after a long time nobody is on the mat any more."""
        for_s = self._now_s() - from_s
        self._keeper.stood_still(from_s, for_s)
        if for_s > self._settings.lost_give_up_s:
            self._say(words.SLEPT)
            self._do(self._coach.key(Key.STOP, self._now_s()))

    def character(self, character: str) -> None:
        """Take in a typed character."""
        said = self._typing.character(character, self._coach.question)
        if isinstance(said, Key):
            self._do(self._coach.key(said, self._now_s()))
        elif said is not None:
            self._do(self._coach.answer(said[0], self._now_s()))
        if self._coach.question is not None:
            self._view.ask(self._coach.question, self._typing.typed)

    def command(self, command: Command) -> None:
        """Take in what a page asks for.

        Raises
        ------
        CommandRefusedError
            If it cannot be done now.

        """
        self._do(self._commands.take(command, self._now_s()))

    def key(self, key: Key) -> None:
        """Take in a key that was pressed elsewhere than on the keyboard."""
        self._do(self._coach.key(key, self._now_s()))

    # -- What comes from the radio ---------------------------------------------------------------

    def _on_event(self, event: CollectorEvent) -> None:
        if isinstance(event, Received):
            self._keeper.raw(event)
            n_restarts, samples = self._timeline.n_restarts, self._timeline.add(event)
            if self._timeline.n_restarts > n_restarts and self._measurement is not None:
                self._measured(self._measurement, self._measurement.sensor_restarted())
            self._keep(samples)
            return
        self._keeper.sensor(event)
        self._news.take(event)
        match event:
            case StateChanged(state=state):
                self._is_streaming = state is CollectorState.STREAMING
                self._tell_coach()
            case Battery(percent=percent):
                self._coach.battery(percent)

    def _tell_coach(self) -> None:
        """Tell whether samples come; a second sensor is waited for at the beginning."""
        is_complete = self._thigh is None or self._thigh.is_settled
        self._do(self._coach.sensor(self._is_streaming and is_complete, self._now_s()))

    def _keep(self, samples: ImuSamples) -> None:
        """Store samples, and give them to the set that runs."""
        if not len(samples):
            return
        before_s = self._keeper.last_s
        self._keeper.samples(samples)
        if self._measurement is not None:
            self._measured_s += self._keeper.last_s - (before_s or float(samples.time_s[0]))
            self._measured(self._measurement, self._measurement.update(samples))

    def _use_thigh(self, samples: ImuSamples) -> None:
        """Give samples of the second sensor to the set that runs."""
        if self._measurement is not None and self._measurement.has_thigh:
            self._measured(self._measurement, self._measurement.update_thigh(samples))

    def _measured(self, measurement: SetMeasurement, events: Sequence[Event]) -> None:
        now_s = self._now_s()
        self._do(self._coach.events(events, self._keeper.last_s, now_s))
        live = measurement.live
        self._do(self._coach.live(live, now_s))
        more = self._coach.frame(now_s)
        if self._coach.state is CoachState.CALIBRATING:
            more = still_frame(measurement.still_s, self._settings.still_s)
        t0_s = self._keeper.first_s or 0.0
        self._framed_s = now_s
        self._show(frame_message(live, t0_s, self._coach.n_reps, more))

    def _show_clock(self) -> None:
        """Show the clock of a set that no sensor sees, or none at this moment."""
        now_s = self._now_s()
        is_silent = now_s - self._framed_s > SILENT_S
        more = self._coach.frame(now_s) if is_silent else None
        if more:
            self._show(clock_frame(now_s - self._began_s, more))

    # -- What the coach wants --------------------------------------------------------------------

    def _do(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case Play(cue=cue):
                    self._ears.cue(cue, self._now_s() - (self._keeper.first_s or self._began_s))
                case Say(text=text, is_urgent=is_urgent):
                    self._say(text, is_urgent=is_urgent)
                case Ask(question=question):
                    self._ask(question)
                case Publish(message=message):
                    self._show(dict(message))
                case SessionOver():
                    self._over.set()
                case _:
                    self._work(output)

    def _work(self, output: Output) -> None:
        """Do what concerns the sensor, the engine and the disk."""
        match output:
            case Go(reps=reps):
                self._tell_patient("go", reps)
            case Prepare(exercise_id=exercise_id):
                self._sensor.prepare(exercise_id)
            case StartMeasuring(set_number=number):
                self._number = SetNumber(self._coach.step_number, number)
                self._measurement = SetMeasurement(
                    self._coach.step,
                    number,
                    self._number.step,
                    has_thigh=self._thigh is not None and self._thigh.is_streaming,
                )
                self._keeper.set_started(self._number, self._now_s())
            case StopMeasuring():
                self._tell_patient("stop", 0)
                self._spawn(self._close_set(self._number), "end of set")
            case Keep(what=what, item=item):
                self._keeper.add(what, item, self._now_s())
                self._writing.append(self._spawn(self._keeper.store(), "storing"))

    def _say(self, text: words.Text, *, is_urgent: bool = False) -> None:
        """Show a sentence, and say it."""
        self._view.say(text)
        self._ears.say(text, is_urgent=is_urgent)

    def _ask(self, question: Question | None) -> None:
        """Put a question; None takes it away."""
        self._typing.typed = ""
        self._view.ask(question)
        if question is not None:
            self._ears.say(question.text)

    async def _close_set(self, number: SetNumber) -> None:
        """End the engine's set away from the event loop, and keep it before anything is said."""
        measurement, self._measurement = self._measurement, None
        last_s = self._keeper.last_s
        if measurement is None:
            self._do(self._coach.set_result((), self._now_s()))
            return
        pain = self._coach.pain_for_feedback
        measured = await asyncio.to_thread(
            measurement.close, t0_s=self._keeper.first_s or 0.0, language=self._language, pain=pain
        )
        self._keeper.record.answers = dict(self._coach.answers)
        await self._keeper.set_ended(
            number, measured.documents, self._now_s(), last_sample_s=last_s
        )
        self._do(self._coach.set_result(measured.results, self._now_s()))

    def _show(self, message: dict[str, Any]) -> None:
        if message["type"] == "state":
            self._view.resting_until(self._coach.rest_ends_s)
        self._view.message(message)
        self._hub.publish(message)
        self._ears.message(message)

    def _tell_patient(self, cue: str, reps: int) -> None:
        if self._sensor.hear is not None:
            self._sensor.hear(cue, reps)

    # -- Small things ----------------------------------------------------------------------------

    def _now_s(self) -> float:
        self._loop = self._loop or asyncio.get_running_loop()  # asking is a call to the system
        return self._loop.time()

    def _spawn(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run beside; a failure ends the session, and is raised by `run`."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        task.add_done_callback(self._on_task_end)
        return task

    def _on_task_end(self, task: asyncio.Task[Any]) -> None:
        with suppress(asyncio.CancelledError):
            if (error := task.exception()) is not None:
                self._failure = self._failure or error
                self._over.set()
