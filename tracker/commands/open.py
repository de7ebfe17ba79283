"""`tempo90 open`: the app as an icon starts it, or the icon itself."""

from pathlib import Path
from typing import Annotated

import typer

from tracker.commands.options import LARGEST_PORT, Data


def open_app(
    *,
    shortcut: Annotated[
        bool, typer.Option("--shortcut", help="Put an icon on the desktop that does this.")
    ] = False,
    desktop: Annotated[
        Path | None,
        typer.Option("--desktop", metavar="FOLDER", help="Where the icon goes."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=LARGEST_PORT, help="Port, if free; 0 takes any.")
    ] = 8090,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Say the address, open no browser.")
    ] = False,
    data: Data = None,
) -> None:
    """Open the pages in the browser, starting tempo90 if need be."""
    from tracker.settings import find_data_folder

    if shortcut:
        from tracker.shortcut import find_desktop, make_shortcut

        made = make_shortcut(desktop or find_desktop(), data)
        print(f"Made: {made}")
        return
    import asyncio
    import contextlib

    from tracker.opening import open_or_join

    folder = find_data_folder(data).make()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(open_or_join(folder, port=port, opens_browser=not no_browser))
