"""The course of the demo: serve, wait for a page, train one set live, go on serving.

simulated leg -> simulated sensor -> virtual radio -> bleak -> collector -> engine -> coach
                                                                   '-> HTTP -> database -> pages
"""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from rich.console import Console

from tracker.after_training import settle
from tracker.demo.clinic import clinic_version
from tracker.errors import TrackerError
from tracker.keyboard import Keyboard
from tracker.live import LiveHub
from tracker.page_sittings import PageSittings
from tracker.planning import make_plan
from tracker.profile import load_profile, simulated
from tracker.runner import Training
from tracker.sensor_choice import SIMULATED, open_sensor
from tracker.serving import LocalServer
from tracker.settings import CoachSettings, DataFolder
from tracker.sitting import SittingOptions, run_sitting
from tracker.sounds import SilentSpeaker
from tracker.terminal import open_view
from tracker.training_outcome import TrainingOutcome
from tracker.training_plan import TrainingPlan
from tracker.words import Text

EXERCISE: Final = "ecc_prone_helper"
REPS: Final = 5
SEED: Final = 9
LOOK_EVERY_S: Final = 0.1

SERVING: Final = Text(
    "tempo90 demo: a simulated leg, everything else is real. Only this computer can open it.",
    "tempo90 demo: een nagebootst been, al het andere is echt. Alleen deze computer kan erbij.",
)
CLINICIAN: Final = Text("Synthetic clinician (demo)", "Nagebootste behandelaar (demo)")
LIVE_PAGE: Final = Text("Live page  {url}/live", "Live-pagina  {url}/live")
CLINIC_PAGE: Final = Text("Clinic     {url}/", "Praktijk     {url}/")
WAITING: Final = Text(
    "One set of {reps} starts as soon as you open the live page, or in {wait:.0f} seconds.",
    "Een serie van {reps} begint zodra je de live-pagina opent, of over {wait:.0f} seconden.",
)
STORED: Final = Text("Stored: {path}", "Opgeslagen: {path}")
SEE_SESSION: Final = Text("See it at {url}", "Bekijk het op {url}")
FILLING: Final = Text(
    "Computing the synthetic clinic: {done} of {total} sessions",
    "De nagebootste praktijk wordt berekend: {done} van {total} sessies",
)
FILLED: Final = Text("The clinic is filled.", "De praktijk is gevuld.")
NOT_FILLED: Final = Text(
    "The clinic could not be filled: {reason}", "De praktijk kon niet worden gevuld: {reason}"
)
ENDS: Final = Text("Ctrl-C ends the demo.", "Ctrl-C stopt de demo.")


class DemoError(TrackerError, RuntimeError):
    """The demo did not do what it is there to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the command line said.

    Parameters
    ----------
    is_once : bool
        Train one set and return: no clinic, no waiting for a page.
    port : int
        Where to serve if it is free.
    reps : int
        Repetitions of the set.
    page_wait_s : float
        How long the set waits for somebody to open the live page.

    """

    is_once: bool = False
    port: int = 8090
    reps: int = REPS
    page_wait_s: float = 12.0


def demo_folder(data: DataFolder) -> DataFolder:
    """Return the demo's own data folder inside the user's; another engine, another folder."""
    return DataFolder(data.root / "demo" / clinic_version())


async def run_demo(folder: DataFolder, options: DemoOptions, console: Console) -> TrainingOutcome:
    """Run the demo in a folder of its own; without `is_once` it returns when it is cancelled."""
    demo = _Demo(folder.make(), options, console)
    return await (demo.train_once() if options.is_once else demo.train_and_serve())


