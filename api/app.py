"""Putting the service together."""

from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from api import problems
from api.convert import API
from api.guard import BodyLimit, Guard
from api.pages import Pages
from api.recordings import RecordingFiles
from api.routes import (
    health,
    knowledge,
    own_data,
    pages,
    patients,
    prescriptions,
    programme,
    programme_forms,
    programme_intake,
    programme_pages,
    programme_records,
    recordings,
    reminders,
    sessions,
    settings_page,
    sport,
)
from api.settings import ApiSettings

DESCRIPTION = (
    "Stores and shows how a prescribed exercise plan was performed. "
    "Times are RFC 3339, durations seconds, angles degrees; every name says its unit."
)


def create_app(engine: Engine, settings: ApiSettings) -> FastAPI:
    """Make the service; nothing is started and no table is made (see `api.migrate`).

    Parameters
    ----------
    engine : Engine
        The database, from `api.open_engine`, migrated.
    settings : ApiSettings
        Everything else that can be told.

    Returns
    -------
    FastAPI
        The app. `app.state.pages` lets another package add pages of its own.

    """
    app = FastAPI(
        title="tempo90",
        version=version("tempo90"),
        description=DESCRIPTION,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.settings = settings
    app.state.clock = partial(datetime.now, UTC)
    app.state.recordings = RecordingFiles(settings.recordings_dir, settings.max_recording_bytes)
    shown = Pages(settings)
    shown.install(app)
    problems.install(app, shown.show_problem)

    v1 = APIRouter(prefix=API)
    for module in (patients, prescriptions, programme, programme_records, recordings, sessions):
        v1.include_router(module.router)
    app.include_router(v1)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.include_router(programme_forms.session_router)
    app.include_router(knowledge.router)
    app.include_router(settings_page.router)
    own = (programme_pages, programme_forms, programme_intake, reminders, sport, own_data)
    for module in own:
        app.include_router(module.router)  # of a local install's one patient
        app.include_router(module.router, prefix="/patients/{patient_id}")

    app.add_middleware(BodyLimit, limit_bytes=settings.max_body_bytes, exempt="/recording")
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, recordings.MEDIA_TYPE)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, exclude_content_types=packed)
    app.add_middleware(Guard, hosts=settings.hosts)
    return app
