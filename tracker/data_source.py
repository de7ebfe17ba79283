"""Where the data of an install are: its database and its recordings, as values that travel.

A source can be sent to another process or computer; each opens it for itself.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, make_url

from api import ApiSettings, open_engine
from api.recording_store import RecordingStore, open_recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A database and a store of recordings.

    Parameters
    ----------
    database_url : str
        SQLAlchemy address; may hold a password.
    recordings_dir : Path
        Where recordings are, unless an object store has them.
    object_store : str, optional
        Its address, such as "s3://bucket/folder".

    """

    database_url: str
    recordings_dir: Path
    object_store: str | None = None

    def open_database(self) -> Engine:
        """Open the database; nothing is created or migrated."""
        return open_engine(self.database_url)

    def open_recordings(self) -> RecordingStore:
        """Open the recordings; nothing is asked of them yet."""
        settings = ApiSettings(recordings_dir=self.recordings_dir, object_store=self.object_store)
        return open_recordings(settings)

    def why_out_of_reach(self) -> str | None:
        """Say what of it this computer does not have; None if nothing is known to be missing."""
        url = make_url(self.database_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
            return "the database is a file of another computer: use PostgreSQL"
        if self.object_store is None and not self.recordings_dir.is_dir():
            return "the recordings are files of another computer: use an object store"
        return None
