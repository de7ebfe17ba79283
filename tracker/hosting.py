"""`tempo90 serve`: the pages, and trainings that a phone asks for, until it is ended."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from rich.console import Console

from tracker.alone.at_phones import alone_at_phones, alone_here
from tracker.alone.key import phone_key
from tracker.cancelling import cancel_and_wait
from tracker.delivery import deliver, recover
from tracker.live import LiveHub
from tracker.page_sittings import PageSittings
from tracker.phone.door import PhoneDoor, open_door
from tracker.phone.listener import Place
from tracker.phone_training import PhoneSittings, exercises_for_phones
from tracker.profile import Profile, load_profile
from tracker.serving import LocalServer
from tracker.settings import DEFAULT_PORT, DataFolder
from tracker.words import Text

SERVING = Text(
    "tempo90 at {url} - reachable from this computer only; Ctrl-C ends.",
    "tempo90 op {url} - alleen vanaf deze computer bereikbaar; Ctrl-C stopt.",
)
TRAIN = Text("To train on this computer: {url}/train", "Trainen op deze computer: {url}/train")
PHONES = Text(
    "To train with a phone: {url}/pair shows the code.",
    "Trainen met een telefoon: {url}/pair toont de code.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostingOptions:
    """What was asked for.

    Parameters
    ----------
    port : int
        Of the pages on this computer; 0 takes any.
    is_port_fixed : bool
        Whether another port will not do.
    place : Place, optional
        Where phones of the local network come in; without it only the app itself has their page.
    allows_simulated : bool
        Whether a page may ask for a simulated sensor.

    """

    port: int = DEFAULT_PORT
    is_port_fixed: bool = True
    place: Place | None = None
    allows_simulated: bool = False


async def host(folder: DataFolder, options: HostingOptions, console: Console | None = None) -> None:
    """Serve until cancelled; with a backup that a page takes in it starts anew by itself.

    Raises
    ------
    ServingError
        If a port cannot be had.

    """
    shown = console or Console()
    while (port := await _host_once(folder, options, shown)) is not None:
        options = replace(options, port=port, is_port_fixed=True)
        await asyncio.to_thread(folder.make)  # puts the backup in place


async def _host_once(folder: DataFolder, options: HostingOptions, shown: Console) -> int | None:
    """Serve until it is over; return the port to start anew at, None if that is not wanted."""
    anew = asyncio.Event()
    start_anew = partial(asyncio.get_running_loop().call_soon_threadsafe, anew.set)
    profile = load_profile(folder.profile)
    hub = LiveHub()
    async with AsyncExitStack() as stack:
        sittings = PhoneSittings(folder, profile, hub, shown)
        door = await stack.enter_async_context(
            open_door(
                folder,
                hub,
                options.place,
                exercises=exercises_for_phones(),
                side=profile.side,
                on_wish=sittings.wish,
                key=phone_key(folder),
                extend=alone_at_phones(folder),
            )
        )
        add_alone = alone_here(folder)

        def add_pages(app: FastAPI) -> None:
            door.add_pages(app)
            add_alone(app)
            app.state.start_anew = start_anew

        server = LocalServer(
            folder,
            hub,
            port=options.port,
            is_port_fixed=options.is_port_fixed,
            extend=add_pages,
            profile=profile,
        )
        await stack.enter_async_context(server)
        sittings.door, sittings.url = door, server.url
        stack.push_async_callback(sittings.close)
        by_page = PageSittings(
            folder, profile, hub, shown, allows_simulated=options.allows_simulated
        )
        by_page.url, by_page.phone = server.url, door.desk
        by_page.is_busy = lambda: sittings.is_running
        hub.starter = by_page.take
        stack.push_async_callback(by_page.close)
        for text in (SERVING, TRAIN, PHONES):
            _say(shown, profile, text.with_values(url=server.url))
        _invite(stack, door, shown, profile)
        await _deliver_what_waits(folder, profile, server.url, shown)
        await _first_of(server.wait_closed(), anew.wait())
        return urlsplit(server.url).port if anew.is_set() else None


def _invite(stack: AsyncExitStack, door: PhoneDoor, console: Console, profile: Profile) -> None:
    """Show phones the way in, where there is one."""
    if door.listener is not None:
        inviting = asyncio.create_task(door.invite(console, profile.language), name="invitation")
        stack.callback(inviting.cancel)


async def _first_of(*waits: Coroutine[Any, Any, object]) -> None:
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_and_wait(*tasks)


async def _deliver_what_waits(
    folder: DataFolder, profile: Profile, url: str, console: Console
) -> None:
    await recover(folder)
    report = await deliver(url, folder, profile)
    for _, reason in report.failed:
        console.print(reason, markup=False, highlight=False)


def _say(console: Console, profile: Profile, text: Text) -> None:
    console.print(text.to(profile.language), markup=False, highlight=False, soft_wrap=True)
