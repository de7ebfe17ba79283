"""`tempo90 serve --clinic`: the same app for many people, each of whom logs in.

A proxy of the clinic's own ends HTTPS and passes requests on to a port of this computer; or the
service ends it itself with a certificate, and listens on an address of the network. What it needs
to know beyond that stands in the environment (`tracker.clinic_settings`).
"""

import contextlib
import ipaddress
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from uvicorn.config import LOGGING_CONFIG

from api import ApiSettings, check_tables, open_engine, transaction
from api.access import AccessSettings, Role, has_administrator
from api.access.control import AccessControl
from api.access.invitations import invite
from api.engines import is_postgres
from api.needs.keeping import rebuild_all
from api.settings import LOOPBACK_HOSTS
from tracker.app import create_app
from tracker.at_clinic.service import ClinicService, home_of
from tracker.at_clinic.sittings import ClinicSittings
from tracker.at_clinic.web import install as install_sittings
from tracker.clinic_operations import count_together, logging_as
from tracker.clinic_operations import install as install_operations
from tracker.clinic_settings import MB, ClinicSettings
from tracker.live import LiveHub
from tracker.phone.numbering import MAX_MESSAGE_BYTES
from tracker.processes.bus import Bus, NoBus
from tracker.processes.claims import Claims, OwnClaims
from tracker.processes.draining import DrainingServer
from tracker.processes.workers import Workers
from tracker.serving import LOOPBACK, ServingError
from tracker.settings import DEFAULT_PORT, DataFolder
from tracker.slow_heads import LimitedHeads

