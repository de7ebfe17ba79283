"""What is new, on the home page until it is put away."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from api.pages import Pages
from tracker.whats_new.news import NewsDesk

SEEN_PATH: Final = "/whats-new/seen"
SHOWN_AT_ONCE: Final = 4  # the rest unfolds


def install(app: FastAPI, desk: NewsDesk) -> None:
    """Let the home page of an app tell what is new."""
    pages: Pages = app.state.pages
    desk.begin()

    def notice(request: Request) -> Markup | None:
        news = desk.on_page()
        if news is None:
            return None
        return pages.fragment(
            request,
            "whats_new.html",
            new_version=news.version,
            first=news.lines[:SHOWN_AT_ONCE],
            more=news.lines[SHOWN_AT_ONCE:],
        )

    def put_away() -> RedirectResponse:
        desk.put_away()
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    pages.notices.append(notice)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(SEEN_PATH, put_away, methods=["POST"])
    app.include_router(router)
