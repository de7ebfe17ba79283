"""The routes of the phone: its page and line, and for this computer the page that shows the code.

`add_phone_page` is what a phone may reach, and nothing else of the app; `add_pairing_page` shows
the code and belongs where only this computer looks.
"""

import io
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import segno
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.websockets import WebSocket

from api import ApiSettings
from api.guard import Guard
from api.pages import Pages
from api.settings import LOOPBACK_HOSTS
from tracker.pages.phone_sentences import phone_sentences
from tracker.pages.sentences import live_sentences
from tracker.phone.channel import serve_phone
from tracker.phone.desk import PhoneDesk
from tracker.phone.pairing import written

OWN: Final = Path(__file__).resolve().parents[1] / "pages"
PHONE_PATH: Final = "/phone"
PHONE_CHANNEL: Final = "/ws/phone"
PAIR_PATH: Final = "/pair"
PAIR_STATE: Final = "/pair/state"
PAIR_CODE: Final = "/pair/code.svg"
CA_PATH: Final = "/ca.pem"
NO_STORE: Final = {"Cache-Control": "no-store"}


def create_phone_app(
    settings: ApiSettings,
    desk: PhoneDesk,
    authority_pem: bytes,
    extend: Callable[[FastAPI, Pages], None] | None = None,
) -> FastAPI:
    """Make the app of the local network: the phone's page and line, the authority, static files.

    Parameters
    ----------
    settings : ApiSettings
        Its `hosts` are the names it answers to.
    desk : PhoneDesk
        Where phones come in.
    authority_pem : bytes
        What a phone may install to trust this computer.
    extend : callable, optional
        Adds pages for phones that are of another part of tempo90.

    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = Pages(settings)
    pages.install(app)
    pages.extend(templates=OWN / "templates", static=OWN / "static", locale=OWN / "locale")
    add_phone_page(app, pages, desk, has_authority=True)

    @app.get(CA_PATH)
    def authority() -> Response:
        named = {"Content-Disposition": 'attachment; filename="tempo90-ca.pem"'}
        return Response(authority_pem, media_type="application/x-x509-ca-cert", headers=named)

    if extend is not None:
        extend(app, pages)
    app.add_middleware(Guard, hosts=settings.hosts)
    return app


def add_phone_page(
    app: FastAPI, pages: Pages, desk: PhoneDesk, *, has_authority: bool = False
) -> None:
    """Add the page on the phone, and its line; a code says whose phone it is."""
    authority = CA_PATH if has_authority else None
    add_phone_routes(app, pages, partial(serve_phone, desk=desk), authority=authority)


def add_phone_routes(
    app: FastAPI,
    pages: Pages,
    serve: Callable[[WebSocket], Awaitable[None]],
    *,
    authority: str | None = None,
    has_log_in: bool = False,
) -> None:
    """Add the page on the phone, and its line.

    Parameters
    ----------
    app, pages
        The app and its pages.
    serve : callable
        Talks with one page until it goes.
    authority : str, optional
        Where a phone can get what makes it trust this computer.
    has_log_in : bool
        Whether a log-in says whose phone it is, far from any computer of tempo90.

    """

    @app.get(PHONE_PATH, include_in_schema=False)
    def phone_page(request: Request) -> HTMLResponse:
        language = pages.language(request)
        said = live_sentences(language) | phone_sentences(language)
        return pages.show(
            request,
            "phone.html",
            sentences=said,
            channel=PHONE_CHANNEL,
            authority=authority,
            has_log_in=has_log_in,
        )

    @app.websocket(PHONE_CHANNEL)
    async def phone_channel(socket: WebSocket) -> None:
        # A page of another site never comes this far: api.guard compares Origin with Host.
        await serve(socket)


def add_pairing_page(app: FastAPI, pages: Pages, desk: PhoneDesk, address: str | None) -> None:
    """Add the page that shows the code to this computer.

    Parameters
    ----------
    app, pages, desk
        The app, its pages, and where phones come in.
    address : str, optional
        Where phones find this computer; without it, the address that the reader used.

    """

    def link(request: Request) -> str:
        base = address or str(request.base_url).rstrip("/")
        return phone_link(base, desk.pairing.code())

    @app.get(PAIR_PATH, include_in_schema=False)
    def pairing_page(request: Request) -> HTMLResponse:
        base = link(request).partition("#")[0]
        is_reachable = urlsplit(base).hostname not in LOOPBACK_HOSTS
        return pages.show(
            request,
            "pair.html",
            address=base,
            state_path=PAIR_STATE,
            is_reachable=is_reachable,
        )

    @app.get(PAIR_STATE, include_in_schema=False)
    def pairing_state() -> JSONResponse:
        if not desk.is_free:
            return JSONResponse({"is_paired": True}, headers=NO_STORE)
        code = desk.pairing.code()
        found = {
            "is_paired": False,
            "code": written(code),
            "left_s": round(desk.pairing.left_s),
            "picture": f"{PAIR_CODE}?{code[:2]}",
        }
        return JSONResponse(found, headers=NO_STORE)

    @app.get(PAIR_CODE, include_in_schema=False)
    def pairing_code(request: Request) -> Response:
        picture = io.BytesIO()
        drawn = segno.make(link(request), error="m")
        drawn.save(picture, kind="svg", scale=8, border=4, light="white", dark="black")
        return Response(picture.getvalue(), media_type="image/svg+xml", headers=NO_STORE)


def phone_link(base: str, code: str) -> str:
    """Return what a phone opens; the code stands behind the #, which no server and no log sees.

    Examples
    --------
    >>> phone_link("https://192.0.2.7:8443", "7K3MP0QX")
    'https://192.0.2.7:8443/phone#7K3MP0QX'

    """
    return f"{base}{PHONE_PATH}#{code}"
