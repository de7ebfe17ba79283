"""What a collector tells its owner: frozen values, times in seconds of the event loop's clock."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from firmware_bridge import Decoded
from tracker.errors import Trouble

RATE_TOLERANCE: Final = 0.05
"""A measured rate this far from the one asked for means that the sensor ignored the command:
crystals are off by less than 0.01 %, cheap oscillators by 1-2 %."""


class CollectorState(StrEnum):
    """Where a collector stands with its sensor."""

    SCANNING = "scanning"
    CONNECTING = "connecting"
    STARTING = "starting"
    STREAMING = "streaming"
    STALLED = "stalled"
    RECONNECTING = "reconnecting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """The collector entered a state.

    Parameters
    ----------
    state : CollectorState
        Which.
    at_s : float
        When.
    reason : str, optional
        Why, and what to try: a sentence in English.
    trouble : Trouble, optional
        The same as one word, where something is the matter.

    """

    state: CollectorState
    at_s: float
    reason: str | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One notification and what the decoder made of it.

    Parameters
    ----------
    packets : tuple of Decoded
        What these bytes completed: often one packet, sometimes none or several.
    data : bytes
        The notification as it came.
    characteristic : str
        UUID it came from, lower case, 128 bit.
    arrival_s : float
        When the program was given it.
    link : int
        Number of the connection, growing by one with each attempt of this collector.
    is_settled : bool
        False while the start sequence still runs: the sensor may send at another rate, and its
        samples belong to no recording yet.
    is_batch : bool
        Whether the sender kept the samples back until the last of them was there, as phones do
        that send a second at a time.

    """

    packets: tuple[Decoded, ...]
    data: bytes
    characteristic: str
    arrival_s: float
    link: int
    is_settled: bool = True
    is_batch: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """State of charge, as the sensor reports it."""

    percent: int
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChecked:
    """How many samples a second came in the first seconds of a link, beside what was asked for."""

    measured_hz: float
    asked_hz: float
    at_s: float

    @property
    def is_off(self) -> bool:
        """Whether the sensor sends at another rate than it was told to."""
        return abs(self.measured_hz - self.asked_hz) > RATE_TOLERANCE * self.asked_hz


CollectorEvent = StateChanged | Received | Battery | RateChecked
