"""Questions to one HTTP server on the local network, one after the other, each within a time.

Over one connection where the server keeps it open. Whatever is wrong with the network or the
answer comes out as `PhoneAwayError`.
"""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import h11

from tracker.phone_apps.errors import PhoneAwayError, PhoneElsewhereError
from tracker.phone_apps.nearness import NEAR, Networks, near_addresses

MAX_ANSWER_BYTES: Final = 16 * 2**20  # minutes of samples, which a phone that was away has kept
PIECE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes

    @property
    def is_ok(self) -> bool:
        """Whether it did what it was asked."""
        return self.status == HTTPStatus.OK


class HttpLine:
    """Ask one server.

    Parameters
    ----------
    host : str
        Name or address.
    port : int
        Its port.
    limit_s : float
        Longest time for a question with its answer.
    networks : sequence of networks
        Where it may be; an address elsewhere is never connected to.

    """

    def __init__(
        self, host: str, port: int, *, limit_s: float = 2.0, networks: Networks = NEAR
    ) -> None:
        self.host, self.port = host, port
        self._limit_s = limit_s
        self._networks = networks
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._http = h11.Connection(h11.CLIENT)

    async def get(self, path: str) -> Answer:
        """Ask for a path.

        Raises
        ------
        PhoneAwayError
            If no whole answer comes within the limit.
        PhoneElsewhereError
            If the server is not on the local network: it is not asked then.

        """
        try:
            async with asyncio.timeout(self._limit_s):
                return await self._get(path)
        except PhoneElsewhereError:
            raise
        except TimeoutError:
            self.close()
            raise PhoneAwayError(f"{self.host} does not answer.") from None
        except (OSError, ssl.SSLError, h11.ProtocolError, EOFError) as error:
            self.close()
            raise PhoneAwayError(f"{self.host}:{self.port} cannot be reached ({error}).") from None
        except asyncio.CancelledError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def _get(self, path: str) -> Answer:
        if self._writer is not None:
            try:
                return await self._ask(path)
            except (OSError, h11.ProtocolError, EOFError):  # hung up since the last question
                self.close()
        self._reader, self._writer = await self._connect()
        self._http = h11.Connection(h11.CLIENT)
        return await self._ask(path)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to what the name stands for now, and to no other address than was checked."""
        found = await asyncio.get_running_loop().getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        )
        last: OSError = OSError("it has no address")
        for address in near_addresses([str(one[4][0]) for one in found], self._networks):
            try:
                return await asyncio.open_connection(address, self.port)
            except OSError as error:
                last = error
        raise last

    async def _ask(self, path: str) -> Answer:
        writer = self._writer
        if writer is None:
            raise EOFError
        headers = [("Host", f"{self.host}:{self.port}"), ("Accept", "application/json")]
        request = h11.Request(method="GET", target=path, headers=headers)
        asked = self._http.send(request) or b""
        writer.write(asked + (self._http.send(h11.EndOfMessage()) or b""))
        await writer.drain()
        answer = await self._listen()
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:
            self.close()
        return answer

    async def _listen(self) -> Answer:
        status, body, n_bytes = 0, [], 0
        while True:
            event = self._http.next_event()
            match event:
                case h11.NEED_DATA:
                    if self._reader is None:
                        raise EOFError
                    self._http.receive_data(await self._reader.read(PIECE_BYTES))
                case h11.Response():
                    status = event.status_code
                case h11.Data():
                    body.append(bytes(event.data))
                    n_bytes += len(event.data)
                    if n_bytes > MAX_ANSWER_BYTES:
                        raise h11.RemoteProtocolError("too long an answer")
                case h11.EndOfMessage():
                    return Answer(status, b"".join(body))
                case h11.PAUSED | h11.ConnectionClosed():
                    raise EOFError("the answer broke off")
