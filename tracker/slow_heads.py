"""Connections that never finish their question are closed, and questions without end too.

The server underneath waits for the head of a request for as long as it takes, and takes in as many
header fields as come: a few hundred connections that send a byte a minute would stop it.
"""

import asyncio
from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_LIMIT_S: Final = 20.0  # browsers open connections ahead and leave them for some seconds
MAX_HEAD_BYTES: Final = 64 * 1024  # what browsers and proxies take at most is 16 kB
_ANSWER: Final = "HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\n\r\n"


class LimitedHeads(HttpToolsProtocol):
    """One connection: a head has to be whole within a time and a size."""

    head_limit_s = HEAD_LIMIT_S
    max_head_bytes = MAX_HEAD_BYTES
    _waiting: asyncio.TimerHandle | None = None
    _n_head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to wait."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in a piece, and see whether a head is whole now."""
        before: RequestResponseCycle | None = self.cycle  # none before the first request
        if self._waiting is None and (before is None or before.response_complete):
            self._await_head()
        super().data_received(data)
        has_moved_on = self.transport.get_protocol() is not self  # to a WebSocket
        if self.cycle is not before or has_moved_on or self.transport.is_closing():
            self._stop_waiting()
        elif self._waiting is not None:
            self._n_head_bytes += len(data)
            if self._n_head_bytes > self.max_head_bytes:
                self._give_up(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _await_head(self) -> None:
        self._n_head_bytes = 0
        self._waiting = self.loop.call_later(
            self.head_limit_s, self._give_up, HTTPStatus.REQUEST_TIMEOUT
        )

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self, status: HTTPStatus) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(_ANSWER.format(status=status).encode("ascii"))
            self.transport.close()
