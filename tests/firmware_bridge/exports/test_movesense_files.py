import io
import json
import struct
import zipfile

import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export
from tests.firmware_bridge import captures

START_MS = 599_025_762
STILL = (0.0, 0.0, 9.81)
TURNING_DPS = (0.0, 90.0, 0.0)


def rows(vector, n=4):
    return [dict(zip("xyz", vector, strict=True))] * n


def lists(vector, n=4):
    return [{axis: [value] * n for axis, value in zip("xyz", vector, strict=True)}]


def stamps_ms(n):
    return [START_MS + 80 * k for k in range(n)]


def older(vectors=rows):
    imu = [
        {"ArrayAcc": vectors(STILL), "ArrayGyro": vectors(TURNING_DPS), "Timestamp": ms}
        for ms in stamps_ms(10)
    ]
    return json.dumps({"Meas": {"IMU9": imu}})


def newer(vectors=lists):
    samples = [
        {
            "MeasIMU9": {
                "MeasIMU9": {"Timestamp": ms},
                "ArrayAcc": vectors(STILL),
                "ArrayGyro": vectors(TURNING_DPS),
                "ArrayMagn": vectors((1, 2, 3)),
            }
        }
        for ms in stamps_ms(10)
    ]
    return json.dumps({"Samples": [{"MeasHR": {"MeasHR": {"average": 142.5}}}, *samples]}, indent=1)


def apart():
    acc = [{"MeasAcc": {"Timestamp": ms, "ArrayAcc": rows(STILL)}} for ms in stamps_ms(10)]
    gyr = [{"MeasGyro": {"Timestamp": ms, "ArrayGyro": rows(TURNING_DPS)}} for ms in stamps_ms(10)]
    return json.dumps({"Samples": [*acc, *gyr]})


def showcase_json():
    events = [{"acc": {"Timestamp": ms, "ArrayAcc": rows(STILL)}} for ms in stamps_ms(10)]
    events += [{"gyro": {"Timestamp": ms, "ArrayGyro": rows(TURNING_DPS)}} for ms in stamps_ms(10)]
    return "\n".join(map(json.dumps, events)) + "\n\n"


def showcase_csv(vector):
    cells = ",".join(map(str, vector))
    return "".join(f"{ms},{cells}\n" + f",{cells}\n" * 3 for ms in stamps_ms(10)).encode()


def android_csv(vector, unit):
    lines = [f"Timestamp (ms),X: ({unit}),Y: ({unit}),Z: ({unit})"]
    lines += [f"{START_MS + 20 * k},{','.join(map(str, vector))}" for k in range(40)]
    return "\n".join(lines).encode()


def chunk(chunk_id, payload):
    length = (
        bytes([len(payload)]) if len(payload) < 255 else b"\xff" + struct.pack("<I", len(payload))
    )
    return bytes([chunk_id]) + length + payload


def described(chunk_id, text):
    return chunk(0, struct.pack("<H", chunk_id) + text.encode() + b"\0")


def sbem(*, axes="xyz", time="uint32", extra=b""):
    path = "<PTH>Samples.Array.MeasIMU6"
    log = b"SBEM0112" + described(13, f"<PTH>Samples+Array.MeasIMU6.Timestamp\n<FRM>{time}")
    log += described(54, "<PTH>[") + described(55, "<PTH>]")
    for first, part in ((39, "ArrayAcc"), (42, "ArrayGyro")):
        for k, axis in enumerate(axes):
            log += described(
                first + k, f"{path}.{part}{'+' * (k == 0) or '.'}{axis}\n<FRM>float32,x"
            )
        log += described(first + 50, f"<GRP>{first},{first + 1},{first + 2}")
    log += described(94, "<GRP>13,54,89,89,89,89,55,54,92,92,92,92,55") + extra
    for ms in stamps_ms(10):
        log += chunk(94, struct.pack("<I24f", ms, *STILL * 4, *TURNING_DPS * 4))
    return log


def sbem_apart():
    log = b"SBEM0112"
    for first, part in ((20, "Acc"), (30, "Gyro")):
        log += described(first, f"<PTH>Samples+Array.Meas{part}.Timestamp\n<FRM>uint32")
        for k, axis in enumerate("xyz", start=1):
            path = f"Samples.Array.Meas{part}.Array{part}.{axis}"
            log += described(first + k, f"<PTH>{path}\n<FRM>float32")
        log += described(first + 9, "<GRP>" + ",".join(str(first + k) for k in (0, *[1, 2, 3] * 4)))
    for ms in stamps_ms(10):
        log += chunk(29, struct.pack("<I12f", ms, *STILL * 4))
        log += chunk(39, struct.pack("<I12f", ms, *TURNING_DPS * 4))
    return log


