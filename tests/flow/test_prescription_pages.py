"""Prescribing in a real browser: the clinician's editor and what the patient then reads."""

import pytest

from tests.api.prescription_ward import CORE, Ward, at, form_of, open_ward
from tests.browser import accessibility_problems, open_browser, open_page, serve

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll(
  'nav a, .button, button, summary, select, input:not([type=hidden]):not([type=checkbox])')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""
READERS = [
    {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
]


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def people():
    with open_ward() as opened:
        yield opened


@pytest.fixture(scope="module")
def url(people):
    with serve(people[0].api.app) as address:
        yield address


@pytest.fixture
def ward(people):
    return Ward(*people)


def log_in(page, url, person):
    page.goto(f"{url}/log-in?lang={page.evaluate('navigator.language')[:2]}")
    page.fill("[name=login]", person.login)
    page.fill("[name=password]", "four plain words here")
    page.locator("main button").first.click()


def check(page):
    assert accessibility_problems(page) == [], page.url
    assert page.evaluate(TOO_WIDE) == 0, page.url
    assert page.evaluate(SMALL_TARGETS) == [], page.url


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_every_page_of_a_prescription_is_sound(browser, url, ward, reader):
    mine = form_of(ward.open()) | {"do": "save", "reason": "mine"}
    ward.order(ward.doctor, reps="12", eccentric_s="4", side="right", band="green")
    with open_page(browser, allowed=("422", "409"), **reader) as page:
        log_in(page, url, ward.physio)
        for path in ("prescription", "prescription/edit"):
            page.goto(f"{url}{ward.base}/{path}")
            for one in page.locator(".exercise > summary").all()[4:6]:
                one.click()
            check(page)
        page.locator(f"#{CORE} input[name$='.reps']").first.fill("many")
        page.locator("button[value=preview]").click()
        check(page)
        page.locator("button[value=save]").click()
        check(page)
    stale = ward.send(mine | at(mine, "iso_prone_raise", reps="10"))
    assert stale.status_code == 409


def test_a_clinician_prescribes_by_keyboard_and_mouse_and_the_patient_reads_it(browser, url, ward):
    with open_page(browser, locale="en-GB") as page:
        log_in(page, url, ward.physio)
        page.goto(f"{url}{ward.base}/today")
        page.get_by_role("link", name="Exercise prescription").click()
        page.get_by_role("link", name="Change").click()
        exercise = page.locator(f"#{CORE}")
        exercise.locator("summary").press("Enter")
        exercise.get_by_label("Repetitions").fill("12")
        exercise.get_by_label("Eccentric phase").fill("4")
        page.get_by_role("button", name="Show this day").click()
        shown = page.locator("#shown").inner_text()
        page.get_by_label("Why this change").fill("calmer after a painful week")
        page.get_by_role("button", name="Save").click()
        stands = page.locator("main").inner_text()
    with open_page(browser, locale="en-GB", width=390) as page:
        log_in(page, url, ward.anna)
        page.goto(f"{url}/today")
        told = page.locator("main").inner_text()
        check(page)

    assert "3 × 12 · slowly in 4 s" in shown  # noqa: RUF001
    assert "calmer after a painful week" in stands
    assert "12 instead of 15 repetitions; slowly in 4 instead of 3 s" in told


def test_two_clinicians_at_once_save_both_changes_without_javascript(browser, url, ward):
    with open_page(browser, locale="en-GB", java_script_enabled=False, allowed=("409",)) as page:
        page.goto(f"{url}/log-in?lang=en")
        page.fill("[name=login]", ward.physio.login)
        page.fill("[name=password]", "four plain words here")
        page.get_by_role("button", name="Log in", exact=True).click()
        page.goto(f"{url}{ward.base}/prescription/edit")
        ward.order(ward.doctor, reps="8", reason="fewer")
        raising = page.locator("#iso_prone_raise")
        raising.locator("summary").click()
        raising.get_by_label("Repetitions").fill("10")
        page.get_by_label("Why this change").fill("lighter")
        page.get_by_role("button", name="Save").click()
        conflict = page.get_by_role("alert").inner_text()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/prescription")

    latest = ward.version()
    assert "8 instead of 15 repetitions" in conflict
    assert "10 instead of 20 repetitions" in conflict
    assert latest["number"] == 2
    assert sorted(one["reps"] for one in latest["orders"]) == [8, 10]
