"""A training at home, seen by the clinic that this computer is linked to."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from api import transaction
from api.linking import Link, find_link
from tracker.linking.here import database_of
from tracker.live import LiveHub
from tracker.settings import DataFolder
from tracker.watching.relay import relaying

_log = logging.getLogger(__name__)


@asynccontextmanager
async def seen_by_clinic(hub: LiveHub, folder: DataFolder, patient_id: UUID) -> AsyncIterator[None]:
    """Let the linked clinic look on for as long as the context lasts.

    Who may look on there is the patient's to say, at the clinic: here nothing is told before the
    clinic says that somebody does. Without a link nothing happens.

    Parameters
    ----------
    hub : LiveHub
        Of the training; it is told who looks on.
    folder : DataFolder
        Whose database knows the link.
    patient_id : UUID
        Who trains; a simulated patient is linked to nobody.

    """
    link = await asyncio.to_thread(_link_of, folder, patient_id)
    if link is None:
        yield
        return
    async with relaying(hub, link.url, link.token):
        yield


def _link_of(folder: DataFolder, patient_id: UUID) -> Link | None:
    """Return the link of a person; a database that is busy holds no training up."""
    if not folder.database.exists():
        return None
    try:
        with database_of(folder) as engine, transaction(engine, writes=False) as db:
            return find_link(db, patient_id)
    except SQLAlchemyError as error:
        _log.warning("no link could be read: %s", type(error).__name__)
        return None
