"""`tempo90 open`: the pages of a tempo90 that runs already, or else of one that starts here."""

import asyncio
import contextlib
import webbrowser
from typing import Final

from rich.console import Console

from tracker.hosting import HostingOptions, host
from tracker.profile import load_profile
from tracker.running import find_running
from tracker.settings import DataFolder
from tracker.whats_new.news import NewsDesk
from tracker.words import Text

WAIT_S = 0.05
START_S = 30.0
MOST_LINES: Final = 5
NEW: Final = Text(
    "New in tempo90 {version}:", "Nieuw in tempo90 {version} (deze lijst is in het Engels):"
)
REST: Final = Text("The rest stands on the first page.", "De rest staat op de eerste pagina.")


async def open_or_join(
    folder: DataFolder,
    *,
    port: int,
    opens_browser: bool = True,
    console: Console | None = None,
) -> None:
    """Open the pages; serve them until cancelled, unless another tempo90 does so already.

    Parameters
    ----------
    folder : DataFolder
        Whose pages.
    port : int
        The port to take if it is free; 0 takes any.
    opens_browser : bool
        Whether to open a browser, or only to say the address.
    console : Console, optional
        Where the address is said.

    """
    shown = console or Console()
    _tell_news(folder, shown)
    running = find_running(folder)
    if running is not None:
        _show(running, shown, opens_browser=opens_browser)
        return
    options = HostingOptions(port=port, is_port_fixed=False)
    serving = asyncio.create_task(host(folder, options, shown), name="serving")
    try:
        if opens_browser:
            await _open_when_up(folder, serving)
        await serving
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def _tell_news(folder: DataFolder, console: Console) -> None:
    """Say after an update what it changed; all of it stands on the first page."""
    news = NewsDesk(folder).in_terminal()
    if news is None:
        return
    language = load_profile(folder.profile).language
    lines = [NEW.with_values(version=news.version), *(Text(f"- {x}", f"- {x}") for x in news.lines)]
    for line in [*lines[: MOST_LINES + 1], *([REST] if len(news.lines) > MOST_LINES else [])]:
        console.print(line.to(language), markup=False, highlight=False, soft_wrap=True)


async def _open_when_up(folder: DataFolder, serving: asyncio.Task[None]) -> None:
    """Open the browser once the pages are announced; a server that fails says so itself."""
    async with asyncio.timeout(START_S):
        while not serving.done():
            if url := await asyncio.to_thread(find_running, folder):
                await asyncio.to_thread(webbrowser.open, url)
                return
            await asyncio.sleep(WAIT_S)


def _show(url: str, console: Console, *, opens_browser: bool) -> None:
    console.print(url, markup=False, highlight=False, soft_wrap=True)
    if opens_browser:
        webbrowser.open(url)
