import html
import re
import threading
from functools import partial
from uuid import uuid4

import pytest

from api.access import Door, Role, Visitor
from api.access.errors import SpentCodeError
from api.db import repeated
from tests.api.access.people import EVERYTHING, PASSWORD, code_on, heading

pytestmark = pytest.mark.both_databases

FORM = {"login": "carla@clinic.example", "name": "Synthetic carla", "password": PASSWORD}


def accept(browser, code, **fields):
    return browser.post(
        "/invitation/accept", data=FORM | {"code": code} | fields, follow_redirects=False
    )


def test_a_clinician_invites_a_patient_who_chooses_what_may_be_seen(clinic, physio):
    shown = physio.client.post("/invitations", data={"name": "Synthetic carla", "role": "patient"})
    code = code_on(shown)
    carla = clinic.browser()

    page = carla.post("/invitation", data={"code": code.lower().replace("-", " ")})
    taken = accept(carla, code, scopes=["results"])

    assert "Synthetic physio invites you to tempo90 as patient." in html.unescape(page.text)
    assert taken.headers["location"] == "/"
    me = carla.get("/api/v1/me").json()
    assert me["role"] == "patient"
    listed = physio.client.get("/api/v1/patients").json()["patients"]
    assert [one["id"] for one in listed] == [me["patient_id"]]
    recording = physio.client.get(f"/api/v1/sessions/{uuid4()}/recording")
    assert recording.status_code == 404


def test_without_consent_the_clinician_sees_nothing(clinic, physio):
    carla = clinic.browser()

    accept(carla, clinic.invite(Role.PATIENT, by=physio))

    patient_id = carla.get("/api/v1/me").json()["patient_id"]
    assert physio.client.get("/api/v1/patients").json() == {"patients": []}
    assert physio.client.get(f"/api/v1/patients/{patient_id}").status_code == 404


@pytest.mark.usefixtures("clinic")
def test_the_link_holds_the_code_behind_the_hash_where_no_server_sees_it(physio):
    shown = physio.client.post("/invitations", data={"name": "Synthetic carla"})

    code = code_on(shown)

    assert f"https://localhost/invitation#{code}" in shown.text
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}", code)
    assert shown.headers["cache-control"] == "no-store"
    assert code not in physio.client.get("/invitations").text


def test_a_code_works_once(clinic, physio):
    code = clinic.invite(Role.PATIENT, by=physio)
    accept(clinic.browser(), code)

    again = accept(clinic.browser(), code, login="dora@clinic.example")

    assert again.status_code == 410
    assert "This code does not work" in again.text


def test_of_many_who_take_a_code_at_the_same_time_one_gets_in(clinic, physio):
    code = clinic.invite(Role.PATIENT, by=physio)
    door = Door(clinic.engine, clinic.api.app.state.access)
    outcomes = []

    def take(n):
        visitor = Visitor(address="test")
        person = {"login": f"racer-{n}", "name": "Synthetic racer", "password": PASSWORD}
        taking = partial(door.accept, code, **person, scopes=EVERYTHING, language="nl")
        try:
            repeated(lambda: taking(visitor=visitor))
            outcomes.append("in")
        except SpentCodeError:
            outcomes.append("spent")

    threads = [threading.Thread(target=take, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in", "spent", "spent", "spent"]


def test_a_code_that_is_too_old_or_withdrawn_or_made_up_opens_nothing(clinic, physio):
    old = clinic.invite(Role.PATIENT, by=physio, lasts_s=600)
    clinic.later(minutes=10)
    withdrawn = clinic.invite(Role.PATIENT, by=physio)
    page = physio.client.get("/invitations").text
    action = re.search(r'action="(/invitations/[^"]+/withdraw)"', page).group(1)
    physio.client.post(action)

    for code in (old, withdrawn, "AAAAA-AAAAA-AAAAA-AAAAA", ""):
        assert clinic.browser().post("/invitation", data={"code": code}).status_code == 410
        assert accept(clinic.browser(), code).status_code == 410


def test_nobody_withdraws_the_invitation_of_another(clinic, physio, admin):
    code = clinic.invite(Role.PATIENT, by=physio)
    page = physio.client.get("/invitations").text
    action = re.search(r'action="(/invitations/[^"]+/withdraw)"', page).group(1)

    admin.client.post(action)

    assert clinic.browser().post("/invitation", data={"code": code}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"password": "short"}, 422, "Take a longer password"),
        ({"password": "aaaaaaaaaaaaaa"}, 422, "Take a longer password"),
        ({"login": "two words"}, 422, "A log-in name is"),
        ({"login": "physio"}, 409, "Somebody else has this log-in name"),
    ],
)
def test_what_will_not_do_is_said_and_uses_nothing_up(clinic, physio, fields, status, said):
    code = clinic.invite(Role.PATIENT, by=physio)

    refused = accept(clinic.browser(), code, **fields)
    then = accept(clinic.browser(), code)

    assert refused.status_code == status
    assert said in refused.text
    assert PASSWORD not in refused.text
    assert then.status_code == 303


