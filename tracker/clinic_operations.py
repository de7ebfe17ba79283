"""What whoever runs a clinic's service sees of it: the log, and what takes long."""

from contextlib import AbstractContextManager, nullcontext

from fastapi import FastAPI

from api.operations.requests import log_answered
from api.operations.slow_statements import log_slow_statements
from tracker.clinic_settings import ClinicSettings, LogForm
from tracker.errors import TrackerError

EXTRA = "tempo90[server]"


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
