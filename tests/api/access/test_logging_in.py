import logging
from uuid import uuid4

import pytest
from sqlmodel import select

from api.access import AccessSettings, Role, throttle
from api.access.cookies import DEVICE_COOKIE, LOGIN_COOKIE
from api.access.rows import DeviceRow
from api.db import transaction
from api.routes.ways_in import own_path
from tests.api.access.people import PASSWORD, open_clinic
from tests.api.builders import service

PERSON = {"Accept": "text/html"}


def cookies_of(answer):
    return answer.headers.get_list("set-cookie")


@pytest.mark.usefixtures("anna")
def test_who_is_not_logged_in_is_led_to_the_log_in_and_on_from_there(clinic):
    page = clinic.browser().get("/sessions?after=x", headers=PERSON, follow_redirects=False)
    program = clinic.browser().get("/api/v1/sessions")

    assert page.status_code == 303
    assert page.headers["location"] == "/log-in?next=%2Fsessions%3Fafter%3Dx"
    assert program.status_code == 401
    assert program.headers["www-authenticate"].startswith("Bearer")
    assert program.json()["type"] == "urn:tempo90:problem:login-needed"


def test_name_and_password_open_the_door_whatever_the_case_of_the_name(clinic, anna):
    browser = clinic.browser()
    form = {"login": " ANNA ", "password": PASSWORD, "onward": "/sessions"}

    answer = browser.post("/log-in", data=form, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sessions")
    assert browser.get("/api/v1/me").json() == {
        "role": "patient",
        "name": "Synthetic anna",
        "patient_id": str(anna.patient_id),
    }


def test_the_cookie_is_for_this_host_alone_over_https_and_for_no_script(clinic):
    anna = clinic.add(Role.PATIENT, "anna", is_in=False)

    login, device = sorted(cookies_of(anna.log_in()), reverse=True)

    for cookie, name in ((login, LOGIN_COOKIE), (device, DEVICE_COOKIE)):
        assert cookie.startswith(f"{name}=")
        assert name.startswith("__Host-")
        for flag in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
            assert flag in cookie
        assert "Domain" not in cookie


def test_each_log_in_has_a_new_secret_of_which_only_a_digest_is_stored(clinic, anna):
    first = anna.client.cookies[LOGIN_COOKIE]

    anna.log_in()

    second = anna.client.cookies[LOGIN_COOKIE]
    stored = (clinic.api.folder / "tempo90.db").read_bytes()
    stored += (clinic.api.folder / "tempo90.db-wal").read_bytes()
    assert first != second
    assert len(second) == 43
    assert second.encode() not in stored
    assert PASSWORD.encode() not in stored


@pytest.mark.parametrize("form", [{"login": "anna", "password": "wrong"}, {"login": "nobody"}, {}])
@pytest.mark.usefixtures("anna")
def test_a_wrong_name_and_a_wrong_password_answer_alike(clinic, form):
    answer = clinic.browser().post("/log-in", data={"password": PASSWORD} | form)

    assert answer.status_code == 403
    assert "That does not fit" in answer.text
    assert cookies_of(answer) == []


def test_logging_out_ends_the_log_in_for_good(clinic, anna):
    secret = anna.client.cookies[LOGIN_COOKIE]

    answer = anna.client.post("/log-out", follow_redirects=False)

    thief = clinic.browser()
    thief.cookies.set(LOGIN_COOKIE, secret)
    assert answer.headers["location"] == "/log-in"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert LOGIN_COOKIE not in anna.client.cookies
    assert thief.get("/api/v1/me").status_code == 401


def test_a_log_in_ends_when_it_is_left_alone_and_at_the_latest_after_its_time(clinic, physio):
    clinic.later(minutes=59)
    while_used = physio.client.get("/api/v1/me").status_code
    clinic.later(minutes=60)
    left_alone = physio.client.get("/api/v1/me").status_code

    physio.log_in()
    for _ in range(24):
        clinic.later(minutes=30)
        physio.client.get("/api/v1/me")

    assert (while_used, left_alone) == (200, 401)
    assert physio.client.get("/api/v1/me").status_code == 401


def test_guessing_a_password_stops_after_ten_tries_until_the_window_has_passed(clinic):
    anna = clinic.add(Role.PATIENT, "anna", is_in=False)
    guesser = clinic.browser()

    statuses = [
        guesser.post("/log-in", data={"login": "anna", "password": f"guess {n}"}).status_code
        for n in range(11)
    ]
    then = guesser.post("/log-in", data={"login": "anna", "password": PASSWORD})
    clinic.later(minutes=15)

    assert statuses == [403] * 10 + [429]
    assert then.status_code == 429
    assert 0 < int(then.headers["retry-after"]) <= 900
    assert anna.log_in().status_code == 303


def test_nobody_is_locked_out_of_a_browser_they_used_before(clinic, anna):
    anna.client.post("/log-out")
    stranger = clinic.browser()

    for n in range(15):
        stranger.post("/log-in", data={"login": "anna", "password": f"guess {n}"})

    assert stranger.post("/log-in", data={"login": "anna", "password": PASSWORD}).status_code == 429
    assert anna.log_in().status_code == 303


@pytest.mark.usefixtures("clinic", "bert")
def test_the_device_of_one_account_gives_no_tries_at_another(anna):
    for n in range(12):
        anna.client.post("/log-in", data={"login": "bert", "password": f"guess {n}"})

    answer = anna.client.post("/log-in", data={"login": "bert", "password": PASSWORD})

    assert answer.status_code == 429


def test_one_address_cannot_try_many_names(clinic):
    with transaction(clinic.engine, writes=True) as db:
        for _ in range(throttle.PER_ADDRESS.tries):
            throttle.count_try(db, "from testclient", throttle.PER_ADDRESS, now=clinic.now)

    answer = clinic.browser().post("/log-in", data={"login": "new", "password": PASSWORD})

    assert answer.status_code == 429


def test_a_new_password_ends_the_log_ins_elsewhere_and_not_this_one(clinic, anna):
    elsewhere = clinic.browser()
    elsewhere.post("/log-in", data={"login": "anna", "password": PASSWORD})
    form = {"old": PASSWORD, "password": "five other plain words here"}

    wrong = anna.client.post("/account/password", data=form | {"old": "not it at all"})
    weak = anna.client.post("/account/password", data=form | {"password": "anna anna anna"})
    right = anna.client.post("/account/password", data=form, follow_redirects=False)

    assert (wrong.status_code, weak.status_code, right.status_code) == (403, 422, 303)
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert anna.client.get("/api/v1/me").status_code == 200
    assert anna.log_in(PASSWORD).status_code == 403
    assert anna.log_in("five other plain words here").status_code == 303


def test_a_person_sees_where_they_are_logged_in_and_ends_it(clinic, anna):
    elsewhere = clinic.browser()
    agent = {"User-Agent": "Mozilla/5.0 (Android 15) Firefox/140.0"}
    elsewhere.post("/log-in", data={"login": "anna", "password": PASSWORD}, headers=agent)

    page = anna.client.get("/account").text
    address = page.split('action="/account/log-ins/')[1].partition('"')[0]
    anna.client.post(f"/account/log-ins/{address}")

    assert "Firefox, Android" in page
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert anna.client.get("/api/v1/me").status_code == 200


def test_nobody_ends_a_log_in_of_somebody_else(clinic, anna, bert):
    elsewhere = clinic.browser()
    elsewhere.post("/log-in", data={"login": "anna", "password": PASSWORD})
    page = anna.client.get("/account").text
    address = page.split('action="/account/log-ins/')[1].partition('"')[0]

    bert.client.post(f"/account/log-ins/{address}")

    assert elsewhere.get("/api/v1/me").status_code == 200


def test_a_browser_that_does_not_say_which_page_writes_is_refused(clinic, anna):
    silent, foreign = clinic.browser(), {"Origin": "https://evil.example"}
    silent.headers.clear()
    silent.cookies.update(anna.client.cookies)

    unsaid = silent.post("/log-out")
    elsewhere = anna.client.post("/log-out", headers=foreign | {"Sec-Fetch-Site": "cross-site"})

    assert (unsaid.status_code, elsewhere.status_code) == (403, 403)
    assert anna.client.get("/api/v1/me").status_code == 200


def test_what_a_person_saw_stays_in_no_cache_and_comes_over_https_alone(clinic, anna):
    answer = anna.client.get("/")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "immutable" in clinic.browser().get("/static/tempo90.css?v=1").headers["cache-control"]


@pytest.mark.usefixtures("clinic")
def test_a_closed_account_is_out_at_once(anna, admin):
    admin.client.post(f"/users/{anna.account_id}/close")

    assert anna.client.get("/api/v1/me").status_code == 401
    assert anna.log_in().status_code == 403

    admin.client.post(f"/users/{anna.account_id}/open")
    assert anna.log_in().status_code == 303


@pytest.mark.usefixtures("clinic")
def test_the_last_administrator_cannot_be_closed(admin):
    answer = admin.client.post(f"/users/{admin.account_id}/close")

    assert answer.status_code == 403
    assert admin.client.get("/users").status_code == 200


@pytest.mark.parametrize(
    "asked", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb"]
)
def test_after_the_log_in_nobody_is_sent_elsewhere(asked):
    assert own_path(asked) == "/"


def test_a_service_of_one_computer_has_no_log_in_and_no_users():
    with service() as api:
        answers = {path: api.client.get(path).status_code for path in ("/users", "/account")}
        home = api.client.get("/log-in", follow_redirects=False)
        me = api.client.get("/api/v1/me").json()

    assert answers == {"/users": 404, "/account": 404}
    assert home.headers["location"] == "/"
    assert me["role"] == "owner"


def test_a_service_that_answers_to_another_name_needs_a_log_in():
    with service(hosts=("localhost", "tempo.clinic.example")) as api:
        assert api.client.get("/api/v1/patients").status_code == 401


def test_no_secret_comes_into_a_log_or_an_address(caplog):
    caplog.set_level(logging.DEBUG)
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")
        code, token = clinic.invite(Role.PATIENT), clinic.token(anna)
        browser = clinic.browser()
        browser.post("/invitation", data={"code": code})
        browser.post("/log-in", data={"login": "anna", "password": "a wrong password"})
        browser.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        anna.client.get("/api/v1/sessions/" + str(uuid4()))
        secrets = [code, token, PASSWORD, "a wrong password", *anna.client.cookies.values()]

    said = caplog.text
    assert caplog.records
    assert [secret for secret in secrets if secret in said] == []


def test_who_sits_at_a_computer_of_their_own_can_have_a_name():
    with service(access=AccessSettings(local_name="Synthetic clinician (demo)")) as api:
        assert "Synthetic clinician (demo)" in api.client.get("/").text
        assert "Log out" not in api.client.get("/").text


@pytest.mark.usefixtures("anna")
def test_a_browser_that_nobody_came_back_with_for_a_year_is_forgotten(clinic):
    with transaction(clinic.engine, writes=False) as db:
        before = len(db.exec(select(DeviceRow)).all())

    clinic.later(days=365)
    clinic.browser().post("/log-in", data={"login": "anna", "password": PASSWORD})

    with transaction(clinic.engine, writes=False) as db:
        (left,) = db.exec(select(DeviceRow.created_at)).all()
    assert before == 1
    assert left == clinic.now
