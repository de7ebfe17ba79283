"""Backup and restore in a browser: a file chosen, looked at, and meant."""

import pytest

from tests.browser import accessibility_problems, open_page
from tests.flow.test_session_pages import SMALL_TARGETS, TOO_WIDE
from tests.tracker.moving.filled_folder import fill
from tests.tracker.upload.upload_site import serve_folder
from tracker.adopting import ready_place
from tracker.moving import back_up

READERS = [
    {"width": 390, "height": 844, "locale": "nl-NL", "color_scheme": "dark"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("machine")
    folder = fill(place / "data")
    backup = place / "kept.zip"
    back_up(folder, backup)
    with serve_folder(folder.root) as (address, _):
        yield address, folder, backup


def is_sound(page):
    assert accessibility_problems(page) == []
    assert page.evaluate(TOO_WIDE) == 0
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_a_backup_is_chosen_looked_at_and_meant(browser, site, reader):
    address, folder, backup = site
    with open_page(browser, allowed=("422",), **reader) as page:
        page.goto(f"{address}/backup")
        is_sound(page)
        page.set_input_files("#file", backup)
        page.wait_for_url("**/restore/*")
        is_sound(page)
        page.locator("form button").last.click()
        page.locator("#missing").wait_for()
        page.get_by_role("checkbox").check()
        page.locator("form button").last.click()
        page.wait_for_load_state()
        is_sound(page)

    assert ready_place(folder.root).is_dir()


def test_another_file_is_refused_in_the_readers_words(browser, site, tmp_path):
    address, _, _ = site
    other = tmp_path / "photo.zip"
    other.write_bytes(b"no backup")
    with open_page(browser, allowed=("422",), **READERS[0]) as page:
        page.goto(f"{address}/backup")
        page.set_input_files("#file", other)
        page.locator("#refusal").wait_for()

        told = page.locator("#refused").inner_text()

    assert told == "Dit bestand is niet teruggezet. Er is niets veranderd."


def test_the_backup_that_is_asked_for_is_downloaded(browser, site, tmp_path):
    address, _, _ = site
    with open_page(browser, **READERS[1]) as page:
        page.goto(f"{address}/backup")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Make a backup").click()
        path = tmp_path / coming.value.suggested_filename
        coming.value.save_as(path)

    assert path.name.startswith("tempo90-")
    assert path.read_bytes()[:2] == b"PK"
