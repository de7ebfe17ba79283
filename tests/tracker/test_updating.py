import pytest

from api import migrate
from api.db import OlderDatabaseError
from tracker.data_source import DataSource
from tracker.moving.backing_up import tables_of
from tracker.settings import DataFolder
from tracker.updating import make_ready


def test_a_command_brings_the_data_of_this_computer_up_to_date_and_keeps_a_copy(tmp_path):
    folder = DataFolder(tmp_path).make()
    migrate(folder.database_url, "0009")
    source = DataSource(database_url=folder.database_url, recordings_dir=folder.recordings)

    make_ready(source, folder)

    copy = folder.before_update / "tables-0009.sqlite"
    assert tables_of(copy) == "0009"
    assert tables_of(folder.database) > "0009"


def test_a_command_changes_no_tables_of_a_clinics_server_by_the_way(tmp_path):
    folder = DataFolder(tmp_path / "home").make()
    path = tmp_path / "clinic.sqlite"
    url = f"sqlite:///{path}"
    migrate(url, "0009")

    with pytest.raises(OlderDatabaseError, match=r"0009.*tempo90 migrate"):
        make_ready(DataSource(database_url=url, recordings_dir=folder.recordings), folder)

    assert tables_of(path) == "0009"
    assert not folder.database.exists()
