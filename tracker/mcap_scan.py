"""Go through an MCAP file of any origin, and say what of it can be believed.

Every chunk carries a checksum and every message a running number. So a chunk with a flipped bit
is left out, a torn end is cut off, what vanished without a trace is noticed, and everything else
is given. A file costs bounded memory and time, however it was made.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import zstandard
from mcap.exceptions import McapError
from mcap.records import Channel, Chunk, Footer
from mcap.records import Message as McapMessage
from mcap.stream_reader import StreamReader, breakup_chunk

from tracker.recording_format import Message

MAX_CHUNK_BYTES: Final = 16 * 2**20
"""A second of the fastest sensor has less than a hundredth of this."""

MAX_TOTAL_BYTES: Final = 2**30
"""More than a day of measurements."""

UNREADABLE: Final = (McapError, ValueError, struct.error, zstandard.ZstdError)
"""What MCAP's reader raises on bytes that are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What of a recording could not be read.

    Parameters
    ----------
    reason : str
        What was found first.
    n_chunks : int
        Chunks, of up to a second each, that were left out.
    n_bytes : int
        Bytes at the end that could not be read at all.

    """

    reason: str
    n_chunks: int
    n_bytes: int


class McapScan:
    """The messages of one file, oldest first; iterate once, then look at the rest.

    `is_finished` tells whether the file has its end; `damage` what could not be read. That an
    unfinished file ends is no damage.
    """

    def __init__(self, path: Path) -> None:
        self.is_finished = False
        self._path = path
        self._reason: str | None = None
        self._n_chunks = 0
        self._n_bytes = 0
        self._total_bytes = 0
        self._sequence = 0
        self._channels: dict[int, Channel] = {}

    @property
    def damage(self) -> Damage | None:
        """What could not be read so far."""
        if self._reason is None:
            return None
        return Damage(reason=self._reason, n_chunks=self._n_chunks, n_bytes=self._n_bytes)

    def report(self, reason: str) -> None:
        """Note a chunk's worth of damage found by whoever looks into the messages."""
        self._n_chunks += 1
        self._reason = self._reason or reason

    def __iter__(self) -> Iterator[Message]:
        with self._path.open("rb") as stream:
            yield from self._messages(stream)

    def _messages(self, stream: IO[bytes]) -> Iterator[Message]:
        size = self._path.stat().st_size
        reader = StreamReader(
            _Bounded(stream),  # type: ignore[arg-type]  # needs only `read`
            emit_chunks=True,
            validate_crcs=True,
            record_size_limit=MAX_CHUNK_BYTES,
        )
        records = reader.records
        good = 0
        while self._total_bytes <= MAX_TOTAL_BYTES:
            try:
                record = next(records, None)
            except UNREADABLE as error:
                self._end(size - good, error)
                return
            if record is None:
                return
            good = stream.tell()
            if isinstance(record, Chunk):
                yield from self._open(record)
            elif isinstance(record, Footer):
                self.is_finished = True
        self._end(size - good, ValueError("there is more than a day of it"))

    def _end(self, n_bytes: int, error: Exception) -> None:
        if n_bytes > 0:
            self._n_bytes = n_bytes
            self._reason = self._reason or f"the end cannot be read ({_brief(error)})"

    def _open(self, chunk: Chunk) -> Iterator[Message]:
        try:
            check_size(chunk)
            records = breakup_chunk(chunk, validate_crc=True)
        except UNREADABLE as error:
            self._sequence = 0  # what is missing is counted here, not by its number
            self.report(f"a chunk cannot be read ({_brief(error)})")
            return
        self._total_bytes += chunk.uncompressed_size
        for record in records:
            if isinstance(record, Channel):
                self._channels[record.id] = record
            elif isinstance(record, McapMessage):
                yield from self._name(record)

    def _name(self, message: McapMessage) -> Iterator[Message]:
        if self._sequence and message.sequence != self._sequence + 1:
            self.report("messages are missing")
        self._sequence = message.sequence
        channel = self._channels.get(message.channel_id)
        if channel is None:
            self.report("a message belongs to no known channel")
            return
        yield Message(channel.topic, channel.message_encoding, message.log_time, message.data)


def check_size(chunk: Chunk) -> None:
    """Refuse a chunk that would unpack to more than any of ours, or how cannot be foreseen.

    Raises
    ------
    ValueError
        If it would.

    """
    promised = chunk.uncompressed_size
    if chunk.compression == "zstd":
        promised = max(promised, zstandard.frame_content_size(chunk.data))
    elif chunk.compression:  # no program of ours writes it, and lz4's unpacker takes no limit
        raise ValueError(f"it is packed by {chunk.compression}, not by zstd")
    if promised > MAX_CHUNK_BYTES:
        raise ValueError(f"it would unpack to {promised} bytes")


class _Bounded:
    """A stream that gives no more at a time than a chunk may have."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, n_bytes: int) -> bytes:
        return self._stream.read(min(n_bytes, MAX_CHUNK_BYTES))


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
