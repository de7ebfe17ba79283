import asyncio
import io
import json
from uuid import UUID

import httpx2
import pytest
from rich.console import Console

from tracker import opening
from tracker.live import LiveHub
from tracker.profile import Profile, save_profile
from tracker.serving import LocalServer
from tracker.settings import DataFolder
from tracker.whats_new.news import NewsDesk

CHANGES = "## [0.2.0]\n" + "".join(f"- Change {n}.\n" for n in range(1, 8)) + "## [0.1.0]\n- Old.\n"


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path).make()


def desk(folder, installed):
    return NewsDesk(folder, installed=installed, changelog=CHANGES)


def test_at_a_first_start_nothing_is_new(folder):
    first = desk(folder, "0.2.0")
    first.begin()

    assert (first.on_page(), first.in_terminal()) == (None, None)


def test_after_an_update_the_page_tells_it_until_it_is_put_away(folder):
    desk(folder, "0.1.0").begin()
    updated = desk(folder, "0.2.0")
    updated.begin()

    told = [updated.on_page(), updated.on_page()]
    updated.put_away()

    assert [news.lines[0] for news in told] == ["Change 1."] * 2
    assert "Old." not in told[0].lines
    assert updated.on_page() is None
    assert desk(folder, "0.2.0").on_page() is None


def test_the_terminal_tells_it_once_and_the_page_still_does(folder):
    desk(folder, "0.1.0").begin()
    updated = desk(folder, "0.2.0")

    assert updated.in_terminal().version == "0.2.0"
    assert updated.in_terminal() is None
    assert updated.on_page() is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"seen": 3}'])
def test_a_memory_that_cannot_be_read_is_a_first_start(folder, text):
    (folder.root / "whats-new.json").write_text(text, "utf-8")

    desk(folder, "0.2.0").begin()

    assert desk(folder, "0.2.0").on_page() is None


def known_version(folder, version):
    text = json.dumps({"seen": version, "told": version})
    (folder.root / "whats-new.json").write_text(text, "utf-8")


def test_the_home_page_tells_an_update_in_the_readers_language_until_it_is_put_away(folder):
    known_version(folder, "0.0.1")

    async def act():
        async with LocalServer(folder, LiveHub(), port=0) as server:
            return await asyncio.to_thread(read_and_put_away, server.url)

    def read_and_put_away(url):
        with httpx2.Client(base_url=url, headers={"Accept-Language": "nl"}) as browser:
            pages = [browser.get("/").text]
            pages.append(browser.post("/whats-new/seen", follow_redirects=True).text)
            return pages

    before, after = asyncio.run(act())

    assert "Nieuw in tempo90" in before
    assert "Deze lijst is er alleen in het Engels." in before
    assert '<ul class="lines" lang="en"><li>' in before
    assert "Nieuw in tempo90" not in after
    assert "Geen sessies" in after or "Nog geen sessies" in after


def test_the_terminal_says_the_first_few_in_a_dutch_sentence(folder):
    known_version(folder, "0.0.1")
    save_profile(folder.profile, Profile(patient_id=UUID(int=1), language="nl"))
    console = Console(file=io.StringIO(), width=200)

    opening._tell_news(folder, console)
    opening._tell_news(folder, console)

    said = console.file.getvalue().splitlines()
    assert said[0].startswith("Nieuw in tempo90")
    assert len(said) == 1 + opening.MOST_LINES + 1
    assert said[-1] == "De rest staat op de eerste pagina."
