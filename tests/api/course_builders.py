"""A patient on the programme, told over HTTP, with a clock that the test moves."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from api import OwnPatient
from tests.api.builders import PATIENT_ID, SQLITE, Service, exercise_set, service, session

INJURY_ID = UUID("1d7c7f0a-7a3a-4a5e-8e7e-0c2f5a9b6d01")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 5, 4)
PATIENT_URL = f"/api/v1/patients/{PATIENT_ID}"


def at(on=MONDAY, hour=9, minute=0, zone=AMSTERDAM):
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=zone)


def day(n):
    """Day n of a programme that starts on that Monday, from 1."""
    return MONDAY + timedelta(days=n - 1)


@dataclass
class Patient:
    """One patient of a service, at the moment that the test says it is."""

    api: Service
    now: datetime = field(default_factory=lambda: at().astimezone(UTC))
    n_stored: int = 0

    def __post_init__(self):
        self.api.app.state.clock = lambda: self.now

    def move(self, moment):
        self.now = moment.astimezone(UTC)
        return self

    def get(self, path, **params):
        return self.api.client.get(f"{PATIENT_URL}/{path}", params=params)

    def put(self, path, body):
        return self.api.client.put(f"{PATIENT_URL}/{path}", json=body)

    def post(self, path, body):
        return self.api.client.post(f"{PATIENT_URL}/{path}", json=body)

    def delete(self, path):
        return self.api.client.delete(f"{PATIENT_URL}/{path}")

    def injure(self, injury_id=INJURY_ID, **fields):
        body = {"side": "left", "cause": "overload", "baseline_complaints": 5} | fields
        return self.put(f"injury-episodes/{injury_id}", body)

    def enrol(self, **fields):
        body = {
            "injury_episode_id": str(INJURY_ID),
            "start_on": MONDAY.isoformat(),
            "time_zone": "Europe/Amsterdam",
        }
        return self.put("enrolment", body | fields)

    def train(self, exercise="ecc_prone_helper", *, sets=3, reps=15, eccentric_s=3.0, **fields):
        """Store a sitting that starts now."""
        one = exercise_set((eccentric_s,) * reps, exercise=exercise, trace=False)
        given = fields.pop("exercise_sets", [one] * sets)
        body = session(sets=given, started_at=self.now.isoformat(), pain=None, soreness=None)
        self.n_stored += 1
        answer = self.api.put_session(body | fields, uuid5(PATIENT_ID, str(self.n_stored)))
        assert answer[1].status_code == 201, answer[1].text
        return answer[0]

    def report(self, exercise="ecc_prone_helper", **fields):
        body = {
            "id": str(uuid4()),
            "at": self.now.isoformat(),
            "exercise": exercise,
            "sets": 3,
            "reps": 15,
        }
        return self.post("self-reports", body | fields)

    def check_in(self, **fields):
        return self.post("check-ins", {"id": str(uuid4()), "at": self.now.isoformat()} | fields)

    def reply(self, question, *, is_yes):
        body = {"id": str(uuid4()), "at": self.now.isoformat()}
        return self.post("answers", body | {"question": question, "is_yes": is_yes})

    def answer(self, key, answer="accepted", answer_id=None):
        body = {"id": str(answer_id or uuid4()), "key": key, "answer": answer}
        return self.post("advice-answers", body)

    def play(self, **fields):
        return self.post("diary", {"id": str(uuid4()), "at": self.now.isoformat()} | fields)

    def open(self, path, language="en"):
        """Open a page of a local install, as its reader sees it."""
        return self.api.client.get(path, headers={"Accept-Language": language})

    def send(self, path, **fields):
        """Send a form of a page; gives the page that it leads to."""
        return self.api.client.post(path, data=fields, headers={"Accept-Language": "en"})

    def calendar_day(self):
        """Return the calendar's line of the day that it is."""
        days = self.get("calendar").json()["days"]
        (one,) = [one for one in days if one["on"] == self.now.date().isoformat()]
        return one

    def today(self):
        answer = self.get("today")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def advice(self):
        """What the programme has to say now, by code."""
        return {one["code"]: one for one in self.today()["advice"]}


@contextmanager
def local_install(**settings):
    """A service whose one patient is the person of this machine, who told nothing yet."""
    own = OwnPatient(id=PATIENT_ID, name="Ik", language="nl")
    with service(own_patient=own, **settings) as api:
        yield Patient(api)


@contextmanager
def enrolled_patient(*, is_own=False, database=SQLITE, **fields):
    """A patient with an overloaded left hamstring who starts on a Monday."""
    settings = {"own_patient": OwnPatient(id=PATIENT_ID, name="Ik")} if is_own else {}
    with service(database=database, **settings) as api:
        api.put_patient()
        patient = Patient(api)
        assert patient.injure().status_code == 201
        answer = patient.enrol(**fields)
        assert answer.status_code == 201, answer.text
        yield patient
