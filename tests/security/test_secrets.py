"""Tokens, cookies and forms that were replayed, forged, fixed in advance or stolen."""

import re

import pytest

from api.access import Role, of_accounts
from api.access.cookies import DEVICE_COOKIE, LOGIN_COOKIE
from api.access.throttle import PER_ACCOUNT, PER_ADDRESS
from api.guard import HEADERS
from tests.api.access.people import HTTPS, ORIGIN, PASSWORD, code_on, open_clinic
from tests.api.builders import session

LOGIN_NEEDED = "urn:tempo90:problem:login-needed"
ME = "/api/v1/me"
READER = {"Accept": "text/html"}


def with_cookie(clinic, value):
    """A browser that shows a log-in of somebody's making."""
    browser = clinic.browser()
    browser.cookies.set(LOGIN_COOKIE, value, domain="localhost.local")
    return browser


def test_a_cookie_that_was_kept_opens_nothing_after_the_log_out(clinic, anna):
    stolen = anna.client.cookies[LOGIN_COOKIE]
    before = with_cookie(clinic, stolen).get(ME).status_code

    anna.client.post("/log-out")

    assert before == 200
    assert with_cookie(clinic, stolen).get(ME).json()["type"] == LOGIN_NEEDED


def test_a_log_in_never_takes_over_the_cookie_that_came_with_it(clinic):
    fixed = "an-attacker-knows-this-one"
    anna = clinic.add(Role.PATIENT, "anna", is_in=False)
    anna.client = with_cookie(clinic, fixed)

    answer = anna.log_in()

    assert answer.cookies[LOGIN_COOKIE] != fixed
    assert with_cookie(clinic, fixed).get(ME).status_code == 401


@pytest.mark.parametrize("forged", ["", "0", "x" * 43, "' OR 1=1 --", "\xe9", "a" * 7000])
def test_a_forged_cookie_or_token_is_nobody(clinic, anna, forged):
    as_cookie = with_cookie(clinic, forged.encode("ascii", "ignore").decode())
    as_token = clinic.browser()

    answers = [
        as_cookie.get(ME),
        as_token.get(ME, headers={"Authorization": b"Bearer " + forged.encode("latin-1")}),
        as_token.get(ME, headers={"Authorization": f"Basic {anna.login}"}),
    ]

    assert [one.status_code for one in answers] == [401, 401, 401]


def test_the_cookie_of_a_log_in_is_no_token_and_a_token_no_cookie(clinic, anna):
    token = clinic.token(anna)
    bearer = {"Authorization": f"Bearer {anna.client.cookies[LOGIN_COOKIE]}"}

    assert clinic.browser().get(ME, headers=bearer).status_code == 401
    assert with_cookie(clinic, token).get(ME).status_code == 401


def test_the_key_of_an_app_ends_with_the_account_that_made_it(clinic, anna, admin):
    app = clinic.app(anna)
    before = app.get(ME).status_code

    admin.client.post(f"/users/{anna.account_id}/close")

    assert (before, app.get(ME).status_code) == (200, 401)


def test_a_key_that_was_removed_sends_nothing_more(clinic, anna):
    app = clinic.app(anna)
    page = anna.client.get("/account").text
    token_id = re.search(r"/account/tokens/([0-9a-f-]+)/remove", page).group(1)

    anna.client.post(f"/account/tokens/{token_id}/remove")

    body = session(patient_id=str(anna.patient_id))
    assert app.put(f"/api/v1/sessions/{token_id}", json=body).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "https://localhost.evil.example"},
        {},
    ],
    ids=str,
)
def test_no_page_of_another_site_writes_with_somebodys_cookie(anna, headers):
    for name in ORIGIN:
        anna.client.headers.pop(name)

    answer = anna.client.post("/account/tokens", data={"label": "evil"}, headers=headers)

    assert answer.status_code == 403
    assert "cross-site" in answer.text or answer.headers["content-type"].startswith("text/html")
    assert "evil" not in anna.client.get("/account", headers=ORIGIN).text


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1",
        "/\r\nSet-Cookie: x=1",
        "evil.example",
    ],
)
def test_a_log_in_leads_on_within_this_service_alone(clinic, asked):
    anna = clinic.add(Role.PATIENT, "anna", is_in=False)
    form = {"login": anna.login, "password": PASSWORD, "onward": asked}

    answer = anna.client.post("/log-in", data=form, follow_redirects=False)

    led = answer.headers["location"]
    assert led == "/" or (led == asked and re.fullmatch(r"/[\w%:=-]+", led))
    assert set(answer.cookies) <= {LOGIN_COOKIE, DEVICE_COOKIE}


