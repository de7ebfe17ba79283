"""A whole sitting at this machine: what was cut off last time, the pages, the training, storing."""

import asyncio
import io
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID

import segno
from rich.console import Console

from firmware_bridge import TextFormat
from tracker.after_training import accept, settle
from tracker.delivery import recover
from tracker.errors import SensorNotFoundError
from tracker.keyboard import Keyboard
from tracker.live import LiveHub
from tracker.logbook import open_logbook
from tracker.phone.door import PhoneDoor, open_door
from tracker.phone.family import PHONE_SPEC, check_ankle
from tracker.phone.listener import Place, find_place
from tracker.phone_training import patient_settings, phone_sensor, stopper
from tracker.profile import Language, Profile, simulated
from tracker.runner import Training
from tracker.sensor_choice import SensorChoice, is_simulated
from tracker.sensor_opening import open_any_sensor
from tracker.serving import LocalServer
from tracker.settings import DEFAULT_PORT, CoachSettings, DataFolder
from tracker.sounds import PlayerSpeaker, open_speaker
from tracker.talking import NO_VOICE, VoiceTalker, open_talker
from tracker.terminal import open_view
from tracker.training_outcome import TrainingOutcome
from tracker.training_plan import TrainingPlan
from tracker.watching.from_home import seen_by_clinic
from tracker.words import Text

SET_UP_S: Final = 900.0  # somebody types an address into an app, and straps a phone on

