import csv
import io
import json
import subprocess
import sys
import zipfile
from uuid import UUID

import numpy as np
import pytest
from fhir.resources.R4B import get_fhir_model_class
from pyarrow import parquet
from pypdf import PdfReader

from analysis import analyse_recording
from tests.tracker.upload.upload_site import a_csv
from tracker import cli
from tracker.importing import load_recording
from tracker.settings import DataFolder

NOBODY = "00000000-0000-4000-8000-000000000000"


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["tempo90", "export", *map(str, arguments)])
    try:
        status = cli.main()
    except SystemExit as end:
        status = end.code
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A data folder with one imported recording of three repetitions, and its session."""
    root = tmp_path_factory.mktemp("export")
    leg = root / "leg.csv"
    leg.write_bytes(a_csv(reps=3))
    folder = DataFolder(root / "data")
    told = ["--exercise", "ecc_prone_helper", "--side", "left", "--data", folder.root]
    command = [sys.executable, "-m", "tracker.cli", "import", leg, *told]
    subprocess.run(command, check=True, capture_output=True)
    [document] = folder.sent.glob("*.json")
    return folder, UUID(document.stem), leg


def exported(monkeypatch, capsys, stored, target, *arguments):
    folder = stored[0]
    status, out, err = run(monkeypatch, capsys, target, *arguments, "--data", folder.root, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_the_signal_as_csv_gives_the_same_repetitions_when_it_is_read_again(
    monkeypatch, capsys, stored, tmp_path
):
    exported(monkeypatch, capsys, stored, tmp_path / "out", "--format", "signal-csv")

    session_id, leg = stored[1:]
    again = load_recording(tmp_path / "out" / f"{session_id}.csv").samples
    first = load_recording(leg).samples
    reps = [
        one.reps for s in (first, again) for one in analyse_recording(s, "ecc_prone_helper").sets
    ]
    assert len(again) == len(first)
    assert [round(rep.eccentric_s, 3) for rep in reps[0]] == [
        round(rep.eccentric_s, 3) for rep in reps[1]
    ]
    assert len(reps[0]) == 3


def test_parquet_holds_the_same_numbers_and_says_what_they_are(
    monkeypatch, capsys, stored, tmp_path
):
    exported(monkeypatch, capsys, stored, tmp_path / "csv", "--format", "signal-csv")
    exported(monkeypatch, capsys, stored, tmp_path / "parquet", "--format", "parquet")

    session_id = stored[1]
    table = parquet.read_table(tmp_path / "parquet" / f"{session_id}.parquet")
    beside = json.loads((tmp_path / "parquet" / f"{session_id}.json").read_text())
    text = (tmp_path / "csv" / f"{session_id}.csv").read_text()
    rows = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=1)
    columns = np.column_stack([table[name].to_numpy() for name in table.column_names])
    assert table.column_names == text.splitlines()[0].split(",")
    assert np.allclose(columns, rows, atol=1e-6)
    assert json.loads(table.schema.metadata[b"tempo90"]) == beside
    assert beside["sampling"]["n_samples"] == len(rows)
    assert beside["sampling"]["effective_rate_hz"] == pytest.approx(100, abs=0.5)
    assert set(beside["columns"]) == set(table.column_names)
    assert beside["sets"][0]["exercise"] == "ecc_prone_helper"


def test_the_report_of_the_profile_is_a_pdf(monkeypatch, capsys, stored, tmp_path):
    exported(monkeypatch, capsys, stored, tmp_path / "report", "--pdf", "--lang", "nl")

    text = PdfReader(tmp_path / "report").pages[0].extract_text()
    assert "Je training" in text


def test_csv_is_three_tables(monkeypatch, capsys, stored, tmp_path):
    told = exported(monkeypatch, capsys, stored, tmp_path / "tables", "--format", "csv")

    with (tmp_path / "tables" / "reps.csv").open(newline="") as file:
        reps = list(csv.DictReader(file))
    assert len(told["files"]) == 3
    assert [rep["number"] for rep in reps] == ["1", "2", "3"]


def test_a_name_that_ends_in_json_is_a_fhir_collection(monkeypatch, capsys, stored, tmp_path):
    told = exported(monkeypatch, capsys, stored, tmp_path / "me.json")

    bundle = json.loads((tmp_path / "me.json").read_text())
    get_fhir_model_class("Bundle").model_validate(bundle)
    assert told["format"] == "fhir"
    assert bundle["type"] == "collection"
    assert {one["resource"]["resourceType"] for one in bundle["entry"]} >= {
        "Patient",
        "Procedure",
        "Observation",
    }


def test_a_name_that_ends_in_zip_is_everything(monkeypatch, capsys, stored, tmp_path):
    exported(monkeypatch, capsys, stored, tmp_path / "all.zip")

    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        names = packed.namelist()
    assert {"sets.csv", "reps.csv", f"recordings/{stored[1]}.mcap"} <= set(names)


def test_nothing_is_written_over(monkeypatch, capsys, stored, tmp_path):
    (tmp_path / "mine.pdf").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("kept")
    data = ["--data", stored[0].root]

    file = run(monkeypatch, capsys, tmp_path / "mine.pdf", *data)
    folder = run(monkeypatch, capsys, tmp_path / "folder", "--format", "csv", *data)

    assert (file[0], folder[0]) == (1, 1)
    assert "is there already" in file[2]
    assert (tmp_path / "mine.pdf").read_text() == "kept"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["somewhere"], (2, "--format")),
        (["somewhere", "--format", "csv", "--pdf"], (2, "exclude")),
        (["a.pdf", "--patient", NOBODY], (1, "no patient")),
        (["signals", "--format", "bids", "--session", NOBODY], (1, "no raw recording")),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    monkeypatch, capsys, stored, arguments, answer
):
    target, *rest = arguments
    place = stored[0].root.parent / target
    found = run(monkeypatch, capsys, place, *rest, "--data", stored[0].root)

    assert found[0] == answer[0]
    assert answer[1] in found[2]


def test_without_the_extra_parquet_says_what_to_install(monkeypatch, capsys, stored, tmp_path):
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    status, _, err = run(
        monkeypatch, capsys, tmp_path / "p", "--format", "parquet", "--data", stored[0].root
    )

    assert status == 1
    assert "tempo90[clinic]" in err


def test_the_help_of_the_command_imports_nothing_slow():
    script = "import sys, tracker.cli; print('numpy' in sys.modules, 'fastapi' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["False", "False"]
