"""Trainings with a phone: the sensor that a phone is, and sittings that a phone asks for."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from rich.console import Console

from analysis import AnalysisError, Exercise, load_catalogue
from tracker.after_training import settle
from tracker.calendar_clock import calendar_now
from tracker.coach_cues import Key
from tracker.course_here import WarningSignError, ordered_here
from tracker.errors import TrackerError
from tracker.gear_memory import with_gear
from tracker.live import LiveHub
from tracker.phone.desk import PhoneDesk, Wish
from tracker.phone.door import PhoneDoor
from tracker.phone.family import check_ankle, phone_family, suits_ankle
from tracker.phone.link import PhoneLink
from tracker.phone.source import PhoneSource
from tracker.planning import COUNTED, make_plan
from tracker.profile import Language, Profile, as_kept
from tracker.runner import Training
from tracker.sensor_choice import SensorChoice
from tracker.settings import CoachSettings, DataFolder
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView, View
from tracker.training_outcome import TrainingOutcome
from tracker.training_plan import TrainingPlan
from tracker.watching.from_home import seen_by_clinic

STRAP_ON_S: Final = 900.0
"""Finding a bandage and strapping a phone on takes longer than switching a sensor on."""


def patient_settings(settings: CoachSettings | None) -> CoachSettings:
    """Return the coach's times for somebody who still has to strap a phone on."""
    return replace(settings or CoachSettings(), connect_give_up_s=STRAP_ON_S)


def phone_sensor(desk: PhoneDesk, language: Language) -> SensorChoice:
    """Return the phone that was paired and checked, as the sensor of a training."""
    checked = desk.link.checked
    if checked is None:
        raise ValueError("The phone has not been checked yet.")
    return SensorChoice(
        family=phone_family(checked.platform, checked.rate_hz),
        make_source=lambda on_event: PhoneSource(desk.link, on_event, language=language),
        details={
            "platform": checked.platform,
            "rate_hz": round(checked.rate_hz, 1),
            "has_expected_signs": checked.is_as_expected,
        },
    )


def exercises_for_phones() -> list[Exercise]:
    """Return what can be coached with a phone on the ankle."""
    known = load_catalogue().exercises.values()
    return [one for one in known if one.movement in COUNTED and suits_ankle(one)]


class PhoneSittings:
    """Run the trainings that a paired phone asks for, one after the other.

    Parameters
    ----------
    folder, profile, hub
        Where sessions are kept, whose they are, and who shows them.
    console : Console
        Where a line for each happening goes.

    """

    def __init__(
        self, folder: DataFolder, profile: Profile, hub: LiveHub, console: Console
    ) -> None:
        self._folder = folder
        self._profile = profile
        self._hub = hub
        self._console = console
        self._running: asyncio.Task[None] | None = None
        self.door: PhoneDoor | None = None
        self.url = ""
        self.outcomes: list[TrainingOutcome] = []

    def wish(self, wish: Wish) -> None:
        """Start what somebody wants to train, unless a training runs."""
        if self.door is None or self.door.desk.link.checked is None:
            return
        if not self.is_running and self._hub.leader is None:
            self._running = asyncio.create_task(
                self._try_to_train(wish, self.door.desk.link), name="training by phone"
            )

    @property
    def is_running(self) -> bool:
        """Whether a training that a phone asked for runs."""
        return self._running is not None and not self._running.done()

    async def close(self) -> None:
        """End the training that runs; what was measured is kept."""
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _try_to_train(self, wish: Wish, link: PhoneLink) -> None:
        """Train; what cannot be done is told here and on the phone, and serving goes on."""
        try:
            await self._train(wish)
        except (TrackerError, AnalysisError, OSError) as error:
            self._console.print(str(error), markup=False, highlight=False)
            link.send(failed(error))

    async def _train(self, wish: Wish) -> None:
        if self.door is None:
            return
        order = await asyncio.to_thread(
            ordered_here, self._folder, self._profile, wish.exercise, calendar_now()
        )
        plan = make_plan(
            wish.exercise,
            sets=wish.sets,
            reps=wish.reps,
            side=wish.side,
            has_questions=False,
            order=order,
        )
        view = PlainView(self._console, self._profile.language)
        async with seen_by_clinic(self._hub, self._folder, self._profile.patient_id):
            outcome = await train_with_phone(
                plan, self.door.desk, self._profile, self._folder, hub=self._hub, view=view
            )
            self.outcomes.append(outcome)
            await self._deliver(outcome)

    async def _deliver(self, outcome: TrainingOutcome) -> None:
        """Store the session, and say so where it is watched."""
        report = await settle(outcome, self.url, self._folder, self._profile, self._hub)
        for _, reason in report.failed:
            self._console.print(reason, markup=False, highlight=False)


def failed(error: Exception) -> dict[str, Any]:
    """Return what a phone is told of a training that could not be done."""
    why = {"text": error.text.as_json()} if isinstance(error, WarningSignError) else {}
    return {"type": "failed"} | why


async def train_with_phone(
    plan: TrainingPlan,
    desk: PhoneDesk,
    profile: Profile,
    folder: DataFolder,
    *,
    hub: LiveHub,
    view: View,
) -> TrainingOutcome:
    """Train with the phone of a desk, from strapping it on to the session in the outbox.

    Raises
    ------
    NotOnAnkleError
        If a phone is no sensor for this exercise.

    """
    check_ankle(plan.first.exercise, profile.language)
    training = Training(
        with_gear(plan, folder, profile.patient_id, as_kept(profile, folder.profile).band),
        phone_sensor(desk, profile.language),
        profile,
        folder,
        hub=hub,
        view=view,
        speaker=SilentSpeaker(),
        settings=patient_settings(None),
    )
    desk.link.on_stop = stopper(training)
    try:
        return await training.run()
    finally:
        desk.link.on_stop = None


def stopper(training: Training) -> Callable[[], None]:
    """Return what ends a training as the stop key does."""
    return lambda: training.key(Key.STOP)
