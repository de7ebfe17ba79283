"""What is said to a sensor, as data: the tracker does the writing, the reading and the waiting.

A step is a `Command` or a `Read`. Where the answer decides how to go on, the step has a `follow`:
a pure function from the bytes of the answer to the next steps, or to the reason why this sensor
cannot be used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from firmware_bridge.advertisement import short_uuid

BATTERY_SERVICE_UUID: Final = short_uuid(0x180F)
BATTERY_LEVEL_UUID: Final = short_uuid(0x2A19)

ANSWER_LIMIT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sensor cannot be used: one sentence for people, with what to do where there is any."""

    reason: str


Follow = Callable[[bytes], "tuple[Step, ...] | Refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A notification that answers a command.

    Parameters
    ----------
    begins : tuple of bytes
        How it begins; any of these.
    limit_s : float
        How long to wait for it, in s.
    is_needed : bool
        Whether the sensor is of no use without it; else its absence says nothing.
    follow : callable, optional
        What the answer leads to; without it to the next step.

    """

    begins: tuple[bytes, ...]
    limit_s: float = ANSWER_LIMIT_S
    is_needed: bool = True
    follow: Follow | None = None

    def is_in(self, data: bytes) -> bool:
        """Whether a notification is this answer."""
        return data.startswith(self.begins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Bytes to write to the sensor.

    Parameters
    ----------
    data : bytes
        What to write.
    purpose : str
        Why, in a few words, for the log and for whoever reads a capture.
    then_wait_s : float
        Time in s that the sensor needs before the next step.
    with_response : bool
        Whether the sensor acknowledges the write.
    characteristic : str, optional
        Where to write, in place of the family's `write_uuid`.
    answer : Answer, optional
        What to wait for.

    """

    data: bytes
    purpose: str
    then_wait_s: float = 0.0
    with_response: bool = True
    characteristic: str | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A characteristic to read.

    Parameters
    ----------
    characteristic : str
        Which.
    purpose : str
        Why, in a few words.
    is_needed : bool
        Whether a sensor that lacks it is of no use.
    follow : callable, optional
        What its value leads to.

    """

    characteristic: str
    purpose: str
    is_needed: bool = True
    follow: Follow | None = None


Step = Command | Read

READ_BATTERY: Final = Read(
    characteristic=BATTERY_LEVEL_UUID, purpose="read the battery level", is_needed=False
)
"""The battery service of the Bluetooth SIG: one byte, percent."""
