"""`tempo90 open`: the pages of a tempo90 that runs already, or else of one that starts here."""

import asyncio
import contextlib
import webbrowser

from rich.console import Console

from tracker.hosting import HostingOptions, host
from tracker.running import find_running
from tracker.settings import DataFolder

WAIT_S = 0.05
START_S = 30.0


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
