"""Two pages that need ears and no sensor: the practice of a return, and the interval timer."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from tracker.pages.ear_sentences import ear_sentences
from tracker.pages.interval_plan import interval_plans

PRACTICE_PATH: Final = "/practice"
INTERVALS_PATH: Final = "/intervals"


def install(app: FastAPI) -> None:
    """Add both pages to an app whose pages know the templates of the tracker."""
    pages: Pages = app.state.pages

    @app.get(PRACTICE_PATH, include_in_schema=False)
    def practice_page(request: Request) -> HTMLResponse:
        sentences = ear_sentences(pages.language(request))
        return pages.show(request, "practice.html", sentences=sentences)

    @app.get(INTERVALS_PATH, include_in_schema=False)
    def intervals_page(request: Request) -> HTMLResponse:
        language = pages.language(request)
        return pages.show(
            request,
            "intervals.html",
            sentences=ear_sentences(language),
            plans=interval_plans(language),
        )
