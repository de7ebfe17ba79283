"""The whole web app: the clinic's pages and interface, and the patient's live page and channel.

One app, two roles: a patient's machine and a clinic's server run the same one.
"""

import asyncio
import json
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.websockets import WebSocket, WebSocketDisconnect

import api
from api import ApiSettings
from api.pages import Link, Pages
from api.pages.language import N_
from tracker.access_table import TRACKER_RULES
from tracker.import_job import take_in
from tracker.linking.pages import install as install_link
from tracker.live import LiveHub
from tracker.pages.ear_pages import install as install_ear_pages
from tracker.pages.training_pages import TRAIN_PATH
from tracker.pages.training_pages import install as install_training_pages
from tracker.reanalysis.again import analyse_session
from tracker.slow_readers import SlowReaderError, send_in_time
from tracker.upload.desk import UploadDesk
from tracker.upload.routes import UPLOAD_PATH
from tracker.upload.routes import install as install_upload
from tracker.watching.pages import install as install_watching
from tracker.webapp import install as install_webapp
from tracker.working import runner_for

OWN: Final = Path(str(files("tracker") / "pages"))
CHANNEL_PATH: Final = "/ws/live"


def create_app(
    engine: Engine,
    settings: ApiSettings,
    hub: LiveHub,
    desk: UploadDesk | None = None,
) -> FastAPI:
    """Make the web app; nothing is started.

    Parameters
    ----------
    engine : Engine
        The database, from `api.open_engine`, migrated.
    settings : ApiSettings
        Of the service.
    hub : LiveHub
        Where the running session is published.
    desk : UploadDesk, optional
        Where recordings made elsewhere are handed in; without it there is no upload page.

    Returns
    -------
    FastAPI
        The service with `/train`, `/live` and `/ws/live` added.

    """
    app = api.create_app(engine, settings)
    app.state.access.rules.add(TRACKER_RULES)
    app.state.reanalyse = analyse_session
    app.state.take_in = take_in
    app.state.jobs = runner_for(app, engine.url.render_as_string(hide_password=False))
    pages: Pages = app.state.pages
    pages.extend(
        templates=OWN / "templates",
        static=OWN / "static",
        locale=OWN / "locale",
        links=(
            Link(TRAIN_PATH, N_("Train"), 10),
            *([Link(UPLOAD_PATH, N_("Import"), 40)] if desk else []),
        ),
    )

    install_ear_pages(app)
    install_link(app)
    install_webapp(app, pages)
    if desk is not None:
        install_upload(app, desk)

    install_training_pages(app, CHANNEL_PATH)
    install_watching(app)

    @app.websocket(CHANNEL_PATH)
    async def live_channel(socket: WebSocket) -> None:
        # A page of another site never comes this far: api.guard compares Origin with Host.
        await socket.accept()
        try:
            async with asyncio.TaskGroup() as tasks:
                telling = tasks.create_task(_tell(socket, hub))
                await _hear(socket, hub)
                telling.cancel()
        except* SlowReaderError:
            pass  # the page is given up, and opens a new line when it can
        finally:
            hub.sounding.line_closed(socket)

    return app


async def _tell(socket: WebSocket, hub: LiveHub) -> None:
    """Send everything that is published; a slow line holds up this page alone."""
    async with hub.listen() as texts:
        async for text in texts:
            try:
                await send_in_time(socket, text)
            except (WebSocketDisconnect, RuntimeError):  # it went away in mid-message
                return


async def _hear(socket: WebSocket, hub: LiveHub) -> None:
    """Hand on what the page asks for until it is gone; a refusal goes to this page alone."""
    while (received := await socket.receive())["type"] != "websocket.disconnect":
        answer = await hub.take(received.get("text") or "", socket)
        if answer is not None:
            with suppress(WebSocketDisconnect, RuntimeError):  # it went away in mid-message
                await socket.send_text(json.dumps(answer, ensure_ascii=False))
