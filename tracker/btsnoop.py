"""Radio traces in the btsnoop format, which Wireshark and the makers of sensors read.

=============== ===== ==================================================================
part            bytes content, all big endian
=============== ===== ==================================================================
file header     8     ``btsnoop`` and a zero
..              4     version, 1
..              4     kind of packets, 1002: HCI with its type in front ("H4")
record header   4     length of the packet as it was
..              4     length of the packet as it is here; the same
..              4     bit 0: 1 if received, 0 if sent; bit 1: 1 for a command or an event
..              4     packets dropped so far
..              8     time in microseconds since the year 0, by the calendar of today
record          n     the packet: its type (1 command, 2 data, 4 event) and its bytes
=============== ===== ==================================================================

Source: the file format as Symbian published it in the footsteps of RFC 1761, "Snoop Version 2
Packet Capture File Format"; packets as in the Bluetooth Core Specification, volume 4 part E.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tracker.errors import TrackerError

MAGIC: Final = b"btsnoop\0"
VERSION: Final = 1
HCI_H4: Final = 1002
COMMAND, DATA, EVENT = 0x01, 0x02, 0x04
"""What the first byte of a packet says it is."""

RECEIVED_FLAG: Final = 1
CONTROL_FLAG: Final = 2
MAX_BYTES: Final = 64 * 2**20
"""Hours of a sensor; a trace that nobody stops ends there."""

_HEADER: Final = struct.Struct(">8sII")
_RECORD: Final = struct.Struct(">IIIIQ")
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_US: Final = 0x00E03AB44A676000  # the year 2000, in microseconds since the year 0
_MICROSECOND: Final = timedelta(microseconds=1)
_VENDOR_EVENT: Final = 0xFF
_MAX_NOTE_BYTES: Final = 255


class UnreadableTraceError(TrackerError, ValueError):
    """A file is no btsnoop trace, or is cut short."""


@dataclass(frozen=True, slots=True)
class TracedPacket:
    """One packet between this computer and its Bluetooth chip; its first byte is its type."""

    at: datetime
    is_received: bool
    data: bytes


class TraceWriter:
    """Write a trace; a context manager that closes it.

    Parameters
    ----------
    path : Path
        The file, written anew.
    began_at : datetime
        Time of day at `began_s`, with a time zone.
    began_s : float
        The same moment on the clock of `add`.

    Raises
    ------
    OSError
        If it cannot be written.

    """

    def __init__(self, path: Path, began_at: datetime, began_s: float) -> None:
        self.n_packets = 0
        self.n_dropped = 0
        self._began_at = began_at
        self._began_s = began_s
        self._n_bytes = _HEADER.size
        self._file = path.open("wb")
        self._file.write(_HEADER.pack(MAGIC, VERSION, HCI_H4))

    def add(self, packet: bytes, at_s: float, *, is_received: bool) -> None:
        """Add a packet, with its type in its first byte."""
        if self._n_bytes + _RECORD.size + len(packet) > MAX_BYTES:
            self.n_dropped += 1
            return
        flags = RECEIVED_FLAG if is_received else 0
        flags |= CONTROL_FLAG if packet[0] in (COMMAND, EVENT) else 0
        at = self._began_at + timedelta(seconds=at_s - self._began_s)
        time_us = _EPOCH_US + (at - _EPOCH) // _MICROSECOND
        size = len(packet)
        self._file.write(_RECORD.pack(size, size, flags, self.n_dropped, time_us) + packet)
        self._n_bytes += _RECORD.size + size
        self.n_packets += 1

    def note(self, text: str, at_s: float) -> None:
        """Add a remark for the reader, as a vendor's own event."""
        data = text.encode("ascii", "replace")[:_MAX_NOTE_BYTES]
        self.add(bytes((EVENT, _VENDOR_EVENT, len(data))) + data, at_s, is_received=True)

    def close(self) -> None:
        """End the trace."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_trace(data: bytes) -> Iterator[TracedPacket]:
    """Read the packets of a trace.

    Raises
    ------
    UnreadableTraceError
        If it is none, damaged or cut short.

    """
    if len(data) < _HEADER.size or _HEADER.unpack_from(data) != (MAGIC, VERSION, HCI_H4):
        raise UnreadableTraceError("This is no btsnoop trace of HCI packets.")
    at = _HEADER.size
    while at < len(data):
        if len(data) - at < _RECORD.size:
            raise UnreadableTraceError("The trace is cut short in the header of a packet.")
        _, size, flags, _, time_us = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if len(data) - at < size:
            raise UnreadableTraceError("The trace is cut short in a packet.")
        try:
            when = _EPOCH + _MICROSECOND * (time_us - _EPOCH_US)
        except OverflowError as error:
            raise UnreadableTraceError("A packet of the trace has an impossible time.") from error
        yield TracedPacket(when, bool(flags & RECEIVED_FLAG), data[at : at + size])
        at += size
