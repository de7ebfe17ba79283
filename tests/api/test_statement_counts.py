"""No page asks the database once more for each patient, session, note or message."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from api.access import Role
from api.access.route_map import RouteMap
from tests.api.access.people import NOON, open_clinic
from tests.api.builders import exercise_set, session

FEW, MANY = 3, 30
# Of a session, a patient, a day; the rest of an address is filled in from what is stored.
DAY = NOON.date().isoformat()
MARK = {"kind": "remarked", "reason": "helper", "remark": ""}
# Files of all there is, and FHIR, whose batches tests/api/fhir counts.
IN_BATCHES = ("/api/v1/fhir/", "/export", "-export.zip", ".pdf")


class Ward:
    """A clinic that grows: one patient with everything, and others beside."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.physio, self.admin = (
            clinic.add(role, role.value) for role in (Role.CLINICIAN, Role.ADMINISTRATOR)
        )
        self.anna = clinic.add(Role.PATIENT, "anna")
        clinic.treat(self.physio, self.anna)
        self.api = f"/api/v1/patients/{self.anna.patient_id}"
        self.ids = {"patient_id": str(self.anna.patient_id), "on": DAY, "number": "1"}
        self.n = self.n_orders = 0
        self._enrol()

    def grow(self, until):
        """Add patients, and to Anna sessions, orders, notes, messages, totals, log-ins."""
        while self.n < until:
            other = self.clinic.add(Role.PATIENT, f"other-{self.n}", is_in=False)
            self.clinic.treat(self.physio, other)
            self._add_to_anna()
            self.n += 1

    def _enrol(self):
        episode_id = str(uuid4())
        self.ids["episode_id"] = episode_id
        injury = {"side": "left", "cause": "overload", "baseline_complaints": 5}
        put = self.anna.client.put
        assert put(f"{self.api}/injury-episodes/{episode_id}", json=injury).is_success
        enrolment = {
            "injury_episode_id": episode_id,
            "start_on": (NOON - timedelta(days=60)).date().isoformat(),
            "time_zone": "Europe/Amsterdam",
        }
        assert put(f"{self.api}/enrolment", json=enrolment).is_success

    def _add_to_anna(self):
        at = NOON - timedelta(days=self.n, hours=1)
        day, session_id = at.date().isoformat(), uuid4()
        sets = [exercise_set((3.0, 2.9), trace=False)] * 2
        body = session(patient_id=self.ids["patient_id"], sets=sets, started_at=at.isoformat())
        told = {"id": str(uuid4()), "at": at.isoformat(), "pain": 2, "soreness": 1}
        order = {"exercise": "ecc_prone_helper", "sets": 2, "reps": 8 + self.n, "starts_on": day}
        version = {"based_on": self.n, "reason": "calmer", "orders": [order]}
        written = {"id": str(uuid4()), "text": f"Synthetic {self.n}."}
        total = {"instrument": "fash", "total": 40 + self.n, "measured_on": day}
        sent = [
            self.anna.client.put(f"/api/v1/sessions/{session_id}", json=body),
            self.anna.client.post(f"{self.api}/check-ins", json=told),
            self.physio.client.post(f"{self.api}/prescription/versions", json=version),
            self.physio.client.post(f"{self.api}/notes", json=written),
            self.physio.client.post(f"{self.api}/messages", json=written),
            self.physio.client.put(f"{self.api}/questionnaire-totals/{uuid4()}", json=total),
            self.physio.client.put(f"/api/v1/sessions/{session_id}/sets/1/reps/1/mark", json=MARK),
        ]
        assert all(one.is_success for one in sent), [one.text for one in sent if one.is_error]
        self.ids.setdefault("session_id", str(session_id))
        self.clinic.token(self.anna)

    def costs(self):
        """Statements of every page and list that one of these people may ask for."""
        rules, found, listed = self.clinic.api.app.state.access.rules, {}, []
        engine = self.clinic.engine

        def note(*_):
            listed.append(1)

        event.listen(engine, "before_cursor_execute", note)
        try:
            for name in RouteMap(self.clinic.api.app).names:
                method, _, path = name.partition(" ")
                roles = rules.rule(name).roles
                if (
                    method != "GET"
                    or rules.rule(name).is_public
                    or any(one in name for one in IN_BATCHES)
                ):
                    continue
                for who in (self.physio, self.anna, self.admin):
                    if (
                        roles
                        and Role(who.login if who is not self.anna else "patient") not in roles
                    ):
                        continue
                    try:
                        address = path.format_map(self.ids)
                    except KeyError:
                        continue
                    listed.clear()
                    answer = who.client.get(address, follow_redirects=False)
                    if answer.status_code == 200:
                        found[f"{who.login}: {name}"] = len(listed)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return found


@pytest.fixture(scope="module")
def ward():
    with open_clinic() as clinic:
        yield Ward(clinic)


def test_thirty_cost_no_more_statements_than_three_on_any_page(ward):
    ward.grow(FEW)
    before = ward.costs()
    ward.grow(MANY)

    after = ward.costs()

    more = {name: (before[name], n) for name, n in after.items() if n > before.get(name, n)}
    assert more == {}
    assert len(after) > 60
    assert {"clinician: GET /clinic", "patient: GET /account", "administrator: GET /users"} <= {
        name.replace("anna:", "patient:") for name in after
    }
