"""Putting the service together."""

from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from api import fhir, problems
from api.access import API_RULES, AccessControl, Gate
from api.access.description import describe
from api.convert import API
from api.guard import BodyLimit, Guard
from api.jobs import pages as job_pages
from api.jobs import site as jobs
from api.linking import rows as linking_rows  # noqa: F401  (an export and an erasure see them)
from api.openapi import complete
from api.openapi.completing import operation_id
from api.operations import routes as watching
from api.operations.readiness import Watch
from api.operations.requests import Following, Told
from api.pages import Pages
from api.recording_store import open_recordings
from api.repeating import Repeat
from api.reports import routes as report_routes
from api.request_id import RequestId
from api.review import site as review
from api.routes import (
    account,
    audit,
    clinic,
    clinic_care,
    clinic_imports,
    clinic_injuries,
    clinic_interface,
    clinic_patient,
    clinic_thresholds,
    consents,
    elsewhere,
    from_clinic,
    health,
    invitations,
    knowledge,
    messages,
    my_data,
    own_data,
    pages,
    passkeys,
    passwords,
    patients,
    prescription_pages,
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
    users,
    ways_in,
)
from api.settings import ApiSettings
from api.slow_bodies import SlowBodies

LONG_BODIES = ("/recording", "/restore")  # how the paths end whose bodies count for themselves
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
        routes=_every_route().routes,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.settings = settings
    app.state.clock = partial(datetime.now, UTC)
    app.state.recordings = open_recordings(settings)
    app.state.watch = Watch(engine, app.state.recordings, settings.recordings_dir)
    app.state.metrics, app.state.metrics_token = None, None  # a server that counts sets them
    app.state.told = told = list[Told]()  # of each request that is over; a server adds to it
    app.state.access = AccessControl(
        settings.access,
        needs_login=settings.needs_login,
        now=lambda: app.state.clock(),  # noqa: PLW0108  # tests move it
    )
    app.state.access.rules.add(API_RULES)
    shown = Pages(settings)
    shown.install(app)
    problems.install(app, shown.show_problem)

    jobs.install(app)
    describe(app, app.state.access.rules)
    complete(app)
    app.add_middleware(Repeat, exempt=LONG_BODIES)
    app.add_middleware(Gate, access=app.state.access)
    app.add_middleware(BodyLimit, limit_bytes=settings.max_body_bytes, exempt=LONG_BODIES)
    app.add_middleware(SlowBodies)
    packed = (*DEFAULT_EXCLUDED_CONTENT_TYPES, recordings.MEDIA_TYPE)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, exclude_content_types=packed)
    app.add_middleware(Guard, hosts=settings.hosts, needs_https=settings.needs_login)
    app.add_middleware(Following, told=told)
    app.add_middleware(RequestId)  # last, so outermost: refusals have a name too
    return app


OF_INTERFACE = (
    patients,
    prescriptions,
    programme,
    programme_records,
    recordings,
    sessions,
    audit,
    own_data,
    clinic_interface,
    from_clinic,
)
OF_ACCESS = (ways_in, passkeys, elsewhere, invitations, passwords, account, consents, users)
OF_CLINIC = (
    clinic,
    clinic_thresholds,
    clinic_patient,
    clinic_injuries,
    clinic_care,
    clinic_imports,
)
OF_PATIENT = (
    messages,
    programme_pages,
    programme_forms,
    programme_intake,
    prescription_pages,
    reminders,
    sport,
    my_data,
)


@cache
def _every_route() -> APIRouter:
    """Return every route, each with its line in `api.access.table`.

    They are read once and shared by all apps of a process: nothing in them belongs to one app.
    """
    every = APIRouter(generate_unique_id_function=operation_id)
    v1 = APIRouter(prefix=API)
    for module in OF_INTERFACE:
        v1.include_router(module.router)
    v1.include_router(prescriptions.of_patient)
    v1.include_router(fhir.router)
    v1.include_router(report_routes.router)
    for router in review.OF_INTERFACE:
        v1.include_router(router)
    every.include_router(v1)
    for page in (health, watching, pages, knowledge, settings_page, *OF_ACCESS, *OF_CLINIC):
        every.include_router(page.router)
    for own_page in (audit, own_data):
        every.include_router(own_page.page_router)
    every.include_router(job_pages.router)
    every.include_router(programme_forms.session_router)
    for router in review.OF_PAGES:
        every.include_router(router)
    for own in (*(module.router for module in OF_PATIENT), report_routes.page_router):
        every.include_router(own)  # of who is logged in, or of a local install's patient
        every.include_router(own, prefix="/patients/{patient_id}")
    return every
