"""One's own patient in the first place, somebody else's thing in the second: on every route."""

import re
from http import HTTPStatus
from uuid import uuid4

import pytest
from sqlalchemy import select

from api.access import Role
from api.access.route_map import RouteMap
from api.models import Row
from tests.api.access.people import open_clinic
from tests.api.needs.clinic_story import Trained, on_day
from tests.flow.test_permissions import whole_app

WORDS_OF_BERT = "Synthetic words of bert"
TODAY = on_day(9, 12)
INJURY = {"side": "right", "cause": "overload"}
TOTAL = {"instrument": "visa_h", "total": 41, "measured_on": "2026-04-10"}
BODIES = {"episode_id": INJURY, "total_id": TOTAL}
# Keys of a place within what the address names before them; not ids of a thing of its own.
PLACES = {"number", "rep_number", "result_number", "rest_on", "on", "decision", "step", "day_id"}
WHOSE = {"patient_id", "session_id", "prescription_id"}  # the permission matrix tries these
NOT_OF_A_PATIENT = {
    "template_id", "sport_id", "job_id", "token_id", "account_id", "login_id", "passkey_id",
    "invitation_id", "care_id", "definition_id", "name", "path", "room", "kind",
    "observation_id", "device_id", "response_id", "incoming_id", "tray",
}  # fmt: skip


def things_of(clinic, patient, physio, words):
    """Let a patient have one thing of each kind; return their ids by their names in addresses."""
    story = Trained(clinic, patient).enrol(on_day(1).date()).train(8, pain=7)
    ids = {name: str(uuid4()) for name in ("check_in_id", "entry_id", "report_id", "answer_id")}
    report = {"exercise": "squat_single_leg", "sets": 1, "reason": words}
    story.tell("check-ins", 9, 8, pain=3, id=ids["check_in_id"])
    story.tell("diary", 9, 8, notes=words, id=ids["entry_id"])
    story.tell("self-reports", 9, 8, id=ids["report_id"], **report)
    advice = patient.client.get(f"{story.url}/today").json()["advice"][0]
    answer = {"id": ids["answer_id"], "key": advice["key"], "answer": "seen"}
    sent = [patient.client.post(f"{story.url}/advice-answers", json=answer)]
    for name, path in (("note_id", "notes"), ("message_id", "messages")):
        ids[name] = str(uuid4())
        body = {"id": ids[name], "text": words}
        sent.append(physio.client.post(f"{story.url}/{path}", json=body))
    ids["total_id"], ids["episode_id"] = str(uuid4()), str(story.injury_id)
    total = {**TOTAL, "instrument": "fash"}
    sent.append(
        physio.client.put(f"{story.url}/questionnaire-totals/{ids['total_id']}", json=total)
    )
    marked = physio.client.post(f"{story.url}/need-marks", json={"kind": "seen", "note": words})
    weeks = physio.client.post(f"{story.url}/extra-weeks")
    sent += [marked, weeks]
    assert all(one.is_success for one in sent), [one.text for one in sent if one.is_error]
    ids |= {"mark_id": marked.json()["id"], "week_id": weeks.json()["extra_weeks"][0]["id"]}
    return ids


def takes_away(name):
    return any(word in name for word in ("DELETE", "/undo", "/remove", "/withdraw"))


class Ward:
    """Two patients with all kinds of things; physio and anna have nothing to do with bert."""

    def __init__(self, clinic):
        self.clinic, self.app = clinic, clinic.api.app
        self.anna, self.bert = (clinic.add(Role.PATIENT, name) for name in ("anna", "bert"))
        self.physio, other = (clinic.add(Role.CLINICIAN, name) for name in ("physio", "other"))
        clinic.treat(self.physio, self.anna)
        clinic.treat(other, self.bert)
        self.ids = {
            "anna": things_of(clinic, self.anna, self.physio, "Synthetic words of anna"),
            "bert": things_of(clinic, self.bert, other, WORDS_OF_BERT),
        }
        clinic.now = TODAY
        names = [
            name for name in RouteMap(self.app).names if self.kinds(name) & set(self.ids["anna"])
        ]
        self.names = sorted(names, key=takes_away)

    @staticmethod
    def kinds(name):
        return set(re.findall(r"{(\w+)}", name))

    def ask(self, person, name, whose):
        """Ask for a thing of somebody below anna's address."""
        values = {**self.ids[whose], "patient_id": str(self.anna.patient_id)}
        method, _, path = name.partition(" ")
        (kind,) = self.kinds(name) & set(values) - {"patient_id"}
        body = BODIES.get(kind, {}) if method in {"PUT", "POST"} else None
        given = {"json": body} if path.startswith("/api/") else {"data": body}
        return person.client.request(method, path.format(**values), **given)

    def kept_of_bert(self):
        """Every row that is his, or is one of his things."""
        own = {
            self.bert.patient_id.hex,
            *(one.replace("-", "") for one in self.ids["bert"].values()),
        }
        kept = set()
        with self.clinic.engine.connect() as db:
            for table in Row.metadata.sorted_tables:
                for row in db.execute(select(table)):
                    values = {str(value).replace("-", "") for value in row}
                    if values & own and "audit" not in table.name:
                        kept.add((table.name, repr(tuple(row))))
        return kept


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with open_clinic(make=whole_app(tmp_path_factory.mktemp("data"))) as clinic:
        yield Ward(clinic)


def test_every_id_in_an_address_is_known_here(ward):
    named = {kind for name in RouteMap(ward.app).names for kind in ward.kinds(name)}

    unknown = named - set(ward.ids["anna"]) - PLACES - WHOSE - NOT_OF_A_PATIENT

    assert unknown == set()
    assert len(ward.names) > 20


def test_nobody_reads_or_changes_a_thing_of_another_below_the_address_of_their_own(ward):
    before, wrong = ward.kept_of_bert(), []

    for name in ward.names:
        for person in (ward.anna, ward.physio):
            answer = ward.ask(person, name, "bert")
            if (
                WORDS_OF_BERT in answer.text
                or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            ):
                wrong.append((name, person.login, answer.status_code))
    after = ward.kept_of_bert()

    assert wrong == []
    assert len(before) > 15
    assert after == before


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("check-ins", "check_in_id", {"at": TODAY.isoformat(), "pain": 1}),
        ("diary", "entry_id", {"at": TODAY.isoformat()}),
        ("self-reports", "report_id", {"at": TODAY.isoformat(), "exercise": "plank", "sets": 1}),
        ("advice-answers", "answer_id", {"key": "ice", "answer": "seen"}),
        ("notes", "note_id", {"text": "Synthetic"}),
        ("messages", "message_id", {"text": "Synthetic"}),
    ],
)
def test_an_id_of_somebody_elses_thing_is_taken_and_stays_as_it_is(ward, path, kind, body):
    person = ward.physio if path in {"notes", "messages"} else ward.anna
    url = f"/api/v1/patients/{ward.anna.patient_id}/{path}"
    before = ward.kept_of_bert()

    answer = person.client.post(url, json=body | {"id": ward.ids["bert"][kind]})

    assert answer.status_code in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}
    assert WORDS_OF_BERT not in answer.text
    assert ward.kept_of_bert() == before


def test_the_same_requests_work_on_things_of_ones_own(ward):
    refused = {
        name: [ward.ask(person, name, "anna").status_code for person in (ward.physio, ward.anna)]
        for name in ward.names
    }

    assert {name: codes for name, codes in refused.items() if min(codes) >= 400} == {}
