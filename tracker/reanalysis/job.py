"""Many sessions: each becomes a result that waits for a decision.

What is done is told by the database, so a run that was cut off goes on where it was, and a second
one at the same time does no session twice. However many there are, no more than a page of ids and
what is on its way to workers is held.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import Engine

from api import transaction
from api.db import repeated
from api.needs.keeping import keep_up
from api.review import versions
from api.review.reanalysis import KeepsRecordings
from api.review.waiting import Outdated, count_outdated, list_outdated, list_waiting
from tracker.data_source import DataSource
from tracker.reanalysis.batches import Batch, do_batch, do_sessions
from tracker.reanalysis.one_session import (
    Accepting,
    Done,
    Manner,
    note_written,
    utc_now,
    versions_here,
)
from tracker.reanalysis.spreading import spread
from tracker.reanalysis.workers import Workers

PAGE: Final = 500  # ids read, or results accepted, at a time
BATCH: Final = 4  # sessions to a piece of work: some tenths of a second of it
ON_THE_WAY: Final = 3  # pieces for each worker: the next one is there when one ends


class Reanalysis:
    """Analyse the sessions of one database again.

    Parameters
    ----------
    engine : Engine
        The database, migrated.
    recordings : KeepsRecordings
        Where the service keeps recordings.
    accepting : {"none", "same", "all"}
        Which new results become current at once: none, those that say the same, or all.
    now : callable
        The clock.

    """

    def __init__(
        self,
        engine: Engine,
        recordings: KeepsRecordings,
        *,
        accepting: Accepting = "none",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._engine = engine
        self._recordings = recordings
        self._manner = Manner(accepting=accepting, now=now)
        self._once = replace(self._manner, is_once=True)

    def count_outdated(self) -> int:
        """Return how many sessions this engine has not analysed."""
        measured_by, catalogue = versions_here()
        with transaction(self._engine, writes=False) as db:
            return count_outdated(db, engine=measured_by, catalogue=catalogue)

    def outdated(self) -> Iterator[UUID]:
        """Give the sessions that this engine has not analysed, oldest first, page by page."""
        measured_by, catalogue = versions_here()
        last: Outdated | None = None
        while True:
            with transaction(self._engine, writes=False) as db:
                page = list_outdated(
                    db, engine=measured_by, catalogue=catalogue, after=last, limit=PAGE
                )
            yield from (one.session_id for one in page)
            if len(page) < PAGE:
                return
            last = page[-1]

    def run(self, session_ids: Iterable[UUID], *, is_once: bool = False) -> Iterator[Done]:
        """Analyse sessions one after the other; one that cannot be does not stop the others."""
        for session_id in session_ids:
            yield from do_sessions(
                self._engine, self._recordings, (session_id,), self._manner_of(is_once=is_once)
            )

    def run_on(
        self,
        workers: Workers,
        source: DataSource,
        session_ids: Iterable[UUID],
        *,
        is_once: bool = False,
    ) -> Iterator[Done]:
        """Have workers analyse sessions, which open the source for themselves; in any order."""
        manner = self._manner_of(is_once=is_once)
        batches = (Batch(ids, manner) for ids in _batches(session_ids))
        for done in spread(
            workers.executor,
            partial(do_batch, source),
            batches,
            most_on_the_way=ON_THE_WAY * workers.n_at_once,
        ):
            yield from done

    def accept_waiting(self) -> int:
        """Accept what waited from before, as far as it is to be accepted; return how many."""
        if self._manner.accepting == "none":
            return 0
        n_accepted = 0
        while n_page := repeated(self._accept_page):
            n_accepted += n_page
        return n_accepted

    def _accept_page(self) -> int:
        signature = self._manner.signature()
        only_same = self._manner.accepting == "same"
        with transaction(self._engine, writes=True) as db, keep_up(db, signature.at):
            found = list_waiting(db, limit=PAGE, only_same=only_same)
            for one in found:
                versions.accept(db, one.session_id, one.number, by=signature)
                note_written(db, one.session_id, one.patient_id, signature.at)
        return len(found)

    def _manner_of(self, *, is_once: bool) -> Manner:
        return self._once if is_once else self._manner


def _batches(session_ids: Iterable[UUID]) -> Iterator[tuple[UUID, ...]]:
    left = iter(session_ids)
    while batch := tuple(islice(left, BATCH)):
        yield batch
