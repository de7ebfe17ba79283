"""The link of this computer's person: made, looked at, used and removed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from api import OwnPatient, open_engine, transaction
from api.linking import (
    Link,
    LinkState,
    find_link,
    put_link,
    remove_link,
    state_of,
    try_refused_again,
)
from api.models import LABEL, PatientRow
from api.recordings import RecordingFiles
from tracker.linking.clinic import Clinic, check_address
from tracker.linking.errors import LinkError
from tracker.linking.reading import read_orders
from tracker.linking.sending import Round, Sender, only_sender
from tracker.profile import Profile
from tracker.settings import DataFolder

NO_LIMIT_BYTES: Final = 2**62  # of reading; what is here was let in
READ_EVERY: Final = timedelta(minutes=15)  # while nothing else happens; each is in the log there
CODE_LENGTH: Final = 20  # of an invitation, without its dashes; a key is longer


@contextmanager
def database_of(folder: DataFolder) -> Iterator[Engine]:
    """Open the database of a data folder; its tables are up to date."""
    engine = open_engine(folder.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def make_link(engine: Engine, person: OwnPatient, url: str, key: str) -> Link:
    """Link the person of this computer to a clinic, once the key has proved to work there.

    Parameters
    ----------
    engine : Engine
        The database of this computer.
    person : OwnPatient
        Whose sessions.
    url : str
        The address of the clinic.
    key : str
        From the page Account of the clinic.

    Raises
    ------
    LinkError
        If the address will not do, nobody answers, or the key is none of an app there.

    """
    address, key = check_address(url), key.strip()
    if not key or not key.isascii() or not key.isprintable() or len(key) > LABEL:
        raise LinkError("This is no key: copy the whole of it from the clinic's page Account.")
    if len(key.replace("-", "")) <= CODE_LENGTH:
        raise LinkError(
            f"This looks like an invitation. Open {address}/invitation first and take it; then "
            "make a key for this computer on the page Account."
        )
    patient_id = Clinic(address, key).patient_id()
    now = _now()
    with transaction(engine, writes=True) as db:
        if db.get(PatientRow, person.id) is None:
            row = PatientRow(id=person.id, name=person.name, created_at=now)
            row.language = person.language
            db.add(row)
            db.flush()
        return put_link(
            db,
            person.id,
            url=address,
            clinic_patient_id=patient_id,
            label=person.name,
            token=key,
            now=now,
        )


def person_of(profile: Profile) -> OwnPatient:
    """Return the person of a profile as the database knows them."""
    return OwnPatient(id=profile.patient_id, name=profile.name, language=profile.language)


def look(engine: Engine, person: OwnPatient) -> LinkState | None:
    """Return how it stands; None when nothing is sent anywhere."""
    with transaction(engine, writes=False) as db:
        return state_of(db, person.id)


def unlink(engine: Engine, person: OwnPatient) -> bool:
    """Send nothing any more; False when there was no link."""
    with transaction(engine, writes=True) as db:
        return remove_link(db, person.id)


def send_now(
    engine: Engine,
    folder: DataFolder,
    person: OwnPatient,
    *,
    sleep: Callable[[float], None],
    again: bool = False,
    reads_at_once: bool = True,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Round | None:
    """Send what waits, and read what the clinic ordered; None when there is no link.

    Parameters
    ----------
    engine, folder, person
        Whose, and where it is.
    sleep : callable
        Waits between tries.
    again : bool
        Whether what was refused before is tried once more.
    reads_at_once : bool
        Whether the clinic is asked now; else when it was not for `READ_EVERY`.
    on_progress : callable
        Told how many of how many have been dealt with.

    Raises
    ------
    SendingAlreadyError
        If another program sends at this moment.

    """
    with transaction(engine, writes=again) as db:
        link = find_link(db, person.id)
        if link is not None and again:
            try_refused_again(db, link)
    if link is None:
        return None
    sender = Sender(
        engine=engine,
        files=RecordingFiles(folder.recordings, NO_LIMIT_BYTES),
        link=link,
        clinic=Clinic(link.url, link.token),
        now=_now,
        sleep=sleep,
        on_progress=on_progress,
    )
    is_due = link.read_at is None or sender.now() - link.read_at >= READ_EVERY
    with only_sender(folder):
        came_to = sender.send_all()
        is_well = came_to.trouble is None and not came_to.is_stopped
        if is_well and (is_due or reads_at_once):
            came_to = read_orders(sender, came_to)
    return came_to


def _now() -> datetime:
    return datetime.now(UTC)
