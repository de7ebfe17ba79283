"""Good input of every kind, small, to begin the damage from."""

import io
import json
import struct
import zipfile
from datetime import UTC, datetime, timedelta

import firmware_bridge as bridge
from tools.fuzzing.mutation import Input

N = 24
STILL = (0.1, -0.2, 9.81)
TURNING = (0.0, 1.25, -0.5)
_START_NS = 1_768_464_060_000_456_034
_CLOCK = datetime(2026, 1, 15, 10, tzinfo=UTC)


def _parts(*contents: bytes) -> Input:
    return tuple(("", content) for content in contents)


def _movesense() -> Input:
    parts = [bridge.encode_movesense_answer(b"\x01\x63")]
    for k in range(3):
        message = bridge.encode_movesense(1000 + 77 * k, [STILL] * 8, [TURNING] * 8, max_size=160)
        parts += message
    return _parts(*parts)


def _polar() -> Input:
    parts = [bridge.encode_polar_answer(bytes((2, kind))) for kind in (2, 5)]
    for k in range(3):
        parts.append(bridge.encode_polar(10**9 + k * 10**8, acc_ms2=[STILL] * 8))
        parts.append(bridge.encode_polar(10**9 + k * 10**8, gyr_rads=[TURNING] * 8))
    return _parts(*parts)


def _witmotion(*, has_clock: bool) -> Input:
    frames = (
        bridge.encode_witmotion(
            STILL, TURNING, clock=_CLOCK + timedelta(milliseconds=10 * k) if has_clock else None
        )
        for k in range(6)
    )
    return _parts(*frames, bridge.encode_register_reply(0x64, [396]))


def sensor_seeds() -> dict[str, tuple[Input, ...]]:
    """Return notifications by id of the sensor."""
    return {
        "witmotion": (_witmotion(has_clock=False), _witmotion(has_clock=True)),
        "movesense": (_movesense(),),
        "thingy52": (_parts(*[bridge.encode_thingy52(STILL, TURNING)] * 6),),
        "xsens_dot": (
            _parts(*(bridge.encode_xsens_dot(16_667 * k, STILL, TURNING) for k in range(6))),
        ),
        "metamotion": (
            _parts(
                *bridge.encode_metamotion([STILL] * 3, [TURNING] * 3) * 3,
                bridge.encode_metamotion_battery(80),
            ),
        ),
        "polar": (_polar(),),
        "uart": (_parts(*[bridge.encode_uart(STILL, TURNING)] * 4),),
    }


def _push(platform_sign: float = 1.0) -> Input:
    x, y, z = (axis * platform_sign for axis in STILL)
    messages = []
    for number in (1, 3, 2, 4):
        stamps = [_START_NS + (number * 6 + k) * 10_000_000 for k in range(6)]
        samples = {
            "accelerometer": [(t, (x, y, 0.0)) for t in stamps],
            "gravity": [(t + 999, (0.0, 0.0, z)) for t in stamps],
            "gyroscope": [(t + 4_000_000, TURNING) for t in stamps],
        }
        messages.append(bridge.encode_sensor_logger(number, samples))
    return _parts(*messages)


def _polls() -> Input:
    answers = []
    for number in range(4):
        times_s = [number * 0.06 + k / 100 for k in range(6)]
        values: dict[str, list[float]] = {"acc_time": times_s, "gyr_time": times_s}
        for k, axis in enumerate("XYZ"):
            values |= {f"acc{axis}": [STILL[k]] * 6, f"gyr{axis}": [TURNING[k]] * 6}
        answers.append(bridge.encode_phyphox(values))
    return _parts(*answers, bridge.encode_phyphox({}, session="2"))


def phone_seeds() -> dict[str, tuple[Input, ...]]:
    """Return messages by name of the phone decoder."""
    message = bridge.encode_device_motion([(1 + k / 60, STILL, TURNING) for k in range(10)])
    return {
        "sensor-logger": (_push(), _push(-1.0)),
        "phyphox": (_polls(),),
        "device-motion": (_parts(message, message),),
    }


