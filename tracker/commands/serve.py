"""`tempo90 serve`: the pages of this machine's sessions."""

from typing import Annotated

import typer

from tracker.commands.options import Data


def serve(
    *,
    port: Annotated[int, typer.Option("--port", help="Port; 0 takes any free one.")] = 8090,
    data: Data = None,
) -> None:
    """Serve the stored sessions to this computer only."""
    import asyncio
    import contextlib

    from tracker.delivery import deliver, recover
    from tracker.live import LiveHub
    from tracker.profile import load_profile
    from tracker.serving import LocalServer
    from tracker.settings import find_data_folder

    async def run() -> None:
        folder = find_data_folder(data).make()
        async with LocalServer(folder, LiveHub(), port=port, is_port_fixed=True) as server:
            print(
                f"tempo90 at {server.url} - reachable from this computer only; Ctrl-C ends.",
                flush=True,
            )
            await recover(folder)
            report = await deliver(server.url, folder, load_profile(folder.profile))
            for _, reason in report.failed:
                print(reason)
            await server.wait_closed()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())
