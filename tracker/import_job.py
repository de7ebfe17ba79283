"""A file that was handed in at a clinic as a session: read as `tempo90 import` reads it."""

import os
from pathlib import Path

from api.jobs.errors import NotImportedError
from api.jobs.kinds import Imported, ImportOrder
from api.schemas import SessionCreate
from tracker.file_session import REFUSALS, ImportOptions, import_file, why_refused
from tracker.profile import Profile
from tracker.settings import DataFolder


def take_in(file: Path, order: ImportOrder, folder: Path) -> Imported:
    """Make a session of a file.

    Parameters
    ----------
    file : Path
        As it was handed in; its name tells its format where the contents do not.
    order : ImportOrder
        Whose it is, and what it is read as.
    folder : Path
        Where what is made goes.

    Raises
    ------
    NotImportedError
        If it is no recording, or none of use.
    OSError
        If the disk does not do what is asked; another try may.

    """
    began_s = order.began_at.timestamp()
    os.utime(file, (began_s, began_s))  # where an import looks for the day
    made = DataFolder(folder).make()
    profile = Profile(patient_id=order.patient_id, language=order.language, side=order.side)
    try:
        found = import_file(file, ImportOptions(exercise=order.exercise), profile, made)
    except REFUSALS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise NotImportedError(why_refused(error)) from error
    path = made.outbox / f"{found.session_id}.json"
    return Imported(
        session_id=found.session_id,
        session=SessionCreate.model_validate_json(path.read_bytes()),
        recording=path.with_suffix(".mcap"),
    )