class _Demo:
    """What the steps of the demo share."""

    def __init__(self, folder: DataFolder, options: DemoOptions, console: Console) -> None:
        self._folder = folder
        self._options = options
        self._console = console
        self._profile = load_profile(folder.profile)
        self._hub = LiveHub()

    async def train_once(self) -> TrainingOutcome:
        """Train one set, store it, and stop serving."""
        self._tell(SERVING)
        outcome = await run_sitting(
            self._plan(),
            self._profile,
            self._folder,
            SittingOptions(sensor=SIMULATED, seed=SEED, is_quiet=True, port=0),
            console=self._console,
            settings=CoachSettings(card_s=0.0),
        )
        n_reps = sum(card["reps"] for card in outcome.cards)
        if not n_reps and not outcome.was_interrupted:
            raise DemoError("The simulated set was not counted: `tempo90 doctor` says more.")
        return outcome

    async def train_and_serve(self) -> TrainingOutcome:
        """Serve, fill the clinic beside, train when a page is open, and go on serving."""
        name = CLINICIAN.to(self._profile.language)
        async with LocalServer(
            self._folder, self._hub, port=self._options.port, local_name=name
        ) as server:
            self._tell(SERVING)
            self._tell(LIVE_PAGE, url=server.url)
            self._tell(CLINIC_PAGE, url=server.url)
            async with _filling(self._folder, server.url) as filling:
                self._tell(WAITING, reps=self._options.reps, wait=self._options.page_wait_s)
                await self._wait_for_page()
                outcome = await self._train()
                await self._deliver(server.url, outcome)
                if not outcome.was_interrupted:
                    await self._follow(filling)
                    self._tell(ENDS)
                    async with self._more_by_page(server.url):
                        await server.wait_closed()
                return outcome

    def _tell(self, text: Text, **values: object) -> None:
        line = text.with_values(**values).to(self._profile.language)
        self._console.print(line, soft_wrap=True, markup=False, highlight=False)

    async def _wait_for_page(self) -> None:
        """Return when a page listens, or after a while without one."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._options.page_wait_s
        while not self._hub.n_listeners and loop.time() < until_s:  # noqa: ASYNC110  # seldom
            await asyncio.sleep(LOOK_EVERY_S)

    def _plan(self) -> TrainingPlan:
        return make_plan(
            EXERCISE, sets=1, reps=self._options.reps, side="left", has_questions=False
        )

    async def _train(self) -> TrainingOutcome:
        """Train one set over the virtual radio, in the terminal and on the live page."""
        language, clock_s = self._profile.language, asyncio.get_running_loop().time
        async with open_sensor(SIMULATED, EXERCISE, seed=SEED) as sensor:
            with open_view(self._console, language, clock_s) as view:
                training = Training(
                    self._plan(),
                    sensor,
                    simulated(self._profile),
                    self._folder,
                    hub=self._hub,
                    view=view,
                    speaker=SilentSpeaker(),
                )
                with Keyboard(training.character):
                    return await training.run()

    async def _deliver(self, url: str, outcome: TrainingOutcome) -> None:
        """Store the session over HTTP, and say where it is."""
        await settle(outcome, url, self._folder, self._profile, self._hub)
        path = self._folder.sent / f"{outcome.session_id}.json"
        if not path.exists():
            return
        page = f"/sessions/{outcome.session_id}"
        self._tell(STORED, path=path)
        self._tell(SEE_SESSION, url=url + page)

    @contextlib.asynccontextmanager
    async def _more_by_page(self, url: str) -> AsyncIterator[None]:
        """Let pages start more trainings, with the simulated leg unless they name a sensor."""
        sittings = PageSittings(
            self._folder,
            self._profile,
            self._hub,
            self._console,
            allows_simulated=True,
            usual_sensor=SIMULATED,
            seed=SEED,
        )
        sittings.url = url
        self._hub.starter = sittings.take
        try:
            yield
        finally:
            await sittings.close()

    async def _follow(self, filling: Process) -> None:
        """Show how far the clinic is until it is filled."""
        if filling.stdout is None or filling.stderr is None:
            return
        with self._console.status("") as status:
            async for line in filling.stdout:
                done, total = line.split()
                text = FILLING.with_values(done=int(done), total=int(total))
                status.update(text.to(self._profile.language))
        problem = (await filling.stderr.read()).decode(errors="replace").strip().splitlines()
        if await filling.wait() == 0:
            self._tell(FILLED)
        else:
            self._tell(NOT_FILLED, reason=(problem or ["?"])[-1])


@contextlib.asynccontextmanager
async def _filling(folder: DataFolder, url: str) -> AsyncIterator[Process]:
    """Fill the clinic in a process of its own for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tracker.demo.clinic",
        str(folder.root / "clinic"),
        url,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        await process.communicate()
