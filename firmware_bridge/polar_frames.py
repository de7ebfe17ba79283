"""Frames of Polar's measurement service (PMD): bytes to numbers and back, without their meaning.

Source: Polar BLE SDK, `technical_documentation/online_measurement.pdf` and the SDK's unit tests.
All numbers are little endian.

====== ==== ======================= =========================================================
offset size field                   content
====== ==== ======================= =========================================================
0      1    measurement             lower six bits: 2 acceleration, 5 angular rate
1      8    time                    u64 ns since 2000 of the **last** sample
9      1    frame type              bit 7: delta compressed; below: type
10     ...  samples                 of x, y, z
====== ==== ======================= =========================================================

Uncompressed accelerations of type 0, 1, 2 are i8, i16, i24.

Compressed: a first sample of three signed numbers, 16 bits each (32 for angular rates of type 1,
which are floats by their bit patterns), then blocks until the end of the frame:

====== ==== ======================= =========================================================
0      1    d                       bits in a delta, 1 to 32
1      1    n                       samples in the block
2      ...  3 n deltas              d bits each, two's complement, lowest bit first, x y z x ...
====== ==== ======================= =========================================================

Each sample is the one before plus its deltas. A block ends on a whole byte.
"""

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

ACC: Final = 2
GYR: Final = 5
_KIND_MASK: Final = 0x3F
_COMPRESSED: Final = 0x80
_HEADER: Final = struct.Struct("<BQB")
_AXES: Final = 3
_MAX_BITS: Final = 32
_MAX_COUNT: Final = 255

Integers = NDArray[np.int64]


class BrokenFrameError(ValueError):
    """A frame that cannot be read; it never leaves the decoder."""


@dataclass(frozen=True, slots=True, eq=False)
class PmdFrame:
    """A frame as sent: which measurement, time of the last sample in ns, samples (n, 3)."""

    kind: int
    last_ns: int
    is_compressed: bool
    type: int
    raw: Integers

    @property
    def is_float(self) -> bool:
        """Whether the numbers are bit patterns of 32-bit floats."""
        return self.kind == GYR and self.type == 1


def read_frame(data: bytes) -> PmdFrame:
    """Read a frame.

    Raises
    ------
    BrokenFrameError
        If it is of another measurement or type, or cut short.

    """
    if len(data) < _HEADER.size:
        raise BrokenFrameError("a frame cut short")
    kind, last_ns, flags = _HEADER.unpack_from(data)
    kind, is_compressed, frame_type = kind & _KIND_MASK, bool(flags & _COMPRESSED), flags & 0x7F
    body = data[_HEADER.size :]
    if kind == ACC and not is_compressed and frame_type <= 2:  # noqa: PLR2004 - i8, i16, i24
        raw = _uncompressed(body, width=frame_type + 1)
    elif kind in (ACC, GYR) and is_compressed and frame_type <= 1:
        raw = _decompressed(body, width=4 if kind == GYR and frame_type == 1 else 2)
    else:
        raise BrokenFrameError(f"a frame of measurement {kind} and type 0x{flags:02x}")
    return PmdFrame(kind, last_ns, is_compressed, frame_type, raw)


def _signed(data: bytes, width: int) -> list[int]:
    return [
        int.from_bytes(data[i : i + width], "little", signed=True)
        for i in range(0, len(data), width)
    ]


def _uncompressed(body: bytes, width: int) -> Integers:
    if not body or len(body) % (_AXES * width):
        raise BrokenFrameError("a frame cut short")
    return np.array(_signed(body, width), dtype=np.int64).reshape(-1, _AXES)


def _decompressed(body: bytes, width: int) -> Integers:
    at = _AXES * width
    if len(body) < at:
        raise BrokenFrameError("a frame cut short")
    pieces = [np.array([_signed(body[:at], width)], dtype=np.int64)]
    while at < len(body):
        if len(body) < at + 2:
            raise BrokenFrameError("a frame cut short")
        bits, count = body[at], body[at + 1]
        end = at + 2 + (bits * count * _AXES + 7) // 8
        if not 1 <= bits <= _MAX_BITS or end > len(body):
            raise BrokenFrameError("a block that does not fit its frame")
        pieces.append(_deltas(body[at + 2 : end], bits, count))
        at = end
    return np.asarray(np.cumsum(np.concatenate(pieces), axis=0), dtype=np.int64)


def _deltas(block: bytes, bits: int, count: int) -> Integers:
    stream = np.unpackbits(np.frombuffer(block, dtype=np.uint8), bitorder="little")
    numbers = stream[: count * _AXES * bits].reshape(-1, bits).astype(np.int64)
    weights = 1 << np.arange(bits, dtype=np.int64)
    weights[-1] = -weights[-1]  # two's complement
    return np.asarray(numbers @ weights, dtype=np.int64).reshape(-1, _AXES)


def write_frame(kind: int, last_ns: int, raw: Integers) -> bytes:
    """Write samples of 16 bits, (n, 3) with n at least 1, as a compressed frame of type 0."""
    first, deltas = raw[0], np.diff(raw, axis=0)
    data: bytes = _HEADER.pack(kind, last_ns, _COMPRESSED) + first.astype("<i2").tobytes()
    for start in range(0, len(deltas), _MAX_COUNT):
        block = deltas[start : start + _MAX_COUNT]
        bits = max(int(value).bit_length() for value in (block.max(), ~block.min())) + 1
        numbers = (block.ravel()[:, None] >> np.arange(bits)) & 1
        packed = np.packbits(numbers.astype(np.uint8).ravel(), bitorder="little")
        data += bytes((bits, len(block))) + packed.tobytes()
    return data
