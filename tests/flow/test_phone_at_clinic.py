"""A patient's phone at a clinic: the real page in a browser, the log-in in place of a code."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from api.access import Role, Scope
from tests.api.access.people import PASSWORD, open_clinic
from tests.browser import accessibility_problems, open_browser, open_page, serve, wait_until
from tests.tracker.phone_builders import SHAKE_FREE
from tracker.app import create_app
from tracker.at_clinic.service import ClinicService
from tracker.at_clinic.sittings import ClinicSittings
from tracker.at_clinic.web import install
from tracker.live import LiveHub
from tracker.processes.bus import NoBus
from tracker.settings import DataFolder

WAIT_S = 60.0


@pytest.fixture(scope="module")
def browser():
    with open_browser(has_sensors=True) as opened:
        yield opened


@pytest.fixture
def clinic(tmp_path):
    def make(engine, settings):
        app = create_app(engine, settings, LiveHub())
        state, folder = app.state, DataFolder(tmp_path)
        sittings = ClinicSittings(
            engine, state.recordings, folder, state.live_rooms, now=partial(datetime.now, UTC)
        )
        install(app, ClinicService(sittings, state.live_rooms, NoBus(), tmp_path / "run"))
        return app

    with open_clinic(make=make) as opened:
        opened.anna = opened.add(Role.PATIENT, "anna", is_in=False)
        opened.physio = opened.add(Role.CLINICIAN, "physio")
        opened.treat(opened.physio, opened.anna, tuple(Scope))
        yield opened


@pytest.fixture
def phone(browser, clinic):
    options = {"width": 390, "height": 844, "locale": "nl-NL"}
    with serve(clinic.api.app) as url, open_page(browser, **options) as page:
        page.goto(f"{url}/log-in?lang=en")
        page.fill("[name=login]", "anna")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.goto(f"{url}/phone")
        yield page


def step(page):
    return page.locator("#phone").get_attribute("data-step")


def put_on(page):
    """Go through the steps of the page, the phone flat on a table all the while."""
    page.locator("#allow-button").click()
    page.evaluate(SHAKE_FREE)
    wait_until(lambda: step(page) == "choose", WAIT_S)
    page.locator('[name="side"][value="left"]').check(force=True)
    page.locator("#choose-form button").click()
    page.locator("#tone-heard").click()
    page.locator("#tone-heard").click()
    page.locator("#strap-button").click()
    wait_until(lambda: step(page) == "worn", WAIT_S)


def sitting_of(clinic):
    return clinic.api.app.state.clinic.sittings.find(clinic.anna.patient_id)


def test_the_page_asks_for_no_code_and_trains(phone, clinic):
    assert step(phone) == "allow"
    assert accessibility_problems(phone) == []

    put_on(phone)

    wait_until(lambda: sitting_of(clinic).is_running, WAIT_S)
    assert sitting_of(clinic).who.patient_id == clinic.anna.patient_id
    assert accessibility_problems(phone) == []


def test_when_the_process_changes_the_page_comes_back_by_itself_and_goes_on(phone, clinic):
    put_on(phone)
    wait_until(lambda: sitting_of(clinic).is_running, WAIT_S)
    before = sitting_of(clinic)

    loop = before.loop
    handing_over = clinic.api.app.state.clinic.sittings.hand_over(clinic.anna.patient_id, 0.0)
    asyncio.run_coroutine_threadsafe(handing_over, loop).result(WAIT_S)

    wait_until(lambda: sitting_of(clinic) not in {None, before}, WAIT_S)
    wait_until(lambda: sitting_of(clinic).is_running, WAIT_S)
    assert step(phone) == "worn"


def test_who_looks_on_is_named_on_the_phone(phone, clinic):
    put_on(phone)
    rooms = clinic.api.app.state.live_rooms
    wait_until(lambda: rooms.is_told(clinic.anna.patient_id), WAIT_S)

    with rooms.room(clinic.anna.patient_id) as room, room.looking_on("Synthetic physio"):
        sitting_of(clinic).loop.call_soon_threadsafe(room.say_changed)
        phone.get_by_text("Synthetic physio looks on").wait_for(timeout=WAIT_S * 1000)
