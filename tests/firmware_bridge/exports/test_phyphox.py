import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export
from tests.firmware_bridge import captures

TIMES_S = np.arange(50) / 100
DEVICE = b'"property","value"\n"deviceBrand","Apple"\n'


def csv(header, values, *, cut=",", point="."):
    rows = [[f"{t:.9E}", *(f"{value:.9E}" for value in values)] for t in TIMES_S]
    names = cut.join(f'"{name}"' for name in header)
    return "\n".join([names, *(cut.join(row).replace(".", point) for row in rows)]).encode()


def acc(
    header=("Time (s)", "X (m/s^2)", "Y (m/s^2)", "Z (m/s^2)"), values=(0.5, 0, 9.81), **dialect
):
    return csv(header, values, **dialect)


def gyr(header=("Time (s)", "X (rad/s)", "Y (rad/s)", "Z (rad/s)"), values=(0, 1.25, 0), **dialect):
    return csv(header, values, **dialect)


def assert_lies_face_up(export):
    assert export.format == "phyphox"
    assert export.acc_ms2 == pytest.approx(np.tile([0.5, 0, 9.81], (50, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, 1.25, 0], (50, 1)))
    assert np.diff(export.time_s) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("cut", "point"), [(",", "."), ("\t", "."), (";", "."), ("\t", ","), (";", ",")]
)
def test_any_separator_and_decimal_sign_gives_the_same_numbers(cut, point):
    files = {
        "Accelerometer.csv": acc(cut=cut, point=point),
        "Gyroscope.csv": gyr(cut=cut, point=point),
        "meta/device.csv": DEVICE,
    }

    assert_lies_face_up(read_export(files))


def test_the_headers_of_built_in_experiments_are_known_too():
    names = ("Acceleration x (m/s^2)", "Acceleration y (m/s^2)", "Acceleration z (m/s^2)")
    turning = (
        "Gyroscope x (rad/s)",
        "Gyroscope y (rad/s)",
        "Gyroscope z (rad/s)",
        "Absolute (rad/s)",
    )
    files = {
        "Raw Data.csv": acc(
            ("Time (s)", *names, "Absolute acceleration (m/s^2)"), (0.5, 0, 9.81, 9.82)
        ),
        "Raw Data 2.csv": gyr(("Time (s)", *turning), (0, 1.25, 0, 1.25)),
    }

    assert_lies_face_up(read_export(files))


def test_translated_names_are_known_by_unit_and_axis():
    files = {
        "Beschleunigungssensor.csv": acc(
            (
                "Zeit (s)",
                "Beschleunigung y (m/s²)",
                "Beschleunigung x (m/s²)",
                "Beschleunigung z (m/s²)",
            ),
            (0, 0.5, 9.81),
        ),
        "Gyroskop.csv": gyr(
            (
                "Zeit (s)",
                "Winkel 1 (rad/s)",
                "Winkel 2 (rad/s)",
                "Winkel 3 (rad/s)",
                "Betrag (rad/s)",
            ),
            (0, 1.25, 0, 1.25),
        ),
    }

    assert_lies_face_up(read_export(files))


def test_all_sensors_may_stand_in_one_table():
    header = ("t (s)", *(f"acc {a} (m/s^2)" for a in "xyz"), *(f"gyr {a} (rad/s)" for a in "xyz"))

    assert_lies_face_up(read_export({"set.csv": csv(header, (0.5, 0, 9.81, 0, 1.25, 0))}))


@pytest.mark.parametrize(
    "name", ["Linear Accelerometer.csv", "Lineare Beschleunigung.csv", "Acceleration without g.csv"]
)
def test_acceleration_without_gravity_beside_the_full_one_is_left_alone(name):
    files = {"Accelerometer.csv": acc(), name: acc(values=(0.5, 0, 0)), "Gyroscope.csv": gyr()}

    assert_lies_face_up(read_export(files))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"Accelerometer.csv": acc()}, "no angular rate: add a simple experiment"),
        ({"Gyroscope.csv": gyr()}, "no acceleration: add a simple experiment"),
        ({"Linear Accelerometer.csv": acc(), "Gyroscope.csv": gyr()}, "without gravity alone"),
        ({"Sensor.csv": acc(values=(0.1, 0, 0)), "Gyroscope.csv": gyr()}, "without gravity alone"),
        ({"a.csv": acc(), "b.csv": acc(), "c.csv": gyr()}, r"several recordings \(a\.csv, b\.csv"),
        ({"a.csv": acc(values=[np.nan] * 3), "c.csv": gyr()}, "a.csv holds no samples"),
        ({"a.csv": acc() + b"\n" + b"," * 999, "c.csv": gyr()}, "a.csv is not a table of numbers"),
    ],
)
def test_what_is_missing_or_doubled_is_named(files, said):
    with pytest.raises(UnreadableExportError, match=said):
        read_export(files)


def test_missing_numbers_leave_a_hole():
    whole = acc().split(b"\n")
    whole[11] = whole[11].rsplit(b",", 1)[0] + b",NaN"

    export = read_export({"a.csv": b"\n".join(whole), "g.csv": gyr()})

    assert len(export.time_s) == 49
    assert np.max(np.diff(export.time_s)) == pytest.approx(0.02)
    assert export.notes == ("1 rows of a.csv lack a number and are left out.",)


def test_a_repeated_row_is_left_out():
    lines = acc().split(b"\n")

    export = read_export({"a.csv": b"\n".join([*lines, lines[-1]]), "g.csv": gyr()})

    assert_lies_face_up(export)
    assert "repeat a time" in export.notes[0]


def test_a_whole_export_gives_its_expected_values():
    folder = ("computed_phone", "phyphox_csv_semicolon")
    names = ("Accelerometer.csv", "Gyroscope.csv", "meta/device.csv", "meta/time.csv")
    force = np.array(captures.rows(*folder, "expected_acc.csv"))
    turning = np.array(captures.rows(*folder, "expected_gyro.csv"))

    export = read_export({name: captures.content(*folder, *name.split("/")) for name in names})

    assert len(export.time_s) == len(force) == 403
    assert export.time_s == pytest.approx(force[:, 0] - force[0, 0], abs=2e-6)
    assert export.acc_ms2 == pytest.approx(force[:, 1:], abs=2e-6)
    # The angular rate 3.5 ms behind is nearer than the one 6.4 ms before.
    assert export.gyr_rads == pytest.approx(turning[:, 1:], abs=2e-6)


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_an_excel_workbook_is_called_one(content):
    with pytest.raises(UnreadableExportError, match="Excel workbook: export as CSV"):
        read_export({"phyphox.xls": content})
