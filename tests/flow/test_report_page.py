"""The page that offers reports, as a reader has it."""

import io

import pytest
from pypdf import PdfReader

from tests.api.course_builders import at, day, local_install
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tests.flow.test_programme_pages import READERS
from tests.flow.test_session_pages import SMALL_TARGETS, TOO_WIDE


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site():
    with local_install() as patient:
        patient.api.put_patient()
        patient.injure()
        patient.enrol()
        patient.move(at(day(3))).train()
        with serve(patient.api.app) as url:
            yield url


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_the_page_is_sound_and_fits_the_screen(browser, site, reader):
    with open_page(browser, **reader) as page:
        page.goto(f"{site}/report")

        assert accessibility_problems(page) == []
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(TOO_WIDE) == 0


def test_the_form_gives_the_report_that_was_chosen(browser, site):
    with open_page(browser) as page:
        page.goto(f"{site}/report")
        page.get_by_label("For whom").select_option("clinician")
        page.get_by_label("Language").select_option("nl")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Make the PDF").click()

        text = PdfReader(io.BytesIO(waiting.value.path().read_bytes())).pages[0].extract_text()
        assert "Trainingsverslag" in text


def test_the_tables_are_a_click_away(browser, site):
    with open_page(browser) as page:
        page.goto(f"{site}/report")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Get the tables").click()

        assert waiting.value.suggested_filename == "tempo90-results.zip"