GRACE_S: Final = 10  # for requests that are on their way when the service ends
RUN_FOLDER: Final = "run"
COUNTS_FOLDER: Final = "counts"  # in it, of several processes
MOST_BYTES: Final = MAX_MESSAGE_BYTES  # of one message of a page: a second of samples and more
FIRST_ADMINISTRATOR: Final = "First administrator"
SERVING: Final = "tempo90 for {address}, listening at {url}; Ctrl-C ends."
CODE: Final = (
    "To become its administrator open {address}/invitation and type {code}\n"
    "The code works once, for {hours} h."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicOptions:
    """What was asked for on the command line.

    Parameters
    ----------
    address : str
        Where people reach the service: https, and a name.
    listen : str
        The address of this computer to listen at.
    port : int
        The port there; 0 takes any.
    certificate, key : Path, optional
        PEM files; with them the service ends HTTPS itself.
    wants_administrator : bool
        Whether to print a code for an administrator though there is one.
    n_workers : int
        How many processes serve; several need PostgreSQL.

    """

    address: str
    listen: str = LOOPBACK
    port: int = DEFAULT_PORT
    certificate: Path | None = None
    key: Path | None = None
    wants_administrator: bool = False
    n_workers: int = 1

    @property
    def has_certificate(self) -> bool:
        """Whether the service ends HTTPS itself."""
        return self.certificate is not None and self.key is not None


def check_options(options: ClinicOptions) -> None:
    """Refuse what would send passwords over a network in the open.

    Raises
    ------
    ServingError
        If the address is not https, or the service would listen to others without a certificate.

    """
    parts = urlsplit(options.address)
    if parts.scheme != "https" or not parts.hostname or parts.path not in {"", "/"}:
        raise ServingError(
            f"{options.address!r} is no address for a clinic: give https and a name, such as "
            "https://tempo.clinic.example."
        )
    try:
        is_own = ipaddress.ip_address(options.listen).is_loopback
    except ValueError as error:
        raise ServingError(f"{options.listen!r} is no address of a computer.") from error
    if not is_own and not options.has_certificate:
        raise ServingError(
            f"To listen at {options.listen}, give --certificate and --key; or listen at "
            f"{LOOPBACK} behind a proxy that ends HTTPS."
        )


def check_workers(options: ClinicOptions, url: str) -> None:
    """Refuse several processes where they could not know of each other.

    Raises
    ------
    ServingError
        If there are to be several, and the database is not PostgreSQL or the system not able.

    """
    if options.n_workers == 1:
        return
    if not is_postgres(url):
        raise ServingError(
            "Several workers need PostgreSQL: SQLite cannot tell one process what happens in "
            "another. Set TEMPO90_DATABASE to postgresql://user@host/name, or leave --workers out."
        )
    if sys.platform == "win32":
        raise ServingError("Several workers are for Linux and macOS: leave --workers out here.")


def prepare_database(url: str) -> None:
    """See that the tables are right, and bring up to date what is only derived from others.

    Raises
    ------
    OlderDatabaseError, NewerDatabaseError
        If the tables are of another version; the error says what to run.

    """
    check_tables(url)
    engine = open_engine(url)
    try:
        # After an update: what the list by need says of each patient is made by the new rules.
        rebuild_all(engine, now=datetime.now(UTC), only_outdated=True)
    finally:
        engine.dispose()


def clinic_app(folder: DataFolder, options: ClinicOptions, settings: ClinicSettings) -> FastAPI:
    """Make the app of a clinic, on a database that was prepared."""
    url = settings.database_url or folder.database_url
    address = options.address.rstrip("/")
    name = urlsplit(address).hostname or ""
    given = ApiSettings(
        recordings_dir=folder.recordings,
        object_store=settings.object_store,
        max_patient_recording_bytes=settings.patient_recordings_mb * MB,
        hosts=(name, *LOOPBACK_HOSTS),
        is_loopback_only=False,
        time_zone=settings.time_zone,
        access=AccessSettings(address=address, mail=settings.mail, oidc=settings.oidc),
    )
    engine = open_engine(url)
    app = create_app(engine, given, LiveHub())
    state = app.state
    run_folder = folder.root / RUN_FOLDER
    bus, claims = _others(url, run_folder)
    sittings = ClinicSittings(
        engine,
        state.recordings,
        folder,
        state.live_rooms,
        now=lambda: state.clock(),  # noqa: PLW0108  # tests move it
        claims=claims,
    )
    service = ClinicService(sittings, state.live_rooms, bus, run_folder, drain_s=settings.drain_s)
    install_sittings(app, service)
    install_operations(app, settings)
    return app


def _others(url: str, run_folder: Path) -> tuple[Bus, Claims]:
    """Return the line to the other processes of the service: on SQLite there are none."""
    if not is_postgres(url):
        return NoBus(), OwnClaims()
    from tracker.processes.postgres_bus import PostgresBus  # noqa: PLC0415  # an extra

    bus = PostgresBus(url, home_of(run_folder))
    return bus, bus


def administrator_code(app: FastAPI, *, is_wanted: bool) -> str | None:
    """Return a code that makes an administrator; None when there is one and none is wanted."""
    access: AccessControl = app.state.access
    with transaction(app.state.engine, writes=True) as db:
        if has_administrator(db) and not is_wanted:
            return None
        return invite(
            db,
            role=Role.ADMINISTRATOR,
            name=FIRST_ADMINISTRATOR,
            invited_by=None,
            lasts_s=access.settings.reset_s,
            now=access.now(),
        )


def serve_clinic(folder: DataFolder, options: ClinicOptions, console: Console) -> None:
    """Serve until Ctrl-C or SIGTERM; what runs then is brought to an end first.

    Raises
    ------
    ServingError
        If the options will not do, or the port is taken.
    OlderDatabaseError, NewerDatabaseError
        If the tables are of another version.

    """
    check_options(options)
    settings = ClinicSettings()
    with logging_as(settings.log):
        _serve(folder, options, settings, console)


def _serve(
    folder: DataFolder, options: ClinicOptions, settings: ClinicSettings, console: Console
) -> None:
    url = settings.database_url or folder.database_url
    check_workers(options, url)
    prepare_database(url)
    is_alone = options.n_workers == 1
    on_death = None if is_alone else count_together(folder.root / RUN_FOLDER / COUNTS_FOLDER)
    app = clinic_app(folder, options, settings)
    code = administrator_code(app, is_wanted=options.wants_administrator)
    with _listening(options) as listening:
        scheme = "https" if options.has_certificate else "http"
        url = f"{scheme}://{options.listen}:{listening.getsockname()[1]}"
        _say(console, SERVING.format(address=options.address, url=url))
        if code is not None:
            hours = app.state.access.settings.reset_s // 3600
            _say(console, CODE.format(address=options.address, code=code, hours=hours))
        if on_death is None:
            _serve_app(app, options, settings, listening)
            return
        app.state.engine.dispose()
        work = partial(serve_worker, folder, options)
        ends_within_s = settings.drain_s + GRACE_S
        together = Workers(work, options.n_workers, ends_within_s=ends_within_s, on_death=on_death)
        together.run(listening)


def serve_worker(folder: DataFolder, options: ClinicOptions, listening: socket.socket) -> None:
    """Serve a socket in a process of its own until SIGTERM."""
    settings = ClinicSettings()
    with logging_as(settings.log):
        _serve_app(clinic_app(folder, options, settings), options, settings, listening)


def _serve_app(
    app: FastAPI, options: ClinicOptions, settings: ClinicSettings, listening: socket.socket
) -> None:
    """Serve a socket until a signal, then drain."""
    service: ClinicService = app.state.clinic
    config = uvicorn.Config(
        app,
        http=LimitedHeads,
        log_level="warning",
        log_config=LOGGING_CONFIG if settings.log == "plain" else None,
        access_log=False,  # the audit log says who did what, without addresses
        lifespan="on",
        server_header=False,
        proxy_headers=not options.has_certificate,
        forwarded_allow_ips=LOOPBACK,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
        timeout_graceful_shutdown=GRACE_S,
        ws="websockets-sansio",  # takes no more from the network than is read here
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,  # samples do not pack, and it takes 300 kB a line
    )
    DrainingServer(config, service.drain).run(sockets=[listening])
    app.state.engine.dispose()


@contextlib.contextmanager
def _listening(options: ClinicOptions) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in options.listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((options.listen, options.port))
        except OSError as error:
            raise ServingError(
                f"Port {options.port} of {options.listen} cannot be had ({error.strerror})."
            ) from error
        listening.listen()  # who comes before the server is up waits a moment
        yield listening


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
