"""A real server and a real browser for the tests of pages.

    with serve(app) as url, open_browser() as browser, open_page(browser) as page:
        page.goto(url)

Leaving `open_page` fails the test if the page logged an error, threw one, or broke its content
security policy. Without Chromium these tests are skipped, but fail where `CI` is set.
"""

import json
import os
import shutil
import socket
import threading
import time
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
import uvicorn

SHELL = "chromium-headless-shell"  # takes three quarters of the processor time for a page
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN_FOR_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation",
  event => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
START_S = 10.0
PATIENCE_MS = 30_000  # of an expectation, on a busy machine


def find_chromium(*, has_sensors=False):
    """Path of the browser; skips the test without one, or fails it where CI is set.

    `has_sensors` asks for one whose motion sensor can be played: the shell has none.
    """
    names = NAMES if has_sensors else (SHELL, *NAMES)
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None and os.environ.get("CI"):
        pytest.fail("CI needs Chromium, from the distribution's packages.")
    if path is None:
        pytest.skip("needs Chromium (Debian and Ubuntu: apt-get install chromium)")
    return path


@contextmanager
def serve(app):
    """Run an app on a free port of this computer; gives its address."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="warning", lifespan="auto", ws="websockets-sansio")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_until(lambda: server.started, START_S)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(START_S)


@contextmanager
def open_browser(*, has_sensors=False):
    """Start Chromium without a window."""
    path = find_chromium(has_sensors=has_sensors)
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 (slow, seldom needed)

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser, *, width=1440, height=900, allowed=(), **context):
    """Open a page; what goes wrong in it fails the test, but for what `allowed` words are in."""
    wrong = []
    opened = browser.new_context(viewport={"width": width, "height": height}, **context)
    try:
        page = opened.new_page()
        page.add_init_script(LISTEN_FOR_VIOLATIONS)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: wrong.append(message.text) if message.type == "error" else None,
        )
        yield page
        wrong += page.evaluate("() => window.violations ?? []")
        assert [line for line in wrong if not any(word in line for word in allowed)] == []
    finally:
        opened.close()


def accessibility_problems(page):
    """What axe finds wrong with a page. Run over CDP: the page's own policy refuses the script."""
    source = Path(find_spec("axe_playwright_python").origin).parent / "axe.min.js"
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source.read_text("utf-8")})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run().then(found => JSON.stringify(found.violations))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    session.detach()
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in json.loads(answer["result"]["value"])
        for node in one["nodes"]
    ]


def wait_until(is_done, within_s=30.0):
    """Wait for what no page shows: the state of a server, or what a page's database holds."""
    deadline = time.monotonic() + within_s
    while not is_done():
        if time.monotonic() > deadline:
            pytest.fail(f"Not so after {within_s:.0f} s.")
        time.sleep(0.01)