def test_unknown_names_wrong_passwords_and_closed_accounts_are_answered_alike(clinic, admin):
    clinic.add(Role.PATIENT, "bert", is_in=False)
    closed = clinic.add(Role.PATIENT, "cora", is_in=False)
    admin.client.post(f"/users/{closed.account_id}/close")
    hashed = []
    verify = clinic.api.app.state.access.passwords.verify

    def counted(typed, stored):
        hashed.append(stored is not None)
        return verify(typed, stored)

    clinic.api.app.state.access.passwords.verify = counted
    said = set()
    for login in ("nobody-here", "bert", "cora"):
        password = PASSWORD if login == "cora" else "not this one at all"
        form = {"login": login, "password": password}
        answer = clinic.browser().post("/log-in", data=form)
        said.add((answer.status_code, answer.text.replace(login, "NAME")))

    assert len(said) == 1
    assert len(hashed) == 3  # a name that nobody has costs the same work


def test_asking_for_a_new_password_says_the_same_to_everybody(clinic, anna):
    answers = {
        (one.status_code, one.text.replace(name, "NAME"))
        for name in (anna.login, "nobody-here")
        for one in [clinic.browser().post("/password-reset", data={"login": name})]
    }

    assert len(answers) == 1


def test_guesses_at_codes_end_for_an_address_also_after_a_restart(clinic):
    form = {"code": "AAAAA-AAAAA-AAAAA-AAAAA", "password": PASSWORD}
    stranger = clinic.browser()
    statuses = [
        stranger.post("/password-reset/code", data=form).status_code
        for _ in range(PER_ADDRESS.tries + 1)
    ]

    again = clinic.browser().post("/password-reset/code", data=form)  # counted in the database

    assert set(statuses[:-1]) == {410}
    assert (statuses[-1], again.status_code) == (429, 429)
    assert int(again.headers["Retry-After"]) > 0


def test_guesses_at_a_password_end_and_the_owners_browser_is_not_locked_out(clinic, anna):
    form = {"login": "anna", "password": "a wrong one again"}
    stranger = clinic.browser()
    statuses = [
        stranger.post("/log-in", data=form).status_code for _ in range(PER_ACCOUNT.tries + 2)
    ]
    anna.client.cookies.delete(LOGIN_COOKIE)

    assert statuses[-1] == 429
    assert anna.log_in().status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example"]
)
def test_a_name_in_the_host_field_reaches_no_page_and_no_link(clinic, admin, host):
    forged = {"Host": host, "X-Forwarded-Host": host, "Forwarded": f"host={host}"}
    refused = clinic.browser().post("/password-reset", data={"login": "anna"}, headers=forged)
    clean = {name: value for name, value in forged.items() if name != "Host"}
    shown = admin.client.post(
        "/invitations", data={"role": "clinician", "name": "x"}, headers=clean
    )

    assert refused.status_code == 421
    assert host not in shown.text


def test_a_clinician_invites_patients_and_nobody_with_more_rights(clinic, physio):
    form = {"role": "administrator", "name": "Synthetic"}
    code = code_on(physio.client.post("/invitations", data=form))
    new = clinic.browser()

    taken = {"code": code, "login": "newcomer", "name": "N", "password": PASSWORD}
    came_in = new.post("/invitation/accept", data=taken, follow_redirects=False)
    again = clinic.browser().post("/invitation/accept", data=taken | {"login": "second"})

    assert came_in.status_code == 303
    assert new.get(ME).json()["role"] == "patient"
    assert again.status_code == 410


def test_error_pages_tell_nothing_of_the_inside(clinic, anna):
    @clinic.api.app.get("/breaks")
    def breaks():
        raise RuntimeError("SELECT secret FROM inside /srv/inside.py")

    local_words = ("Traceback", "SELECT", "/srv/", ".py", "sqlalchemy")
    clinic.api.app.state.access.rules.add({"GET /breaks": of_accounts()})
    answers = [
        anna.client.get(path, headers={"Accept": accept})
        for path in ("/breaks", "/nothing", "/api/v1/nothing", "/api/v1/sessions/%00")
        for accept in ("text/html", "application/json")
    ]

    assert answers[0].status_code == 500
    assert [word for one in answers for word in local_words if word in one.text] == []
    assert [
        (one.url.path, name) for one in answers for name in HEADERS if name not in one.headers
    ] == []


def test_the_cookies_are_for_this_host_over_https_and_no_script(clinic):
    anna = clinic.add(Role.PATIENT, "anna", is_in=False)

    fields = anna.log_in().headers.get_list("set-cookie")

    assert len(fields) == 2
    for field in fields:
        assert field.startswith("__Host-")
        assert {"httponly", "secure", "path=/", "samesite=lax"} <= {
            part.strip().lower() for part in field.split(";")
        }


def test_answers_to_who_is_logged_in_are_kept_nowhere(anna):
    for path in ("/account", "/sessions", ME):
        assert anna.client.get(f"{HTTPS}{path}").headers["Cache-Control"] == "no-store"


def test_staff_without_a_second_step_reach_nothing_but_the_page_that_sets_it():
    with open_clinic(factor_roles=frozenset({Role.CLINICIAN})) as strict:
        physio = strict.add(Role.CLINICIAN, "physio", is_in=False)
        physio.log_in()

        reached = [
            physio.client.get(path, headers=READER, follow_redirects=False).headers.get("location")
            for path in ("/clinic", "/sessions", "/account", "/invitations")
        ]

    assert set(reached) == {"/account/second-factor"}
