import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export, write_generic_csv

HEADER = "t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads"
ROWS = "5.00,0,0,9.81,0,0,0\n5.01,0,0.5,9.81,0.1,0,0\n6.00,0,0,9.81,0,0,-1.5\n"
STILL = f"{HEADER}\n{ROWS}"


def read(text, name="recording.csv"):
    return read_export({name: text if isinstance(text, bytes) else text.encode()})


def test_samples_come_in_si_units_from_the_first_at_zero():
    export = read(STILL)

    assert export.format == "generic-csv"
    assert export.time_s == pytest.approx([0, 0.01, 1.0])
    assert export.acc_ms2[1] == pytest.approx([0, 0.5, 9.81])
    assert export.gyr_rads[2] == pytest.approx([0, 0, -1.5])
    assert export.notes == ()


def test_what_is_written_is_read_back():
    rng = np.random.default_rng(1)
    time_s = np.arange(300) / 100
    acc, gyr = rng.normal(0, 9, (300, 3)), rng.normal(0, 3, (300, 3))

    export = read(write_generic_csv(time_s, acc, gyr))

    assert export.time_s == pytest.approx(time_s, abs=1e-6)
    assert export.acc_ms2 == pytest.approx(acc, abs=1e-6)
    assert export.gyr_rads == pytest.approx(gyr, abs=1e-6)


@pytest.mark.parametrize(
    "content",
    [
        STILL.rstrip().encode(),
        STILL.replace("\n", "\r\n").encode(),
        STILL.replace("\n", "\r").encode(),
        STILL.encode("utf-8-sig"),
        STILL.encode("utf-16"),
        STILL.replace("\n", "\n\n").encode(),
    ],
    ids=["no last line end", "CRLF", "CR", "byte-order mark", "UTF-16", "blank lines"],
)
def test_line_ends_and_encodings_make_no_difference(content):
    export = read(content)

    assert export.acc_ms2.shape == (3, 3)


def test_the_name_of_the_file_does_not_matter():
    assert read(STILL, name="Gyroscope.xlsx").format == "generic-csv"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER, "holds no samples"),
        (f"{HEADER}\n \n", "holds no samples"),
        (STILL.replace("9.81", "nan", 1), "Line 2 .* 'nan' .* acc_z_ms2"),
        (STILL.replace("9.81", "inf", 1), "Line 2 .* 'inf'"),
        (STILL.replace("9.81", "", 1), "Line 2 .* ''"),
        (STILL.replace("5.00,", "5.02,"), "do not increase after 5.02 s"),
        (STILL.replace("6.00,", "5.01,"), "do not increase after 5.01 s"),
        (STILL[:-17], "Line 4 .* has 2 of 7 columns"),
        (STILL.replace("0,-1.5", "0,-1,5"), "more than 7 columns"),
        (STILL.replace("acc_x_ms2", "acc_x_g"), "first line exactly t_s,acc_x_ms2"),
        (STILL.replace("t_s,", "index,t_s,"), "first line exactly"),
        (STILL.replace("9.81", "9e99"), "9e99"),
        (STILL.replace("\n6.00", "\n\n6.00").replace("-1.5", "x"), "Line 5 .* 'x'"),
        (STILL.replace("9.81", "98100"), "cannot be"),
        (STILL.replace("5.00", "-1e9"), "cannot be"),
        (STILL + '7.00,0,0,"9.81,0,0,0', "not a table of numbers|columns|number"),
    ],
)
def test_what_cannot_be_a_recording_is_refused_with_its_place(text, said):
    with pytest.raises(UnreadableExportError, match=said):
        read(text)


def test_more_rows_than_a_day_of_samples_are_refused(monkeypatch):
    monkeypatch.setattr("firmware_bridge.exports.table.MAX_ROWS", 2)

    with pytest.raises(UnreadableExportError, match="shorter recordings"):
        read(STILL)


def test_a_line_without_an_end_is_refused_before_it_is_read():
    with pytest.raises(UnreadableExportError, match="not a table of numbers"):
        read(f"{STILL}7.00,{'0' * 200_000}")


def test_two_recordings_in_a_folder_are_not_guessed_between():
    with pytest.raises(UnreadableExportError, match="2 recordings"):
        read_export({"a.csv": STILL.encode(), "b.csv": STILL.encode()})


def test_accelerations_in_g_are_pointed_out():
    export = read(STILL.replace("9.81", "1.0"))

    assert "in g" in export.notes[0]


def test_accelerations_without_gravity_are_pointed_out():
    export = read(STILL.replace("9.81", "0.02"))

    assert "lack gravity" in export.notes[0]
