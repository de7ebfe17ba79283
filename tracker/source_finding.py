"""Which database and which recordings a command works with."""

from tracker.clinic_settings import ClinicSettings
from tracker.data_source import DataSource
from tracker.settings import DataFolder


def find_source(folder: DataFolder) -> DataSource:
    """Return where the data are: as the environment says of a clinic, else in the data folder."""
    told = ClinicSettings()
    return DataSource(
        database_url=told.database_url or folder.database_url,
        recordings_dir=folder.recordings,
        object_store=told.object_store,
    )
