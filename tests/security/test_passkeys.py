"""Passkeys in a real browser, with an authenticator that Chromium plays."""

import base64
import json

import pytest
from sqlmodel import select

from api.access import Role, passkeys
from api.access.passkeys import CHALLENGE_S
from api.access.rows import AuditRow, PasskeyRow
from api.db import transaction
from tests.api.access.people import PASSWORD, open_clinic
from tests.browser import accessibility_problems, open_browser, open_page, serve, wait_until

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
READERS = (
    {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
)
SIGN = """async () => {
  const { bytes, sendable } = await import("/static/passkeys.js");
  const asked = await (await fetch("/log-in/passkey/options", { method: "POST" })).json();
  const publicKey = { ...asked, challenge: bytes(asked.challenge) };
  return sendable(await navigator.credentials.get({ publicKey }));
}"""
SEND = """async (credential) => {
  const body = JSON.stringify({ credential });
  const headers = { "Content-Type": "application/json" };
  return (await fetch("/log-in/passkey", { method: "POST", headers, body })).status;
}"""
REFUSED = 403


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def clinic():
    with open_clinic(factor_roles=frozenset({Role.ADMINISTRATOR})) as opened:
        for login in ("anna", "bert"):
            opened.add(Role.PATIENT, login, is_in=False)
        yield opened


@pytest.fixture(scope="module")
def url(clinic):
    with serve(clinic.api.app) as address:
        yield address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name


def with_authenticator(page):
    """Give a page a device that verifies its owner; returns how it is told to change."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


def log_in(page, url, login):
    page.goto(f"{url}/log-in?lang=en")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{url}/")


def make_passkey(page, url, *, name, password=PASSWORD):
    page.goto(f"{url}/account?lang=en")
    form = page.locator("form[data-passkey=make]")
    form.locator("[name=name]").fill(name)
    form.locator("[name=password]").fill(password)
    form.get_by_role("button").click()


def rows(clinic, table=PasskeyRow):
    with transaction(clinic.engine, writes=False) as db:
        return [one.model_dump() for one in db.exec(select(table))]


def noted(clinic):
    return [one["route"] for one in rows(clinic, AuditRow)]


def test_a_passkey_is_made_opens_the_account_and_is_removed(browser, clinic, url):
    with open_page(browser, locale="en-GB", allowed=("403",)) as page:
        with_authenticator(page)
        log_in(page, url, "anna")
        make_passkey(page, url, name="Synthetic phone", password="not hers at all")  # noqa: S106
        refused = page.locator("form[data-passkey=make] [role=status]")
        wait_until(lambda: refused.inner_text() != "")
        is_kept_without_password = bool(rows(clinic))
        make_passkey(page, url, name="Synthetic phone")
        page.get_by_role("rowheader", name="Synthetic phone").wait_for()
        page.get_by_role("button", name="Log out", exact=True).first.click()
        page.wait_for_url(f"{url}/log-in")
        page.goto(f"{url}/log-in?next=/account")

        page.get_by_role("button", name="Log in with a passkey").click()

        page.wait_for_url(f"{url}/account")
        named = page.locator("h1").inner_text()
        page.get_by_role("button", name="Remove: Synthetic phone").click()
        wait_until(lambda: rows(clinic) == [])
    assert not is_kept_without_password
    assert named == "Synthetic anna"
    assert {"passkey added", "log-in: full", "passkey removed"} <= set(noted(clinic))


def test_a_signature_counts_once_for_its_owner_and_only_with_the_owner_verified(
    browser, clinic, url
):
    with open_page(browser, locale="en-GB", allowed=("403",)) as page:
        session, device = with_authenticator(page)
        log_in(page, url, "bert")
        make_passkey(page, url, name="Synthetic stick")
        page.get_by_role("rowheader", name="Synthetic stick").wait_for()

        first = page.evaluate(SIGN)
        forged = json.loads(json.dumps(first))
        forged["response"]["signature"] = base64.urlsafe_b64encode(b"0" * 70).decode().rstrip("=")
        statuses = [page.evaluate(SEND, one) for one in (forged, first)]  # the first try uses it up
        second = page.evaluate(SIGN)
        statuses += [page.evaluate(SEND, second), page.evaluate(SEND, second)]
        late = page.evaluate(SIGN)
        clinic.later(seconds=CHALLENGE_S + 1)
        statuses.append(page.evaluate(SEND, late))
        session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False}
        )
        unverified = page.evaluate(f"() => ({SIGN})().then(() => 'signed', error => error.name)")

    assert statuses == [REFUSED, REFUSED, 200, REFUSED, REFUSED]
    assert unverified == "NotAllowedError"


def test_a_copy_of_a_device_that_counts_fewer_uses_is_refused(browser, clinic, url):
    with open_page(browser, locale="en-GB", allowed=("403",)) as page:
        with_authenticator(page)
        log_in(page, url, "anna")
        make_passkey(page, url, name="Synthetic copy")
        page.get_by_role("rowheader", name="Synthetic copy").wait_for()
        with transaction(clinic.engine, writes=True) as db:
            row = db.exec(select(PasskeyRow).where(PasskeyRow.name == "Synthetic copy")).one()
            row.uses = 1_000

        status = page.evaluate(SEND, page.evaluate(SIGN))

    assert status == REFUSED


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_the_pages_with_passkeys_are_sound(browser, url, reader):
    with open_page(browser, **reader) as page:
        log_in_here = f"{url}/log-in?lang={reader['locale'][:2]}"
        page.goto(log_in_here)
        page.locator("form[data-passkey=log-in]").wait_for(state="visible")
        found = accessibility_problems(page)
        log_in(page, url, "bert")
        page.goto(f"{url}/account?lang={reader['locale'][:2]}")
        page.locator("form[data-passkey=make]").wait_for(state="visible")
        found += accessibility_problems(page)

    assert found == []


def test_without_the_package_no_page_offers_a_passkey_and_no_route_takes_one(monkeypatch):
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")
        offered = 'data-passkey="make"' in anna.client.get("/account").text
        monkeypatch.setattr(passkeys, "PACKAGE", "no_such_package")

        pages = [anna.client.get("/account").text, clinic.browser().get("/log-in").text]
        answers = [
            clinic.browser().post("/log-in/passkey/options"),
            clinic.browser().post("/log-in/passkey", json={"credential": {}}),
            anna.client.post("/account/passkeys/options", json={"password": PASSWORD}),
        ]

    assert offered
    assert not any("passkey" in page for page in pages)
    assert [one.status_code for one in answers] == [404, 404, 404]


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": 7, "response": []},
        {"id": "x", "response": {"clientDataJSON": "!!"}},
        {"id": "x", "response": {"clientDataJSON": "bnVsbA"}},
        {"id": ["x"], "response": {"clientDataJSON": "e30"}},
    ],
)
def test_what_no_device_sends_is_refused_and_breaks_nothing(credential):
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")

        answers = [
            clinic.browser().post("/log-in/passkey", json={"credential": credential}),
            anna.client.post("/account/passkeys", json={"credential": credential}),
        ]

    assert [one.status_code for one in answers] == [REFUSED, REFUSED]


def test_another_ones_passkey_cannot_be_removed_and_a_lost_phone_takes_its_passkeys_along():
    with open_clinic() as clinic:
        anna, bert = (clinic.add(Role.PATIENT, login) for login in ("anna", "bert"))
        admin = clinic.add(Role.ADMINISTRATOR, "admin")
        with transaction(clinic.engine, writes=True) as db:
            row = PasskeyRow(
                id=anna.account_id,
                account_id=anna.account_id,
                credential="synthetic",
                public_key="synthetic",
                uses=0,
                name="Synthetic phone",
                created_at=clinic.now,
            )
            db.add(row)
        bert.client.post(f"/account/passkeys/{anna.account_id}/remove")
        n_after_bert = len(rows(clinic))

        admin.client.post(f"/users/{anna.account_id}/forget-factor")

        n_after_admin = len(rows(clinic))
    assert (n_after_bert, n_after_admin) == (1, 0)
