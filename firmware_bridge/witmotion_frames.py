"""Where a WitMotion frame begins and ends in the stream of bytes.

A frame has a header of two bytes, no checksum, and one of two sizes; one notification may carry
several. So the notifications are read as one stream:

* A frame is handed out as soon as its last byte is in, if no other header begins inside it.
* If one does, either the data look like a header by chance or the frame was cut short. The bytes
  that follow decide: a header right behind the frame vouches for it; without one its first byte
  is dropped and the search goes on.
* Whether samples have 20 or 28 bytes is settled by what follows the first of them, a header or a
  calendar and then a header, and kept for the connection. The first sample has been handed out by
  then: of the 28-byte ones it lacks its calendar.

Nothing here looks at where a notification ends, so nothing depends on it.
"""

from typing import Final

from firmware_bridge.packets import MAX_DROPPED, DamagedFrame

START: Final = 0x55
SAMPLE: Final = 0x61
REPLY: Final = 0x71
SHORT: Final = 20
LONG: Final = 28

# Highest year, month, day, hour, minute, second of a calendar; an unset one is all zero.
_CALENDAR_MAX: Final = (99, 12, 31, 23, 59, 59)
_MAX_MS: Final = 999


class FrameReader:
    """Cut a stream into frames.

    Parameters
    ----------
    sample_size : {20, 28}, optional
        Bytes in a sample, if known from elsewhere; else the stream tells.

    """

    def __init__(self, sample_size: int | None = None) -> None:
        self.sample_size = sample_size
        self._is_behind_first = False
        self._buffer = bytearray()
        self._dropped = bytearray()

    def feed(self, data: bytes) -> list[bytes | DamagedFrame]:
        """Take in the next bytes and return the frames they complete, and what was dropped."""
        self._buffer += data
        out: list[bytes | DamagedFrame] = []
        at = 0
        while True:
            if self._is_behind_first:
                calendar_size = self._settle_sample_size(at)
                if calendar_size is None:
                    break
                at += calendar_size
            used = self._step(at, out)
            if used == 0:
                break
            at += used
        del self._buffer[:at]
        return out

    def _step(self, at: int, out: list[bytes | DamagedFrame]) -> int:
        """Deal with what begins at `at`; return the bytes used, 0 if more are needed."""
        header = self._header(at)
        if header is None:
            return 0
        if not header:
            return self._drop(at, out)
        size = self._size_of_frame(at)
        if size is None:
            return 0
        return self._take(at, size, out) if size else self._drop(at, out)

    def _header(self, at: int) -> bool | None:
        """Tell whether a frame may begin at `at`; None if too few bytes are in."""
        start = self._buffer[at : at + 2]
        if start and start[0] != START:
            return False
        return start[1] in (SAMPLE, REPLY) if len(start) > 1 else None

    def _size_of_frame(self, at: int) -> int | None:
        """Return the size of the frame at `at`, 0 if it is none, None if more bytes decide."""
        is_sample = self._buffer[at + 1] == SAMPLE
        size = (self.sample_size or SHORT) if is_sample else SHORT
        if size == LONG and self._calendar(at + SHORT) is False:
            return 0
        if len(self._buffer) < at + size:
            return None
        inner = self._has_inner_header(at, size)
        if not inner:
            return None if inner is None else size
        follows = self._header(at + size)
        if follows is False and is_sample and self.sample_size is None:
            # Perhaps the first of the long frames: a calendar comes before the next header.
            size = LONG
            follows = self._calendar_and_header(at + SHORT)
        return None if follows is None else follows * size

    def _has_inner_header(self, at: int, size: int) -> bool | None:
        """Tell whether another header begins inside; None if the next byte decides."""
        end = at + size
        found = self._buffer.find(START, at + 1, end)
        while found >= 0:
            header = self._header(found)
            if header is not False:
                return header
            found = self._buffer.find(START, found + 1, end)
        return False

    def _calendar(self, at: int) -> bool | None:
        """Tell whether a calendar stands at `at`; None if the bytes so far leave it open."""
        fields = self._buffer[at : at + LONG - SHORT]
        if any(value > top for value, top in zip(fields, _CALENDAR_MAX, strict=False)):
            return False
        if len(fields) < LONG - SHORT:
            return None
        return int.from_bytes(fields[6:], "little") <= _MAX_MS

    def _calendar_and_header(self, at: int) -> bool | None:
        """Tell whether a calendar and then a header stand at `at`; None if it is too early."""
        calendar = self._calendar(at)
        return self._header(at + LONG - SHORT) if calendar else calendar

    def _settle_sample_size(self, at: int) -> int | None:
        """Look at what follows the first sample, from `at` on.

        Returns the bytes that still belong to that sample, None if more are needed. Where neither
        a header nor a calendar follows, the next sample is the first again.
        """
        is_short = self._header(at)
        is_long = self._calendar_and_header(at) if is_short is False else False
        if is_short is None or is_long is None:
            return None
        self._is_behind_first = False
        if is_short:
            self.sample_size = SHORT
        if is_long:
            self.sample_size = LONG
        return LONG - SHORT if is_long else 0

    def _drop(self, at: int, out: list[bytes | DamagedFrame]) -> int:
        """Drop the byte at `at` and all that follow up to the next that may start a frame."""
        end = self._buffer.find(START, at + 1)
        dropped = self._buffer[at : end if end >= 0 else None]
        self._dropped += dropped
        while len(self._dropped) >= MAX_DROPPED:
            self._report_dropped(out)
        return len(dropped)

    def _report_dropped(self, out: list[bytes | DamagedFrame]) -> None:
        reason = "no frame of 0x55 0x61 or 0x55 0x71"
        out.append(DamagedFrame.of(reason, bytes(self._dropped)))
        del self._dropped[:MAX_DROPPED]

    def _take(self, at: int, size: int, out: list[bytes | DamagedFrame]) -> int:
        """Hand out the frame of `size` bytes at `at`."""
        if self._dropped:
            self._report_dropped(out)
        out.append(bytes(self._buffer[at : at + size]))
        if self._buffer[at + 1] == SAMPLE:
            if size == LONG:
                self.sample_size = LONG
            self._is_behind_first = self.sample_size is None
        return size
