"""What stands in a recording: an MCAP file with four kinds of channels.

=============== ======================= ====================================================
topic           message encoding        one message
=============== ======================= ====================================================
``/header``     json                    `RecordingHeader`; the first message
``/raw/<uuid>`` tempo90.notification/1  one notification of that characteristic
``/samples``    tempo90.samples/1       the samples that one flush holds
``/events``     json                    something that happened, with its time in ``at_s``
=============== ======================= ====================================================

A second sensor, on the thigh, has ``/thigh/raw/<uuid>`` and ``/thigh/samples``, on the same clock.

Both binary encodings are little endian. A notification is arrival time (f64, s), link number
(u32), settled (u8, 0 or 1) and the bytes as received. Samples are their number n (u32), n times
(f64, s), n x 3 accelerations (f64, m/s²), n x 3 angular rates (f64, rad/s), row by row; 64 bits,
so that an analysis of the file gives the very numbers of the live one.

Times are seconds of the clock that ran during the session; the header tells its value
(`anchor_s`) at a moment of the calendar (`started_at`). MCAP's own log times are nanoseconds
since 1970.
"""

import io
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
from mcap.writer import CompressionType, IndexType, Writer

from analysis import ImuSamples
from tracker.collector_events import Received
from tracker.errors import RecordingError

SCHEMA: Final = "tempo90.recording/1"
HEADER_TOPIC: Final = "/header"
RAW_TOPIC: Final = "/raw/"
SAMPLES_TOPIC: Final = "/samples"
THIGH: Final = "/thigh"
EVENTS_TOPIC: Final = "/events"
JSON_ENCODING: Final = "json"
NOTIFICATION_ENCODING: Final = "tempo90.notification/1"
SAMPLES_ENCODING: Final = "tempo90.samples/1"

_NOTIFICATION: Final = struct.Struct("<dIB")
_COUNT: Final = struct.Struct("<I")
_ROW_BYTES: Final = 7 * 8
_NS_PER_S: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingHeader:
    """What must be known to read a recording years later.

    Parameters
    ----------
    session : str
        UUID of the session.
    started_at : datetime
        Wall-clock time of the beginning, with a time zone.
    anchor_s : float
        Value of the recording's clock at that moment.
    sensor : str
        Id of the sensor family, as in `firmware_bridge.SENSORS`.
    sensor_name, sensor_address : str, optional
        As advertised.
    rate_hz : float, optional
        The rate that was asked for.
    exercises : tuple of str
        Ids of the exercises, in order.
    settings : mapping
        Anything else that shaped the session; JSON values.
    schema : str
        Version of this format.

    """

    session: str
    started_at: datetime
    anchor_s: float
    sensor: str
    sensor_name: str | None = None
    sensor_address: str | None = None
    rate_hz: float | None = None
    exercises: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    schema: str = SCHEMA

    def log_time_ns(self, time_s: float) -> int:
        """Return nanoseconds since 1970 of a time on the recording's clock."""
        elapsed_ns = round((time_s - self.anchor_s) * _NS_PER_S)
        return max(0, round(self.started_at.timestamp() * _NS_PER_S) + elapsed_ns)

    def to_json(self) -> bytes:
        """Return the header as JSON."""
        document = asdict(self) | {
            "started_at": self.started_at.isoformat(),
            "settings": dict(self.settings),
        }
        return json.dumps(document).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "RecordingHeader":
        """Read a header; fields of later versions are ignored.

        Raises
        ------
        RecordingError
            If it is none.

        """
        try:
            document = json.loads(data)
            known = {name: document[name] for name in cls.__slots__ if name in document}
            known["started_at"] = datetime.fromisoformat(known["started_at"])
            known["anchor_s"] = _finite(known["anchor_s"])
            known["exercises"] = tuple(known.get("exercises", ()))
            return cls(**known)
        except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
            raise RecordingError(f"The header of the recording cannot be read: {error}.") from error


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a time is no number")
    return number


