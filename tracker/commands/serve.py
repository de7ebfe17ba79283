"""`tempo90 serve`: the pages of this machine's sessions, and a door for phones."""

from typing import Annotated

import typer

from tracker.commands.options import Data


def serve(
    *,
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any free one.")] = 8090,
    phone: Annotated[
        bool,
        typer.Option("--phone", help="Also let a phone on this network in, to train with it."),
    ] = False,
    phone_port: Annotated[
        int, typer.Option("--phone-port", help="Port for phones, if free.")
    ] = 8443,
    sim: Annotated[
        bool, typer.Option("--sim", help="Let pages train with a simulated leg, to try things.")
    ] = False,
    data: Data = None,
) -> None:
    """Serve the stored sessions to this computer only."""
    import asyncio
    import contextlib

    from tracker.hosting import HostingOptions, host
    from tracker.phone.listener import find_place
    from tracker.settings import find_data_folder

    place = find_place(phone_port) if phone else None
    folder = find_data_folder(data).make()
    options = HostingOptions(port=port, place=place, allows_simulated=sim)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(host(folder, options))
