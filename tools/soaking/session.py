"""One simulated session: a patient, a sensor on the virtual radio, the real training, faults.

Everything from the sensor's bytes to the stored session is the product's own code; only the air,
the leg and the clock are simulated.
"""

import asyncio
import contextlib
import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from rich.console import Console

from firmware_bridge import find_sensor
from tools.soaking.faults import Fault, play_faults
from tracker import words
from tracker.live import LiveHub
from tracker.planning import make_plan
from tracker.profile import Profile
from tracker.recording_file import RecordedSession, read_mcap
from tracker.runner import Training
from tracker.sensor_choice import SensorChoice
from tracker.settings import CoachSettings, DataFolder
from tracker.simulator import Cue, RepTruth, SimulatedPatient
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.training_outcome import TrainingOutcome
from tracker.virtual_radio import AirParams, VirtualRadio, run_virtually
from tracker.words import Text

SETS: Final = 3
REPS: Final = 6
REST_S: Final = 15.0
EXERCISE: Final = "ecc_prone_helper"
ADDRESS: Final = "C6:90:00:00:00:50"
PATIENT: Final = Profile(patient_id=UUID(int=90), language="en")
SETTINGS: Final = CoachSettings(card_s=2.0, last_card_s=1.0)
STUCK_AFTER_S: Final = 1800.0
"""Three sets take four minutes; a session that takes half an hour will never end."""

QUIETED_S: Final = 0.5
"""What is on its way when a session ends has arrived by then."""


class Messages(LiveHub):
    """What the live page was told, kept."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def publish(self, message: dict[str, Any]) -> None:
        """Keep a message, and hand it on."""
        self.told.append(dict(message))
        super().publish(message)


class Listening(PlainView):
    """What the patient hears: told to start although all is done, a person does it once more."""

    def __init__(self, patient: SimulatedPatient, n_reps: int) -> None:
        super().__init__(Console(file=io.StringIO(), width=100), "en")
        self._patient = patient
        self._n_reps = n_reps

    def say(self, text: Text) -> None:
        """Hear a sentence."""
        super().say(text)
        if text == words.GO_AGAIN and not self._patient.is_exercising:
            self._patient.hear(Cue.GO, reps=self._n_reps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A session that was run.

    Parameters
    ----------
    seed : int
        Repeats it exactly.
    outcome : TrainingOutcome
        What the training returned.
    recording : RecordedSession
        What it stored.
    truth : tuple of RepTruth
        What the patient did, on the patient's clock.
    patient_zero_s : float
        The loop's time of the patient's first sample.
    faults : tuple of Fault
        What went wrong.
    sensor_states : tuple of str
        States of the collector, in order.
    leaked : tuple of str
        Tasks and connections that were left over.

    """

    seed: int
    outcome: TrainingOutcome
    recording: RecordedSession
    truth: tuple[RepTruth, ...]
    patient_zero_s: float
    faults: tuple[Fault, ...]
    sensor_states: tuple[str, ...]
    leaked: tuple[str, ...]


def run_session(seed: int, folder: Path, *, has_faults: bool = True) -> Ran:
    """Run a session in virtual time.

    Raises
    ------
    TimeoutError
        If it does not come to its end.

    """
    return run_virtually(_session(seed, folder, has_faults=has_faults), limit_s=STUCK_AFTER_S)


async def _session(seed: int, folder: Path, *, has_faults: bool) -> Ran:
    tasks_before = asyncio.all_tasks()
    chance = random.Random(seed)  # noqa: S311 - faults, not secrets
    patient = SimulatedPatient(EXERCISE, seed=seed)
    faults: list[Fault] = []
    hub = Messages()
    async with VirtualRadio(AirParams(seed=seed)) as radio:
        await radio.add_witmotion(
            "WT901BLE68", ADDRESS, patient.next_samples, clock_ppm=chance.uniform(-5000, 5000)
        )
        zero_s = asyncio.get_running_loop().time()
        training = _training(radio, patient, hub, folder)
        going_wrong = asyncio.create_task(_disturb(radio, chance, faults, has_faults=has_faults))
        try:
            outcome = await training.run()
        finally:
            going_wrong.cancel()
            await asyncio.wait({going_wrong})
        await asyncio.sleep(QUIETED_S)
        leaked = [
            f"connection to {one.peer_address}" for one in radio.adapter.device.connections.values()
        ]
    await asyncio.sleep(QUIETED_S)
    leaked += [f"task {task.get_name()}" for task in asyncio.all_tasks() - tasks_before]
    if outcome.path is None:
        raise RuntimeError(f"the session of seed {seed} was not stored")
    return Ran(
        seed=seed,
        outcome=outcome,
        recording=read_mcap(outcome.path.with_suffix(".mcap")),
        truth=patient.reps_done,
        patient_zero_s=zero_s,
        faults=tuple(faults),
        sensor_states=tuple(one["state"] for one in hub.told if one["type"] == "sensor"),
        leaked=tuple(leaked),
    )


async def _disturb(
    radio: VirtualRadio, chance: random.Random, faults: list[Fault], *, has_faults: bool
) -> None:
    if has_faults:
        with contextlib.suppress(asyncio.CancelledError):  # the session is over
            await play_faults(radio, ADDRESS, chance, faults)


def _training(
    radio: VirtualRadio, patient: SimulatedPatient, hub: LiveHub, folder: Path
) -> Training:
    plan = make_plan(EXERCISE, sets=SETS, reps=REPS, rest_s=REST_S, has_questions=False)
    sensor = SensorChoice(
        family=find_sensor("witmotion"),
        target=ADDRESS,
        backend=radio.backend,
        hear=lambda cue, reps: patient.hear(cue, reps=reps),
    )
    return Training(
        plan,
        sensor,
        PATIENT,
        DataFolder(folder).make(),
        hub=hub,
        view=Listening(patient, plan.first.reps or 0),
        speaker=SilentSpeaker(),
        settings=SETTINGS,
    )
