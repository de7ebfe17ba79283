import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export
from tests.firmware_bridge import captures

PREAMBLE = "sep=,\nDeviceTag:,zdt\nOutputRate:,60Hz\n© somebody\n\n"
STEP_US = 16667


def export_of(columns, rows, preamble=PREAMBLE):
    names = ",".join(["PacketCounter", "SampleTimeFine", *columns])
    lines = [",".join(map(str, row)) for row in rows]
    return read_export({"dot.csv": f"{preamble}{names}\n{chr(10).join(lines)}\n".encode()})


ACC_GYR = ["Acc_X", "Acc_Y", "Acc_Z", "Gyr_X", "Gyr_Y", "Gyr_Z"]
QUAT = ["Quat_W", "Quat_X", "Quat_Y", "Quat_Z", "FreeAcc_X", "FreeAcc_Y", "FreeAcc_Z"]
EULER = ["Euler_X", "Euler_Y", "Euler_Z", "FreeAcc_X", "FreeAcc_Y", "FreeAcc_Z"]


def still(n, clock_us=0, first=0):
    return [[first + i, (clock_us + i * STEP_US) % 2**32, 0, 0, 9.81, 90, 0, 0] for i in range(n)]


def turning_about_x(counters, dps=90.0):
    """Start level and turn about x at a steady rate: by 90 degrees, "up" lies along +y."""
    rows = []
    for counter in counters:
        half = np.radians(dps * counter * STEP_US * 1e-6) / 2
        sign = -1 if counter % 2 else 1  # both signs mean the same orientation
        quaternion = sign * np.array([np.cos(half), np.sin(half), 0, 0])
        rows.append([counter, counter * STEP_US, *quaternion, 0, 0, 0])
    return rows


def test_a_quarter_turn_a_second_is_half_a_pi_per_second():
    export = export_of(ACC_GYR, still(3))

    assert export.format == "xsens-dot"
    assert export.time_s == pytest.approx([0, 0.016667, 0.033334])
    assert export.acc_ms2[0] == pytest.approx([0, 0, 9.81])
    assert export.gyr_rads[0] == pytest.approx([np.pi / 2, 0, 0])


def test_the_clock_runs_on_when_its_counter_is_full():
    export = export_of(ACC_GYR, still(4, clock_us=2**32 - 2 * STEP_US))

    assert np.diff(export.time_s) == pytest.approx(STEP_US * 1e-6)


def test_a_first_row_that_was_never_filled_is_dropped():
    rows = still(4)
    rows[0][2:] = [0] * 6

    export = export_of(ACC_GYR, rows)

    assert len(export.time_s) == 3
    assert export.time_s[0] == 0
    assert "all zero" in export.notes[0]


def test_missing_packets_stay_missing_and_are_counted():
    rows = [row for row in still(10) if row[0] not in (3, 4, 8)]

    export = export_of(ACC_GYR, rows)

    assert np.max(np.diff(export.time_s)) == pytest.approx(3 * STEP_US * 1e-6)
    assert export.notes == ("3 of 10 packets are missing.",)


def test_a_repeated_row_is_dropped():
    rows = still(4)

    export = export_of(ACC_GYR, [*rows[:2], rows[1], *rows[2:]])

    assert len(export.time_s) == 4
    assert "1 rows repeat" in export.notes[0]


@pytest.mark.parametrize("counters", [range(60), [0, 1, 2, 5, 6, 7, 10, 14, 15]])
def test_orientation_and_free_acceleration_give_force_and_turning_rate(counters):
    export = export_of(QUAT, turning_about_x(counters))

    turned = np.array(counters) * STEP_US * 1e-6 * np.pi / 2
    up = np.column_stack((0 * turned, np.sin(turned), np.cos(turned)))
    assert export.acc_ms2 == pytest.approx(9.81 * up, abs=1e-9)
    assert export.gyr_rads == pytest.approx(np.tile([np.pi / 2, 0, 0], (len(up), 1)), abs=1e-9)


def test_a_resting_orientation_has_no_turning_rate():
    export = export_of(QUAT, turning_about_x(range(5), dps=0.0))

    assert export.gyr_rads == pytest.approx(np.zeros((5, 3)))


