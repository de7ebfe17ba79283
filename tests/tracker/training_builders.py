import asyncio
import io
from contextlib import asynccontextmanager
from uuid import UUID

from rich.console import Console

from firmware_bridge import find_sensor
from tracker.live import LiveHub
from tracker.profile import Profile
from tracker.runner import Training
from tracker.sensor_choice import SensorChoice
from tracker.settings import CoachSettings, DataFolder
from tracker.simulator import SimulatedPatient, SimulatedVisit
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.virtual_radio import VirtualRadio

ADDRESS = "C6:90:00:00:00:07"
PROFILE = Profile(patient_id=UUID("00000000-0000-4000-8000-00000000000a"), language="nl")
SETTINGS = CoachSettings(card_s=2.0, last_card_s=1.0)


class Messages(LiveHub):
    """A hub that also keeps what it was told."""

    def __init__(self):
        super().__init__()
        self.told = []
        self.n_reps = 0

    def publish(self, message):
        self.told.append(dict(message))
        self.n_reps += message["type"] == "rep"
        super().publish(message)

    def of(self, kind):
        return [message for message in self.told if message["type"] == kind]

    def states(self):
        return list(dict.fromkeys((one["state"], one["set"]) for one in self.of("state")))


class Room:
    """A simulated patient with a simulated sensor, and everything a training needs."""

    def __init__(self, radio, patient, folder, plan, *, is_hands_free=False):
        self.radio, self.patient = radio, patient
        self.hub, self.console = Messages(), Console(file=io.StringIO(), width=100)
        sensor = SensorChoice(
            family=find_sensor("witmotion"),
            target=ADDRESS,
            backend=radio.backend,
            hear=lambda cue, reps: patient.hear(cue, reps=reps),
            prepare=getattr(patient, "prepare", lambda _exercise_id: None),
        )
        self.training = Training(
            plan,
            sensor,
            PROFILE,
            folder,
            hub=self.hub,
            view=PlainView(self.console, "nl"),
            speaker=SilentSpeaker(),
            settings=SETTINGS,
            is_hands_free=is_hands_free,
        )

    async def until_reps(self, n_reps):
        while self.hub.n_reps < n_reps:  # noqa: ASYNC110  # in virtual time it costs nothing
            await asyncio.sleep(0.1)

    async def until_state(self, state):
        while [each["state"] for each in self.hub.of("state")][-1:] != [state]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


@asynccontextmanager
async def a_room(tmp_path, plan, *, seed=3):
    folder = DataFolder(tmp_path).make()
    patient = SimulatedPatient(plan.first.exercise.id, seed=seed)
    async with VirtualRadio() as radio:
        await radio.add_witmotion("WT901BLE68", ADDRESS, patient.next_samples)
        yield Room(radio, patient, folder, plan)


@asynccontextmanager
async def a_sitting_room(tmp_path, plan, *, seed=3, is_hands_free=True):
    """A room for a whole sitting: the simulated person does one exercise after the other."""
    folder = DataFolder(tmp_path).make()
    patient = SimulatedVisit(plan.first.exercise.id, seed=seed)
    async with VirtualRadio() as radio:
        await radio.add_witmotion("WT901BLE68", ADDRESS, patient.next_samples)
        yield Room(radio, patient, folder, plan, is_hands_free=is_hands_free)
