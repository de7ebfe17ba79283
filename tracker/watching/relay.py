"""From the patient's own computer to the clinic: what the training tells, as it tells it.

Nothing is told until the clinic says that somebody looks on, and only while somebody does. It
never holds a training up: the hub's listener drops pictures that are not taken, and a line that
breaks is opened again, ever more patiently. Of what comes back only who looks on is read.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tracker.cancelling import cancel_and_wait
from tracker.live import LiveHub
from tracker.watching.pages import TELL_PATH

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 30.0
OPEN_S: Final = 10.0
MAX_ANSWER_BYTES: Final = 8 * 1024
MAX_NAMES: Final = 20


@asynccontextmanager
async def relaying(hub: LiveHub, clinic_url: str, token: str) -> AsyncIterator[None]:
    """Tell a clinic what a hub tells, for as long as the context lasts.

    Parameters
    ----------
    hub : LiveHub
        Of the training.
    clinic_url : str
        The clinic's address, as of `tempo90 serve --clinic`.
    token : str
        That of an app of this patient.

    """
    task = asyncio.create_task(_relay(hub, clinic_url, token), name="live to the clinic")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def channel_address(clinic_url: str) -> str:
    """Return the address of the channel of a clinic.

    Examples
    --------
    >>> channel_address("https://tempo.clinic.example")
    'wss://tempo.clinic.example/ws/my-live'

    """
    parts = urlsplit(clinic_url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + TELL_PATH, "", ""))


async def _relay(hub: LiveHub, clinic_url: str, token: str) -> None:
    wait_s = FIRST_WAIT_S
    while True:
        with suppress(OSError, TimeoutError, WebSocketException):
            async with connect(
                channel_address(clinic_url),
                additional_headers={"Authorization": f"Bearer {token}"},
                open_timeout=OPEN_S,
                max_size=MAX_ANSWER_BYTES,
            ) as line:
                wait_s = FIRST_WAIT_S
                await _until_it_breaks(line, hub)
        _say_who_looks_on(hub, [])
        await asyncio.sleep(wait_s)
        wait_s = min(LONGEST_WAIT_S, 2 * wait_s)


async def _until_it_breaks(line: ClientConnection, hub: LiveHub) -> None:
    telling: asyncio.Task[None] | None = None
    try:
        async for text in line:
            names = _names_in(text)
            if names is None:
                continue
            _say_who_looks_on(hub, names)
            if names and telling is None:
                telling = asyncio.create_task(_tell(line, hub), name="live to the clinic: telling")
            elif not names and telling is not None:
                await cancel_and_wait(telling)
                telling = None
    finally:
        if telling is not None:
            await cancel_and_wait(telling)


async def _tell(line: ClientConnection, hub: LiveHub) -> None:
    with suppress(WebSocketException):  # the line broke: the reader notices too
        async with hub.listen() as texts:
            async for text in texts:
                await line.send(text)


def _names_in(text: str | bytes) -> list[str] | None:
    """Return who looks on; None of a message that says anything else."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or message.get("type") != "watched":
        return None
    names = message.get("by")
    if not isinstance(names, list):
        return None
    return [name for name in names[:MAX_NAMES] if isinstance(name, str)]


def _say_who_looks_on(hub: LiveHub, names: list[str]) -> None:
    hub.publish({"type": "watched", "by": names})
