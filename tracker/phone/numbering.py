"""What a phone sends, numbered, so that nothing is lost or doubled over a line that breaks.

A binary message is the number of its first sample (u32, little endian) and the samples in the
format of `DeviceMotionDecoder`, 32 bytes each. The page keeps every sample until it is told that
all before some number arrived; after a break it sends again from the number it is told.
"""

import struct
from dataclasses import dataclass
from typing import Final

HEAD: Final = struct.Struct("<I")
SAMPLE_BYTES: Final = 32
MAX_SAMPLES: Final = 1024
MAX_MESSAGE_BYTES: Final = HEAD.size + MAX_SAMPLES * SAMPLE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """Samples that had not come before.

    Parameters
    ----------
    first : int
        Number of the first of them.
    data : bytes
        The samples, 32 bytes each.
    n_lost : int
        How many are missing just before, which the page gave up.

    """

    first: int
    data: bytes
    n_lost: int = 0


class Numbering:
    """Take in the messages of one page, whatever comes twice.

    `next` is the number of the first sample that has not come: what the page is told.
    """

    def __init__(self) -> None:
        self.next = 0
        self.n_lost = 0
        self.n_doubled = 0

    def take(self, message: bytes) -> Fresh | None:
        """Return what is new in a message; None if nothing, or if it is not of this format."""
        n_samples, n_over = divmod(len(message) - HEAD.size, SAMPLE_BYTES)
        if n_over or not 1 <= n_samples <= MAX_SAMPLES:
            return None
        (first,) = HEAD.unpack_from(message)
        n_known = min(max(0, self.next - first), n_samples)
        self.n_doubled += n_known
        if n_known == n_samples:
            return None
        first += n_known
        n_lost, self.next = first - self.next, first + n_samples - n_known
        self.n_lost += n_lost
        data = message[HEAD.size + n_known * SAMPLE_BYTES :]
        return Fresh(first=first, data=data, n_lost=n_lost)


def encode_numbered(first: int, samples: bytes) -> bytes:
    """Build the message that a page would send."""
    return HEAD.pack(first) + samples
