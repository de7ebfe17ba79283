"""Good to know, settings, reminders, return to sport, own data: as a reader has them."""

import json

import pytest

from tests.api.course_builders import at, day, local_install
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tests.flow.test_programme_pages import READERS
from tests.flow.test_session_pages import SMALL_TARGETS, TOO_WIDE

PAGES = (
    "/good-to-know",
    "/settings",
    "/reminders",
    "/sport",
    "/sport/running/sprint",
    "/sport/running/training",
    "/sport/cycling/ride",
    "/my-data",
    "/my-data/delete",
)


# A browser without a window refuses notifications whatever it is told.
GRANTED = """
  Object.defineProperty(Notification, "permission", { get: () => "granted" });
  Notification.requestPermission = async () => "granted";
"""


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def site():
    """A patient in week 7, whose complaints are clearly less and who may start with sport."""
    with local_install() as patient:
        patient.api.put_patient()
        patient.injure()
        patient.enrol()
        patient.move(at(day(43))).train()
        patient.play(sport="cycling", pain_worst=1, minutes=40)
        with serve(patient.api.app) as url:
            yield url


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
@pytest.mark.parametrize("look", ["", "text-largest.contrast-more.motion-less"])
def test_every_page_is_sound_in_each_look(browser, site, reader, look):
    with open_page(browser, **reader) as page:
        if look:
            page.context.add_cookies([{"name": "look", "value": look, "url": site}])
        for address in PAGES:
            page.goto(site + address)

            assert accessibility_problems(page) == [], address
            assert page.evaluate(TOO_WIDE) == 0, address
            assert page.evaluate(SMALL_TARGETS) == [], address


def test_a_chosen_look_holds_on_other_pages_without_javascript(browser, site):
    with open_page(browser, java_script_enabled=False, locale="en-GB") as page:
        page.goto(f"{site}/settings")
        page.get_by_role("radio", name="Very large").check()
        page.get_by_role("radio", name="Nederlands").check()
        page.get_by_role("button", name="Store").click()
        page.goto(f"{site}/sport")

        assert page.locator("html").get_attribute("class") == "text-largest"
        assert page.get_by_role("heading", level=1).inner_text() == "Sportherstel"


def test_ticks_stay_for_today_and_are_gone_tomorrow(browser, site):
    with open_page(browser, locale="en-GB") as page:
        page.goto(f"{site}/sport/running/sprint")
        page.get_by_label("Warm trousers").press("Space")
        page.reload()
        kept = page.get_by_label("Warm trousers").is_checked()
        page.evaluate(
            """() => {
              const key = "tempo90.ticks.opening-sprint";
              const kept = JSON.parse(localStorage.getItem(key));
              localStorage.setItem(key, JSON.stringify({ ...kept, day: "2026-01-01" }));
            }"""
        )
        page.reload()

        assert kept
        assert not page.get_by_label("Warm trousers").is_checked()


def test_sport_starts_and_is_written_down_by_keys_alone(browser, site):
    with open_page(browser, width=390, locale="en-GB") as page:
        page.goto(f"{site}/sport")
        page.get_by_label("Running and ball sports").press("Space")
        page.get_by_label("I decide this myself").press("Space")
        page.get_by_label("My complaints are clearly less").press("Space")
        page.get_by_role("button", name="Start with sport").press("Enter")
        stated = page.get_by_text("on your own statement").count()
        page.get_by_label("What did you do?").select_option("day:walk_jog")
        page.get_by_role("group", name="Worst pain").get_by_label("2", exact=True).press("Space")
        page.get_by_role("button", name="Store").press("Enter")

        assert stated == 1
        assert page.get_by_text("Walk and jog, pain 2 of 10").count() == 1


def test_notifications_are_called_when_due_once_and_only_then(browser, site):
    with open_page(browser, locale="en-GB") as page:
        page.add_init_script(GRANTED)
        page.goto(f"{site}/reminders")
        due = page.evaluate(
            """async () => {
              const { dueAt } = await import("/static/remind.js");
              const at = (hours, minutes) => new Date(2026, 4, 4, hours, minutes);
              const times = ["08:00", "19:30"];
              return [at(7, 59), at(8, 0), at(8, 9), at(8, 10), at(19, 31)].map(
                (now) => dueAt(times, now) ?? null);
            }"""
        )
        page.get_by_role("button", name="Switch notifications on").click()
        on = json.loads(page.evaluate("() => localStorage.getItem('tempo90.remind')"))
        page.get_by_role("button", name="Switch notifications off").click()

        assert due == [None, "08:00", "08:00", None, "19:30"]
        assert on["times"] == ["08:00", "19:00"]
        assert page.evaluate("() => localStorage.getItem('tempo90.remind')") is None
