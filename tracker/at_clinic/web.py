"""The phone's page and line on a clinic's server: the log-in says whose they are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from api.local_files import LocalFiles
from api.pages import Link, Pages
from api.pages.language import N_
from tracker.at_clinic.forgetting import forget_sittings, is_in_sitting
from tracker.at_clinic.service import ClinicService
from tracker.phone.web import OWN, PHONE_PATH, add_phone_routes


def install(app: FastAPI, service: ClinicService) -> None:
    """Add the page, the line and their clean-up to a clinic's app.

    `app.state.clinic` holds the service; it begins and ends with the app's lifespan.
    """
    app.state.clinic = service
    sittings = service.sittings
    app.state.local_files = LocalFiles(
        is_training=lambda patient_id: is_in_sitting(sittings.folder_of(patient_id)),
        forget=lambda patient_id: forget_sittings(sittings.folder_of(patient_id)),
    )
    pages: Pages = app.state.pages
    menu = Link(PHONE_PATH, N_("Train with this phone"), 15)
    pages.extend(templates=OWN / "templates", links=(menu,))
    add_phone_routes(app, pages, service.serve, has_log_in=True)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def both(served: Any) -> AsyncIterator[Any]:
        async with before(served) as state, service.running():
            yield state

    app.router.lifespan_context = both
