"""A day of each role in one clinic, in a real browser: from the log-in to the log-out."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

from api.access import Role
from tests.api.access.people import PASSWORD
from tests.api.needs.clinic_story import clinic_of, on_day
from tests.browser import open_browser, open_page, serve

PATIENCE_MS = 30_000
TEXT = "Rustig aan: volg deze week het tempo."
TABS = 60  # more than there are stops before any button of a page


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def story():
    """Somebody whose tempo runs away, and everybody who is needed to see to it."""
    with clinic_of("fast") as (clinic, physio, trained):
        trained["fast"].enrol(on_day(8).date()).train_daily((8, 9, 10, 11), eccentric_s=1.4)
        clinic.now = on_day(12, 12)
        yield clinic, physio, trained["fast"]


@pytest.fixture(scope="module")
def url(story):
    with serve(story[0].api.app) as address:
        yield address


def log_in(page, url, person):
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/log-in?lang=en")
    page.fill("[name=login]", person.login)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def turn_on_second_step(clinic, page, url):
    """Set the second step up; returns its secret."""
    page.goto(f"{url}/account/second-factor")
    secret = page.locator("kbd").inner_text()
    page.fill("[name=code]", pyotp.TOTP(secret).at(clinic.now))
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("link", name="I have them").click()
    return secret


def give_second_step(clinic, page, secret):
    clinic.later(minutes=1)  # every code counts once
    page.fill("[name=code]", pyotp.TOTP(secret).at(clinic.now))
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: "second-factor" not in address)


def log_out(page, url):
    page.get_by_role("button", name="Log out").first.click()
    page.wait_for_url(f"{url}/log-in**")


def go_to(page, name):
    """Press Tab until something of that name has the focus, then Enter."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        told = page.evaluate("document.activeElement.textContent.trim()")
        if re.fullmatch(name, told):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab never comes to {name!r}.")


def test_a_clinician_finds_who_needs_them_reviews_prescribes_writes_and_leaves(browser, url, story):
    clinic, physio, fast = story
    with open_page(browser, locale="en-GB") as page:
        log_in(page, url, physio)
        secret = turn_on_second_step(clinic, page, url)
        log_out(page, url)
        log_in(page, url, physio)
        give_second_step(clinic, page, secret)

        page.goto(f"{url}/clinic")
        page.locator("[data-need]").get_by_role("link", name=re.compile("^fast")).first.click()
        expect(page.locator("h1")).to_contain_text("fast")
        address = page.locator("main a[href^='/sessions/']").first.get_attribute("href")
        page.goto(f"{url}{address.split('?')[0].removesuffix('/review')}/review")
        page.get_by_label("Choose repetition 3").first.check()
        page.get_by_text("Mark the chosen repetitions").first.click()
        page.locator("[name=reason]").first.select_option("helper")
        page.get_by_role("button", name="Leave out").first.click()
        expect(page.locator("main")).to_contain_text("helper did it differently")

        page.goto(f"{url}/patients/{fast.id}/prescription/edit")
        page.locator("details#ecc_prone_helper > summary").click()
        first = page.locator("details#ecc_prone_helper fieldset.place").first
        first.locator("input[name$=eccentric_s]").fill("4")
        first.locator("input[name$=sets]").fill("2")
        page.fill("#reason", "slower, your tempo ran away")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".history")).to_contain_text("slower, your tempo ran away")

        page.goto(f"{url}/clinic/patients/{fast.id}")
        page.locator("#messages textarea").fill(TEXT)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#messages")).to_contain_text("not seen yet")
        log_out(page, url)


def test_the_patient_reads_what_changed_tells_how_it_goes_and_leaves(browser, url, story):
    clinic, _, fast = story
    with open_page(browser, width=390, height=844, locale="en-GB") as page:
        log_in(page, url, fast.person)
        page.goto(f"{url}/today")
        expect(page.locator("main")).to_contain_text("slower, your tempo ran away")
        page.locator("section", has_text=TEXT).get_by_role("button", name="Got it").click()
        expect(page.locator("main")).not_to_contain_text(TEXT)
        page.goto(f"{url}/prescription")
        expect(page.locator(".history")).to_contain_text("Synthetic")
        page.goto(f"{url}/consent")
        page.get_by_label("The raw recordings").uncheck()
        page.get_by_role("button", name="Keep this choice").click()
        expect(page.get_by_label("The raw recordings")).not_to_be_checked()
        page.goto(f"{url}/audit")
        expect(page.locator("main")).to_contain_text("Synthetic")
        secret = turn_on_second_step(clinic, page, url)
        log_out(page, url)
        log_in(page, url, fast.person)
        give_second_step(clinic, page, secret)
        page.goto(f"{url}/account")
        log_out(page, url)


def test_an_administrator_by_keys_alone_invites_a_clinician_and_leaves(browser, url, story):
    clinic, _, _ = story
    admin = clinic.add(Role.ADMINISTRATOR, "head", is_in=False)
    with open_page(browser, locale="en-GB", allowed=("403",)) as page:
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{url}/log-in?lang=en")
        page.locator("[name=login]").focus()
        page.keyboard.type(admin.login)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "/log-in" not in address)
        page.goto(f"{url}/users")
        expect(page.locator("main")).to_contain_text("physio")
        page.goto(f"{url}/invitations")
        page.locator("[name=name]").focus()
        page.keyboard.type("Synthetic new clinician")
        go_to(page, "Make a code")
        code = page.locator(".secret").inner_text()
        refused = page.goto(f"{url}/clinic")
        told = page.locator("main").inner_text()
        page.goto(f"{url}/users")
        go_to(page, "Log out")
        page.wait_for_url(f"{url}/log-in**")

        assert re.fullmatch(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", code)
        assert refused.status == 403
        assert "fast" not in told
