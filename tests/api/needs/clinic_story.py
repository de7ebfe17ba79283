"""A clinic with patients in every state of the list by need; all of them synthetic."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from api.access import Role
from tests.api.access.people import Clinic, Person, open_clinic
from tests.api.builders import SQLITE, exercise_set, session
from tests.api.course_builders import AMSTERDAM

START = date(2026, 4, 6)  # a Monday


def on_day(n, hour=9):
    """Day n of a programme that began on START, from 1."""
    day = START + timedelta(days=n - 1)
    return datetime(day.year, day.month, day.day, hour, tzinfo=AMSTERDAM).astimezone(UTC)


@dataclass
class Trained:
    """A patient of a clinic, whose history is told session by session."""

    clinic: Clinic
    person: Person

    @property
    def id(self):
        return self.person.patient_id

    @property
    def url(self):
        return f"/api/v1/patients/{self.id}"

    def enrol(self, start_on=START, **injury):
        injury_id = uuid4()
        body = {"side": "left", "cause": "overload", "baseline_complaints": 6} | injury
        put = self.person.client.put
        assert put(f"{self.url}/injury-episodes/{injury_id}", json=body).status_code == 201
        enrolment = {
            "injury_episode_id": str(injury_id),
            "start_on": start_on.isoformat(),
            "time_zone": "Europe/Amsterdam",
        }
        assert put(f"{self.url}/enrolment", json=enrolment).status_code == 201
        self.injury_id = injury_id
        return self

    def train(
        self, n, hour=9, *, eccentric_s=3.0, reps=15, coverage=0.998, pain=1, sets=3, **fields
    ):
        """Store a session on day n of the programme, as it arrives then."""
        self.clinic.now = on_day(n, hour)
        one = exercise_set((eccentric_s,) * reps, trace=False, **fields)
        one["quality"]["coverage"] = coverage
        one["side"] = "left"
        body = session(
            patient_id=str(self.id),
            started_at=self.clinic.now.isoformat(),
            pain={"before": 0, "worst": pain},
            exercise_sets=[one] * sets,
        )
        answer = self.person.client.put(f"/api/v1/sessions/{uuid4()}", json=body)
        assert answer.status_code == 201, answer.text
        return self

    def train_daily(self, days, **fields):
        for n in days:
            for hour in (9, 19):
                self.train(n, hour, **fields)
        return self

    def tell(self, path, n, hour=12, **fields):
        self.clinic.now = on_day(n, hour)
        body = {"id": str(uuid4()), "at": self.clinic.now.isoformat()} | fields
        answer = self.person.client.post(f"{self.url}/{path}", json=body)
        assert answer.status_code == 201, answer.text
        return self


@contextmanager
def clinic_of(*names, database=SQLITE):
    """A clinic with a clinician, and patients whom she treats."""
    with open_clinic(database=database) as clinic:
        yield clinic, *a_practice(clinic, *names)


def a_practice(clinic, *names):
    """A further clinician of a clinic, with new patients whom she treats."""
    clinic.now = on_day(1, 8)
    number = len(clinic.people)
    physio = clinic.add(Role.CLINICIAN, f"physio-{number}")
    clinic.people.append(physio)
    trained = {}
    for name in names:
        person = clinic.add(Role.PATIENT, f"{name}-{number}")
        clinic.treat(physio, person)
        trained[name] = Trained(clinic, person)
    return physio, trained