def config_seeds() -> tuple[Input, ...]:
    """Return answers of phyphox to what experiment is open."""
    inputs = [
        {"source": source, "outputs": [{axis: f"{source}{axis}"} for axis in "txyz"]}
        for source in ("accelerometer", "gyroscope")
    ]
    return (_parts(json.dumps({"crc32": 1, "inputs": inputs}).encode()),)


def _table(header: str, *values: object, stamp: str = "{t:.3f}", cut: str = ",") -> bytes:
    numbers = cut.join(map(str, values))
    rows = (stamp.format(t=k / 100, ms=10 * k, k=k) + cut + numbers for k in range(N))
    return "\n".join([header, *rows, ""]).encode()


def _sbem() -> bytes:
    def described(number: int, text: str) -> bytes:
        payload = struct.pack("<H", number) + text.encode()
        return bytes((0, len(payload))) + payload

    log = b"SBEM0112" + described(13, "<PTH>Samples+Array.MeasIMU6.Timestamp\n<FRM>uint32")
    for first, part in ((20, "ArrayAcc"), (30, "ArrayGyro")):
        for k, axis in enumerate("xyz"):
            path = f"Samples.Array.MeasIMU6.{part}.{axis}"
            log += described(first + k, f"<PTH>{path}\n<FRM>float32")
        log += described(first + 9, f"<GRP>{first},{first + 1},{first + 2}")
    log += described(94, "<GRP>13,29,29,39,39")
    packets = (struct.pack("<I12f", 40 * k, *STILL * 2, *TURNING * 2) for k in range(6))
    return log + b"".join(bytes((94, len(packet))) + packet for packet in packets)


def _movesense_json() -> bytes:
    acc, gyr = (dict(zip("xyz", values, strict=True)) for values in (STILL, TURNING))
    imu = [{"Timestamp": 40 * k, "ArrayAcc": [acc, acc], "ArrayGyro": [gyr, gyr]} for k in range(6)]
    return json.dumps({"Meas": {"IMU6": imu}}).encode()


def _sensor_logger_json() -> bytes:
    records: list[dict[str, str]] = [{"sensor": "Metadata", "platform": "ios"}]
    for k in range(N):
        for sensor, values in (
            ("Gravity", STILL),
            ("Accelerometer", STILL),
            ("Gyroscope", TURNING),
        ):
            axes = {axis: str(value) for axis, value in zip("xyz", values, strict=True)}
            records.append({"sensor": sensor, "seconds_elapsed": f"{k / 100}", **axes})
    return json.dumps(records).encode()


def _sensorlog() -> bytes:
    groups = {
        "motionRotationRate{}(rad/s)": TURNING,
        "motionUserAcceleration{}(G)": (0, 0, 0),
        "motionGravity{}(G)": (0, 0, -1),
    }
    names = [name.format(axis) for name in groups for axis in "XYZ"]
    header = ",".join(["motionTimestamp_sinceReboot(s)", *names])
    return _table(header, *(value for values in groups.values() for value in values))


Folders = dict[str, tuple[dict[str, bytes], ...]]


def export_seeds() -> dict[str, tuple[Input, ...]]:
    """Return files by id of the format."""
    folders = _sensor_logger_files() | _phyphox_files() | _app_files() | _vendor_files()
    return {name: tuple(tuple(one.items()) for one in given) for name, given in folders.items()}


def _sensor_logger_files() -> Folders:
    xyz = "time,seconds_elapsed,z,y,x"
    logger = {
        "Accelerometer.csv": _table(xyz, 1, 2, 3, stamp="17{k:03d},{t}"),
        "Gravity.csv": _table(xyz, 9.81, 0, 0, stamp="17{k:03d},{t}"),
        "Gyroscope.csv": _table(xyz, 0.1, 0.2, 0.3, stamp="17{k:03d},{t}"),
        "Metadata.csv": b"platform,standardisation\nios,false\n",
    }
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in logger.items():
            archive.writestr(name, content)
    pushed = b"\n".join(body for _, body in _push())
    return {
        "sensor-logger": (logger, {"export.zip": zipped.getvalue()}),
        "sensor-logger-json": ({"export.json": _sensor_logger_json()},),
        "sensor-logger-push": ({"m.jsonl": pushed, "meta.json": b'{"platform": "ios"}'},),
    }


