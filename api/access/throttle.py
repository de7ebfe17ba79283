"""Counting tries in a table that all processes share.

Two limits stand side by side, so that nobody can be locked out by a stranger. Tries from browsers
that never logged in to an account share one small allowance; a browser that did has one of its
own, by a cookie. A flood from anywhere uses up the first and leaves the second alone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from api.access.codes import digest
from api.access.errors import TooManyTriesError
from api.access.rows import TryRow
from api.engines import POSTGRES


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so much time."""

    tries: int
    window_s: int


PER_ACCOUNT: Final = Limit(10, 15 * 60)  # from unknown browsers together
PER_DEVICE: Final = Limit(10, 15 * 60)  # from one that logged in before
PER_ADDRESS: Final = Limit(100, 15 * 60)  # a clinic's people share one address
PER_FACTOR: Final = Limit(5, 5 * 60)  # six digits: a guess has 1 chance in 300,000
PER_MAIL: Final = Limit(3, 60 * 60)


def count_try(db: Session, key: str, limit: Limit, *, now: datetime) -> None:
    """Count one try, before it is known whether it succeeds.

    Parameters
    ----------
    db : Session
        A writing transaction of its own: a try counts even if what follows fails.
    key : str
        Who tries what; only its digest is stored.
    limit : Limit
        How often that may be.
    now : datetime
        With a time zone.

    Raises
    ------
    TooManyTriesError
        If it was tried too often in this window of time.

    """
    start = _window_start(now, limit.window_s)
    ends = start + timedelta(seconds=limit.window_s)
    db.execute(delete(TryRow).where(col(TryRow.ends_at) <= now))
    tries = _add_one(db, digest(f"{limit.window_s} {key}"), start, ends)
    if tries > limit.tries:
        raise TooManyTriesError(max(1, round((ends - now).total_seconds())))


def forget(db: Session, key: str, limit: Limit) -> None:
    """Forget the tries of a key: the right one was found."""
    sha256 = digest(f"{limit.window_s} {key}")
    db.execute(delete(TryRow).where(col(TryRow.key_sha256) == sha256))


def _add_one(db: Session, sha256: str, start: datetime, ends: datetime) -> int:
    """Count in one statement: of two at the same moment neither is forgotten."""
    insert = postgresql.insert if db.get_bind().dialect.name == POSTGRES else sqlite.insert
    first = insert(TryRow).values(key_sha256=sha256, window_start=start, ends_at=ends, tries=1)
    counted = first.on_conflict_do_update(
        index_elements=[col(TryRow.key_sha256), col(TryRow.window_start)],
        set_={"tries": col(TryRow.tries) + 1},
    )
    return int(db.execute(counted.returning(col(TryRow.tries))).scalar_one())


def _window_start(now: datetime, window_s: int) -> datetime:
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % window_s, UTC)
