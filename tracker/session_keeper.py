"""Keeps a running session: what came in, what was measured, what was answered, all on disk.

A disk that fails is told, and the training goes on: people come before files.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from analysis import ImuSamples, load_catalogue
from tracker import words
from tracker.calendar_clock import calendar_now
from tracker.coach_cues import Kept
from tracker.collector_events import Battery, RateChecked, Received, StateChanged
from tracker.errors import RecordingError
from tracker.gear import Gear
from tracker.gear_memory import GearMemory
from tracker.profile import Profile
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.recovery import SET_ENDED, SET_STARTED
from tracker.sensor_choice import SensorChoice
from tracker.session_record import SessionRecord
from tracker.session_store import SessionStore, is_worth_keeping
from tracker.settings import DataFolder
from tracker.training_plan import TrainingPlan, plan_documents
from tracker.words import Text

_log = logging.getLogger(__name__)


class SetNumber(NamedTuple):
    """Which set of which exercise of a sitting, from 1."""

    step: int
    set: int


class SessionKeeper:
    """The record, the recording and the files of one session.

    Parameters
    ----------
    plan, sensor, profile, folder
        What is trained, with what, by whom, and where it is kept.
    tell : callable
        Takes a sentence for the patient.

    Raises
    ------
    SessionBusyError
        If another program runs this session.

    """

    def __init__(
        self,
        plan: TrainingPlan,
        sensor: SensorChoice,
        profile: Profile,
        folder: DataFolder,
        tell: Callable[[Text], None],
    ) -> None:
        self.record = SessionRecord(
            plan=plan,
            patient_id=profile.patient_id,
            started_at=calendar_now().astimezone(),
            sensor=sensor.describe(),
            language=profile.language,
            catalogue=load_catalogue().version,
        )
        self.first_s: float | None = None
        self.last_s = 0.0
        self._began_s = 0.0
        self._plan = plan
        self._sensor = sensor
        self._tell = tell
        self._store = SessionStore(folder, plan.session_id)
        self._gear = GearMemory(folder, profile.patient_id)
        self._recorder: Recorder | None = None
        self._storing = asyncio.Lock()

    def begin(self, now_s: float) -> None:
        """Make the files.

        Raises
        ------
        OSError
            If the folder cannot be written: better told before the training than after.

        """
        self._began_s = now_s
        header = RecordingHeader(
            session=str(self._plan.session_id),
            started_at=self.record.started_at,
            anchor_s=now_s,
            sensor=self._sensor.family.id,
            sensor_address=self._sensor.target,
            rate_hz=self._sensor.family.nominal_rate_hz,
            exercises=tuple(step.exercise.id for step in self._plan.steps),
            settings={"steps": plan_documents(self._plan.steps)},
        )
        try:
            self._recorder = Recorder(self._store.recording, header, reserve=self._store.reserve)
            self._store.keep(self.record.document())
        except OSError:
            self._store.discard()
            raise

    def raw(self, received: Received, *, of_thigh: bool = False) -> None:
        """Record a notification as it came."""
        self._write(lambda recorder: recorder.add_raw(received, of_thigh=of_thigh))

    def samples(self, samples: ImuSamples) -> None:
        """Record samples."""
        self._write(lambda recorder: recorder.add_samples(samples))
        if self.first_s is None:
            self.first_s = float(samples.time_s[0])
        self.last_s = float(samples.time_s[-1])

    def thigh_samples(self, samples: ImuSamples) -> None:
        """Record samples of the second sensor; the session's times are those of the first."""
        self._write(lambda recorder: recorder.add_samples(samples, of_thigh=True))

    def sensor(self, event: StateChanged | Battery | RateChecked) -> None:
        """Keep what became of the sensor, in the recording and in the session."""
        match event:
            case StateChanged(state=state, at_s=at_s, reason=reason):
                note = {"event": "sensor", "state": str(state), "reason": reason}
                self._write(lambda recorder: recorder.annotate(at_s, note))
            case Battery(percent=percent):
                self.record.sensor["battery_percent"] = percent
            case RateChecked(measured_hz=measured_hz):
                self.record.sensor["rate_hz"] = round(measured_hz, 2)

    def stood_still(self, from_s: float, for_s: float) -> None:
        """Note that nothing could be noticed for a while."""
        _log.warning("the program stood still for %.1f s", for_s)
        note = {"event": "stood_still", "from_s": from_s, "for_s": for_s}
        self._write(lambda recorder: recorder.annotate(from_s + for_s, note))

    def set_started(self, number: SetNumber, at_s: float) -> None:
        """Note in the recording that a set begins, for a later analysis and after a crash."""
        self._note(SET_STARTED, number, at_s, last_sample_s=self.last_s)

    async def set_ended(
        self,
        number: SetNumber,
        documents: Sequence[dict[str, Any]],
        at_s: float,
        *,
        last_sample_s: float,
    ) -> None:
        """Keep a set; only then is it noted as ended, so that a crash until then is recovered."""
        self.record.exercise_sets += documents
        if await self.store():
            self._note(SET_ENDED, number, at_s, last_sample_s=last_sample_s)

    def add(self, kept: Kept, item: Mapping[str, Any], at_s: float) -> None:
        """Take in what no sensor measured; `store` writes it."""
        match kept:
            case Kept.TIMED:
                ended_at = self.record.started_at + timedelta(seconds=at_s - self._began_s)
                self.record.timed.append({**item, "ended_at": ended_at.isoformat()})
            case Kept.SELF_REPORTED:
                self.record.self_reported.append(dict(item))
            case Kept.CORRECTION:
                self.record.correct(item["step"], item["set"], item["reps"])
            case Kept.GEAR:
                self.record.plan = self.record.plan.with_gear(item["exercise"], item["gear"])
                self._remember(item["exercise"], item["gear"])

    def _remember(self, exercise_id: str, gear: Gear) -> None:
        try:
            self._gear.remember(exercise_id, gear)
        except OSError as error:  # the set itself still says what was used
            _log.warning("the gear cannot be remembered: %s", error)

    async def store(self) -> bool:
        """Write what is known so far; a disk that fails is told."""
        async with self._storing:  # one file, written by one thread at a time
            try:
                await asyncio.to_thread(self._store.keep, self.record.document())
            except OSError as error:
                self._tell(words.NOT_WRITTEN.with_values(reason=error))
                return False
        return True

    async def close(self) -> None:
        """End the recording."""
        await asyncio.to_thread(self._write, Recorder.close)

    def finish(self, measured_s: float) -> Path | None:
        """Move the session to the outbox; None when there is nothing worth storing in it."""
        document = self.record.document()
        if is_worth_keeping(document, measured_s):
            return self._store.finish(document)
        self._store.discard()
        return None

    def leave(self) -> None:
        """Leave everything as it is: the next start recovers it."""
        self._store.leave()

    def _note(self, event: str, number: SetNumber, at_s: float, *, last_sample_s: float) -> None:
        """Note a set's edge, and the last sample before it: exactly where the set was cut."""
        note = {
            "event": event,
            "set": number.set,
            "step": number.step,
            "last_sample_s": last_sample_s,
        }
        self._write(lambda recorder: recorder.annotate(at_s, note))

    def _write(self, write: Callable[[Recorder], None]) -> None:
        if self._recorder is None:
            return
        try:
            write(self._recorder)
        except RecordingError as error:  # raised once; later calls do nothing
            self._tell(words.NOT_WRITTEN.with_values(reason=error))
