"""`tempo90 demo`: the whole product without a sensor."""

from typing import Annotated

import typer

from tracker.commands.options import LARGEST_PORT, Data


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Train one short set in the terminal, then exit.")
    ] = False,
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=LARGEST_PORT, help="Port of the pages; another if it is taken."
        ),
    ] = 8090,
    reps: Annotated[int, typer.Option("--reps", min=1, max=30, help="Repetitions.")] = 5,
    data: Data = None,
) -> None:
    """Show everything without a sensor: a simulated leg, a live page, a synthetic clinic."""
    import asyncio
    import contextlib

    from rich.console import Console

    from tracker.demo.show import DemoOptions, demo_folder, run_demo
    from tracker.settings import find_data_folder

    folder = demo_folder(find_data_folder(data))
    options = DemoOptions(is_once=once, port=port, reps=reps)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run_demo(folder, options, Console()))
