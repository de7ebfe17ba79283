"""Statements that keep the database long, one line of the log each: their text, never a value.

The time is that of the execution as the driver sees it. A statement has its values beside it, not
in it; what stands between quotes all the same is taken out.
"""

import logging
import re
import time
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExecutionContext

from api.request_id import current_request_id

LONGEST_TEXT: Final = 2_000
MILLISECONDS: Final = 1_000
QUOTED: Final = re.compile(r"'(?:[^']|'')*'")
SPACE: Final = re.compile(r"\s+")
BEGUN: Final = "tempo90_begun_s"

logger = logging.getLogger(__name__)


def log_slow_statements(engine: Engine, above_ms: float) -> None:
    """Write a line for each statement of an engine that takes longer.

    Parameters
    ----------
    engine : Engine
        From `api.open_engine`.
    above_ms : float
        What takes so many milliseconds, or less, is not slow.

    """

    def begin(
        _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        if context is not None:
            setattr(context, BEGUN, time.perf_counter())

    def end(
        _connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
    ) -> None:
        _note(statement, context, above_ms)

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)


def text_of(statement: str) -> str:
    """Return a statement on one line and without what stands between quotes.

    Examples
    --------
    >>> text_of("SELECT name  FROM patient WHERE name = 'Jan''s brother'")
    "SELECT name FROM patient WHERE name = '?'"

    """
    return SPACE.sub(" ", QUOTED.sub("'?'", statement)).strip()[:LONGEST_TEXT]


def _note(statement: str, context: ExecutionContext | None, above_ms: float) -> None:
    begun_s: float | None = getattr(context, BEGUN, None)
    if begun_s is None:
        return
    took_ms = (time.perf_counter() - begun_s) * MILLISECONDS
    if took_ms <= above_ms:
        return
    text = text_of(statement)
    logger.warning(
        "a statement took %.0f ms (request %s): %s",
        took_ms,
        current_request_id() or "none",
        text,
        extra={"duration_ms": round(took_ms, 1), "statement": text},
    )
