"""Real browser pages, and what goes wrong in them: errors, and breaches of the content policy."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = ["--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run"]
PATIENCE_MS: Final = 60_000.0
VIOLATIONS: Final = """
window.violations = [];
addEventListener("securitypolicyviolation",
  event => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium without a window: the system's own, or the one of Playwright."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class WatchedPage:
    """A page of which everything that goes wrong is noted in `problems`."""

    def __init__(self, browser: Browser, problems: list[str], **settings: Any) -> None:
        self._problems = problems
        self._context = browser.new_context(timezone_id="Europe/Amsterdam", **settings)
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.page.add_init_script(VIOLATIONS)
        self.page.on("pageerror", lambda error: self._note(f"error: {error}"))
        self.page.on("console", lambda said: self._note(said.text) if _is_bad(said) else None)

    def go(self, address: str) -> None:
        """Open an address, once the page that was there was asked for its violations."""
        self.gather()
        self.page.goto(address)

    def gather(self) -> None:
        """Note what broke the content policy of the page that is there."""
        for one in self.page.evaluate("() => window.violations ?? []"):
            self._note(f"content policy: {one}")

    def close(self) -> None:
        """Close it."""
        self.gather()
        self._context.close()

    def _note(self, what: str) -> None:
        problem = f"{self.page.url}: {what}"
        if problem not in self._problems:
            self._problems.append(problem)


def _is_bad(said: Any) -> bool:
    return said.type in {"error", "warning"}


def accessibility_problems(page: Page) -> list[str]:
    """Return what axe finds wrong; run over CDP, for the page's own policy refuses it."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        raise RuntimeError("axe is missing: make setup installs it")
    source = (Path(found.origin).parent / "axe.min.js").read_text("utf-8")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source})
    run = "axe.run().then(found => JSON.stringify(found.violations))"
    asked = {"expression": run, "awaitPromise": True, "returnByValue": True}
    answer = session.send("Runtime.evaluate", asked)
    session.detach()
    return [
        f"axe {one['id']}: {node['html'][:120]}"
        for one in json.loads(answer["result"]["value"])
        for node in one["nodes"]
    ]