SHAPES = {
    "older": ("movesense-json", {"a.json": older().encode()}),
    "older with lists": ("movesense-json", {"a.json": older(lists).encode()}),
    "newer": ("movesense-json", {"a.json": newer().encode()}),
    "newer with vectors": ("movesense-json", {"a.json": newer(rows).encode()}),
    "apart": ("movesense-json", {"a.json": apart().encode()}),
    "showcase": ("movesense-json", {"a.json": showcase_json().encode()}),
    "showcase csv": (
        "movesense-csv",
        {"acc.csv": showcase_csv(STILL), "gyro.csv": showcase_csv(TURNING_DPS)},
    ),
    "showcase csv renamed": (
        "movesense-csv",
        {"1.csv": showcase_csv(STILL), "2.csv": showcase_csv(TURNING_DPS), "a.txt": b"a note"},
    ),
    "android csv": (
        "movesense-csv",
        {"1.csv": android_csv(STILL, "m/s^2"), "2.csv": android_csv(TURNING_DPS, "dps")},
    ),
    "sbem apart": ("movesense-sbem", {"log.sbem": sbem_apart()}),
    "sbem": ("movesense-sbem", {"log.sbem": sbem()}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_gives_the_same_recording(name):
    format_id, files = SHAPES[name]

    export = read_export(files)

    assert export.format == format_id
    assert export.acc_ms2 == pytest.approx(np.tile(STILL, (40, 1)), abs=1e-6)
    assert export.gyr_rads == pytest.approx(np.tile([0, np.pi / 2, 0], (40, 1)), abs=1e-6)
    assert np.diff(export.time_s) == pytest.approx(0.02)
    assert export.notes == ()


def test_a_log_inside_a_zip_is_left_byte_for_byte():
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("logs/1.sbem", sbem(extra=described(70, "\r\n\r")))

    assert len(read_export({"logs.zip": zipped.getvalue()}).time_s) == 40


def test_the_clock_may_start_again_at_zero():
    wrapped = older().replace(str(START_MS), str(2**32 - 80))
    for k in range(1, 10):
        wrapped = wrapped.replace(str(START_MS + 80 * k), str(80 * (k - 1)))

    assert np.diff(read_export({"a.json": wrapped.encode()}).time_s) == pytest.approx(0.02)


def test_a_lost_packet_stays_a_hole():
    document = json.loads(older())
    del document["Meas"]["IMU9"][5]

    steps_s = np.diff(read_export({"a.json": json.dumps(document).encode()}).time_s)

    assert np.max(steps_s) == pytest.approx(0.1)
    assert np.median(steps_s) == pytest.approx(0.02)


def test_a_packet_that_came_twice_is_left_out():
    document = json.loads(older())
    document["Meas"]["IMU9"].append(document["Meas"]["IMU9"][-1])

    export = read_export({"a.json": json.dumps(document).encode()})

    assert len(export.time_s) == 40
    assert export.notes == ("4 samples repeat a time and are left out.",)


def test_a_single_packet_is_no_recording():
    document = json.loads(older())
    del document["Meas"]["IMU9"][1:]

    assert len(read_export({"a.json": json.dumps(document).encode()}).time_s) == 1


@pytest.mark.parametrize(
    ("part", "instead", "said"),
    [
        ('"ArrayGyro"', '"ArrayMagn"', "has no angular rate: record"),
        ('"ArrayAcc"', '"ArrayMagn"', "has no acceleration: record"),
        ('"Timestamp"', '"Time"', "packet has no time"),
        (f"{START_MS}", f'"{START_MS}"', "packet has no time"),
        ('"z": 9.81', '"w": 9.81', "holds no vectors"),
        ("9.81", '"high"', "holds no vectors"),
        ("9.81", "[9.81, 9.8]", "holds no vectors"),
        ("9.81", "1e300", "cannot be"),
        ("9.81", "null", "cannot be"),
        ('"ArrayAcc": [{', '"ArrayAcc": 3, "other": [{', "holds no vectors"),
        ("]}}", "", "not whole JSON"),
    ],
)
def test_damaged_json_is_refused(part, instead, said):
    text = older().replace(part, instead)

    with pytest.raises(UnreadableExportError, match=said):
        read_export({"a.json": text.encode()})


def test_an_array_without_samples_is_passed_over():
    with pytest.raises(UnreadableExportError, match="has no acceleration"):
        read_export({"a.json": b'{"ArrayAcc": [], "Timestamp": 1}'})


@pytest.mark.parametrize("limit", ["MAX_BYTES", "MAX_OBJECTS"])
def test_a_document_too_large_to_hold_is_refused(monkeypatch, limit):
    monkeypatch.setattr(f"firmware_bridge.exports.movesense_json.{limit}", 50)

    with pytest.raises(UnreadableExportError, match="cut it into shorter recordings"):
        read_export({"a.json": older().encode()})


def test_a_log_of_nothing_but_tiny_chunks_is_refused(monkeypatch):
    monkeypatch.setattr("firmware_bridge.exports.movesense_sbem.MAX_CHUNKS", 50)

    with pytest.raises(UnreadableExportError, match="more than 50 chunks"):
        read_export({"a.sbem": b"SBEM0112" + bytes(1000)})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.json": older().encode(), "b.json": newer().encode()}, "second .* in b.json"),
        ({"a.csv": showcase_csv(STILL), "b.csv": showcase_csv(STILL)}, "second .* in b.csv"),
        ({"acc.csv": showcase_csv(STILL)}, "has no angular rate"),
        ({"gyro.csv": showcase_csv(STILL)}, "has no acceleration"),
        ({"a.csv": showcase_csv(STILL) + b",,,\n"}, "without time or numbers"),
        ({"a.sbem": sbem(), "b.sbem": sbem()}, "2 Movesense logs"),
        ({"a.sbem": sbem(axes="xzy")}, "has no acceleration"),
        ({"a.sbem": sbem(time="utf8")}, "has no acceleration"),
        ({"a.sbem": sbem(time="float32")}, "has no acceleration"),
        ({"a.sbem": b"SBEM0112"}, "has no acceleration"),
    ],
)
def test_what_is_missing_or_doubled_is_named(files, said):
    with pytest.raises(UnreadableExportError, match=said):
        read_export(files)


