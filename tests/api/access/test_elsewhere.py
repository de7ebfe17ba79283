import time
import urllib.parse
from datetime import UTC, datetime

import httpx2 as httpx
import pytest

from api.access import Role
from api.access.cookies import OTHER_COOKIE
from api.access.settings import OidcSettings
from tests.api.access.people import HTTPS, open_clinic

MAIL = "physio@clinic.example"
# Of the provider's own libraries, some from its thread.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CLIENT = {"client_id": "tempo90", "client_secret": "a secret of nobody"}


@pytest.fixture(scope="module")
def provider():
    """A log-in service on loopback."""
    from oidc_provider_mock import User, run_server_in_thread  # noqa: PLC0415 (warns on import)

    people = [
        User(sub="1", claims={"email": MAIL, "email_verified": True}),
        User(sub="2", claims={"email": MAIL, "email_verified": False}),
        User(sub="3", claims={"email": "nobody@clinic.example", "email_verified": True}),
    ]
    with run_server_in_thread(port=0, user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def clinic(provider):
    oidc = OidcSettings(name="Clinic ID", issuer=provider, **CLIENT)
    with open_clinic(oidc=oidc) as opened:
        opened.now = datetime.now(UTC)  # the service stamps its tokens with the time of day
        yield opened


@pytest.fixture
def physio(clinic):
    return clinic.add(Role.CLINICIAN, MAIL, is_in=False)


def begin(browser):
    answer = browser.get("/log-in/elsewhere", follow_redirects=False)
    return answer.headers["location"]


def allow(address, sub):
    """Say yes at the service; returns the address it sends the browser back to."""
    answer = httpx.post(address, data={"sub": sub}, follow_redirects=False)
    return answer.headers["location"].removeprefix(HTTPS)


def finish(browser, back):
    return browser.get(back, follow_redirects=False)


def test_the_log_in_page_offers_it_only_where_there_is_one(clinic):
    with open_clinic() as without:
        assert "elsewhere" not in without.browser().get("/log-in").text
        assert without.browser().get("/log-in/elsewhere").status_code == 404
    assert "Log in with Clinic ID" in clinic.browser().get("/log-in").text


@pytest.mark.usefixtures("physio")
def test_somebody_with_an_account_comes_in_by_their_verified_mail_address(clinic):
    browser = clinic.browser()

    answer = finish(browser, allow(begin(browser), "1"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/api/v1/me").json()["name"] == f"Synthetic {MAIL}"
    assert OTHER_COOKIE not in browser.cookies


@pytest.mark.parametrize("sub", ["2", "3"], ids=["not verified", "without account"])
@pytest.mark.usefixtures("physio")
def test_nobody_gets_an_account_by_it(clinic, sub):
    browser = clinic.browser()

    answer = finish(browser, allow(begin(browser), sub))

    assert answer.status_code == 403
    assert "Logging in elsewhere did not work" in answer.text
    assert browser.get("/api/v1/me").status_code == 401


def test_the_second_step_is_asked_for_all_the_same(provider):
    oidc = OidcSettings(name="Clinic ID", issuer=provider, **CLIENT)
    with open_clinic(oidc=oidc, factor_roles=frozenset({Role.CLINICIAN})) as clinic:
        clinic.now = datetime.now(UTC)
        clinic.add(Role.CLINICIAN, MAIL, is_in=False)
        browser = clinic.browser()

        answer = finish(browser, allow(begin(browser), "1"))

    assert answer.headers["location"] == "/account/second-factor"


@pytest.mark.usefixtures("physio")
def test_a_code_does_not_work_in_a_browser_that_did_not_begin(clinic):
    browser, stranger = clinic.browser(), clinic.browser()
    back = allow(begin(browser), "1")

    without_any = finish(stranger, back)
    begin(stranger)
    with_its_own = finish(stranger, back)

    assert (without_any.status_code, with_its_own.status_code) == (403, 403)


@pytest.mark.usefixtures("physio")
def test_a_code_works_once(clinic):
    browser = clinic.browser()
    address = begin(browser)
    kept = browser.cookies[OTHER_COOKIE]
    back = allow(address, "1")
    first = finish(browser, back)

    browser.cookies.set(OTHER_COOKIE, kept)
    second = finish(browser, back)

    assert (first.status_code, second.status_code) == (303, 403)


@pytest.mark.usefixtures("physio")
def test_a_token_for_another_log_in_is_refused(clinic):
    browser = clinic.browser()
    back = allow(begin(browser), "1")
    state, _, verifier = browser.cookies[OTHER_COOKIE].split(".")
    browser.cookies.clear()
    browser.cookies.set(OTHER_COOKIE, f"{state}.another-nonce.{verifier}")

    assert finish(browser, back).status_code == 403


@pytest.mark.usefixtures("physio")
def test_a_token_that_is_too_old_is_refused(clinic):
    browser = clinic.browser()
    back = allow(begin(browser), "1")

    clinic.later(days=2)

    assert finish(browser, back).status_code == 403


@pytest.mark.parametrize("issuer", ["http://localhost:1", "http://elsewhere.example"])
def test_a_service_that_is_away_or_not_over_https_is_told_in_words(issuer):
    oidc = OidcSettings(name="Clinic ID", issuer=issuer, **CLIENT)
    with open_clinic(oidc=oidc) as clinic:
        started = time.monotonic()
        answer = clinic.browser().get("/log-in/elsewhere")

    assert answer.status_code == 403
    assert "Logging in elsewhere did not work" in answer.text
    assert time.monotonic() - started < 10


def test_the_service_is_asked_with_a_challenge_and_told_no_secret(clinic):
    address = begin(clinic.browser())

    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))

    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"] == f"{HTTPS}/log-in/elsewhere/back"
    assert CLIENT["client_secret"] not in address
