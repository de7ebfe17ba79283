import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from api import ApiSettings
from api import create_app as create_api
from tests.browser import accessibility_problems, open_browser, open_page, wait_until
from tests.tracker.live_site import open_database
from tracker.webapp import OWN, install

AWAY = ("ERR_CONNECTION_REFUSED", "Failed to load resource", "Failed to fetch")


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def engine():
    with open_database() as opened:
        yield opened


@pytest.fixture
def port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@contextmanager
def running(engine, port, build="1.0"):
    """The app at a given port, so that it can go away and come back."""
    app = create_api(engine, ApiSettings(recordings_dir=Path(engine.url.database).parent / "r"))
    pages = app.state.pages
    pages.extend(templates=OWN / "templates", static=OWN / "static", locale=OWN / "locale")
    install(app, pages, build=build)
    config = uvicorn.Config(app, port=port, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def wait_for_worker(page):
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_without_tempo90_the_offline_page_stands_in_and_comes_back_by_itself(browser, engine, port):
    with open_page(browser, width=390, locale="nl-NL", allowed=AWAY) as page:
        with running(engine, port) as address:
            page.goto(address)
            wait_for_worker(page)
        page.goto(f"{address}/sessions", wait_until="load")
        said = page.locator("h1").inner_text()
        problems = accessibility_problems(page)
        fits = page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        with running(engine, port):
            page.locator("header.top").wait_for()
            path = page.evaluate("() => location.pathname")

    assert said == "tempo90 is niet bereikbaar"
    assert problems == []
    assert fits
    assert path == "/sessions"


def test_the_worker_keeps_no_page_about_a_person_and_answers_no_data(browser, engine, port):
    with open_page(browser, allowed=AWAY) as page:
        with running(engine, port) as address:
            page.goto(address)
            wait_for_worker(page)
            page.goto(f"{address}/sessions")
            page.evaluate("() => fetch('/api/v1/patients').then((answer) => answer.status)")
            kept = page.evaluate(
                """async () => {
                  const found = [];
                  for (const name of await caches.keys())
                    for (const one of await (await caches.open(name)).keys())
                      found.push(new URL(one.url).pathname);
                  return found;
                }"""
            )
        answer = page.evaluate("() => fetch('/api/v1/patients').then(() => 'had', () => 'none')")

    assert kept
    assert [path for path in kept if path != "/offline" and not path.startswith("/static/")] == []
    assert answer == "none"


def test_a_newer_tempo90_is_offered_and_taken_when_the_reader_says_so(browser, engine, port):
    with open_page(browser, locale="nl-NL", allowed=AWAY) as page:
        with running(engine, port, build="1.0") as address:
            page.goto(address)
            wait_for_worker(page)
            before = page.evaluate("() => caches.keys()")
        with running(engine, port, build="2.0"):
            page.goto(address)
            offer = page.get_by_role("status").filter(has_text="nieuwere tempo90")
            offer.wait_for()
            problems = accessibility_problems(page)
            with page.expect_navigation():
                offer.get_by_role("button").click()
            wait_until(lambda: page.evaluate("async () => (await caches.keys()).length") == 1)
            after = page.evaluate("() => caches.keys()")
            is_offered_again = page.locator(".new-version").count()

    assert problems == []
    assert len(before) == len(after) == 1
    assert before != after
    assert is_offered_again == 0
