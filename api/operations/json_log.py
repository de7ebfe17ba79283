"""The log as one JSON object a line, for a server whose log others read.

A log is kept long and read by many, so nothing of a patient is in it, whatever goes wrong:

    our own lines      as they are written; they name routes, sessions and kinds of errors
    lines of others    their text without what is filled in, and the first line of it
    errors             kinds and places in the code; never their texts, which quote what was sent
    what is added      only fields of `FIELDS`
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO

from pythonjsonlogger.json import JsonFormatter

from api.request_id import current_request_id

OURS: Final = ("api", "tracker")
FIELDS: Final = ("method", "route", "status", "duration_ms", "session_id", "job_id", "statement")
MOST_CAUSES: Final = 5  # of an error, one behind the other
ErrorTold = dict[str, Any]


class JsonLines(JsonFormatter):
    """Makes a line of JSON of a record."""

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],  # noqa: ARG002  # a text that is a dict is not ours
    ) -> None:
        """Say what is known of a record, and nothing of what may not be told."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(
            "T", "milliseconds"
        )
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["message"] = _text_of(record)
        log_data["pid"] = record.process
        if (request_id := current_request_id()) is not None:
            log_data["request_id"] = request_id
        for name in FIELDS:
            if (value := getattr(record, name, None)) is not None:
                log_data[name] = value
        if record.exc_info and record.exc_info[1] is not None:
            log_data["error"] = error_told(record.exc_info[1])


@contextmanager
def json_lines(stream: TextIO | None = None) -> Iterator[None]:
    """Log as JSON while the context lasts, and nowhere else.

    Parameters
    ----------
    stream : file, optional
        Where to; the error output by default.

    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    ours = [logging.getLogger(name) for name in OURS]
    before, levels = root.handlers[:], [one.level for one in (root, *ours)]
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for one in ours:
        one.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.handlers[:] = before
        for one, level in zip((root, *ours), levels, strict=True):
            one.setLevel(level)


def error_told(error: BaseException) -> ErrorTold:
    """Describe an error and those behind it, by kind and place alone."""
    told: list[ErrorTold] = []
    following: BaseException | None = error
    while following is not None and len(told) < MOST_CAUSES:
        told.append(_one_told(following))
        following = following.__cause__ or following.__context__
    first, *behind = told
    return first | ({"because": behind} if behind else {})


def _one_told(error: BaseException) -> ErrorTold:
    kind = type(error)
    return {"kind": f"{kind.__module__}.{kind.__qualname__}", "at": _places(error.__traceback__)}


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(trace)]


def _text_of(record: logging.LogRecord) -> str:
    """Return the text of a record; of others' only what is the same each time."""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    return str(record.msg).strip().partition("\n")[0]
