"""The training page, and the same view for a second screen that only looks on."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.pages.language import N_
from tracker.pages.exercise_cards import exercise_cards
from tracker.pages.sentences import live_sentences
from tracker.pages.train_sentences import train_sentences

LIVE_PATH: Final = "/live"
TRAIN_PATH: Final = "/train"
TITLES: Final = {LIVE_PATH: N_("Training, live"), TRAIN_PATH: N_("Training")}


def install(app: FastAPI, channel: str) -> None:
    """Add both pages; `channel` is the path of the live channel that they listen to."""
    pages: Pages = app.state.pages

    def show(request: Request, path: str, chosen: str = "") -> HTMLResponse:
        language = pages.language(request)
        return pages.show(
            request,
            "live.html",
            sentences={**live_sentences(language), **train_sentences(language)},
            channel=channel,
            title=language.say(TITLES[path]),
            steers=path == TRAIN_PATH,
            watched=None,
            cards=exercise_cards(language),
            chosen=chosen,
        )

    @app.get(LIVE_PATH, include_in_schema=False)
    def live_page(request: Request) -> HTMLResponse:
        return show(request, LIVE_PATH)

    @app.get(TRAIN_PATH, include_in_schema=False)
    def train_page(request: Request, exercise: str = "") -> HTMLResponse:
        return show(request, TRAIN_PATH, exercise)
