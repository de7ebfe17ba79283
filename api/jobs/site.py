"""Jobs of an app: what works on them, from when it begins to serve until it ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from api.jobs.here import JobsHere
from api.jobs.kinds import Imported, Importer, ImportOrder, Workplace
from api.pages import Pages
from api.review.errors import NoEngineError
from api.review.reanalysis import Reanalysed, Reanalyser
from api.schemas import SessionPublic
from api.zones import usual_zone


class Runner(Protocol):
    """Who sees to it that jobs are worked on: `app.state.jobs`."""

    def wake(self) -> None:
        """See to what is due, soon; returns at once and never fails."""

    def close(self) -> None:
        """Stop after the item that is on its way."""


def install(app: FastAPI) -> None:
    """Have jobs worked on in this process; another package may put another runner there."""
    app.state.jobs = JobsHere(workplace(app))
    before = app.router.lifespan_context

    @asynccontextmanager
    async def both(served: FastAPI) -> AsyncIterator[Any]:
        async with before(served) as state:
            await run_in_threadpool(served.state.jobs.wake)
            try:
                yield state
            finally:
                await run_in_threadpool(served.state.jobs.close)

    app.router.lifespan_context = both


def workplace(app: FastAPI) -> Workplace:
    """Return what the jobs of an app work with."""
    pages: Pages = app.state.pages

    def reanalyse(path: Path, session: SessionPublic) -> Reanalysed:
        analyse: Reanalyser | None = getattr(app.state, "reanalyse", None)
        if analyse is None:
            raise NoEngineError("This service stores results; it cannot read recordings itself.")
        return analyse(path, session)

    def take_in(file: Path, order: ImportOrder, folder: Path) -> Imported:
        read: Importer | None = getattr(app.state, "take_in", None)
        if read is None:
            raise NoEngineError("This service stores results; it cannot read recordings itself.")
        return read(file, order, folder)

    return Workplace(
        engine=app.state.engine,
        recordings=app.state.recordings,
        speak=pages.speak,
        zone=ZoneInfo(usual_zone(app.state.settings)),
        now=lambda: app.state.clock(),  # noqa: PLW0108  # tests move it
        reanalyse=reanalyse,
        take_in=take_in,
    )
