"""`tempo90 serve`: the pages of this machine's sessions, and a door for phones."""

from pathlib import Path
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
    clinic: Annotated[
        str | None,
        typer.Option(
            "--clinic", metavar="URL", help="Serve a clinic at this https address, with log-in."
        ),
    ] = None,
    listen: Annotated[
        str, typer.Option("--listen", help="With --clinic: where to listen.")
    ] = "127.0.0.1",
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="With --clinic: PEM file.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="With --clinic: PEM file.")] = None,
    administrator: Annotated[
        bool,
        typer.Option("--administrator", help="With --clinic: print a code for an administrator."),
    ] = False,
    data: Data = None,
) -> None:
    """Serve the stored sessions to this computer only, or to a clinic."""
    import asyncio
    import contextlib

    from tracker.settings import find_data_folder

    if clinic is not None:
        from rich.console import Console

        from tracker.clinic_serving import ClinicOptions, serve_clinic

        options = ClinicOptions(
            address=clinic,
            listen=listen,
            port=port,
            certificate=certificate,
            key=key,
            wants_administrator=administrator,
        )
        serve_clinic(find_data_folder(data).make(), options, Console())
        return
    from tracker.hosting import HostingOptions, host
    from tracker.phone.listener import find_place

    place = find_place(phone_port) if phone else None
    folder = find_data_folder(data).make()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(host(folder, HostingOptions(port=port, place=place)))
