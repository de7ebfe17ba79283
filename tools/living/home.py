"""The patient's own computer: the real web app, a virtual radio, a moved calendar.

The web app runs in a thread of its own in real time, for browsers are real. The training runs in
another, in paced time, led by the product's own `PageSittings`. What a page asks for on the live
channel is handed from the one to the other.
"""

import asyncio
import io
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from rich.console import Console

from tools.living.paced_loop import PacedLoop
from tracker.calendar_clock import calendar_by
from tracker.live import LiveHub
from tracker.page_sittings import PageSittings
from tracker.profile import Profile, save_profile
from tracker.sensor_choice import SensorChoice, simulated_sensor
from tracker.serving import LocalServer
from tracker.settings import DataFolder
from tracker.simulator import SimulatedVisit
from tracker.uploader import Uploader
from tracker.virtual_radio import VirtualRadio

ZONE: Final = "Europe/Amsterdam"
SENSOR: Final = "C6:90:00:00:00:12"
SENSOR_SPEC: Final = "sim:movesense"
"""Of the simulated ones it costs the radio least: several samples go into a packet."""

FRAMES_HZ: Final = 20.0
"""While a training flies a page would draw nothing but blur."""

START_S: Final = 60.0
"""A busy computer has the pages up by then."""

Result = TypeVar("Result")


class Calendar:
    """Which moment it is for the patient; it goes on while a training runs."""

    def __init__(self, elapsed_s: Callable[[], float]) -> None:
        self._elapsed_s = elapsed_s
        self._moved_to = datetime(2026, 1, 1, tzinfo=UTC)
        self._since_s = elapsed_s()

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._moved_to + timedelta(seconds=self._elapsed_s() - self._since_s)

    def move(self, on: date, hour: int, minute: int = 0) -> None:
        """Go to a moment by the patient's clock."""
        at = datetime.combine(on, time(hour, minute), ZoneInfo(ZONE))
        self._moved_to, self._since_s = at.astimezone(UTC), self._elapsed_s()


class HomeHub(LiveHub):
    """What pages are told and ask for, between the two threads; `watch` sees every message."""

    def __init__(self, loop: PacedLoop, calendar: Calendar) -> None:
        super().__init__(max_frames_hz=FRAMES_HZ)
        self._loop = loop
        self._calendar = calendar
        self.watch: Callable[[Mapping[str, Any]], None] = lambda _message: None

    def publish(self, message: Mapping[str, Any]) -> None:
        """Hand a message to the pages, and to who watches."""
        super().publish(message)
        self.watch(message)

    async def take(self, text: str, line: object = None) -> Mapping[str, Any] | None:
        """Carry out what a page asks for where the training is."""
        there = asyncio.run_coroutine_threadsafe(self._take_there(text, line), self._loop)
        return await asyncio.wrap_future(there)

    async def _take_there(self, text: str, line: object) -> Mapping[str, Any] | None:
        with calendar_by(self._calendar.now):
            return await super().take(text, line)


class Home:
    """Serve one patient; use as a context.

    Parameters
    ----------
    root : Path
        The data folder.
    patient_id : UUID
        Whose it is; the patient is plainly a synthetic one.
    seed : int
        Decides the simulated person.

    """

    def __init__(self, root: Path, patient_id: UUID, *, seed: int) -> None:
        self.folder = DataFolder(root).make()
        self.profile = Profile(patient_id=patient_id, name="Synthetisch", language="nl")
        save_profile(self.folder.profile, self.profile)
        self.loop = PacedLoop()
        self.calendar = Calendar(self.loop.time)
        self.hub = HomeHub(self.loop, self.calendar)
        self.url = ""
        self._seed = seed
        self._training = threading.Thread(target=self._run_training, name="training", daemon=True)
        self._serving = threading.Thread(target=self._run_pages, name="pages", daemon=True)
        self._is_up = threading.Event()
        self._end: Callable[[], object] = lambda: None
        self._problem: BaseException | None = None
        self.sittings = PageSittings(
            self.folder,
            self.profile,
            self.hub,
            Console(file=io.StringIO()),
            usual_sensor=SENSOR,
            open_sensor=self._open_sensor,
        )

    def __enter__(self) -> Self:
        """Start both threads, and wait until the pages are up."""
        self._training.start()
        self._serving.start()
        if not self._is_up.wait(START_S) or self._problem is not None:
            raise RuntimeError("the pages did not come up") from self._problem
        self.sittings.url = self.url
        self.hub.starter = self.sittings.take
        self.uploader = Uploader(self.url, self.folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.there(self.sittings.close())
        self._end()
        self._serving.join(START_S)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._training.join(START_S)
        self.loop.close()

    def there(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something where the training is, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(START_S)

    def _run_training(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _run_pages(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told by who waits for it
            self._problem = error
        finally:
            self._is_up.set()

    async def _serve(self) -> None:
        over = asyncio.Event()
        here = asyncio.get_running_loop()
        server = LocalServer(
            self.folder, self.hub, port=0, profile=self.profile, extend=self._move_clock
        )
        async with server:
            self.url = server.url
            self._end = lambda: here.call_soon_threadsafe(over.set)
            self._is_up.set()
            await over.wait()

    def _move_clock(self, app: FastAPI) -> None:
        app.state.clock = self.calendar.now

    @asynccontextmanager
    async def _open_sensor(
        self, spec: str | None, exercise_id: str, *, seed: int, folder: DataFolder
    ) -> AsyncIterator[SensorChoice]:
        """Put a simulated person with a virtual sensor into the room."""
        del spec, folder
        family, device = simulated_sensor(SENSOR_SPEC)
        rate_hz = family.nominal_rate_hz
        person = SimulatedVisit(exercise_id, seed=self._seed + seed, rate_hz=rate_hz)
        async with VirtualRadio() as radio:
            await radio.add(device, SENSOR, person.next_samples, rate_hz=rate_hz)
            yield SensorChoice(
                family=family,
                target=SENSOR,
                backend=radio.backend,
                hear=lambda cue, reps: person.hear(cue, reps=reps),
                prepare=person.prepare,
            )