TRAIN_PAGE = Text("Training page: {url}/train", "Trainingspagina: {url}/train")
RECOVERED = Text(
    "Recovered {s:.0f} s of {exercise} that was cut off on {when}.",
    "{s:.0f} s van {exercise} teruggehaald, afgebroken op {when}.",
)
NOTHING_DONE = Text("No repetitions: nothing was stored.", "Geen herhalingen: niets opgeslagen.")
STORED = Text("Stored: {path}", "Opgeslagen: {path}")
STOPPED_STORED = Text(
    "Stopped; everything up to here is stored: {path}",
    "Gestopt; alles tot hier is opgeslagen: {path}",
)
SIMULATED = Text(
    "It was a simulated leg: kept under its own name, apart from yours, and sent to no clinic.",
    "Het was een gesimuleerd been: onder een eigen naam bewaard, los van jou, en aan geen kliniek "
    "verstuurd.",
)
WAITING = Text("Kept, to be sent next time: {reason}", "Bewaard, wordt later verstuurd: {reason}")
STAY = Text("Enter closes the pages.", "Enter sluit de pagina's.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingOptions:
    """What was asked for on the command line.

    Parameters
    ----------
    sensor : str, optional
        As `--sensor` says it.
    thigh : str, optional
        A second sensor, on the thigh, as `--thigh` says it.
    text_format : TextFormat, optional
        What its lines mean, of a sensor that somebody built.
    seed : int
        Of a simulated patient.
    is_quiet : bool
        Without sounds.
    is_voiced : bool, optional
        Whether words are spoken; None: where this machine has a voice.
    opens_browser : bool
        Whether the live page is opened; only from a terminal that a person sits at.
    port : int
        Of the pages, if it is free.
    phone_place : Place, optional
        Where a phone finds this computer; else on its network.
    is_hands_free : bool
        Whether the cards of the exercises go on by themselves.

    """

    sensor: str | None = None
    thigh: str | None = None
    text_format: TextFormat | None = None
    seed: int = 1
    is_quiet: bool = False
    is_voiced: bool | None = None
    opens_browser: bool = False
    port: int = DEFAULT_PORT
    phone_place: Place | None = None
    is_hands_free: bool = False


async def run_sitting(
    plan: TrainingPlan,
    profile: Profile,
    folder: DataFolder,
    options: SittingOptions,
    *,
    console: Console | None = None,
    settings: CoachSettings | None = None,
) -> TrainingOutcome:
    """Train from beginning to end, and tell what became of it.

    Raises
    ------
    SensorNotFoundError
        If no sensor ever sent anything.
    RadioError, ServingError, RecordingError
        If Bluetooth, the pages or the disk cannot be used.
    NotOnAnkleError
        If a phone is no sensor for this exercise.

    """
    shown = console or Console()
    language = profile.language
    await tell_recovered(folder, shown, language)
    hub = LiveHub()
    async with AsyncExitStack() as stack:
        door = await _open_door(stack, plan, folder, options, hub=hub, language=language)
        extend = None if door is None else door.add_pages
        server = LocalServer(folder, hub, port=options.port, extend=extend, profile=profile)
        await stack.enter_async_context(server)
        shown.print(TRAIN_PAGE.with_values(url=server.url).to(language), highlight=False)
        is_person_here = sys.stdin.isatty() and shown.is_terminal
        if options.opens_browser and is_person_here:
            page = "train" if door is None else "pair"
            await asyncio.to_thread(webbrowser.open, f"{server.url}/{page}")
        outcome = await _train(
            plan, profile, folder, options, hub=hub, console=shown, settings=settings, door=door
        )
        report = await settle(outcome, server.url, folder, profile, hub)
        path = folder.sent / f"{outcome.session_id}.json"
        is_sent = path.exists()
        _tell(shown, profile, outcome, path if is_sent else outcome.path, options.sensor)
        for _, reason in report.failed:
            shown.print(WAITING.with_values(reason=reason).to(language), highlight=False)
        if options.opens_browser and is_person_here and not outcome.was_interrupted:
            patient_id = UUID(outcome.document["patient_id"])
            hub.starter = lambda command: accept(command, server.url, folder, patient_id)
            await _stay(shown, profile)
    if not outcome.has_seen_sensor and not outcome.was_interrupted:
        raise SensorNotFoundError(
            "No sensor sent anything: is it charged, switched on, near, and free of other programs?"
        )
    return outcome


async def _train(
    plan: TrainingPlan,
    profile: Profile,
    folder: DataFolder,
    options: SittingOptions,
    *,
    hub: LiveHub,
    console: Console,
    settings: CoachSettings | None,
    door: PhoneDoor | None,
) -> TrainingOutcome:
    person = simulated(profile) if is_simulated(options.sensor) else profile
    clock_s = asyncio.get_running_loop().time
    settings = settings if door is None else patient_settings(settings)
    async with _open_sensor(plan, profile, options, console, folder=folder, door=door) as sensor:
        if sensor.instructions is not None:
            show_instructions(console, sensor, profile)
            settings = replace(settings or CoachSettings(), connect_give_up_s=SET_UP_S)
        async with AsyncExitStack() as stack:
            stack.enter_context(open_logbook(folder.log))
            speaker = stack.enter_context(open_speaker(is_quiet=options.is_quiet))
            talker = await stack.enter_async_context(
                open_talker(
                    profile.language,
                    speaker,
                    is_quiet=options.is_quiet,
                    is_voiced=options.is_voiced is not False,
                )
            )
            is_spoken = isinstance(talker, VoiceTalker)
            if options.is_voiced and not is_spoken:
                console.print(NO_VOICE.to(profile.language), highlight=False)
            hub.sounding.terminal_sounds(on=is_spoken or isinstance(speaker, PlayerSpeaker))
            stack.callback(hub.sounding.terminal_sounds, on=False)
            view = stack.enter_context(open_view(console, profile.language, clock_s))
            training = Training(
                plan,
                sensor,
                person,
                folder,
                hub=hub,
                view=view,
                speaker=speaker,
                talker=talker,
                settings=settings,
                is_hands_free=options.is_hands_free,
            )
            if door is not None:
                door.desk.link.on_stop = stopper(training)
            stack.enter_context(Keyboard(training.character))
            stack.enter_context(_ending_on_signals())
            await stack.enter_async_context(seen_by_clinic(hub, folder, person.patient_id))
            return await training.run()


def show_instructions(console: Console, sensor: SensorChoice, profile: Profile) -> None:
    """Say what has to be done at the phone; its address also as a picture that a phone reads."""
    if sensor.instructions is not None:
        console.print(sensor.instructions.to(profile.language), highlight=False, soft_wrap=True)
    if sensor.address is not None and console.is_terminal:
        picture = io.StringIO()
        segno.make(sensor.address).terminal(picture, compact=True)
        console.file.write(picture.getvalue())


async def _open_door(
    stack: AsyncExitStack,
    plan: TrainingPlan,
    folder: DataFolder,
    options: SittingOptions,
    *,
    hub: LiveHub,
    language: Language,
) -> PhoneDoor | None:
    """Let phones in, if a phone is to be the sensor."""
    if options.sensor != PHONE_SPEC:
        return None
    exercises = tuple(step.exercise for step in plan.steps if step.needs_sensor)
    for exercise in exercises:
        check_ankle(exercise, language)
    place = options.phone_place or find_place()
    door = open_door(folder, hub, place, exercises=exercises, side=plan.first.side)
    return await stack.enter_async_context(door)


@asynccontextmanager
async def _open_sensor(
    plan: TrainingPlan,
    profile: Profile,
    options: SittingOptions,
    console: Console,
    *,
    folder: DataFolder,
    door: PhoneDoor | None,
) -> AsyncIterator[SensorChoice]:
    """Find the sensor; a phone is invited, and waited for."""
    if door is None:
        async with open_any_sensor(
            options.sensor,
            plan.first.exercise.id,
            seed=options.seed,
            folder=folder,
            text_format=options.text_format,
            thigh=options.thigh,
        ) as sensor:
            yield sensor
        return
    await door.invite(console, profile.language)
    yield phone_sensor(door.desk, profile.language)


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """End the training cleanly when the window is closed or the machine shuts down."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    taken: list[int] = []
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError, RuntimeError):  # not everywhere
            number = getattr(signal, name)
            loop.add_signal_handler(number, lambda: task and task.cancel())
            taken.append(number)
    try:
        yield
    finally:
        for number in taken:
            loop.remove_signal_handler(number)


async def tell_recovered(folder: DataFolder, console: Console, language: Language) -> None:
    """Bring back what was cut off last time, and say so."""
    for one in await recover(folder):
        when = one.started_at[:16].replace("T", " ")
        said = RECOVERED.with_values(s=one.recovered_s, exercise=one.exercise, when=when)
        console.print(said.to(language), highlight=False)


def _tell(
    console: Console,
    profile: Profile,
    outcome: TrainingOutcome,
    path: Path | None,
    spec: str | None,
) -> None:
    if path is None:
        said = NOTHING_DONE
    else:
        said = STOPPED_STORED if outcome.was_interrupted else STORED
        said = said.with_values(path=path)
    console.print(said.to(profile.language), highlight=False, soft_wrap=True)
    if path is not None and is_simulated(spec):
        console.print(SIMULATED.to(profile.language), highlight=False, soft_wrap=True)


async def _stay(console: Console, profile: Profile) -> None:
    """Keep the pages up until a key is pressed, so that the stored session can be read."""
    console.print(STAY.to(profile.language))
    pressed = asyncio.Event()
    with Keyboard(lambda _: pressed.set()):
        await pressed.wait()