@pytest.mark.parametrize(
    ("euler_deg", "up"),
    [([90, 0, 0], [0, 1, 0]), ([0, 90, 0], [-1, 0, 0]), ([0, 0, 90], [0, 0, 1])],
)
def test_roll_pitch_and_yaw_serve_as_orientation_too(euler_deg, up):
    export = export_of(EULER, [[i, i * STEP_US, *euler_deg, 0, 0, 0] for i in range(3)])

    assert export.acc_ms2 == pytest.approx(np.tile(up, (3, 1)) * 9.81, abs=1e-9)


@pytest.mark.parametrize(
    "preamble", ["", "DeviceTag:;x\n", "sep=,\r\nStartTime: ,now\r\n"], ids=["none", "one", "crlf"]
)
def test_the_preamble_may_have_any_lines(preamble):
    assert len(export_of(ACC_GYR, still(3), preamble).time_s) == 3


@pytest.mark.parametrize(
    ("columns", "rows", "said"),
    [
        (ACC_GYR, [], "holds no samples"),
        (ACC_GYR, still(1), "fewer than two"),
        (ACC_GYR, [row[:5] for row in still(2)], "5 of 8 columns: the file seems cut short"),
        (ACC_GYR, still(2, clock_us=9_000_000) + still(2), "steps back at row 3"),
        (ACC_GYR[:3], [row[:5] for row in still(2)], "record in the mode"),
        (EULER[:3], [[0, 0, 0, 0, 0], [1, STEP_US, 0, 0, 0]], "record in the mode"),
        (QUAT, [[i, i * STEP_US, 0, 0, 0, 0, 0, 0, 0] for i in range(3)], "all zero"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(columns, rows, said):
    with pytest.raises(UnreadableExportError, match=said):
        export_of(columns, rows)


def test_two_sensors_at_once_are_not_guessed_between():
    content = ",".join(["PacketCounter", "SampleTimeFine", *ACC_GYR]).encode() + b"\n"

    with pytest.raises(UnreadableExportError, match=r"2 sensors' recordings \(a\.csv, b\.csv\)"):
        read_export({"b.csv": content, "a.csv": content})


def test_a_real_recording_at_120_hz_that_starts_still_is_read():
    name = "export_120hz_euler_acc_gyr_still_start.csv"

    export = read_export({name: captures.content("xsens_dot", name)})

    assert len(export.time_s) == 479
    assert np.diff(export.time_s) == pytest.approx(0.008333, abs=1e-6)
    assert export.acc_ms2.mean(axis=0) == pytest.approx([0.05, 0.01, -9.64], abs=0.05)
    assert np.degrees(np.abs(export.gyr_rads).max()) < 0.5


def test_a_real_recording_of_movement_agrees_with_its_own_orientation():
    name = "export_120hz_euler_acc_gyr_moving_excerpt.csv"
    content = captures.content("xsens_dot", name)
    only_pose = content.replace(b"Acc_", b"FreeAcc_").replace(b"Gyr_", b"Unused_")

    measured = read_export({name: content}).gyr_rads
    derived = read_export({name: only_pose}).gyr_rads

    assert len(measured) == 2400
    for axis in range(3):
        assert np.corrcoef(measured[:, axis], derived[:, axis])[0, 1] > 0.98


@pytest.mark.parametrize(
    ("name", "n_rows", "n_due"),
    [
        ("LFemur_20210820_202113_831.csv", 195, 352),
        ("LTibia_20210820_202113_811.csv", 381, 381),
    ],
)
def test_real_live_recordings_keep_their_losses(name, n_rows, n_due):
    export = read_export({name: captures.content("xsens_dot", name)})

    assert len(export.time_s) == n_rows
    assert export.time_s[-1] == pytest.approx((n_due - 1) * 0.016667, abs=0.002)
    assert np.linalg.norm(export.acc_ms2[:20], axis=1) == pytest.approx(9.81, abs=0.3)
    assert any("missing" in note for note in export.notes) == (n_due > n_rows)
