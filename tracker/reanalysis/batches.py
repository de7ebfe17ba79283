"""Some sessions at a time, wherever they are worked on: in this process, in others, elsewhere.

A session whose recording is broken is told and stops no other. A database or a store that is away
for a moment is waited for; one that stays away ends the run, which goes on from there another time.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api.engines import is_collision
from api.errors import RecordingsUnavailableError
from api.review.reanalysis import KeepsRecordings
from tracker.data_source import DataSource
from tracker.errors import TrackerError
from tracker.reanalysis.one_session import Done, Manner, failed, reanalyse_one, versions_here

PAUSES_S: Final = (0.5, 2.0, 8.0)  # about as long as a restart of a server takes
_log = logging.getLogger(__name__)
_engines: Final[list[Engine]] = []  # of this process, one a source


class StoreAwayError(TrackerError, RuntimeError):
    """The database or the store of recordings stays away."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sessions to be done in one go, and how."""

    session_ids: tuple[UUID, ...]
    manner: Manner


def do_batch(source: DataSource, batch: Batch) -> list[Done]:
    """Do some sessions in this process, which opens the source once for all batches."""
    engine, recordings = _opened(source)
    return do_sessions(engine, recordings, batch.session_ids, batch.manner)


def do_sessions(
    engine: Engine,
    recordings: KeepsRecordings,
    session_ids: Sequence[UUID],
    manner: Manner,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Done]:
    """Do sessions one after the other.

    Raises
    ------
    StoreAwayError
        If the database or the store of recordings stays away.

    """
    return [_do(engine, recordings, one, manner, sleep) for one in session_ids]


def close_sources() -> None:
    """Give back the connections of this process; a batch that comes later opens them anew."""
    for engine in _engines:
        engine.dispose()


def check_source(source: DataSource) -> tuple[tuple[str, str], str | None]:
    """Return the versions of this process, and what of a source it cannot reach."""
    return versions_here(), source.why_out_of_reach()


def _do(
    engine: Engine,
    recordings: KeepsRecordings,
    session_id: UUID,
    manner: Manner,
    sleep: Callable[[float], None],
) -> Done:
    for pause_s in (*PAUSES_S, None):
        try:
            return reanalyse_one(engine, recordings, session_id, manner)
        except (DBAPIError, RecordingsUnavailableError) as error:
            if pause_s is None:
                raise StoreAwayError(_why_ended(error)) from error
            sleep(pause_s)
        except Exception as error:  # noqa: BLE001  # a broken recording may break anything
            _log.debug("Session %s cannot be analysed again.", session_id, exc_info=True)
            return failed(session_id, error)
    raise AssertionError(session_id)  # pragma: no cover  # the last pause ends the loop


def _why_ended(error: Exception) -> str:
    what = "store of recordings"
    if isinstance(error, DBAPIError):
        what = "database, which is busy" if is_collision(error) else "database"
    return f"There is no answer from the {what}. What is done is stored: start again to go on."


@cache
def _opened(source: DataSource) -> tuple[Engine, KeepsRecordings]:
    engine = source.open_database()
    _engines.append(engine)
    return engine, source.open_recordings()
