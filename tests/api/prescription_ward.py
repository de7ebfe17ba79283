"""A patient on the programme, the clinicians who prescribe, and the editor's form as sent."""

import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from uuid import uuid4

from api.access import Role
from tests.api.access.people import NOON, open_clinic

CORE = "ecc_prone_helper"
TODAY = NOON.date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
X = "\N{MULTIPLICATION SIGN}"
ENGLISH = {"Accept-Language": "en"}


class Ward:
    """A patient on the programme and two clinicians who treat them."""

    def __init__(self, clinic, physio, doctor):
        self.clinic, self.physio, self.doctor = clinic, physio, doctor
        self.anna = self.admit("anna")
        self.base = f"/patients/{self.anna.patient_id}"

    def admit(self, name):
        """A new patient on the programme, treated by both."""
        patient = self.clinic.add(Role.PATIENT, f"{name}-{uuid4().hex[:8]}")
        for clinician in (self.physio, self.doctor):
            self.clinic.treat(clinician, patient)
        api, injury_id = f"/api/v1/patients/{patient.patient_id}", uuid4()
        injury = {"side": "left", "cause": "overload", "baseline_complaints": 5}
        enrolment = {
            "injury_episode_id": str(injury_id),
            "start_on": str(MONDAY),
            "time_zone": "Europe/Amsterdam",
        }
        assert patient.client.put(f"{api}/injury-episodes/{injury_id}", json=injury).is_success
        assert patient.client.put(f"{api}/enrolment", json=enrolment).is_success
        return patient

    def later(self, **span):
        """Let time pass; everybody logs in again."""
        self.clinic.later(**span)
        for person in (self.anna, self.physio, self.doctor):
            assert person.log_in().status_code == 303

    def open(self, path="prescription/edit", who=None, **params):
        client = (who or self.physio).client
        answer = client.get(f"{self.base}/{path}", params=params, headers=ENGLISH)
        assert answer.status_code == 200, answer.text
        return answer

    def send(self, fields, who=None, path="prescription/edit"):
        client = (who or self.physio).client
        return client.post(f"{self.base}/{path}", data=fields, headers=ENGLISH)

    def order(self, who=None, reason="calmer", **values):
        """Fill in the first place of the core exercise, and save."""
        fields = form_of(self.open(who=who)) | {"do": "save", "reason": reason}
        return self.send(fields | at(fields, CORE, **values), who)

    def version(self):
        answer = self.physio.client.get(f"/api/v1{self.base}/prescription")
        return answer.json() if answer.status_code == 200 else None

    def today(self):
        planned = self.anna.client.get(f"/api/v1{self.base}/today").json()["exercises"]
        return {one["exercise"]: one for one in planned}


@contextmanager
def open_ward():
    with open_clinic() as clinic:
        yield clinic, clinic.add(Role.CLINICIAN, "physio"), clinic.add(Role.CLINICIAN, "doctor")


def form_of(answer):
    """The fields of the editor as a browser would send them."""
    html = answer.text[answer.text.index('class="form wide-form"') :]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", html):
        given = {key: unescape(value) for key, value in re.findall(r'(\w[\w-]*)="([^"]*)"', tag)}
        if given.get("type") != "checkbox" or " checked" in tag:
            fields[given["name"]] = given.get("value", "")
    selects = re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL)
    for name, options in selects:
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[0] if chosen else ""
    return fields


def places(fields, exercise):
    """The numbers of the places of an exercise."""
    return [
        int(name.partition(".")[0])
        for name, value in fields.items()
        if name.endswith(".exercise") and value == exercise
    ]


def at(fields, exercise, place=0, **values):
    """Values for the fields of a place of an exercise."""
    number = places(fields, exercise)[place]
    return {f"{number}.{name}": value for name, value in values.items()}


def lines(answer):
    """The items of all lists of a page, as they are read."""
    items = re.findall(r"<li>.*?</li>", answer.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in items]
