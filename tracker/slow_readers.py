"""Sending to a page that may not read: it is waited for a while, then its line is ended.

What waits to be sent is bounded elsewhere (`tracker.live`, `tracker.phone.channel`); this bounds
the time for which a page that has stopped reading keeps its share of it.
"""

import asyncio
from typing import Final, Protocol

from tracker.errors import TrackerError

READS_WITHIN_S: Final = 15.0
"""A phone that changes from Wi-Fi to its own network is silent for a few seconds."""


class SlowReaderError(TrackerError, TimeoutError):
    """A page takes nothing of what it is sent."""


class Sendable(Protocol):
    """A socket of a page."""

    async def send_text(self, data: str) -> None:
        """Send a text; waits while the page does not read."""


async def send_in_time(socket: Sendable, text: str) -> None:
    """Send a text, unless the page does not read.

    Raises
    ------
    SlowReaderError
        If it took nothing for so long.

    """
    try:
        async with asyncio.timeout(READS_WITHIN_S):
            await socket.send_text(text)
    except TimeoutError as error:
        raise SlowReaderError(f"A page has read nothing for {READS_WITHIN_S:.0f} s.") from error