class Message(NamedTuple):
    """One message of a recording."""

    topic: str
    encoding: str
    log_time_ns: int
    data: bytes


def pack_notification(received: Received) -> bytes:
    """Return a notification in its binary form."""
    head = _NOTIFICATION.pack(received.arrival_s, received.link, received.is_settled)
    return head + received.data


def unpack_notification(data: bytes, characteristic: str) -> Received:
    """Read a notification; what a decoder would make of it is left out.

    Raises
    ------
    RecordingError
        If there are too few bytes, or it arrived at no time.

    """
    if len(data) < _NOTIFICATION.size:
        raise RecordingError("A notification in the recording is cut short.")
    arrival_s, link, is_settled = _NOTIFICATION.unpack_from(data)
    if not math.isfinite(arrival_s):
        raise RecordingError("A notification in the recording has no time.")
    return Received(
        packets=(),
        data=data[_NOTIFICATION.size :],
        characteristic=characteristic,
        arrival_s=arrival_s,
        link=link,
        is_settled=bool(is_settled),
    )


def pack_samples(samples: ImuSamples) -> bytes:
    """Return samples in their binary form."""
    columns = (samples.time_s, samples.acc_ms2, samples.gyr_rads)
    return _COUNT.pack(samples.n_samples) + b"".join(c.astype("<f8").tobytes() for c in columns)


def unpack_samples(data: bytes) -> ImuSamples:
    """Read samples.

    Raises
    ------
    RecordingError
        If the bytes do not hold what they say.
    analysis.SampleValueError
        If the numbers are not finite, or times do not increase.

    """
    n = _COUNT.unpack_from(data)[0] if len(data) >= _COUNT.size else -1
    if len(data) != _COUNT.size + n * _ROW_BYTES:
        raise RecordingError("Samples in the recording are cut short.")
    values = np.frombuffer(data, dtype="<f8", offset=_COUNT.size)
    return ImuSamples(values[:n], values[n : 4 * n].reshape(n, 3), values[4 * n :].reshape(n, 3))


def join_samples(pieces: Sequence[ImuSamples]) -> ImuSamples:
    """Put pieces of one recording behind each other."""
    if not pieces:
        return ImuSamples([], [], [])
    return ImuSamples(
        np.concatenate([piece.time_s for piece in pieces]),
        np.concatenate([piece.acc_ms2 for piece in pieces]),
        np.concatenate([piece.gyr_rads for piece in pieces]),
    )


class _Outbox(io.BufferedIOBase):
    """Collects what MCAP's writer writes, so that the file gets it in one piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._n_bytes = 0

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._n_bytes += len(part)
        return len(part)

    def tell(self) -> int:
        return self._n_bytes

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


class ChunkWriter:
    """Build a recording in memory, a chunk at a time: bytes come out, no file is touched."""

    def __init__(self) -> None:
        self._outbox = _Outbox()
        self._writer = Writer(
            self._outbox,  # type: ignore[arg-type]  # it only writes and tells
            compression=CompressionType.ZSTD,
            index_types=IndexType.CHUNK,
            chunk_size=1 << 30,  # a chunk ends where `take` says so
        )
        self._writer.start(profile="tempo90", library="tempo90")
        self._channels: dict[str, int] = {}
        self._sequence = 0

    def add(self, message: Message) -> None:
        """Put a message into the present chunk."""
        channel = self._channels.get(message.topic)
        if channel is None:
            channel = self._writer.register_channel(message.topic, message.encoding, schema_id=0)
            self._channels[message.topic] = channel
        self._sequence += 1
        time_ns = message.log_time_ns
        self._writer.add_message(channel, time_ns, message.data, time_ns, self._sequence)

    def take(self) -> bytes:
        """End the chunk and return all bytes since the last call."""
        self._writer.flush()  # type: ignore[no-untyped-call]
        return self._outbox.take()

    def finish(self) -> bytes:
        """End the recording and return the last bytes, with the index."""
        self._writer.finish()  # type: ignore[no-untyped-call]
        return self._outbox.take()
