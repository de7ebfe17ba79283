"""`tempo90 serve`: the pages of this machine's sessions, and a door for phones."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.commands.options import LARGEST_PORT, Data

if TYPE_CHECKING:
    from tracker.settings import DataFolder


def serve(
    *,
    port: Annotated[
        int, typer.Option("--port", min=0, max=LARGEST_PORT, help="Port; 0 takes any free one.")
    ] = 8090,
    phone: Annotated[
        bool,
        typer.Option("--phone", help="Also let a phone on this network in, to train with it."),
    ] = False,
    phone_port: Annotated[
        int, typer.Option("--phone-port", min=0, max=LARGEST_PORT, help="Port for phones, if free.")
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
    workers: Annotated[
        int,
        typer.Option(
            "--workers", min=1, max=256, help="With --clinic: processes; several need PostgreSQL."
        ),
    ] = 1,
    sim: Annotated[
        bool, typer.Option("--sim", help="Let pages train with a simulated leg, to try things.")
    ] = False,
    data: Data = None,
) -> None:
    """Serve the stored sessions, to this computer or to a clinic."""
    from tracker.settings import find_data_folder

    folder = find_data_folder(data).make()
    if clinic is None:
        _serve_this_computer(folder, port, phone_port if phone else None, allows_simulated=sim)
        return
    from rich.console import Console

    from tracker.clinic_serving import ClinicOptions, serve_clinic

    options = ClinicOptions(
        address=clinic,
        listen=listen,
        port=port,
        certificate=certificate,
        key=key,
        wants_administrator=administrator,
        n_workers=workers,
    )
    serve_clinic(folder, options, Console())


def _serve_this_computer(
    folder: "DataFolder", port: int, phone_port: int | None, *, allows_simulated: bool
) -> None:
    import asyncio
    import contextlib

    from tracker.hosting import HostingOptions, host
    from tracker.phone.listener import find_place

    place = None if phone_port is None else find_place(phone_port)
    options = HostingOptions(port=port, place=place, allows_simulated=allows_simulated)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(host(folder, options))
