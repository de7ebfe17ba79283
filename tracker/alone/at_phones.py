"""The page for a phone alone where phones come in: for those that were paired once."""

from collections.abc import Callable

from fastapi import FastAPI

from api.pages import Pages
from tracker.alone.desk import AloneDesk
from tracker.alone.key import phone_key
from tracker.alone.routes import ALONE_PATH
from tracker.alone.routes import install as install_alone
from tracker.settings import DataFolder
from tracker.webapp import install as install_webapp


def alone_at_phones(folder: DataFolder) -> Callable[[FastAPI, Pages], None]:
    """Return what adds the page to the app of the local network."""

    def extend(app: FastAPI, pages: Pages) -> None:
        install_webapp(app, pages, start=ALONE_PATH)
        install_alone(app, pages, AloneDesk(folder, key=phone_key(folder)))

    return extend


def alone_here(folder: DataFolder) -> Callable[[FastAPI], None]:
    """Return what adds the page to the app of this computer, which nobody else reaches."""

    def extend(app: FastAPI) -> None:
        install_alone(app, app.state.pages, AloneDesk(folder))

    return extend
