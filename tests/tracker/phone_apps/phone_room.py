import asyncio
import io
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from rich.console import Console

from tests.tracker.phone_apps.simulated_phones import PhyphoxPhone, SensorLoggerPhone
from tests.tracker.training_builders import PROFILE, SETTINGS, Messages
from tracker.phone_apps.opening import AppSpec, open_phone_app
from tracker.runner import Training
from tracker.settings import DataFolder
from tracker.simulator import SimulatedPatient
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView

LOOPBACK = "127.0.0.1"


class PhoneRoom:
    """A patient, a phone on the ankle, and a training that hears it."""

    def __init__(self, patient, phone, choice, folder, plan):
        self.patient, self.phone = patient, phone
        self.hub, self.console = Messages(), Console(file=io.StringIO(), width=100)
        choice = replace(choice, hear=lambda cue, reps: patient.hear(cue, reps=reps))
        self.training = Training(
            plan,
            choice,
            PROFILE,
            folder,
            hub=self.hub,
            view=PlainView(self.console, "nl"),
            speaker=SilentSpeaker(),
            settings=SETTINGS,
        )

    async def until_reps(self, n_reps):
        while len(self.hub.of("rep")) < n_reps:  # noqa: ASYNC110  # virtual time costs nothing
            await asyncio.sleep(0.1)

    def sensor_states(self):
        states = [one["state"] for one in self.hub.of("sensor")]
        return [late for early, late in zip([None, *states], states, strict=False) if early != late]


@asynccontextmanager
async def a_pushing_phone(path, plan, *, seed=3, rate_hz=100.0, **phone):
    patient = SimulatedPatient(plan.first.exercise.id, seed=seed, rate_hz=rate_hz)
    folder = DataFolder(path).make()
    spec = AppSpec(app="sensor-logger")
    async with open_phone_app(spec, plan.first.exercise.id, folder, host=LOOPBACK) as choice:
        worn = SensorLoggerPhone(patient, choice.address, **phone)
        yield PhoneRoom(patient, worn, choice, folder, plan)


@asynccontextmanager
async def a_polled_phone(path, plan, *, seed=3, **phone):
    patient = SimulatedPatient(plan.first.exercise.id, seed=seed)
    folder = DataFolder(path).make()
    async with PhyphoxPhone(patient, **phone).listening() as worn:
        spec = AppSpec(app="phyphox", host=LOOPBACK, ports=(worn.port,))
        async with open_phone_app(spec, plan.first.exercise.id, folder) as choice:
            yield PhoneRoom(patient, worn, choice, folder, plan)


async def _tick():
    """Keep virtual time from leaping while a thread writes to the disk."""
    while True:  # noqa: ASYNC110  # time itself is waited for
        await asyncio.sleep(0.01)


async def train(room, *beside):
    """Train to the end, with coroutines beside that end with it."""
    tasks = [asyncio.create_task(one) for one in (_tick(), *beside)]
    try:
        return await room.training.run()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
