"""The web app on this machine: pages, live channel and database, on a loopback address only."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import uvicorn
from fastapi import FastAPI

from api import ApiSettings, OwnPatient, open_engine
from api.access import AccessSettings
from api.local_files import LocalFiles
from tracker.app import create_app
from tracker.errors import TrackerError
from tracker.forgetting import forget_patient, is_in_training
from tracker.live import LiveHub
from tracker.moving.desk import BackupDesk
from tracker.moving.pages import install as install_backup
from tracker.profile import Profile
from tracker.profile_keeping import ProfileKeeper
from tracker.running import in_use
from tracker.settings import DEFAULT_PORT, DataFolder
from tracker.slow_heads import LimitedHeads
from tracker.updating import bring_up_to_date
from tracker.upload.desk import UploadDesk
from tracker.whats_new.news import NewsDesk
from tracker.whats_new.pages import install as install_news

LOOPBACK: Final = "127.0.0.1"
POLL_S: Final = 0.02
GRACE_S: Final = 1


class ServingError(TrackerError, OSError):
    """The web app could not be started."""


class QuietServer(uvicorn.Server):
    """A server inside another program: Ctrl-C belongs to that program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class LocalServer:
    """Serve a data folder to this machine; use as an async context.

    Parameters
    ----------
    folder : DataFolder
        Whose database is served; made and migrated when needed.
    hub : LiveHub
        Where the live page listens.
    port : int
        The port to take if it is free; 0 takes any.
    is_port_fixed : bool
        Whether another port will not do.
    extend : callable, optional
        Adds pages to the app before it is served.
    local_name : str
        Who sits at this computer, as pages show it; empty: they do not.
    profile : Profile, optional
        Whose day the home page shows; without one it lists everyone's sessions.

    """

    def __init__(
        self,
        folder: DataFolder,
        hub: LiveHub,
        *,
        port: int = DEFAULT_PORT,
        is_port_fixed: bool = False,
        extend: Callable[[FastAPI], None] | None = None,
        local_name: str = "",
        profile: Profile | None = None,
    ) -> None:
        self._folder = folder
        self._hub = hub
        self._port = port
        self._is_port_fixed = is_port_fixed
        self._extend = extend
        self._local_name = local_name
        self._profile = profile
        self._server: QuietServer | None = None
        self._task: asyncio.Task[None] | None = None
        self._close: contextlib.ExitStack = contextlib.ExitStack()
        self.url = ""

    async def __aenter__(self) -> Self:
        """Start to serve.

        Raises
        ------
        ServingError
            If the port is taken, or the server does not come up.

        """
        listening = bind_loopback(self._port, is_fixed=self._is_port_fixed)
        self.url = f"http://localhost:{listening.getsockname()[1]}"
        try:
            return await self._serve(listening)
        except BaseException:
            self._close.close()
            listening.close()
            raise

    async def _serve(self, listening: socket.socket) -> Self:
        tell = self._close.enter_context(in_use(self._folder))
        await asyncio.to_thread(bring_up_to_date, self._folder)
        engine = open_engine(self._folder.database_url)
        self._close.callback(engine.dispose)
        own = None if self._profile is None else own_patient(self._profile)
        settings = ApiSettings(
            recordings_dir=self._folder.recordings,
            own_patient=own,
            access=AccessSettings(local_name=self._local_name),
        )
        app = create_app(engine, settings, self._hub, UploadDesk(self._folder, lambda: self.url))
        install_news(app, NewsDesk(self._folder))
        install_backup(app, BackupDesk(self._folder))
        app.state.local_files = LocalFiles(
            is_training=partial(is_in_training, self._folder),
            forget=self._forget,
        )
        if self._profile is not None:
            app.add_middleware(ProfileKeeper, self._folder.profile, self._profile)
        if self._extend is not None:
            self._extend(app)
        config = uvicorn.Config(
            app,
            http=LimitedHeads,
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = QuietServer(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]), name="server")
        while not self._server.started:
            if self._task.done():
                raise ServingError(f"The pages could not be served at {self.url}.")
            await asyncio.sleep(POLL_S)
        tell(self.url)
        self._close.callback(app.state.jobs.close)
        app.state.jobs.wake()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await asyncio.wait({self._task})
        self._close.close()

    def _forget(self, patient_id: UUID) -> int:
        """Forget somebody whose data were deleted; return how many sessions went from here."""
        n_gone = forget_patient(self._folder, patient_id)
        self._hub.forget()
        return n_gone

    async def wait_closed(self) -> None:
        """Return when the server has ended."""
        if self._task is not None:
            await asyncio.wait({self._task})


def own_patient(profile: Profile) -> OwnPatient:
    """Return the patient of this machine as the service knows them."""
    return OwnPatient(id=profile.patient_id, name=profile.name, language=profile.language)


def bind_loopback(port: int, *, is_fixed: bool = False) -> socket.socket:
    """Return a listening-ready socket on this machine's loopback address.

    Raises
    ------
    ServingError
        If the port is taken and no other will do.

    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two programs share a port
        # A server that has just ended leaves its port waiting for a minute; it may begin again.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except OSError as error:
        listening.close()
        if is_fixed or port == 0:
            raise ServingError(
                f"Port {port} is taken: give another with --port, or 0 for any."
            ) from error
        return bind_loopback(0)
    return listening
