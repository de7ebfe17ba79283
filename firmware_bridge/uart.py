"""Lines of text over the Nordic UART service: Puck.js v2, and whatever somebody built.

Text comes in pieces of any size; a line ends with a line feed. What its numbers mean stands in a
`TextFormat`. That of Puck.js is built in::

    {"acc":{"x":12,"y":-40,"z":8190},"gyro":{"x":-5,"y":3,"z":0}}

============== ====================================================================================
field          scale
============== ====================================================================================
acc.x, y, z    i16 / 32768 * range in g (4 g unless set otherwise)
gyro.x, y, z   i16 * 0.07 deg/s at 2000 deg/s, less in proportion at other ranges
============== ====================================================================================

Sources: Espruino, `libs/puckjs/jswrap_puck.c`; the step of the angular rate is that of the chip
family, LSM6DS3.

In lines of JSON, what stands before the first brace is the prompt; lines without a brace, and lines
of columns without any number, are greetings and echoes of commands: they are passed over. Samples
without an angular rate, as of Bangle.js, are reported as damage. About 50 lines of JSON a second
get through.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import Command
from firmware_bridge.errors import UnreadableFormatError
from firmware_bridge.scaling import steps
from firmware_bridge.text_format import MAX_RAW, TextFormat, text_format_of
from firmware_bridge.text_lines import UartDecoder
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

_ACC_RANGES_G: Final = (2, 4, 8, 16)
# deg/s a step at each range; the one called 250 is 245 in the chip.
_GYR_STEPS_DPS: Final = {125: 0.004375, 250: 0.00875, 500: 0.0175, 1000: 0.035, 2000: 0.07}
_CHUNK: Final = 20  # what the smallest link takes

_PUCK_RATE_HZ: Final = 52
_PUCK_PATHS: Final = tuple(
    (f"{short}_{axis}", (long, axis)) for short, long in (("acc", "acc"), ("gyr", "gyro"))
    for axis in "xyz"
)  # fmt: skip


def _puck(acc_range_g: int, gyr_range_dps: int) -> TextFormat:
    """Return what the lines of a Puck mean at full scales that it was set to."""
    return TextFormat(
        rate_hz=_PUCK_RATE_HZ,
        paths=_PUCK_PATHS,
        is_json=True,
        acc_ms2=acc_range_g * STANDARD_GRAVITY_MS2 / MAX_RAW,
        gyr_rads=_GYR_STEPS_DPS[gyr_range_dps] * RAD_PER_DEG,
        name="Puck.js",
        is_raw=True,
    )


PUCK: Final = _puck(4, 2000)


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
    acc_step, gyr_step = 4 * STANDARD_GRAVITY_MS2 / MAX_RAW, _GYR_STEPS_DPS[2000] * RAD_PER_DEG
    acc = dict(zip("xyz", steps(acc_ms2, acc_step), strict=True))
    gyr = dict(zip("xyz", steps(gyr_rads, gyr_step), strict=True))
    sample = {"acc": acc, "gyro": gyr}
    return json.dumps(sample, separators=(",", ":")).encode() + b"\r\n"


def _typed(text: str, purpose: str) -> tuple[Command, ...]:
    """Return the commands that write a line, in pieces that any link takes."""
    data = text.encode() + b"\n"
    return tuple(
        Command(data=data[i : i + _CHUNK], purpose=purpose) for i in range(0, len(data), _CHUNK)
    )


def _unseen(text: str, purpose: str) -> tuple[Command, ...]:
    """Return the commands that type a line at a prompt: byte 16 switches its echo off."""
    return _typed(f"\x10{text}", purpose)


def _score_puck(heard: Advertisement) -> int:
    """Know a Puck by its name: all sorts of devices have the service."""
    is_puck = heard.name.startswith(PUCK.name)
    return 80 * is_puck + 10 * (is_puck and PUCK.service_uuid in heard.service_uuids)


def described(settings: Settings) -> TextFormat | None:
    """Return the format that the settings of a capture describe, or None."""
    table = settings.get("format")
    if not isinstance(table, dict):
        return None
    try:
        return text_format_of(table)
    except UnreadableFormatError:
        return None


def _make_decoder(settings: Settings) -> UartDecoder:
    text_format = described(settings)
    if text_format is not None:
        return UartDecoder(text_format)
    acc, gyr = settings.get("acc_range_g"), settings.get("gyr_range_dps")
    return UartDecoder(
        _puck(
            acc if isinstance(acc, int) and acc in _ACC_RANGES_G else 4,
            gyr if isinstance(gyr, int) and gyr in _GYR_STEPS_DPS else 2000,
        )
    )


def _look_ahead(
    family: SensorFamily, settings: Settings, _notifications: Iterable[bytes]
) -> SensorFamily:
    text_format = described(settings)
    return family if text_format is None else uart_family(text_format)


UART: Final = SensorFamily(
    id="uart",
    title="Puck.js over Nordic UART",
    service_uuid=PUCK.service_uuid,
    notify_uuid=PUCK.notify_uuid,
    write_uuid=PUCK.write_uuid,
    index="none",
    nominal_rate_hz=float(_PUCK_RATE_HZ),
    start=(
        Command(data=b"\x03", purpose="end what was typed before"),
        *_unseen("Puck.removeAllListeners('accel')", "forget an earlier stream"),
        *_unseen(f"Puck.accelOn({_PUCK_RATE_HZ})", "rate 52 Hz"),
        # Bits 2 and 3 of register 0x11 are the range of the gyroscope.
        *_unseen("Puck.accelWr(0x11,Puck.accelRd(0x11)|12)", "2000 deg/s"),
        *_unseen(
            "Puck.on('accel',a=>Bluetooth.println(JSON.stringify(a)))", "a line for each sample"
        ),
    ),
    stop=_unseen("Puck.removeAllListeners('accel');Puck.accelOff()", "end the stream"),
    ask_battery=None,
    score=_score_puck,
    make_decoder=_make_decoder,
    look_ahead=_look_ahead,
)


def uart_family(text_format: TextFormat) -> SensorFamily:
    """Return the family of a sensor that sends lines of a described format."""

    def score(heard: Advertisement) -> int:
        if text_format.name:
            return 95 * heard.name.startswith(text_format.name)
        return 95 * (text_format.service_uuid in heard.service_uuids)

    def lines(texts: tuple[str, ...], purpose: str) -> tuple[Command, ...]:
        return tuple(command for text in texts for command in _typed(text, purpose))

    return replace(
        UART,
        title=f"{text_format.name or 'a sensor'} of the given format",
        service_uuid=text_format.service_uuid,
        notify_uuid=text_format.notify_uuid,
        write_uuid=text_format.write_uuid,
        index=text_format.index,
        nominal_rate_hz=text_format.rate_hz,
        start=lines(text_format.start, "start the stream"),
        stop=lines(text_format.stop, "end the stream"),
        score=score,
        make_decoder=lambda _: UartDecoder(text_format),
        look_ahead=None,
    )
