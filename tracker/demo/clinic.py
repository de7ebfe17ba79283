"""Fill the demo's clinic: simulate, analyse with the real engine, send over the real interface.

Runs as a process of its own beside the server (`python -m tracker.demo.clinic FOLDER URL`), so
that it takes no time from a training that runs live. One line a session on standard output says
how far it is. What was sent stays in FOLDER: the next start has nothing left to do, and one that
was cut off goes on where it was.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from analysis import ENGINE_VERSION, ImuSamples, analyse_recording, load_catalogue
from api.zones import machine_zone
from tracker.coach_cues import TrainingPlan
from tracker.demo.people import (
    PATIENTS,
    REPS,
    REST_S,
    SETS,
    SyntheticPatient,
    SyntheticSession,
    timetable,
)
from tracker.profile import Language, Profile, usual_language
from tracker.session_record import SessionRecord, set_documents
from tracker.settings import DataFolder
from tracker.simulator import Scenario, simulate
from tracker.uploader import Uploader, write_durably

CALM: Final = 10  # how far the process steps back for others
CALENDAR: Final = "timetable.json"


def clinic_version() -> str:
    """Return what the results depend on."""
    return f"engine-{ENGINE_VERSION}-catalogue-{load_catalogue().version}"


def session_document(session: SyntheticSession, language: Language) -> dict[str, Any]:
    """Simulate the signals of a session and return what the engine makes of them.

    Returns
    -------
    dict
        The body of `PUT /api/v1/sessions/{uuid}`.

    """
    patient = session.patient
    scenario = Scenario(
        exercise_id=patient.exercise_id,
        sets=SETS,
        reps=REPS,
        profile=patient.profile,
        rest_s=REST_S,
        side=patient.side,
    )
    signals = simulate(scenario, seed=session.seed)
    samples = ImuSamples(signals.time_s, signals.acc_ms2, signals.gyr_rads)
    exercise = load_catalogue()[patient.exercise_id]
    plan = TrainingPlan(
        exercise=exercise,
        sets=SETS,
        reps=REPS,
        rest_s=REST_S,
        session_id=session.id(clinic_version()),
        side=patient.side,
    )
    record = SessionRecord(
        plan=plan,
        patient_id=patient.id,
        started_at=session.started_at,
        sensor={"family": "simulated", "is_simulated": True, "rate_hz": scenario.rate_hz},
        language=language,
        catalogue=load_catalogue().version,
    )
    result = analyse_recording(samples, exercise)
    record.exercise_sets += set_documents(
        result, plan, samples.time_s, t0_s=float(samples.time_s[0]), language=language
    )
    return record.document()


class Clinic:
    """The synthetic sessions of one data folder.

    Parameters
    ----------
    folder : DataFolder
        What was sent is remembered here.
    today : date
        The day before which the sessions lie; the day of the first start is kept.
    patients : sequence of SyntheticPatient
        Who comes to this clinic.

    """

    def __init__(
        self,
        folder: DataFolder,
        today: date,
        patients: Sequence[SyntheticPatient] = PATIENTS,
    ) -> None:
        self._folder = folder.make()
        self._first_day = self._remembered(today)
        self._sessions = tuple(timetable(self._first_day, patients))

    @property
    def n_sessions(self) -> int:
        """How many there will be."""
        return len(self._sessions)

    @property
    def n_sent(self) -> int:
        """How many are in the database already."""
        return sum(self._is_sent(session) for session in self._sessions)

    def fill(self, url: str, language: Language) -> None:
        """Compute and send what is missing; say on standard output how far it is.

        Raises
        ------
        UploadError
            If the service refuses, or went away.

        """
        uploader = Uploader(url, self._folder)
        introduced: set[int] = set()
        for session in self._sessions:
            if self._is_sent(session):
                continue
            patient = session.patient
            if patient.number not in introduced:
                name = patient.name(language)
                profile = Profile(patient_id=patient.id, name=name, language=language)
                uploader.introduce(profile, is_synthetic=True)
                enrolment = patient.enrolment(self._first_day, machine_zone())
                uploader.enrol(patient.id, {"side": patient.side}, enrolment)
                introduced.add(patient.number)
            session_id = session.id(clinic_version())
            path = self._folder.outbox / f"{session_id}.json"
            write_durably(path, session_document(session, language))
            uploader.send(session_id)
            sys.stdout.write(f"{self.n_sent} {self.n_sessions}\n")
            sys.stdout.flush()

    def _is_sent(self, session: SyntheticSession) -> bool:
        return (self._folder.sent / f"{session.id(clinic_version())}.json").exists()

    def _remembered(self, today: date) -> date:
        """Return the day of the first start: sessions that were stored do not move."""
        path = self._folder.root / CALENDAR
        if path.exists():
            return date.fromisoformat(json.loads(path.read_text("utf-8"))["first_day"])
        write_durably(path, {"first_day": today.isoformat()})
        return today


def main(arguments: list[str]) -> int:
    """Fill the clinic of a folder over the address of a service."""
    root, url = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the demo, which ends this process
    with suppress(AttributeError, OSError):  # not on every system
        os.nice(CALM)
    clinic = Clinic(DataFolder(Path(root)), datetime.now(UTC).astimezone().date())
    clinic.fill(url, usual_language(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