def test_an_administrator_invites_staff_and_a_clinician_only_patients(clinic, physio, admin):
    by_admin = admin.client.post("/invitations", data={"name": "New", "role": "administrator"})
    by_physio = physio.client.post("/invitations", data={"name": "New", "role": "administrator"})

    first = clinic.browser().post("/invitation", data={"code": code_on(by_admin)})
    second = clinic.browser().post("/invitation", data={"code": code_on(by_physio)})

    assert "as administrator" in first.text
    assert "as patient" in second.text


def test_a_patient_takes_a_second_clinician_with_the_same_account(clinic, anna, physio):
    code = clinic.invite(Role.PATIENT, by=physio)

    page = anna.client.post("/invitation", data={"code": code})
    anna.client.post("/invitation/join", data={"code": code, "scopes": ["results"]})

    assert "You are logged in as Synthetic anna" in page.text
    listed = physio.client.get("/api/v1/patients").json()["patients"]
    assert [one["id"] for one in listed] == [str(anna.patient_id)]


def test_a_printed_code_sets_a_new_password_and_ends_every_log_in(clinic, anna, admin):
    shown = admin.client.post(f"/users/{anna.account_id}/reset")
    code = code_on(shown)
    browser = clinic.browser()

    page = browser.post("/invitation", data={"code": code})
    form = {"code": code, "password": "a fresh set of words"}
    weak = browser.post("/password-reset/code", data=form | {"password": "short"})
    done = browser.post("/password-reset/code", data=form, follow_redirects=False)
    again = clinic.browser().post("/password-reset/code", data=form)

    assert heading(page) == "A new password"
    assert (weak.status_code, done.status_code, again.status_code) == (422, 303, 410)
    assert anna.client.get("/api/v1/me").status_code == 401
    assert browser.get("/api/v1/me").json()["name"] == "Synthetic anna"
    assert anna.log_in("a fresh set of words").status_code == 303


def test_a_reset_code_makes_no_account_and_an_invitation_sets_no_password(clinic, anna, admin):
    reset = code_on(admin.client.post(f"/users/{anna.account_id}/reset"))
    invitation = clinic.invite(Role.CLINICIAN, by=admin)

    made = accept(clinic.browser(), reset)
    form = {"code": invitation, "password": PASSWORD}
    taken = clinic.browser().post("/password-reset/code", data=form)

    assert made.status_code == 403
    assert taken.status_code in {403, 404, 410}
    assert clinic.browser().post("/invitation", data={"code": reset}).status_code == 200


def test_only_the_newest_reset_code_works(clinic, anna, admin):
    first = code_on(admin.client.post(f"/users/{anna.account_id}/reset"))

    admin.client.post(f"/users/{anna.account_id}/reset")

    assert clinic.browser().post("/invitation", data={"code": first}).status_code == 410
