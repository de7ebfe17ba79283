"""Puck.js v2 and whatever else sends its JSON lines over the Nordic UART service.

Sources: Espruino, `libs/puckjs/jswrap_puck.c`; the step of the angular rate is that of the chip
family, LSM6DS3.

Text comes in pieces of any size. A line, ended by a line feed::

    {"acc":{"x":12,"y":-40,"z":8190},"gyro":{"x":-5,"y":3,"z":0}}

============== ====================================================================================
field          scale
============== ====================================================================================
acc.x, y, z    i16 / 32768 * range in g (4 g unless set otherwise)
gyro.x, y, z   i16 * 0.07 deg/s at 2000 deg/s, less in proportion at other ranges
============== ====================================================================================

What stands before the first brace of a line is the prompt, and lines without a brace are echoes of
commands: both are passed over. Samples without an angular rate, as of Bangle.js, are reported as
damage. There is no counter and no time. About 50 lines a second get through.
"""

import json
from collections.abc import Sequence
from typing import Final

from firmware_bridge.decoder import Command, SensorFamily, Settings
from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket, Vector
from firmware_bridge.scaling import scaled, steps
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

SERVICE_UUID: Final = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
WRITE_UUID: Final = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NOTIFY_UUID: Final = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"

_ACC_RANGES_G: Final = (2, 4, 8, 16)
# deg/s a step at each range; the one called 250 is 245 in the chip.
_GYR_STEPS_DPS: Final = {125: 0.004375, 250: 0.00875, 500: 0.0175, 1000: 0.035, 2000: 0.07}
_MAX_LINE: Final = 512
_MAX_RAW: Final = 32768
_CHUNK: Final = 20  # what the smallest link takes


class UartDecoder:
    """Read the text of one connection.

    Parameters
    ----------
    acc_range_g, gyr_range_dps : int
        Full scales that the sensor was set to.

    """

    def __init__(self, *, acc_range_g: int = 4, gyr_range_dps: int = 2000) -> None:
        self._acc_ms2 = acc_range_g * STANDARD_GRAVITY_MS2 / _MAX_RAW
        self._gyr_rads = _GYR_STEPS_DPS[gyr_range_dps] * RAD_PER_DEG
        self._line = bytearray()

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in the next bytes and return the samples whose lines they end, oldest first."""
        out: list[Decoded] = []
        *ended, rest = data.split(b"\n")
        for piece in ended:
            self._append(piece, out)
            out += self._read(bytes(self._line))
            self._line.clear()
        self._append(rest, out)
        return out

    def _append(self, piece: bytes, out: list[Decoded]) -> None:
        """Lengthen the line; what is too long for one is reported in pieces and dropped."""
        self._line += piece
        while len(self._line) > _MAX_LINE:
            out.append(DamagedFrame.of("a line without an end", bytes(self._line[:_MAX_LINE])))
            del self._line[:_MAX_LINE]

    def _read(self, line: bytes) -> list[Decoded]:
        begin = line.find(b"{")
        if begin < 0:
            return []
        try:
            fields = json.loads(line[begin:])
        except (ValueError, RecursionError):
            return [DamagedFrame.of("a line that breaks off", line)]
        acc, gyr = (_vector(fields, key) for key in ("acc", "gyro"))
        if acc is None or gyr is None:
            return [DamagedFrame.of("a line without acceleration and angular rate", line)]
        return [
            ImuPacket(
                acc_ms2=scaled(acc, self._acc_ms2),
                gyr_rads=scaled(gyr, self._gyr_rads),
            )
        ]


def _vector(fields: dict[str, object], key: str) -> Vector | None:
    vector = fields.get(key)
    if not isinstance(vector, dict):
        return None
    values = [
        float(value)
        for value in (vector.get(axis) for axis in "xyz")
        if isinstance(value, int | float) and abs(value) <= _MAX_RAW
    ]
    return (values[0], values[1], values[2]) if len(values) == len("xyz") else None


def encode_uart(acc_ms2: Sequence[float], gyr_rads: Sequence[float]) -> bytes:
    """Build the line of a sample at 4 g and 2000 deg/s, to be sent in pieces of 20 bytes.

    Parameters
    ----------
    acc_ms2, gyr_rads : 3 floats
        Specific force in m/s² and angular rate in rad/s, rounded to the nearest step and clipped
        at full scale.

    Raises
    ------
    UnencodableValueError
        If a number is not finite.

    """
    acc_step, gyr_step = 4 * STANDARD_GRAVITY_MS2 / _MAX_RAW, _GYR_STEPS_DPS[2000] * RAD_PER_DEG
    acc = dict(zip("xyz", steps(acc_ms2, acc_step), strict=True))
    gyr = dict(zip("xyz", steps(gyr_rads, gyr_step), strict=True))
    sample = {"acc": acc, "gyro": gyr}
    return json.dumps(sample, separators=(",", ":")).encode() + b"\r\n"


def _typed(text: str, purpose: str) -> tuple[Command, ...]:
    """Return the commands that type a line, unseen: byte 16 switches its echo off."""
    data = b"\x10" + text.encode() + b"\n"
    return tuple(
        Command(data=data[i : i + _CHUNK], purpose=purpose) for i in range(0, len(data), _CHUNK)
    )


def _score(name: str, service_uuids: frozenset[str]) -> int:
    """Know a Puck by its name: all sorts of devices have the service."""
    is_puck = name.startswith("Puck.js")
    return 80 * is_puck + 10 * (is_puck and SERVICE_UUID in service_uuids)


def _make_decoder(settings: Settings) -> UartDecoder:
    acc, gyr = settings.get("acc_range_g"), settings.get("gyr_range_dps")
    return UartDecoder(
        acc_range_g=acc if isinstance(acc, int) and acc in _ACC_RANGES_G else 4,
        gyr_range_dps=gyr if isinstance(gyr, int) and gyr in _GYR_STEPS_DPS else 2000,
    )


UART: Final = SensorFamily(
    id="uart",
    title="Puck.js over Nordic UART",
    service_uuid=SERVICE_UUID,
    notify_uuid=NOTIFY_UUID,
    write_uuid=WRITE_UUID,
    index="none",
    nominal_rate_hz=52.0,
    start=(
        Command(data=b"\x03", purpose="end what was typed before"),
        *_typed("Puck.removeAllListeners('accel')", "forget an earlier stream"),
        *_typed("Puck.accelOn(52)", "rate 52 Hz"),
        # Bits 2 and 3 of register 0x11 are the range of the gyroscope.
        *_typed("Puck.accelWr(0x11,Puck.accelRd(0x11)|12)", "2000 deg/s"),
        *_typed(
            "Puck.on('accel',a=>Bluetooth.println(JSON.stringify(a)))", "a line for each sample"
        ),
    ),
    stop=_typed("Puck.removeAllListeners('accel');Puck.accelOff()", "end the stream"),
    ask_battery=None,
    score=_score,
    make_decoder=_make_decoder,
)
