"""Movesense sensors: the GATT SensorData Protocol (GSP) of their standard firmware, 2.3 and later.

Sources: movesense.com, "GATT SensorData Protocol" (GD-77); payloads of hardware published with
movesense-commander. All fields are little endian.

Message to the sensor: code (u8), reference (u8, chosen by us), payload. Code 1 subscribes to the
resource whose path follows, NUL-terminated; code 2 ends the subscription; code 4 reads one.

Message from the sensor:

====== ==== ======================= =========================================================
offset size field                   scale
====== ==== ======================= =========================================================
0      1    kind                    1 answer, 2 data, 3 second part of data
1      1    reference               that of the request
2      2    status                  u16 as in HTTP; answers only
4      1    level                   percent; the answer to reading /System/Energy/Level
2      4    time                    u32 ms of the first sample; data only, starts again at 0
6      12 n acceleration x, y, z    n samples, f32, m/s², with gravity
6+12n  12 n angular rate x, y, z    n samples, f32, deg/s
====== ==== ======================= =========================================================

No field tells n: it follows from the length, 24 bytes a sample after the time. A message longer
than the link allows comes as data and its second part, which continues where the first broke off,
anywhere. So a first part whose length fits n samples may still be half a message: what n is for
the subscribed rate is known (4 up to 52 Hz and 8 at 104 Hz) or learnt from the first message.

`/Meas/IMU9` has a magnetometer's 12 n bytes behind; it is skipped.
"""

import re
import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.clock import U32, Unwrap
from firmware_bridge.decoder import SensorFamily, Settings
from firmware_bridge.dialogue import Answer, Command, Follow, Refusal, Step
from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import BatteryLevel, DamagedFrame, Decoded, ImuPacket
from firmware_bridge.scaling import scaled
from firmware_bridge.units import RAD_PER_DEG

SERVICE_UUID: Final = "34802252-7185-4d5d-b431-630e7050e8f0"
WRITE_UUID: Final = "34800001-7185-4d5d-b431-630e7050e8f0"
NOTIFY_UUID: Final = "34800002-7185-4d5d-b431-630e7050e8f0"

_PATH: Final = "/Meas/IMU6/104"
_MEASURED: Final = re.compile(r"/Meas/IMU(?P<axes>[69])/(?P<rate>\d{1,4})")
SUBSCRIBE, UNSUBSCRIBE, GET = 1, 2, 4
_ANSWER, _DATA, _DATA_PART2 = 1, 2, 3
STREAM, _BATTERY = 0x63, 0x62  # references, ours to choose

_OK: Final = 200
_NOT_OK: Final = 300
NOT_FOUND: Final = 404
_BUSY: Final = (409, 429, 503)
_SAMPLES: Final = {52: 4, 104: 8}  # per message, where two sources agree
# So many messages of another length in a row, none with a second part, are whole after all.
_STREAK_TO_DOUBT: Final = 3
_MAX_MESSAGE: Final = 2048
_TIME_SIZE: Final = 4
_F32_SIZE: Final = 4


