"""The pages of the programme in a browser: sound to see, to hear and to use by keys alone."""

import pytest

from tests.api.builders import PATIENT_ID, service
from tests.api.course_builders import Patient, at, day, local_install
from tests.browser import accessibility_problems, open_browser, open_page, serve, wait_until
from tests.flow.test_session_pages import SMALL_TARGETS, TOO_WIDE

PAGES = ("/", "/calendar", f"/calendar/{day(10)}", "/self-report", "/intake", "/intake?new=true")
READERS = [
    {"width": 390, "locale": "nl-NL", "color_scheme": "dark", "timezone_id": "Europe/Amsterdam"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light", "timezone_id": "Europe/Amsterdam"},
]


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def training():
    """A patient in the second week, whose last session hurt and who told one exercise."""
    with local_install() as patient:
        patient.api.put_patient()
        patient.injure()
        patient.enrol()
        for n in (8, 9):
            patient.move(at(day(n))).train(pain={"before": 1, "worst": 2})
        patient.move(at(day(10), 8)).train(pain={"before": 2, "worst": 7})
        patient.report("iso_prone_raise")
        patient.move(at(day(10), 12))
        with serve(patient.api.app) as url:
            yield url


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_every_page_is_sound_on_a_phone_and_on_a_desk(browser, training, reader):
    with open_page(browser, **reader) as page:
        for address in PAGES:
            page.goto(training + address)
            for summary in page.locator("summary").all():
                summary.click()

            assert accessibility_problems(page) == [], address
            assert page.evaluate(TOO_WIDE) == 0, address
            assert page.evaluate(SMALL_TARGETS) == [], address


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_what_stops_and_what_refuses_is_sound_too(browser, reader):
    with (
        local_install() as patient,
        serve(patient.api.app) as url,
        open_page(browser, allowed=("422",), **reader) as page,
    ):
        page.goto(f"{url}/intake")
        page.locator("form button").last.click()
        refused = accessibility_problems(page)
        page.locator("input[name=warning_signs][value=yes]").check()
        page.locator("form button").last.click()
        gate = accessibility_problems(page)
        page.goto(url)
        welcome = accessibility_problems(page)

    assert (refused, gate, welcome) == ([], [], [])


def test_an_intake_by_keys_alone_leads_to_the_first_day(browser):
    with local_install() as patient, serve(patient.api.app) as url:
        with open_page(browser, width=390, locale="en-GB", timezone_id="Pacific/Auckland") as page:
            page.goto(url)
            page.get_by_role("link", name="Begin", exact=True).press("Enter")
            for question, answer in (
                ("Did you feel a snap", "No"),
                ("Has a physician said", "No"),
                ("Which leg?", "Right leg"),
                ("How did it come?", "Overload: bit by bit"),
            ):
                page.get_by_role("group", name=question).get_by_label(answer).press("Space")
            page.get_by_role("group", name="How much trouble").get_by_label("5").press("Space")
            page.get_by_label("Which band do you have?").type("yellow")
            page.get_by_role("button", name="Begin the programme").press("Enter")
            title = page.get_by_role("heading", level=1).inner_text()

        enrolment = patient.get("enrolment").json()

    assert title == "2 times today, about 22 minutes each."
    assert enrolment["time_zone"] == "Pacific/Auckland"
    assert enrolment["band"] == "yellow"


def test_an_intake_cannot_be_sent_before_the_time_zone_is_known(browser):
    with (
        local_install() as patient,
        serve(patient.api.app) as url,
        open_page(browser, locale="en-GB", timezone_id="Pacific/Auckland") as page,
    ):
        held = []
        page.route("**/programme*.js*", lambda route: held.append(route))  # noqa: PLW0108 (playwright marks it)
        page.goto(f"{url}/intake", wait_until="commit")
        page.locator("input[name=time_zone]").wait_for(state="attached")
        wait_until(lambda: page.wait_for_timeout(50) or held)
        early = page.get_by_role("button", name="Begin the programme").count()
        held[0].continue_()
        page.get_by_role("button", name="Begin the programme").wait_for()
        zone = page.locator("input[name=time_zone]").input_value()

    assert early == 0
    assert zone == "Pacific/Auckland"


def test_a_day_without_javascript_answers_and_undoes(browser):
    with service() as api:
        api.put_patient()
        patient = Patient(api)
        patient.injure()
        patient.enrol()
        patient.move(at(day(5))).train(pain={"worst": 7}, warning_signs_end=False)
        with (
            serve(api.app) as url,
            open_page(browser, java_script_enabled=False, locale="en-GB") as page,
        ):
            page.goto(f"{url}/patients/{PATIENT_ID}/today")
            page.get_by_role("button", name="Yes, rest for 3 days").click()
            rested = page.get_by_text("Accepted").count()
            page.get_by_role("button", name="Undo: That is severe pain").click()
            offered = page.get_by_role("button", name="Yes, rest for 3 days").count()

    assert (rested, offered) == (1, 1)
