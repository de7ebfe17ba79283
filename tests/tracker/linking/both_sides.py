"""A patient's own computer, linked to a clinic where a clinician prescribes."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from fastapi.testclient import TestClient

from api import ApiSettings, load_course, transaction
from api.access import Role
from api.today import plan_of
from tests.api.prescription_ward import CORE
from tests.tracker.linking.two_sides import ME, NOON, clinic_there, home_in
from tracker.app import create_app
from tracker.linking.here import make_link
from tracker.linking.reading import read_orders
from tracker.linking.sending import Round
from tracker.live import LiveHub

MONDAY = NOON.date() - timedelta(days=NOON.weekday())
LATER = NOON + timedelta(days=2)


class Both:
    """A computer that is linked to a clinic, and the clinician who prescribes there."""

    def __init__(self, home, there, physio):
        self.home, self.there, self.physio = home, there, physio
        settings = ApiSettings(recordings_dir=home.folder.recordings, own_patient=ME)
        self.app = create_app(home.engine, settings, LiveHub())
        self.page = TestClient(self.app, base_url="http://localhost")

    @property
    def api(self):
        return f"/api/v1/patients/{self.there.patient.patient_id}"

    def order(self, reason="calmer", *, based_on=0, **values):
        order = {"exercise": CORE, "sets": 2, "reps": 8, "starts_on": str(MONDAY), **values}
        body = {"based_on": based_on, "reason": reason, "orders": [order]}
        answer = self.physio.client.post(f"{self.api}/prescription/versions", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def write(self, text):
        body = {"id": str(uuid4()), "text": text}
        assert self.physio.client.post(f"{self.api}/messages", json=body).status_code == 201
        return body["id"]

    def sync(self, now=LATER):
        sender = self.home.sender(now=lambda: now)
        return read_orders(sender, sender.send_all())

    def read(self, sender):
        """Ask the clinic and send nothing."""
        return read_orders(sender, Round())

    def course(self, now=LATER):
        with transaction(self.home.engine, writes=False) as db:
            return load_course(db, ME.id, now=now)

    def core(self, now=LATER):
        plan = plan_of(self.course(now), now)
        (found,) = [one.exercise for one in plan.exercises if one.exercise.id == CORE]
        return found.sets, found.reps

    def at_clinic(self, path):
        return self.physio.client.get(f"{self.api}/{path}").json()


@contextmanager
def linked(tmp_path):
    """Both sides with a link between them; nobody has begun a programme."""
    with home_in(tmp_path) as home, clinic_there() as there:
        physio = there.clinic.add(Role.CLINICIAN, "physio")
        there.clinic.treat(physio, there.patient)
        make_link(home.engine, ME, there.url, there.key())
        one = Both(home, there, physio)
        with one.page:
            one.app.state.clock = lambda: LATER
            yield one


def enrol(client, patient_id, **fields):
    """Begin a programme for a new injury; return its id."""
    api, injury_id = f"/api/v1/patients/{patient_id}", uuid4()
    injury = {"side": "left", "cause": "overload", "baseline_complaints": 5}
    body = {
        "injury_episode_id": str(injury_id),
        "start_on": str(MONDAY),
        "time_zone": "Europe/Amsterdam",
    } | fields
    assert client.put(f"{api}/injury-episodes/{injury_id}", json=injury).is_success
    assert client.put(f"{api}/enrolment", json=body).is_success
    return str(injury_id)