class MovesenseDecoder:
    """Read the notifications of one connection to a Movesense sensor, each fed as it came.

    Parameters
    ----------
    path : str
        The resource that was subscribed to, as `/Meas/IMU6/104`.

    """

    def __init__(self, path: str = _PATH) -> None:
        measured = _MEASURED.fullmatch(path)
        self._path = path
        self._axes = int(measured["axes"]) if measured else 0
        self._rate_hz = max(int(measured["rate"]), 1) if measured else 1
        self._n_expected = _SAMPLES.get(self._rate_hz)
        self._held: bytes | None = None
        self._streak = 0
        self._unwrap = Unwrap()

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in one notification and return what it completes, oldest first."""
        if len(data) < 2 or len(data) > _MAX_MESSAGE:  # noqa: PLR2004 - kind and reference
            return [DamagedFrame.of("a message of impossible length", data)] if data else []
        kind, reference, payload = data[0], data[1], data[2:]
        if kind == _ANSWER:
            return _answer(reference, payload)
        if kind == _DATA:
            return self._first_part(payload)
        if kind == _DATA_PART2:
            return self._second_part(payload)
        return [DamagedFrame.of("a message of unknown kind", data)]

    def _n_samples(self, payload: bytes) -> int | None:
        """Return how many samples a payload holds, None if not a whole number."""
        n, rest = divmod(len(payload) - _TIME_SIZE, self._axes * _F32_SIZE or _MAX_MESSAGE)
        return n if n > 0 and rest == 0 else None

    def _first_part(self, payload: bytes) -> list[Decoded]:
        out: list[Decoded] = []
        if not self._axes:
            return [DamagedFrame.of(f"messages of {self._path} hold no angular rate", payload)]
        if self._held is not None:
            out += self._was_alone(self._held, payload)
        n = self._n_samples(payload)
        if n is not None and n == self._n_expected:
            self._streak = 0
            return out + self._samples(payload)
        self._held = payload
        return out

    def _was_alone(self, held: bytes, next_payload: bytes) -> list[Decoded]:
        """Deal with a part that no second one followed: half a message, or a whole one."""
        self._held = None
        n = self._n_samples(held)
        if n is not None and len(held) == len(next_payload):
            self._streak += 1
            if self._n_expected is None or self._streak >= _STREAK_TO_DOUBT:
                self._n_expected = n
                return self._samples(held)
        return [DamagedFrame.of("a message without its second part", held)]

    def _second_part(self, payload: bytes) -> list[Decoded]:
        if self._held is None:
            return [DamagedFrame.of("a second part without its first", payload)]
        whole, self._held = self._held + payload, None
        n = self._n_samples(whole)
        if n is None or len(whole) > _MAX_MESSAGE:
            return [DamagedFrame.of("two parts that do not fit together", whole)]
        self._n_expected = n
        self._streak = 0
        return self._samples(whole)

    def _samples(self, payload: bytes) -> list[Decoded]:
        n = (len(payload) - _TIME_SIZE) // (self._axes * _F32_SIZE)
        (time_ms,) = struct.unpack_from("<I", payload)
        with np.errstate(invalid="ignore"):  # signalling NaN; checked below
            blocks = np.frombuffer(payload, dtype="<f4", offset=_TIME_SIZE).astype(np.float64)
        acc_ms2, gyr_dps = blocks.reshape(-1, n, 3)[:2]
        if not np.isfinite(blocks[: 6 * n]).all():
            return [DamagedFrame.of("a message with a value that is no number", payload)]
        first_s = self._unwrap(time_ms) / 1000
        return [
            ImuPacket(
                acc_ms2=scaled(acc, 1.0),
                gyr_rads=scaled(gyr, RAD_PER_DEG),
                device_time_s=first_s + k / self._rate_hz,
            )
            for k, (acc, gyr) in enumerate(zip(acc_ms2.tolist(), gyr_dps.tolist(), strict=True))
        ]


def _answer(reference: int, payload: bytes) -> list[Decoded]:
    if reference not in (STREAM, _BATTERY) or len(payload) < 2:  # noqa: PLR2004 - the status
        return []
    (status,) = struct.unpack_from("<H", payload)
    if not _OK <= status < _NOT_OK:
        what = "the stream" if reference == STREAM else "the battery level"
        return [DamagedFrame.of(f"the sensor refused {what} with status {status}", payload)]
    if reference == _BATTERY and len(payload) > 2:  # noqa: PLR2004 - the level follows the status
        return [BatteryLevel(percent=min(payload[2], 100))]
    return []


def encode_movesense(
    time_ms: int,
    acc_ms2: Sequence[Sequence[float]],
    gyr_rads: Sequence[Sequence[float]],
    *,
    max_size: int = 512,
    reference: int = STREAM,
) -> tuple[bytes, ...]:
    """Build the notifications of one message of `/Meas/IMU6`.

    Parameters
    ----------
    time_ms : int
        The sensor's clock at the first sample.
    acc_ms2, gyr_rads : (n, 3) sequences
        Specific force in m/s² and angular rate in rad/s.
    max_size : int
        The longest notification the link allows; a longer message comes in two parts.
    reference : int
        That of the subscription.

    Raises
    ------
    UnencodableValueError
        If a number is not finite, or the message does not fit two parts.

    """
    acc = np.asarray(acc_ms2, dtype=np.float64)
    gyr_dps = np.asarray(gyr_rads, dtype=np.float64) / RAD_PER_DEG
    values = np.concatenate((acc.ravel(), gyr_dps.ravel()))
    payload = struct.pack("<I", time_ms % U32) + values.astype("<f4").tobytes()
    room = max_size - 2
    if not np.isfinite(values).all() or len(payload) > 2 * room:
        raise UnencodableValueError(
            f"A message of {len(payload)} bytes must be finite and fit two parts of {room}."
        )
    parts = [bytes((_DATA, reference)) + payload[:room]]
    if payload[room:]:
        parts.append(bytes((_DATA_PART2, reference)) + payload[room:])
    return tuple(parts)


def encode_movesense_answer(
    request: bytes, *, battery_percent: int = 100, status: int = _OK
) -> bytes:
    """Build the answer of a sensor to a request: a status, the battery level, or not known."""
    code, reference = request[0], request[1]
    if code in (SUBSCRIBE, UNSUBSCRIBE) or status != _OK:
        return struct.pack("<2BH", _ANSWER, reference, status)
    if code == GET and request[2:].rstrip(b"\0") == _BATTERY_PATH:
        return struct.pack("<2BHB", _ANSWER, reference, _OK, battery_percent)
    return struct.pack("<2BH", _ANSWER, reference, NOT_FOUND)


def _score(heard: Advertisement) -> int:
    """Know a sensor by its name: its service seldom fits into the advertisement."""
    if heard.name.startswith("Movesense"):
        return 90
    return 60 * (SERVICE_UUID in heard.service_uuids)


def _make_decoder(settings: Settings) -> MovesenseDecoder:
    path = settings.get("path")
    return MovesenseDecoder(path) if isinstance(path, str) else MovesenseDecoder()


def _subscribed(path: str) -> Follow:
    def follow(answer: bytes) -> tuple[Step, ...] | Refusal:
        if answer[0] != _ANSWER or len(answer) < 4:  # noqa: PLR2004 - older firmware: data at once
            return ()
        (status,) = struct.unpack_from("<H", answer, 2)
        if status in _BUSY:
            return Refusal(
                f"The Movesense is busy with other requests (status {status}): "
                "take its battery out for a moment, then try again."
            )
        if not _OK <= status < _NOT_OK:
            return Refusal(
                f"This Movesense does not offer {path} (status {status}): "
                "it needs the maker's standard firmware 2.3 or later."
            )
        return ()

    return follow


_BATTERY_PATH: Final = b"/System/Energy/Level"
_ASK_BATTERY: Final = bytes((GET, _BATTERY)) + _BATTERY_PATH + b"\0"

MOVESENSE: Final = SensorFamily(
    id="movesense",
    title="Movesense",
    service_uuid=SERVICE_UUID,
    notify_uuid=NOTIFY_UUID,
    write_uuid=WRITE_UUID,
    index="device_time",
    nominal_rate_hz=104.0,
    start=(
        Command(
            data=bytes((SUBSCRIBE, STREAM)) + _PATH.encode() + b"\0",
            purpose=f"subscribe to {_PATH}",
            # Older firmware does not answer, it begins to send.
            answer=Answer(
                begins=(bytes((_ANSWER, STREAM)), bytes((_DATA, STREAM))),
                is_needed=False,
                follow=_subscribed(_PATH),
            ),
        ),
    ),
    stop=(Command(data=bytes((UNSUBSCRIBE, STREAM)), purpose="unsubscribe"),),
    ask_battery=Command(data=_ASK_BATTERY, purpose="read the battery level", then_wait_s=0.05),
    score=_score,
    make_decoder=_make_decoder,
)
