"""What is said at the control point of Polar's measurement service (PMD), and the answers to it.

Sources: Polar BLE SDK, `technical_documentation/online_measurement.pdf`, `PolarVeritySense.md`,
`KnownIssues.md`.

Command: operation (u8), measurement (u8), settings. Operations: 1 settings, 2 start, 3 stop, 4
settings in SDK mode; measurements: 2 acceleration, 5 angular rate, 9 SDK mode. Answers come by
indication:

====== ==== ======================= =========================================================
offset size field                   content
====== ==== ======================= =========================================================
0      1    0xF0
1      1    operation               as asked
2      1    measurement             as asked
3      1    error                   0 is none
4      1    more                    whether another answer follows
5      ...  settings                type (u8), count (u8), values
====== ==== ======================= =========================================================

Types of settings: 0 rate (u16 Hz), 1 resolution (u16 bits), 2 range (u16 g or deg/s), 3 range
(u32), 4 channels (u8), 5 factor (f32, in the answer to a start alone), 6 security (16 bytes).

Reading the control point gives 0x0F and a mask, bit n for measurement n.

The order: stop both streams, as one left over keeps SDK mode from being switched on; switch SDK
mode on; ask which settings there are; start both. What the sensor offers decides what is asked
for: the nearest to 104 Hz, 16 bits, 16 g and 2000 deg/s.
"""

from collections.abc import Mapping
from typing import Final

from firmware_bridge.dialogue import ANSWER_LIMIT_S, Answer, Command, Follow, Read, Refusal, Step
from firmware_bridge.polar_frames import ACC, GYR

CONTROL_UUID: Final = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"

ANSWER: Final = 0xF0
FEATURES: Final = 0x0F
ANSWER_SIZE: Final = 5
SETTINGS, START, STOP, SDK_SETTINGS, SDK_MODE = 1, 2, 3, 4, 9
RATE, RESOLUTION, RANGE, CHANNELS, FACTOR = 0, 1, 2, 4, 5
OK, ALREADY = 0, 6
RATE_HZ: Final = 104
NAMES: Final = {ACC: "acceleration", GYR: "angular rate", SDK_MODE: "SDK mode"}

_SIZES: Final = {0: 2, 1: 2, 2: 2, 3: 4, 4: 1, 5: 4, 6: 16}
_WANTED: Final = {
    ACC: {RATE: RATE_HZ, RESOLUTION: 16, RANGE: 16, CHANNELS: 3},
    GYR: {RATE: RATE_HZ, RESOLUTION: 16, RANGE: 2000, CHANNELS: 3},
}
_WAIT_S: Final = 0.1
_STOP_LIMIT_S: Final = 0.5  # on leaving there is little time
_UPDATE: Final = "update it with the maker's app, Polar Flow"
_NO_GYROSCOPE: Final = Refusal(
    "This Polar sensor has no gyroscope, and without one the knee's angle cannot be followed: "
    "a Verity Sense has one."
)
_REASONS: Final = {
    8: f"it does not offer {RATE_HZ} Hz: {_UPDATE}",
    10: "this computer's Bluetooth allows only small packets: try another adapter",
    13: "it stands in its charger: take it out",
    14: f"its memory is full: {_UPDATE} and empty it",
}

OfSetting = Mapping[int, tuple[bytes, ...]]


def read_settings(data: bytes) -> OfSetting:
    r"""Read settings: the values of each type as bytes; what breaks off is left out.

    Examples
    --------
    >>> read_settings(bytes.fromhex("0001340004010305"))
    {0: (b'4\x00',), 4: (b'\x03',)}

    """
    found: dict[int, tuple[bytes, ...]] = {}
    at = 0
    while at + 2 <= len(data):
        kind, count = data[at], data[at + 1]
        size = _SIZES.get(kind, len(data))
        values = data[at + 2 : at + 2 + count * size]
        if len(values) < count * size:
            break
        found[kind] = tuple(values[i : i + size] for i in range(0, len(values), size))
        at += 2 + count * size
    return found


def write_settings(settings: Mapping[int, tuple[int, ...]]) -> bytes:
    """Return settings of whole numbers as bytes."""
    return b"".join(
        bytes((kind, len(values)))
        + b"".join(value.to_bytes(_SIZES[kind], "little") for value in values)
        for kind, values in settings.items()
    )


def _error(answer: bytes) -> int:
    return answer[3] if len(answer) > 3 else OK  # noqa: PLR2004 - the offset above


def _judged(answer: bytes) -> tuple[Step, ...] | Refusal:
    """Go on where the sensor did as asked, or had done so before."""
    error = _error(answer)
    if error in (OK, ALREADY):
        return ()
    why = _REASONS.get(error, f"it answered with error {error}: switch it off and on, or {_UPDATE}")
    return Refusal(f"The Polar sensor did not start {NAMES.get(answer[2], 'to measure')}: {why}.")


def _judge_features(value: bytes) -> tuple[Step, ...] | Refusal:
    if len(value) < 2 or value[0] != FEATURES:  # noqa: PLR2004 - one byte of mask at least
        return ()
    mask = int.from_bytes(value[1:], "little")
    return () if mask >> GYR & 1 and mask >> ACC & 1 else _NO_GYROSCOPE


def _command(
    operation: int, measurement: int, settings: bytes = b"", *, follow: Follow = _judged
) -> Command:
    is_stop = operation == STOP
    return Command(
        data=bytes((operation, measurement)) + settings,
        purpose=f"{_PURPOSES[operation]} {NAMES[measurement]}",
        then_wait_s=_WAIT_S,
        answer=Answer(
            begins=(bytes((ANSWER, operation, measurement)),),
            limit_s=_STOP_LIMIT_S if is_stop else ANSWER_LIMIT_S,
            is_needed=not is_stop,
            follow=None if is_stop else follow,
        ),
    )


_PURPOSES: Final = {START: "start", STOP: "stop", SDK_SETTINGS: "ask for the settings of"}


def _nearest(wanted: int, offered: tuple[bytes, ...]) -> int:
    numbers = [int.from_bytes(value, "little") for value in offered]
    return min(numbers, key=lambda number: abs(number - wanted), default=wanted)


def start_command(measurement: int, offered: OfSetting) -> Command:
    """Return the command that starts a measurement, with the offered settings nearest to ours."""
    chosen = {
        kind: (_nearest(wanted, offered.get(kind, ())),)
        for kind, wanted in _WANTED[measurement].items()
    }
    return _command(START, measurement, write_settings(chosen))


def _start_with_offered(answer: bytes) -> tuple[Step, ...] | Refusal:
    if _error(answer) != OK:
        return _judged(answer)
    measurement, offered = answer[2], read_settings(answer[ANSWER_SIZE:])
    rates_hz = [int.from_bytes(value, "little") for value in offered.get(RATE, ())]
    if rates_hz and RATE_HZ not in rates_hz:
        return Refusal(f"The Polar sensor does not offer {RATE_HZ} Hz: {_UPDATE}.")
    return (start_command(measurement, offered),)


START_STEPS: Final[tuple[Step, ...]] = (
    Read(
        characteristic=CONTROL_UUID,
        purpose="read what it measures",
        is_needed=False,
        follow=_judge_features,
    ),
    _command(STOP, ACC),
    _command(STOP, GYR),
    _command(START, SDK_MODE),
    _command(SDK_SETTINGS, ACC, follow=_start_with_offered),
    _command(SDK_SETTINGS, GYR, follow=_start_with_offered),
)
STOP_STEPS: Final[tuple[Step, ...]] = (
    _command(STOP, ACC),
    _command(STOP, GYR),
    _command(STOP, SDK_MODE),
)
