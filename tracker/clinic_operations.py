"""What whoever runs a clinic's service sees of it: the log, what takes long, the figures."""

import logging
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from api.operations.requests import log_answered
from api.operations.slow_statements import log_slow_statements
from tracker.at_clinic.service import ClinicService
from tracker.clinic_settings import ClinicSettings, LogForm
from tracker.errors import TrackerError

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"  # the name that the library gives it
EXTRA: Final = "tempo90[server]"

_log = logging.getLogger(__name__)


class ExtraMissingError(TrackerError, RuntimeError):
    """A setting asks for something that is not installed."""


def logging_as(form: LogForm) -> AbstractContextManager[None]:
    """Log in one form while the context lasts; plain is as Python does it, warnings and worse.

    Raises
    ------
    ExtraMissingError
        If JSON is asked for and its library is not there.

    """
    if form == "plain":
        return nullcontext()
    try:
        from api.operations.json_log import json_lines  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise ExtraMissingError(
            f"A log as JSON needs an extra that is not installed: pip install '{EXTRA}'."
        ) from error
    return json_lines()


def install(app: FastAPI, settings: ClinicSettings) -> None:
    """Let an app tell what it does, as the settings say."""
    log_slow_statements(app.state.engine, settings.slow_statement_ms)
    if settings.log == "json":
        app.state.told.append(log_answered)
    if not _can_count():
        return
    from api.operations.count_files import take_room  # noqa: PLC0415  # an extra
    from api.operations.metrics import Metrics  # noqa: PLC0415  # an extra

    try:
        take_room()
    except OSError as error:
        _log.warning("this process counts nothing for /metrics: %s", error)
        return
    metrics = Metrics()
    metrics.watch_pool(app.state.engine)
    clinic: ClinicService = app.state.clinic
    clinic.sittings.on_number = metrics.sittings.set
    app.state.told.append(metrics.count)
    app.state.metrics = metrics
    if settings.metrics_token is not None:
        app.state.metrics_token = settings.metrics_token.get_secret_value()


def count_together(folder: Path) -> Callable[[int], None]:
    """Let the processes that are started from here count in one folder.

    Returns
    -------
    callable
        To be told the number of each process that ended.

    """
    if not _can_count():
        return lambda _: None
    # The library looks for the folder when it is first imported: nothing may do so earlier.
    os.environ.setdefault(FOLDER_VARIABLE, str(folder))
    from api.operations.count_files import forget_process, prepare_folder  # noqa: PLC0415

    prepare_folder(Path(os.environ[FOLDER_VARIABLE]))
    return forget_process


def _can_count() -> bool:
    return find_spec("prometheus_client") is not None
