"""The listener on the local network: HTTPS, the phone's page and line, nothing else."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn
from fastapi import FastAPI

from api import ApiSettings
from api.pages import Pages
from tracker.phone.certificates import Certificates, ensure_certificates
from tracker.phone.desk import PhoneDesk
from tracker.phone.network import LOOPBACK, lan_address, local_name
from tracker.phone.numbering import MAX_MESSAGE_BYTES
from tracker.phone.web import create_phone_app
from tracker.serving import GRACE_S, POLL_S, QuietServer, ServingError
from tracker.settings import DataFolder

DEFAULT_LAN_PORT: Final = 8443
MAX_CONNECTIONS: Final = 64  # one phone opens five; more is somebody else's doing
TLS_FOLDER: Final = "tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to listen.

    Parameters
    ----------
    address : str
        The address of this computer on its network, and of no other of its interfaces.
    name : str, optional
        Its name there.
    port : int
        The port to take if it is free; 0 takes any.

    """

    address: str
    name: str | None = None
    port: int = DEFAULT_LAN_PORT


def find_place(port: int = DEFAULT_LAN_PORT) -> Place:
    """Return where phones can reach this computer.

    Raises
    ------
    ServingError
        If it is on no network.

    """
    address = lan_address()
    if address is None:
        raise ServingError(
            "This computer is on no network: join the Wi-Fi of your phone, or use its hotspot."
        )
    return Place(address=address, name=local_name(), port=port)


class PhoneListener:
    """Serve the phone's page on the local network; use as an async context.

    Parameters
    ----------
    folder : DataFolder
        Where the certificates are kept.
    desk : PhoneDesk
        Where phones come in.
    place : Place
        Where to listen.
    extend : callable, optional
        Adds pages for phones.

    """

    def __init__(
        self,
        folder: DataFolder,
        desk: PhoneDesk,
        place: Place,
        extend: Callable[[FastAPI, Pages], None] | None = None,
    ) -> None:
        self._folder = folder
        self._extend = extend
        self._desk = desk
        self._place = place
        self._server: QuietServer | None = None
        self._task: asyncio.Task[None] | None = None
        self.url = ""
        self.certificates: Certificates | None = None

    async def __aenter__(self) -> Self:
        """Start to listen.

        Raises
        ------
        ServingError
            If the address cannot be used, or the server does not come up.
        CertificateError
            If the certificates cannot be kept.

        """
        place = self._place
        names = [name for name in ("localhost", place.name) if name]
        addresses = list(dict.fromkeys([LOOPBACK, place.address]))
        made = await asyncio.to_thread(
            ensure_certificates,
            self._folder.root / TLS_FOLDER,
            names=names,
            addresses=addresses,
        )
        self.certificates = made
        settings = ApiSettings(
            recordings_dir=Path(self._folder.recordings),
            hosts=(*names, *addresses),
            is_loopback_only=False,
        )
        listening = _bind(place)
        self.url = f"https://{place.address}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            create_phone_app(
                settings,
                self._desk,
                made.authority_pem,
                self._extend,
            ),
            log_level="critical",  # a phone that does not trust us yet breaks off the handshake
            access_log=False,
            lifespan="off",
            ssl_certfile=made.chain,
            ssl_keyfile=str(made.key),
            limit_concurrency=MAX_CONNECTIONS,
            ws_max_size=MAX_MESSAGE_BYTES,
            ws="websockets-sansio",
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = QuietServer(config)
        self._task = asyncio.create_task(
            self._server.serve(sockets=[listening]), name="phone listener"
        )
        while not self._server.started:
            if self._task.done():
                raise ServingError(f"The phone's page could not be served at {self.url}.")
            await asyncio.sleep(POLL_S)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and self._task is not None:
            self._desk.link.say_goodbye()
            await asyncio.sleep(POLL_S)
            self._server.should_exit = True
            await asyncio.wait({self._task})


def _bind(place: Place) -> socket.socket:
    """Return a socket on that one address; another port where the wanted one is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((place.address, place.port))
    except OSError as error:
        listening.close()
        if place.port == 0:
            raise ServingError(
                f"Nothing can listen at {place.address} ({error.strerror})."
            ) from error
        return _bind(Place(address=place.address, name=place.name, port=0))
    return listening
