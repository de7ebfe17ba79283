"""A clinician's day in a real browser: the list by need, a patient, and what the patient sees."""

import pytest
from playwright.sync_api import expect

from tests.api.access.people import PASSWORD
from tests.api.needs.clinic_story import clinic_of, on_day
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tests.flow.test_session_pages import SMALL_TARGETS, TOO_WIDE

PATIENCE_MS = 30_000
READERS = [
    {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
]


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def story():
    with clinic_of("hurt", "quiet", "steady") as (clinic, physio, trained):
        trained["hurt"].enrol(on_day(11).date()).train_daily((11,)).train(12, pain=7)
        trained["quiet"].enrol(on_day(8).date()).train(8)
        trained["steady"].enrol(on_day(11).date()).train_daily((11,))
        clinic.now = on_day(12, 12)
        yield clinic, physio, trained


@pytest.fixture(scope="module")
def url(story):
    with serve(story[0].api.app) as address:
        yield address


def enter(page, url, person, code="en"):
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/log-in?lang={code}")
    page.fill("[name=login]", person.login)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url(lambda address: "/log-in" not in address)


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_every_page_is_sound_on_a_phone_and_on_a_desk(browser, url, story, reader):
    _, physio, trained = story
    of_patient = f"/clinic/patients/{trained['hurt'].id}"
    pages = ("/clinic?show=all", of_patient, f"{of_patient}/injuries/new", "/clinic/thresholds")
    with open_page(browser, **reader) as page:
        enter(page, url, physio, reader["locale"][:2])
        for path in pages:
            page.goto(url + path)
            for summary in page.locator("main summary").all():
                summary.click()

            assert accessibility_problems(page) == [], path
            assert page.evaluate(TOO_WIDE) == 0, path
            assert page.evaluate(SMALL_TARGETS) == [], path


def test_a_clinician_works_through_the_list_by_keys_and_undoes_a_slip(browser, url, story):
    _, physio, _ = story
    with open_page(browser, locale="en-GB") as page:
        enter(page, url, physio)
        page.goto(f"{url}/clinic?show=all")
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("j")
        second = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("k")
        again = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("/")
        page.keyboard.type("quiet")
        page.keyboard.press("Enter")
        expect(page.locator("[data-need]")).to_have_count(1)
        page.get_by_text("Set aside…").click()
        page.get_by_label("Note").fill("Called, no answer")
        page.get_by_role("button", name="Snooze").click()
        expect(page.get_by_role("status")).to_contain_text("Snoozed until 18 Apr 2026: quiet-")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("[data-need]")).to_contain_text("Nothing received since 13 Apr")

        assert first.startswith("hurt")
        assert second.startswith("quiet")
        assert again == first


def test_a_patient_gets_a_message_and_a_week_longer_without_javascript(browser, url, story):
    _, physio, trained = story
    text = "Blijf nog een week bij dit elastiek."
    with open_page(browser, locale="en-GB", java_script_enabled=False) as page:
        enter(page, url, physio)
        page.goto(f"{url}/clinic/patients/{trained['steady'].id}")
        page.get_by_role("button", name="Stay a week longer in this block").click()
        expect(page.locator("#plan")).to_contain_text("A week longer in weeks 1 to 2")
        page.locator("#messages textarea").fill(text)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#messages")).to_contain_text("not seen yet")
    with open_page(browser, locale="nl-NL", java_script_enabled=False) as page:
        enter(page, url, trained["steady"].person, "nl")
        expect(page.locator("main")).to_contain_text(text)
        page.locator("section", has_text="Van je behandelaar").get_by_role("button").click()
        expect(page.locator("main")).not_to_contain_text(text)
    with open_page(browser, locale="en-GB", java_script_enabled=False) as page:
        enter(page, url, physio)
        page.goto(f"{url}/clinic/patients/{trained['steady'].id}")
        expect(page.locator("#messages")).to_contain_text("seen 17 April 2026")
        page.locator("#plan").get_by_role("button", name="Undo").click()
        expect(page.locator("#plan")).not_to_contain_text("A week longer in weeks")
