"""The whole web app: the clinic's pages and interface, and the patient's live page and channel.

One app, two roles: a patient's machine and a clinic's server run the same one.
"""

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine
from starlette.websockets import WebSocket, WebSocketDisconnect

import api
from api import ApiSettings
from api.pages import Link, Pages
from api.pages.language import N_
from tracker.live import LiveHub
from tracker.pages.sentences import live_sentences
from tracker.upload.desk import UploadDesk
from tracker.upload.routes import UPLOAD_PATH
from tracker.upload.routes import install as install_upload
from tracker.webapp import install as install_webapp

OWN: Final = Path(str(files("tracker") / "pages"))
LIVE_PATH: Final = "/live"
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
        The service with `/live` and `/ws/live` added.

    """
    app = api.create_app(engine, settings)
    pages: Pages = app.state.pages
    pages.extend(
        templates=OWN / "templates",
        static=OWN / "static",
        locale=OWN / "locale",
        links=(Link(LIVE_PATH, N_("Train")), *([Link(UPLOAD_PATH, N_("Import"))] if desk else [])),
    )

    install_webapp(app, pages)
    if desk is not None:
        install_upload(app, desk)

    @app.get(LIVE_PATH, include_in_schema=False)
    def live_page(request: Request) -> HTMLResponse:
        language = pages.language(request)
        sentences = live_sentences(language)
        return pages.show(request, "live.html", sentences=sentences, channel=CHANNEL_PATH)

    @app.websocket(CHANNEL_PATH)
    async def live_channel(socket: WebSocket) -> None:
        # A page of another site never comes this far: api.guard compares Origin with Host.
        await socket.accept()
        async with asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(_tell(socket, hub))
            await _wait_for_goodbye(socket)
            telling.cancel()

    return app


async def _tell(socket: WebSocket, hub: LiveHub) -> None:
    """Send everything that is published; a slow line holds up this page alone."""
    async with hub.listen() as texts:
        async for text in texts:
            try:
                await socket.send_text(text)
            except (WebSocketDisconnect, RuntimeError):  # it went away in mid-message
                return


async def _wait_for_goodbye(socket: WebSocket) -> None:
    """Return when the page is gone; what a page says is not listened to."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
