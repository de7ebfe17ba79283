import io
import zipfile

import pytest

from firmware_bridge import UnreadableExportError, read_export
from firmware_bridge.exports import archive

STILL = (
    b"t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads\n"
    b"0.00,0,0,9.81,0,0,0\n0.01,0,0,9.81,0,0,0\n"
)


def zipped(contents, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return buffer.getvalue()


def test_a_zip_is_opened_whatever_its_name():
    export = read_export({"upload": zipped({"session/": b"", "session/leg.csv": STILL})})

    assert export.acc_ms2.shape == (2, 3)


def test_what_operating_systems_put_into_archives_is_ignored():
    members = {"leg.csv": STILL, "__MACOSX/leg.csv": b"\x00\x05", ".hidden.csv": b"", "p.png": b"x"}

    assert read_export({"a.zip": zipped(members)}).acc_ms2.shape == (2, 3)


@pytest.mark.parametrize(
    "name", ["../leg.csv", "/leg.csv", "a/../../leg.csv", "..\\leg.csv", "C:leg.csv"]
)
def test_a_name_that_climbs_out_of_the_archive_is_refused(name):
    with pytest.raises(UnreadableExportError, match="outside its folder"):
        read_export({"a.zip": zipped({name: STILL})})


def test_a_bomb_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 3 * 2**20)
    bomb = zipped({f"{i}.csv": bytes(2 * 2**20) for i in range(3)})

    assert len(bomb) < 10_000
    with pytest.raises(UnreadableExportError, match="larger than 3 MB"):
        read_export({"bomb.zip": bomb})


def test_a_file_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 2**20)

    with pytest.raises(UnreadableExportError, match="larger than 1 MB"):
        read_export({"a.csv": STILL + bytes(2**20)})


def test_an_archive_of_thousands_of_files_is_refused():
    with pytest.raises(UnreadableExportError, match="more than 500 files"):
        read_export({"a.zip": zipped({f"{i}.csv": b"" for i in range(501)})})


def test_an_archive_cut_short_is_refused():
    content = zipped({"leg.csv": STILL})

    with pytest.raises(UnreadableExportError, match="damaged or cut short: export"):
        read_export({"a.zip": content[: len(content) // 2]})


def test_a_locked_archive_is_refused():
    content = zipped({"leg.csv": STILL})
    at = content.index(b"PK\x01\x02") + 8

    with pytest.raises(UnreadableExportError, match="password"):
        read_export({"a.zip": content[:at] + b"\x01" + content[at + 1 :]})


def test_an_unusual_packing_is_refused():
    with pytest.raises(UnreadableExportError, match="unusual"):
        read_export({"a.zip": zipped({"leg.csv": STILL}, method=zipfile.ZIP_LZMA)})


def test_an_excel_workbook_is_called_one():
    with pytest.raises(UnreadableExportError, match="Excel workbook: export as CSV"):
        read_export({"a.xlsx": zipped({"xl/workbook.xml": b"<workbook/>"})})


def test_a_million_columns_are_refused_before_they_are_split():
    header = b"time," + b"x," * 1_000_000

    with pytest.raises(UnreadableExportError, match="No known recording"):
        read_export({"a.csv": header + b"\n" + b"0," * 1_000_000})


def test_the_same_name_in_two_folders_is_not_guessed_between():
    with pytest.raises(UnreadableExportError, match=r"two files called leg\.csv"):
        read_export({"left/leg.csv": STILL, "right/leg.csv": STILL})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no file to read"),
        ({"a.csv": b""}, "formats that can be read are: plain CSV"),
        ({"a.csv": b"name,age\nx,3\n"}, "No known recording"),
        ({"a.csv": b"\x89PNG\x00\x00"}, "not a text file: export the recording as CSV"),
        ({"a.jsonl": b'{"t": 0, "char": "x", "hex": "55"}\n'}, "say which sensor"),
        ({"a.zip": zipped({"photo.jpg": b""})}, "No known recording"),
        ({"a.txt": (b"\x55\x51" + bytes(9)) * 9}, "wired WitMotion sensor: turn it into text"),
    ],
)
def test_what_is_no_recording_is_refused_with_advice(files, said):
    with pytest.raises(UnreadableExportError, match=said):
        read_export(files)
