"""The page of jobs in a real browser: a job is asked for, seen at work, and fetched."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.access import Role
from api.db import transaction
from api.jobs.rows import JobRow
from tests.api.access.people import PASSWORD, open_clinic
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tracker.app import create_app
from tracker.live import LiveHub

PATIENCE_MS = 60_000
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll('nav a, .button, button, select')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""
READERS = [
    {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
]
PICTURES = os.environ.get("TEMPO90_TEST_PICTURES")


class Site:
    def __init__(self, clinic, url):
        self.clinic, self.url = clinic, url
        self.physio = clinic.add(Role.CLINICIAN, "physio")
        self.admin = clinic.add(Role.ADMINISTRATOR, "admin")
        for name in ("anna", "bert"):
            patient = clinic.add(Role.PATIENT, name)
            clinic.treat(self.physio, patient)
            clinic.session_of(patient)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site():
    def make(engine, settings):
        return create_app(engine, settings, LiveHub())

    with open_clinic(make=make) as clinic, serve(clinic.api.app) as url:
        yield Site(clinic, url)


def enter(page, site, login, code="en"):
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{site.url}/log-in?lang={code}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url(lambda address: "/log-in" not in address)
    page.goto(f"{site.url}/jobs")


def add_job(site, state, **values):
    """A job in a state that lasts, for looking at."""
    now = site.clinic.now
    values = {"n_all": 12, "not_before": now, "asked_at": now, "kind": "reports"} | values
    with transaction(site.clinic.engine, writes=True) as db:
        db.add(
            JobRow(
                id=values.pop("id"),
                state=state,
                asked_by=site.physio.account_id,
                asked_name="Synthetic physio",
                asked_role="clinician",
                **values,
            )
        )


def test_reports_are_asked_for_and_fetched_without_reloading_the_page(browser, site):
    with open_page(browser, locale="en-GB", accept_downloads=True) as page:
        enter(page, site, "physio")
        page.get_by_role("button", name="Make the reports").click()

        link = page.get_by_role("link", name="Get the reports")
        expect(link).to_be_visible(timeout=PATIENCE_MS)
        with page.expect_download() as download:
            link.click()

        assert download.value.suggested_filename == "tempo90-reports.zip"
        expect(page.locator(".job").first).to_contain_text("2 of 2 done")
        page.get_by_role("button", name="Forget: Reports of patients").click()
        expect(page.get_by_text("Nothing is at work.")).to_be_visible()


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
@pytest.mark.parametrize("login", ["physio", "admin"])
def test_the_page_is_sound_on_a_phone_and_on_a_desk(browser, site, reader, login):
    for number, (state, more) in enumerate(STATES):
        add_job(site, state, id=uuid_of(number, login, reader), **more)
    with open_page(browser, **reader) as page:
        enter(page, site, login, reader["locale"][:2])

        if PICTURES:
            name = f"jobs-{login}-{reader['width']}-{reader['color_scheme']}.png"
            page.screenshot(path=Path(PICTURES) / name, full_page=True)
        assert accessibility_problems(page) == []
        assert page.evaluate(TOO_WIDE) == 0
        assert page.evaluate(SMALL_TARGETS) == []


STATES = (
    ("failed", {"n_done": 0, "n_failed": 12, "problem": "There was no answer from the disk."}),
    ("cancelled", {"n_done": 5}),
    ("done", {"n_done": 11, "n_failed": 1, "problem": "It is gone.", "kind": "reanalysis"}),
)


def uuid_of(number, login, reader):
    from uuid import NAMESPACE_URL, uuid5  # noqa: PLC0415

    return uuid5(NAMESPACE_URL, f"{number} {login} {reader['width']}")
