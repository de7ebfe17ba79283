import io
import zipfile

import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export
from tests.firmware_bridge import captures

G = 9.80665
MOTION = ("Accelerometer.csv", "Gravity.csv", "Gyroscope.csv", "Metadata.csv")


def xyz(times_s, x=0.0, y=0.0, z=0.0):
    rows = (f"{1_768_464_000_000_000_000 + round(t * 1e9)},{t:.9f},{z},{y},{x}" for t in times_s)
    return "\n".join(["time,seconds_elapsed,z,y,x", *rows]).encode()


def metadata(platform, standardisation="false"):
    return f"version,platform,standardisation\n3,{platform},{standardisation}\n".encode()


TIMES_S = np.arange(-2, 100) / 100


def lying_phone(platform="android", sign=1.0, standardisation="false"):
    return {
        "Accelerometer.csv": xyz(TIMES_S, x=0.5 * sign),
        "Gravity.csv": xyz(TIMES_S, z=9.81 * sign),
        "Gyroscope.csv": xyz(TIMES_S, y=1.25),
        "Metadata.csv": metadata(platform, standardisation),
    }


def assert_lies_face_up(export):
    assert export.format == "sensor-logger"
    assert export.acc_ms2 == pytest.approx(np.tile([0.5, 0, 9.81], (102, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, 1.25, 0], (102, 1)))


def test_an_android_phone_on_a_table_feels_one_g_upwards():
    export = read_export(lying_phone())

    assert_lies_face_up(export)
    assert export.time_s[[0, -1]] == pytest.approx([0, 1.01])
    assert export.notes == ()


def test_an_iphone_gives_accelerations_of_the_other_sign_but_the_same_rates():
    assert_lies_face_up(read_export(lying_phone("ios", sign=-1.0)))


def test_a_standardised_iphone_is_like_any_other():
    assert_lies_face_up(read_export(lying_phone("ios", standardisation="true")))


def test_without_metadata_android_is_assumed_and_said_so():
    files = lying_phone()
    files["Metadata.csv"] = b"version\n3\n"

    export = read_export(files)

    assert_lies_face_up(export)
    assert "Android was assumed" in export.notes[0]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r", b"\r\r\n"])
def test_metadata_with_line_ends_of_any_kind_is_understood(line_end):
    files = lying_phone("ios", sign=-1.0)
    files["Metadata.csv"] = files["Metadata.csv"].replace(b"\n", line_end)

    assert_lies_face_up(read_export(files))


def test_total_acceleration_stands_in_for_acceleration_and_gravity():
    files = lying_phone()
    del files["Gravity.csv"]
    files["TotalAcceleration.csv"] = xyz(TIMES_S, x=0.5, z=9.81)

    assert_lies_face_up(read_export(files))


@pytest.mark.parametrize(("platform", "unit"), [("android", 1.0), ("ios", -1 / G)])
def test_uncalibrated_files_do_as_well_in_the_unit_of_the_platform(platform, unit):
    files = {
        "AccelerometerUncalibrated.csv": xyz(TIMES_S, x=0.5 * unit, z=9.81 * unit),
        "GyroscopeUncalibrated.csv": xyz(TIMES_S, y=1.25),
        "Metadata.csv": metadata(platform),
    }

    assert_lies_face_up(read_export(files))


def test_older_exports_without_elapsed_seconds_are_read_by_their_wall_clock():
    older = {
        name: content.replace(b"time,seconds_elapsed,", b"time,something_else,")
        for name, content in lying_phone().items()
    }
    older["Gyroscope.csv"] = lying_phone()["Gyroscope.csv"].replace(b"seconds_elapsed", b"elapsed")
    older["Location.csv"] = b"time,seconds_elapsed,x,y,z\n0,0,0,0,0\n"

    export = read_export(older)

    assert export.acc_ms2.shape == (102, 3)
    assert np.diff(export.time_s) == pytest.approx(0.01, abs=1e-6)


def test_streams_of_different_rates_meet_on_the_times_of_the_accelerometer():
    files = lying_phone()
    fast_s = np.arange(0, 500) / 423
    files["Gyroscope.csv"] = xyz(fast_s, y=1.25)

    export = read_export(files)

    assert np.diff(export.time_s) == pytest.approx(0.01, abs=1e-6)
    assert "2 samples" in export.notes[0]


def test_a_hole_in_the_gyroscope_stays_a_hole():
    files = lying_phone()
    files["Gyroscope.csv"] = xyz([t for t in TIMES_S if not 0.3 < t < 0.7], y=1.25)

    export = read_export(files)

    assert np.max(np.diff(export.time_s)) == pytest.approx(0.4, abs=0.011)


def test_repeated_and_disordered_rows_are_put_in_order():
    files = lying_phone()
    header, *rows = files["Accelerometer.csv"].decode().split("\n")
    files["Accelerometer.csv"] = "\n".join([header, rows[1], rows[0], rows[0], *rows[2:]]).encode()

    export = read_export(files)

    assert_lies_face_up(export)
    assert "1 rows of Accelerometer.csv repeat" in export.notes[0]


@pytest.mark.parametrize(
    ("kept", "missing"),
    [
        (["Accelerometer.csv", "Gravity.csv"], "Gyroscope"),
        (["Accelerometer.csv", "Gyroscope.csv"], "Gravity"),
        (["Gravity.csv", "Gyroscope.csv"], "Accelerometer"),
    ],
)
def test_a_missing_file_is_named(kept, missing):
    with pytest.raises(UnreadableExportError, match=f"has no {missing}: switch on"):
        read_export({name: lying_phone()[name] for name in kept})


def test_one_file_under_another_name_is_known_for_what_it_is():
    with pytest.raises(UnreadableExportError, match="Sensor Logger recording has no"):
        read_export({"download.csv": lying_phone()["Gyroscope.csv"]})


@pytest.mark.parametrize("name", ["Gyroscope.csv", "Gravity.csv"])
def test_files_of_different_recordings_do_not_meet(name):
    files = lying_phone()
    files[name] = xyz([100.0])

    with pytest.raises(UnreadableExportError, match="not recorded at the same time"):
        read_export(files)


def as_folder(files):
    return files


def as_zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"2026-01-15/{name}", content)
    return {"export.zip": buffer.getvalue()}


@pytest.mark.parametrize("pack", [as_folder, as_zip])
def test_a_whole_android_export_gives_its_expected_values(pack):
    folder = ("computed_phone", "sensorlogger_zip_android")
    files = {name: captures.content(*folder, name) for name in MOTION}
    acc = np.array(captures.rows(*folder, "expected_acc.csv"))
    gyr = np.array(captures.rows(*folder, "expected_gyro.csv"))

    export = read_export(pack(files))

    nearest = [int(np.argmin(np.abs(gyr[:, 0] - t_ns))) for t_ns in acc[:, 0]]
    offset_s = (gyr[nearest, 0] - acc[:, 0]) * 1e-9
    has_partner = np.abs(offset_s) <= 0.00501
    acc, turned = acc[has_partner], gyr[nearest][has_partner]
    assert len(export.time_s) == len(acc) >= 400
    assert export.time_s == pytest.approx((acc[:, 0] - acc[0, 0]) * 1e-9, abs=1e-6)
    assert export.acc_ms2 == pytest.approx(acc[:, 1:], abs=2e-6)
    assert export.gyr_rads == pytest.approx(turned[:, 1:], abs=2e-6)
