import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export

G = 9.80665
MOTION = {
    "motionTimestamp_sinceReboot(s)": None,
    "motionYaw(rad)": 0.1,
    "motionRotationRateX(rad/s)": 0,
    "motionRotationRateY(rad/s)": 1.25,
    "motionRotationRateZ(rad/s)": 0,
    "motionUserAccelerationX(G)": -0.1,
    "motionUserAccelerationY(G)": 0,
    "motionUserAccelerationZ(G)": 0,
    "motionGravityX(G)": 0,
    "motionGravityY(G)": 0,
    "motionGravityZ(G)": -1,
}
RAW = {
    "accelerometerTimestamp_sinceReboot(s)": None,
    "accelerometerAccelerationX(G)": -0.1,
    "accelerometerAccelerationY(G)": 0,
    "accelerometerAccelerationZ(G)": -1,
    "gyroTimestamp_sinceReboot(s)": None,
    "gyroRotationX(rad/s)": 0,
    "gyroRotationY(rad/s)": 1.25,
    "gyroRotationZ(rad/s)": 0,
}


def csv(columns, *, cut=",", point=".", n=50):
    lines = [cut.join(["loggingTime(txt)", "loggingSample(N)", *columns])]
    for k in range(n):
        numbers = [k, *(4711 + k / 100 if value is None else value for value in columns.values())]
        cells = [str(number).replace(".", point) for number in numbers]
        lines.append(cut.join(["2024-05-03 09:07:01.050 +0200", *cells]))
    return "\n".join(lines)


def read(text):
    return read_export({"log.csv": text.encode()})


@pytest.mark.parametrize("columns", [MOTION, RAW, RAW | MOTION], ids=["fused", "raw", "both"])
@pytest.mark.parametrize(("cut", "point"), [(",", "."), (";", "."), (";", ",")])
def test_the_sign_of_apple_is_turned_and_g_becomes_ms2(columns, cut, point):
    export = read(csv(columns, cut=cut, point=point))

    assert export.format == "sensorlog"
    assert export.acc_ms2 == pytest.approx(np.tile([0.1 * G, 0, G], (50, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, 1.25, 0], (50, 1)))
    assert np.diff(export.time_s) == pytest.approx(0.01)


def test_rows_before_a_sensor_began_and_repeated_ones_are_left_out():
    header, first, second, *rest = csv(RAW).split("\n")
    empty = ",".join(second.split(",")[:2]) + "," * len(RAW)

    export = read("\n".join([header, first, empty, second, second, *rest]))

    assert export.acc_ms2.shape == (50, 3)
    assert export.notes == (
        "1 rows of log.csv lack a number and are left out.",
        "1 rows of log.csv repeat a time and are left out.",
    )


@pytest.mark.parametrize(
    "missing", ["accelerometerTimestamp_sinceReboot(s)", "gyroRotationZ(rad/s)"]
)
def test_a_missing_column_is_refused_with_what_to_do(missing):
    columns = {name: value for name, value in RAW.items() if name != missing}

    with pytest.raises(UnreadableExportError, match="switch on Device Motion"):
        read(csv(columns))


def test_two_recordings_are_not_guessed_between():
    with pytest.raises(UnreadableExportError, match="2 SensorLog recordings"):
        read_export({"a.csv": csv(RAW).encode(), "b.csv": csv(RAW).encode()})
