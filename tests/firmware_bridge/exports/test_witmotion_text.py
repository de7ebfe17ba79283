import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export

G = 9.80665
ANGLES = "AngleX(deg)\tAngleY(deg)\tAngleZ(deg)"
FIRST = f"Time(s)\tChipTime\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\t{ANGLES}"
SECOND = "Date Time ax ay az wx wy wz AngleX AngleY AngleZ"
THIRD = "time\tDeviceName\tAccX(g)\tAccY(g)\tAccZ(g)\tAsX(°/s)\tAsY(°/s)\tAsZ(°/s)\tAngleX(°)"
FOURTH = (
    "Chip Time()\tAcceleration X(g)\tAcceleration Y(g)\tAcceleration Z(g)\t"
    "Angular velocity X(°/s)\tAngular velocity Y(°/s)\tAngular velocity Z(°/s)\tAngle X(°)"
)
CHINESE = (
    "时间\t设备名称\t片上时间()\t加速度X(g)\t加速度Y(g)\t加速度Z(g)\t"
    "角速度X(°/s)\t角速度Y(°/s)\t角速度Z(°/s)\t角度X(°)"
)
NUMBERS = ["0.5", "0", "1", "0", "90", "0", "1"]


def point(k):
    return f"2024-05-03 09:07:{k // 100:02d}.{k % 100 * 10:03d}"


def colon(k):
    return f"2024-5-3 9:7:{k // 100}:{k % 100 * 10:03d}"


def text(header, stamps, numbers=NUMBERS, *, n=150, cut="\t"):
    return "\n".join([header, *(cut.join([*stamps(k), *numbers]) for k in range(n))])


def read(content):
    return read_export({"log.txt": content if isinstance(content, bytes) else content.encode()})


VARIANTS = {
    "first": text(FIRST, lambda k: [point(0), point(k)], [*NUMBERS, "2", "3"]),
    "without chip time": text(FIRST, lambda k: [point(k), ""], [*NUMBERS, "2", "3"]),
    "second": text(SECOND, lambda k: point(k).split(" "), [*NUMBERS, "2", "3"], cut="  "),
    "second with tabs": text(SECOND.replace(" ", "\t"), lambda k: point(k).split(" ")),
    "third": text(THIRD, lambda k: [colon(k), "WT901"]),
    "fourth": text(FOURTH, lambda k: [colon(k)]).encode("gb18030"),
    "fourth in Chinese": text(CHINESE, lambda k: ["", "WT901", colon(k)]).encode("gb18030"),
    "decimal comma": text(THIRD, lambda k: [colon(k), ""], [*NUMBERS[1:], "1"]).replace(
        "\t90\t", "\t90,0\t"
    ),
    "lines before the header": "Start time: 2024-05-03\n\n" + text(FOURTH, lambda k: [colon(k)]),
}


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "decimal comma"])
def test_every_spelling_gives_the_same_recording(name):
    export = read(VARIANTS[name])

    assert export.format == "witmotion-text"
    assert export.acc_ms2 == pytest.approx(np.tile([0.5 * G, 0, G], (150, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, np.pi / 2, 0], (150, 1)))
    assert np.diff(export.time_s) == pytest.approx(0.01, abs=1e-6)
    assert export.notes == ()


def test_a_decimal_comma_is_understood():
    content = text(THIRD, lambda k: [colon(k), ""], ["0,5", "0", "1", "0", "90,0", "0", "1"])

    assert read(content).acc_ms2[0] == pytest.approx([0.5 * G, 0, G])


def test_rows_that_arrived_together_are_spread_over_the_time_since_the_burst_before():
    content = text(THIRD, lambda k: [colon(5 * (k // 5)), ""])

    export = read(content)

    assert len(export.time_s) == 150
    assert np.diff(export.time_s) == pytest.approx(0.01, abs=1e-6)


def test_a_hole_between_bursts_stays_a_hole():
    content = text(THIRD, lambda k: [colon(5 * (k // 5) + 100 * (k >= 75)), ""])

    steps_s = np.diff(read(content).time_s)

    assert np.max(steps_s) == pytest.approx(1.01, abs=1e-5)
    assert np.median(steps_s) == pytest.approx(0.01, abs=1e-6)


def test_the_column_that_the_player_shifts_is_put_back():
    rows = [[str(k), "0", "1", "0", "90", "0", "1"] for k in range(20)]
    late = [[colon(k), *row] for k, row in enumerate(rows)]
    shifted = [["", rows[0][0], *[""] * 6]] + [
        [late[k][0], rows[min(k + 1, 19)][0], *late[k][2:]] for k in range(20)
    ]

    export = read("\n".join([FOURTH, *("\t".join(row) for row in shifted)]))

    assert export.acc_ms2[:, 0] / G == pytest.approx(range(20), abs=1e-9)
    assert export.notes[0] == "AccX stood one row early and was put back."


def test_a_clock_that_jumps_back_costs_the_rows_until_it_has_caught_up():
    content = text(FOURTH, lambda k: [colon(0 if k == 50 else k)])

    export = read(content)

    assert len(export.time_s) == 149
    assert "1 rows lack a number or a time that advances" in export.notes[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(FOURTH, lambda _: ["2024-02-31 1:1:1:000"]), "no times that advance"),
        (text(FOURTH, lambda _: [colon(3)]), "no times that advance"),
        (text(FIRST, lambda _: ["", ""], [*NUMBERS, "2", "3"]), "no times that advance"),
        (text(THIRD, lambda k: [colon(k), f"WT{k % 2}"]), "several WitMotion sensors"),
        (text(FOURTH, lambda k: [colon(k)]).replace("90", "fast"), "'fast' for a number"),
    ],
)
def test_what_cannot_be_used_is_refused(content, said):
    with pytest.raises(UnreadableExportError, match=said):
        read(content)


def test_two_recordings_are_not_guessed_between():
    content = VARIANTS["third"].encode()

    with pytest.raises(UnreadableExportError, match="several WitMotion sensors"):
        read_export({"a.txt": content, "b.txt": content})