def test_a_note_beside_the_json_does_not_matter():
    files = {"a.json": newer().encode(), "note.json": b'{"left": true}'}

    assert read_export(files).format == "movesense-json"


@pytest.mark.parametrize(
    "extra",
    [
        chunk(7, b"nobody knows"),
        chunk(94, b"too short"),
        b"\xff\x07\x01" + b"\x01" + b"?",
    ],
)
def test_chunks_that_nothing_describes_are_counted(extra):
    export = read_export({"log.sbem": sbem(extra=extra)})

    assert len(export.time_s) == 40
    assert export.notes == ("1 chunks that nothing describes are left out.",)


@pytest.mark.parametrize(
    "text", ["<GRP>94,94", "<GRP>x", "<GRP>1234567", "<PTH>a.b\n<FRM>utf8", "", "<PTH>a\n<FRM>int8"]
)
def test_a_description_that_leads_nowhere_is_survived(text):
    extra = described(60, text) + described(61, "<GRP>61,61") + chunk(60, b"1") + chunk(61, b"2")

    assert len(read_export({"log.sbem": sbem(extra=extra)}).time_s) == 40


def test_a_log_cut_anywhere_gives_the_packets_before_the_cut():
    whole = sbem()

    for end in range(len(whole) - 300, len(whole), 7):
        export = read_export({"log.sbem": whole[:end]})
        assert len(export.time_s) == 4 * (10 - (len(whole) - end + 101) // 102)


def test_long_chunks_are_found_behind_their_escape():
    extra = described(70, "<PTH>" + "x" * 300 + "\n<FRM>int8")

    assert len(read_export({"log.sbem": sbem(extra=extra)}).time_s) == 40


def test_more_descriptions_than_any_log_has_are_passed_over(monkeypatch):
    monkeypatch.setattr("firmware_bridge.exports.movesense_sbem._MAX_DESCRIPTIONS", 3)

    with pytest.raises(UnreadableExportError, match="has no acceleration"):
        read_export({"log.sbem": sbem()})


def test_a_real_log_and_its_json_by_the_maker_give_the_same_numbers():
    log = read_export({"log.sbem": captures.content("movesense", "imu9-prefix.sbem")})
    text = read_export({"log.json": captures.content("movesense", "imu9-prefix.expected.json")})

    assert log.acc_ms2[0] == pytest.approx([0.825553, 9.593168, 2.258905], abs=1e-6)
    assert np.degrees(log.gyr_rads[0]) == pytest.approx([28.28, -9.8, 7.91], abs=1e-5)
    assert len(log.time_s) == 156
    assert np.array_equal(log.time_s, text.time_s)
    assert np.array_equal(log.acc_ms2, text.acc_ms2)
    assert np.array_equal(log.gyr_rads, text.gyr_rads)
