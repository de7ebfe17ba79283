import pytest

from tests.api.course_builders import at, day, local_install
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tests.tracker.live_site import app_on, open_database
from tracker.app import create_app
from tracker.live import LiveHub


@pytest.fixture(scope="module")
def site():
    with open_browser() as browser, open_database() as engine, serve(app_on(engine)) as address:
        yield browser, address


@pytest.mark.parametrize("path", ["intervals", "practice"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_for_the_ear_have_no_accessibility_problem(site, path, language):
    browser, address = site
    with open_page(browser, width=390, height=844) as page:
        page.goto(f"{address}/{path}?lang={language}")

        assert accessibility_problems(page) == []


def test_a_course_runs_survives_a_reload_and_can_be_paused(site):
    browser, address = site
    with open_page(browser, width=390, height=844) as page:
        page.goto(f"{address}/intervals?lang=nl")
        page.click("#start")
        begun = page.inner_text("#now")
        page.reload()
        after = page.inner_text("#now")
        page.click("#next")
        page.click("#pause")

        assert (begun, after) == ("Stevig wandelen", "Stevig wandelen")
        assert page.inner_text("#now") == "Rustig joggen"
        assert page.inner_text("#clock") == "1:00"
        assert page.inner_text("#pause") == "Verder"


def test_a_sprint_waits_for_a_tap_and_says_its_course(site):
    browser, address = site
    with open_page(browser, width=390, height=844) as page:
        page.goto(f"{address}/intervals?lang=nl")
        page.select_option("#plan", "sprint")
        page.click("#start")

        assert page.inner_text("#now") == "Sprint: aanloop 40 m, sprint 20 m, uitloop 20 m"

        page.click("#next")

        assert page.inner_text("#now") == "Terugwandelen"


def test_the_step_that_was_accepted_is_chosen_and_so_is_the_day_of_a_link(site):
    browser, _ = site
    with local_install(make=lambda *given: create_app(*given, LiveHub())) as patient:
        patient.api.put_patient()
        patient.injure()
        accepted = {"walk_jog": 2, "jog": 1}
        patient.enrol(sport="running", sport_from=str(day(43)), accepted_levels=accepted)
        patient.move(at(day(57)))
        with serve(patient.api.app) as address, open_page(browser, width=390, height=844) as page:
            page.goto(f"{address}/intervals?lang=nl")
            todays = [page.locator(name).input_value() for name in ("#plan", "#level")]
            page.goto(f"{address}/intervals?day=walk_jog")
            walking = [page.locator(name).input_value() for name in ("#plan", "#level")]

    assert todays == ["jog", "1"]
    assert walking == ["walk_jog", "2"]


@pytest.mark.parametrize(
    ("seconds", "told"), [("1.5", "Te snel"), ("3", "3 seconden"), ("6", "Langzamer")]
)
def test_a_return_can_be_practised_right_too_fast_and_too_slow(site, seconds, told):
    browser, address = site
    with open_page(browser, width=390, height=844) as page:
        page.goto(f"{address}/practice?lang=nl")
        page.click(f"[data-return-s='{seconds}']")

        assert told in page.inner_text("#told")