def _phyphox_files() -> Folders:
    header = '"Time (s)",{0}X ({1})",{0}Y ({1})",{0}Z ({1})"'
    acc, gyr = header.format('"', "m/s^2"), header.format('"', "rad/s")
    builtin = header.format('"Gyroscope ', "rad/s")
    polls = b"\n".join(b'{"request":"/get","response":' + body + b"}" for _, body in _polls())
    return {
        "phyphox": (
            {"Accelerometer.csv": _table(acc, *STILL), "Gyroscope.csv": _table(gyr, *TURNING)},
            {"Accelerometer.csv": _table(acc, *STILL), "Raw Data.csv": _table(builtin, *TURNING)},
            {
                "a.csv": _table(acc.replace(",", ";"), "1,5", 2, 9, cut=";"),
                "b.csv": _table(gyr.replace(",", ";"), "1,5", 2, 9, cut=";"),
            },
        ),
        "phyphox-polls": ({"polls.jsonl": polls},),
    }


def _app_files() -> Folders:
    generic = bridge.write_generic_csv([k / 100 for k in range(N)], [STILL] * N, [TURNING] * N)
    toolbox = "time,gFx,gFy,gFz,wx,wy,wz"
    return {
        "generic-csv": ({"leg.csv": generic.encode()},),
        "sensorlog": ({"log.csv": _sensorlog()},),
        "physics-toolbox": (
            {"t.csv": _table(toolbox, *STILL, *TURNING)},
            {"t.csv": _table(toolbox, *STILL, *TURNING, stamp="12:00:00:{ms:03d}")},
        ),
    }


def _vendor_files() -> Folders:
    axes = ",".join(f"{axis}-axis ({{0}})" for axis in "xyz")
    metabase = f"epoc (ms),timestamp (+0200),elapsed (s),{axes}"
    android = "Timestamp (ms),X: ({0}),Y: ({0}),Z: ({0})"
    showcase = b"".join(b"%d,0.1,0.2,9.8\n,0.1,0.2,9.8\n" % (40 * k) for k in range(12))
    wit = "\t".join(
        ["Chip Time()"]
        + [f"Acceleration {axis}(g)" for axis in "XYZ"]
        + [f"Angular velocity {axis}(°/s)" for axis in "XYZ"]
    )
    stamped = _table(wit, *STILL, *TURNING, stamp="2026-1-5 9:7:1:{ms:03d}", cut="\t")
    log = b"".join(body for _, body in _witmotion(has_clock=True)[:6])
    return {
        "xsens-dot": tuple({"dot.csv": content} for content in _xsens_dot_files()),
        "movesense-json": ({"log.json": _movesense_json()},),
        "movesense-csv": (
            {"acc.csv": showcase, "gyro.csv": showcase},
            {
                "1.csv": _table(android.format("m/s^2"), *STILL, stamp="{ms}"),
                "2.csv": _table(android.format("dps"), *TURNING, stamp="{ms}"),
            },
        ),
        "movesense-sbem": ({"log.sbem": _sbem()},),
        "metabase": (
            {
                "acc.csv": _table(metabase.format("g"), *STILL, stamp="16{ms:05d},x,{t}"),
                "gyr.csv": _table(metabase.format("deg/s"), *TURNING, stamp="16{ms:05d},x,{t}"),
            },
        ),
        "witmotion-text": ({"w.txt": stamped},),
        "witmotion-log": ({"W.TXT": log},),
    }


def _xsens_dot_files() -> tuple[bytes, ...]:
    def table(columns: str, *values: float) -> bytes:
        header = f"PacketCounter,SampleTimeFine,{columns}"
        return b"sep=,\n\n" + _table(header, *values, stamp="{k},{ms}000")

    free = "FreeAcc_X,FreeAcc_Y,FreeAcc_Z"
    return (
        table("Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z", *STILL, *TURNING),
        table(f"Quat_W,Quat_X,Quat_Y,Quat_Z,{free}", 0.7, 0.7, 0.1, 0, *STILL),
        table(f"Euler_X,Euler_Y,Euler_Z,{free}", 10, 20, 30, *STILL),
    )
