"""A web server that ends without hurry: nothing new comes in, and what runs is brought to an end.

signal -> no new connections -> drain (sittings end between sets, or are handed over)
-> open connections are told to come again -> the app ends -> exit status 0
"""

import asyncio
import contextlib
import multiprocessing
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from types import FrameType
from typing import Final

import uvicorn

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class DrainingServer(uvicorn.Server):
    """Serve until a signal, then drain, then end.

    Parameters
    ----------
    config : uvicorn.Config
        Of the app.
    drain : callable
        Brings to an end what runs; bounded in time.

    """

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve; a process whose parent was killed ends too, so that no port stays taken."""
        parent = multiprocessing.parent_process()
        loop = asyncio.get_running_loop()
        if parent is not None:
            loop.add_reader(parent.sentinel, self._stop)
        try:
            await super().serve(sockets)
        finally:
            if parent is not None:
                loop.remove_reader(parent.sentinel)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in, drain, then close as every server does."""
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()  # the other processes have theirs: they are given what comes from now on
        if not self.force_exit:
            await self._drain()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take signals as a wish to end; afterwards the process ends well, not by the signal."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self._wished) for one in SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _wished(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal; a second one while draining ends at once."""
        self.force_exit = self.should_exit and number == signal.SIGINT
        self.should_exit = True

    def _stop(self) -> None:
        self.should_exit = True
