import json
import sys

import pytest

from api import migrate
from tracker import cli


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["tempo90", "doctor", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, capsys.readouterr().out


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A clinic on SQLite whose backups are told, and none was made."""
    (tmp_path / "backups").mkdir()
    monkeypatch.setenv("TEMPO90_DATABASE", f"sqlite:///{tmp_path / 'clinic.sqlite'}")
    monkeypatch.setenv("TEMPO90_CLINIC_BACKUPS", str(tmp_path / "backups"))
    migrate(f"sqlite:///{tmp_path / 'clinic.sqlite'}")
    return tmp_path


def test_a_server_is_checked_by_its_settings_and_what_is_amiss_ends_with_1(
    server, monkeypatch, capsys
):
    status, out = run(monkeypatch, capsys, "--json", "--data", server / "data")

    told = json.loads(out)
    wells = {one["name"]: one["is_well"] for one in told["findings"]}
    assert (status, told["is_well"]) == (1, False)
    assert {"Database", "Tables", "Recordings", "Backup"} <= set(wells)
    assert "Bluetooth" not in wells
    assert [name for name, is_well in wells.items() if not is_well] == ["Backup"]


def test_with_a_backup_of_today_the_server_is_well(server, monkeypatch, capsys):
    (server / "backups" / "tempo90.dump").write_bytes(b"rows")

    status, out = run(monkeypatch, capsys, "--data", server / "data")

    assert status == 0
    assert "NOT" not in out
