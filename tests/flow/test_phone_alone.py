import asyncio
import json
import socket
import threading
from contextlib import contextmanager

import pytest

from tests.browser import accessibility_problems, open_browser, open_page, wait_until
from tests.tracker.alone.recordings import events_of, phone_set
from tracker.alone.at_phones import alone_here
from tracker.live import LiveHub
from tracker.profile import load_profile
from tracker.serving import LocalServer
from tracker.settings import DataFolder

AWAY = ("ERR_CONNECTION_REFUSED", "Failed to load resource", "Failed to fetch")
FEED = """(events) => {
  // After the empty event that Chromium begins with, however late a busy machine sends it.
  const began = Date.now() + 10_000 - events[0][0];
  for (const [stamp, x, y, z, alpha, beta, gamma] of events) {
    const event = new DeviceMotionEvent("devicemotion", {
      accelerationIncludingGravity: { x, y, z }, rotationRate: { alpha, beta, gamma } });
    Object.defineProperty(event, "timeStamp", { value: began + stamp });
    dispatchEvent(event);
  }
}"""
IN_DATABASE = """async () => {
  const open = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const db = await open(indexedDB.open("tempo90-alone"));
  const chunks = await open(db.transaction("chunks").objectStore("chunks").getAll());
  db.close();
  return chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}"""  # noqa: E501


@pytest.fixture(scope="module")
def browser():
    with open_browser(has_sensors=True) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path / "data").make()
    load_profile(made.profile, environment={"LANG": "nl_NL.UTF-8"})
    return made


@pytest.fixture
def port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextmanager
def running(folder, port):
    """tempo90 at a given port; really stopped when the context ends."""
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve():
        async with LocalServer(
            folder, LiveHub(), port=port, is_port_fixed=True, extend=alone_here(folder)
        ):
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    try:
        assert ready.wait(20)
        yield f"http://localhost:{port}"
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(20)
        loop.close()


def visit(page, address):
    """Open the page while tempo90 is there, so that the phone has it."""
    page.goto(f"{address}/alone")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def begin(page):
    page.locator("#exercise").select_option("ecc_prone_helper")
    page.get_by_text("Links", exact=True).click()
    page.get_by_role("button", name="Begin").click()
    page.locator("#phase").get_by_text("Maak de telefoon vast").wait_for()


def test_a_set_done_without_tempo90_is_counted_when_it_is_there_again(browser, folder, port):
    data = phone_set()
    with open_page(browser, width=390, locale="nl-NL", allowed=AWAY) as page:
        with running(folder, port) as address:
            visit(page, address)
        page.goto(f"{address}/alone")
        begin(page)
        page.evaluate(FEED, events_of(data))
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Bewaard op deze telefoon. Tellen gebeurt later").wait_for()
        page.locator("#away").get_by_text("niet bereikbaar").wait_for()
        problems = accessibility_problems(page)
        page.reload()
        page.locator("#kept-list").get_by_text("Wacht op versturen").wait_for()
        with running(folder, port):
            page.get_by_role("button", name="Nu versturen").click()
            page.get_by_text("Geteld: 5 herhalingen, 5 in tempo").wait_for()
        left = page.evaluate(IN_DATABASE)

    stored = [json.loads(path.read_text("utf-8")) for path in folder.sent.glob("*.json")]
    assert [len(one["exercise_sets"][0]["reps"]) for one in stored] == [5]
    assert stored[0]["exercise_sets"][0]["side"] == "left"
    assert len(list(folder.recordings.rglob("*.mcap"))) == 1
    assert left == 0
    assert problems == []


def test_a_page_killed_in_mid_set_has_lost_nothing_that_was_confirmed(browser, folder, port):
    data = phone_set()
    with open_page(browser, locale="nl-NL", allowed=AWAY) as kept:
        page = kept.context.new_page()
        with running(folder, port) as address:
            visit(page, address)
        page.goto(f"{address}/alone")
        begin(page)
        page.evaluate(FEED, events_of(data))
        wait_until(lambda: page.evaluate(IN_DATABASE) >= len(data))
        other = page.context.new_page()
        page.close(run_before_unload=False)
        with running(folder, port):
            other.goto(f"{address}/alone")
            other.get_by_text("afgebroken").wait_for()
            other.get_by_text("Geteld: 5 herhalingen").wait_for()

    assert len(list(folder.sent.glob("*.json"))) == 1


def test_while_one_page_measures_another_does_not_take_its_recording_for_cut_off(
    browser, folder, port
):
    with open_page(browser, locale="nl-NL", allowed=AWAY) as page, running(folder, port) as address:
        visit(page, address)
        begin(page)
        page.evaluate(FEED, events_of(phone_set(1)))
        other = page.context.new_page()
        other.goto(f"{address}/alone")
        other.locator("#exercise option").first.wait_for(state="attached")
        other.wait_for_timeout(300)

        is_shown = other.locator("#kept").is_visible()

    assert not is_shown
    assert list(folder.sent.glob("*.json")) == []


def test_a_full_phone_keeps_what_it_has_and_says_so(browser, folder, port):
    with open_page(browser, locale="nl-NL", allowed=AWAY) as page, running(folder, port) as address:
        visit(page, address)
        begin(page)
        page.evaluate(
            """() => { IDBObjectStore.prototype.add = function () {
                 throw new DOMException("full", "QuotaExceededError"); }; }"""
        )
        page.evaluate(FEED, events_of(phone_set(1)))

        page.locator("#note").get_by_text("Deze telefoon is vol").wait_for()
        goes_on = page.locator("#stop").is_visible()

    assert goes_on


def test_the_pace_of_a_repetition_is_that_of_the_exercise(browser, folder, port):
    with open_page(browser, locale="nl-NL", allowed=AWAY) as page, running(folder, port) as address:
        page.goto(f"{address}/alone")

        places = page.evaluate(
            """async () => {
              const { partsOf, placeAt } = await import("/static/alone/pace.js");
              const parts = partsOf({ concentric_s: null, hold_s: null, eccentric_s: 3 });
              return [0, 1.9, 2.5, 3.1, 5.9, 6.5, 7.1, 13.9, 14].map((at) => {
                const place = placeAt(at, parts, 2);
                return place && `${place.rep} ${place.part}`;
              });
            }"""
        )

    assert places == [
        "1 lift", "1 lift", "1 hold", "1 return", "1 return", "1 rest", "2 lift", "2 rest", None,
    ]  # fmt: skip
