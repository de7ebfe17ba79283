"""Logging in and what belongs to it, in a real browser on a real server."""

import re

import pyotp
import pytest

from api.access import Role, Scope
from tests.api.access.people import PASSWORD, open_clinic
from tests.browser import accessibility_problems, open_browser, open_page, serve

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll('nav a, .button, button, summary, .check')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""
CUT_OFF = """() => [...document.querySelectorAll('.square svg')]
  .filter(one => !one.viewBox.baseVal?.width).length"""
PAGES = {
    None: ("/log-in", "/invitation", "/password-reset", "/nothing"),
    "anna": ("/account", "/consent", "/audit", "/account/second-factor", "/account/erase"),
    "physio": ("/invitations", "/account"),
    "admin": ("/users", "/audit", "/invitations"),
}


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def clinic():
    with open_clinic(factor_roles=frozenset({Role.ADMINISTRATOR})) as opened:
        anna = opened.add(Role.PATIENT, "anna")
        physio = opened.add(Role.CLINICIAN, "physio")
        opened.treat(physio, anna, [Scope.RESULTS])
        session_id = opened.session_of(anna)
        physio.client.get(f"/sessions/{session_id}")
        opened.token(anna)
        opened.invite(Role.PATIENT, by=physio)
        opened.session_id = session_id
        opened.physio = physio
        yield opened


@pytest.fixture(scope="module")
def url(clinic):
    with serve(clinic.api.app) as address:
        yield address


def log_in(page, url, login):
    page.goto(f"{url}/log-in?lang=en")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def set_second_step(clinic, page):
    secret = page.locator("kbd").inner_text()
    page.fill("[name=code]", pyotp.TOTP(secret).at(clinic.now))
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("link", name="I have them").click()


@pytest.mark.parametrize(
    "reader",
    [
        {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
        {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
    ],
    ids=["phone", "desk"],
)
@pytest.mark.parametrize("login", [None, "anna", "physio"], ids=str)
@pytest.mark.usefixtures("clinic")
def test_every_page_is_sound_on_a_phone_and_on_a_desk(browser, url, login, reader):
    with open_page(browser, allowed=("404",), **reader) as page:
        if login is not None:
            log_in(page, url, login)
        for path in PAGES[login]:
            page.goto(f"{url}{path}?lang={reader['locale'][:2]}")

            assert accessibility_problems(page) == [], path
            assert page.evaluate(TOO_WIDE) == 0, path
            assert page.evaluate(SMALL_TARGETS) == [], path
            assert page.evaluate(CUT_OFF) == 0, path


def test_an_administrator_comes_in_by_a_link_and_invites_a_clinician(clinic, browser, url):
    code = clinic.invite(Role.ADMINISTRATOR)
    with open_page(browser, locale="en-GB") as page:
        page.goto(f"{url}/invitation#{code}")
        filled, address = page.input_value("#code"), page.url
        page.get_by_role("button", name="Go on").click()
        page.fill("[name=login]", "head@clinic.example")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Make my account").click()
        set_second_step(clinic, page)
        at = page.url
        for path in PAGES["admin"]:
            page.goto(url + path)
            assert accessibility_problems(page) == [], path
        page.fill("[name=name]", "Synthetic new clinician")
        page.get_by_role("button", name="Make a code").click()
        made = page.locator(".secret").inner_text()

        assert (filled, address) == (code, f"{url}/invitation")
        assert at == f"{url}/users"
        assert re.fullmatch(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", made)
        assert accessibility_problems(page) == []


def test_the_link_of_a_code_is_copied_printed_or_scanned_and_shown_once(browser, url):
    with open_page(
        browser, locale="en-GB", permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        log_in(page, url, "physio")
        page.goto(f"{url}/invitations")
        page.fill("[name=name]", "Synthetic dora")
        page.get_by_role("button", name="Make a code").click()
        code = page.locator(".secret").inner_text()
        page.evaluate("window.print = () => { document.title = 'printed' }")
        page.get_by_role("button", name="Print").click()
        page.get_by_role("button", name="Copy the link").click()
        page.get_by_text("Copied.").wait_for()

        assert page.title() == "printed"
        assert page.evaluate("navigator.clipboard.readText()") == f"{url}/invitation#{code}"
        assert page.evaluate(CUT_OFF) == 0
        assert page.get_by_role("img", name="The same link").bounding_box()["width"] > 150
        assert accessibility_problems(page) == []
        page.get_by_role("link", name="Invite somebody else").click()
        assert code not in page.content()


def test_a_browser_that_lets_no_page_copy_is_told_so(browser, url):
    with open_page(browser, locale="en-GB") as page:
        log_in(page, url, "physio")
        page.goto(f"{url}/invitations")
        page.fill("[name=name]", "Synthetic dora")
        page.get_by_role("button", name="Make a code").click()
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
        page.get_by_role("button", name="Copy the link").click()
        page.get_by_text("select it and copy it by hand").wait_for()


def test_a_patient_joins_consents_and_takes_it_back_without_javascript(clinic, browser, url):
    code = clinic.invite(Role.PATIENT, by=clinic.physio)
    with open_page(browser, java_script_enabled=False, locale="en-GB") as page:
        page.goto(f"{url}/invitation")
        page.fill("[name=code]", code.lower())
        page.get_by_role("button", name="Go on").click()
        page.fill("[name=name]", "Synthetic carla")
        page.fill("[name=login]", "carla")
        page.fill("[name=password]", PASSWORD)
        page.get_by_label("The raw recordings").check()
        page.get_by_role("button", name="Make my account").click()
        page.get_by_role("link", name="Consent").click()
        given = [box.is_checked() for box in page.get_by_role("checkbox").all()]
        page.get_by_label("My programme").uncheck()
        page.get_by_role("button", name="Keep this choice").click()
        left = [box.is_checked() for box in page.get_by_role("checkbox").all()]

        assert given == [True, True, False]
        assert left == [False, True, False]


def test_back_shows_nothing_after_logging_out(clinic, browser, url):
    with open_page(browser, locale="en-GB") as page:
        log_in(page, url, "anna")
        page.goto(f"{url}/sessions/{clinic.session_id}")
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url(f"{url}/log-in**")
        page.evaluate("history.back()")
        # The page before is asked for anew, and leads to the log-in once more.
        page.wait_for_url(f"{url}/log-in?next=**")

        assert "12 May 2026" not in page.content()


def test_after_the_log_in_a_reader_is_where_they_wanted_to_be(clinic, browser, url):
    with open_page(browser, locale="en-GB") as page:
        page.goto(f"{url}/sessions/{clinic.session_id}")
        page.fill("[name=login]", "anna")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()

        assert page.url == f"{url}/sessions/{clinic.session_id}"
