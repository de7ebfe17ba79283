"""Backup and restore on pages, against the real server of a machine."""

import asyncio
import io
import re
import shutil
import zipfile
from contextlib import suppress
from uuid import UUID, uuid4

import httpx2
import pytest
from rich.console import Console

from tests.tracker.moving.filled_folder import fill, rows_of
from tracker.adopting import ready_place
from tracker.hosting import HostingOptions, host
from tracker.live import LiveHub
from tracker.moving import back_up
from tracker.profile import load_profile
from tracker.running import find_running
from tracker.serving import LocalServer
from tracker.session_store import SessionStore
from tracker.settings import DataFolder

ENGLISH = {"Accept-Language": "en"}


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def beside(folder):
    return sorted(path.name for path in folder.root.parent.iterdir() if path != folder.root)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A folder with two sessions, and a backup of it; tests copy what they change."""
    folder = fill(tmp_path_factory.mktemp("filled") / "data")
    path = folder.root.parent / "kept.zip"
    back_up(folder, path)
    return folder, path.read_bytes()


@pytest.fixture
def here(filled, tmp_path):
    """A machine with the data of somebody, who does one thing on its pages."""
    shutil.copytree(filled[0].root, tmp_path / "data")
    return DataFolder(tmp_path / "data")


def on_pages(folder, act):
    """Serve a folder as `tempo90 train` does, which cannot start anew, and act."""

    async def serve_and_act():
        profile = load_profile(folder.profile)
        async with LocalServer(folder, LiveHub(), port=0, profile=profile) as server:
            return await asyncio.to_thread(browse, server.url, act)

    return asyncio.run(serve_and_act())


def browse(url, act):
    with httpx2.Client(base_url=url, headers=ENGLISH, timeout=30) as browser:
        return act(browser)


def send(browser, content):
    return browser.post("/restore", content=content)


def test_the_page_says_what_is_here_and_gives_it_as_one_file(here):
    page, got = on_pages(here, lambda b: (b.get("/backup").text, b.post("/backup")))

    packed = zipfile.ZipFile(io.BytesIO(got.content))
    assert "sessions: 1, recordings: 2" in words(page)
    assert re.search(r'filename="tempo90-\d{4}-\d\d-\d\d.zip"', got.headers["content-disposition"])
    assert packed.testzip() is None
    assert "data/tempo90.sqlite" in packed.namelist()
    assert beside(here) == []


def test_my_data_leads_to_the_backup(here):
    page = on_pages(here, lambda browser: browser.get("/my-data").text)

    assert 'href="/backup"' in page


def test_a_backup_is_asked_about_before_anything_changes(here, filled):
    def act(browser):
        asked = browser.get(send(browser, filled[1]).json()["url"])
        unsure = browser.post(asked.url, data={})
        return asked.text, unsure

    asked, unsure = on_pages(here, act)

    assert "with tempo90" in words(asked)
    assert words(asked).count("recordings: 2") == 2
    assert unsure.status_code == 422
    assert "tick that you are sure" in unsure.text
    assert not ready_place(here.root).exists()


def test_what_is_meant_waits_for_the_next_start_where_the_program_cannot_start_anew(here, filled):
    def act(browser):
        return browser.post(send(browser, filled[1]).json()["url"], data={"sure": "yes"}).text

    page = on_pages(here, act)

    assert "End tempo90 and start it again" in page
    assert ready_place(here.root).is_dir()
    assert beside(here) == [ready_place(here.root).name]


@pytest.mark.parametrize("content", [b"", b"PK no zip", None])
def test_what_is_no_backup_is_refused_with_the_reason_and_not_kept(here, filled, content):
    cut_off = filled[1][: len(filled[1]) // 2] if content is None else content

    answer = on_pages(here, lambda browser: send(browser, cut_off))

    assert answer.status_code == 422
    assert answer.json()["refusal"] == "This file was not taken in. Nothing was changed."
    assert "not a backup" in answer.json()["reason"]
    assert beside(here) == []


def test_damage_inside_is_found_when_it_is_meant(here, filled):
    at = filled[1].index(bytes(range(256)) * 2)
    damaged = filled[1][:at] + b"\xff" + filled[1][at + 1 :]

    def act(browser):
        return browser.post(send(browser, damaged).json()["url"], data={"sure": "yes"})

    answer = on_pages(here, act)

    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert not ready_place(here.root).exists()


def test_under_a_training_nothing_is_replaced(here, filled):
    running = SessionStore(here, uuid4())
    running.keep({"patient_id": "x", "exercise_sets": []})

    def act(browser):
        return browser.post(send(browser, filled[1]).json()["url"], data={"sure": "yes"})

    answer = on_pages(here, act)
    running.leave()

    assert answer.status_code == 422
    assert "A training is running" in answer.text
    assert not ready_place(here.root).exists()


def test_an_address_that_nothing_stands_at_leads_back(here):
    page = on_pages(here, lambda browser: browser.get(f"/restore/{UUID(int=0)}").text)

    assert "not here any more" in page
    assert "Make a backup" in page


def test_a_running_app_starts_anew_with_the_backup_at_the_same_address(tmp_path, filled):
    folder, console = DataFolder(tmp_path / "data").make(), Console(file=io.StringIO())

    async def act():
        options = HostingOptions(port=0)
        hosting = asyncio.create_task(host(folder, options, console))
        try:
            async with asyncio.timeout(60):
                url = await announced(folder)
                before = load_profile(folder.profile)
                page = await asyncio.to_thread(browse, url, take_in)
                while load_profile(folder.profile) == before:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                return url, page, await announced(folder)
        finally:
            hosting.cancel()
            with suppress(asyncio.CancelledError):
                await hosting

    def take_in(browser):
        return browser.post(send(browser, filled[1]).json()["url"], data={"sure": "yes"}).text

    url, page, again = asyncio.run(act())

    assert "starts anew" in page
    assert again == url
    assert console.file.getvalue().count(f"{url}/train") == 2
    assert load_profile(folder.profile) == load_profile(filled[0].profile)
    assert rows_of(folder)["session"] == rows_of(filled[0])["session"]


async def announced(folder):
    while (url := await asyncio.to_thread(find_running, folder)) is None:  # noqa: ASYNC110 - a file
        await asyncio.sleep(0.05)
    return url
