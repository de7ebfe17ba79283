"""What every decoder gives: samples of one sensor on its own clock, or a note of damage."""

from dataclasses import dataclass
from typing import Final, Self

Vector = tuple[float, float, float]

MAX_DROPPED: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ImuPacket:
    """One sample of acceleration and angular rate, in SI units, in the sensor's axes.

    Parameters
    ----------
    acc_ms2, gyr_rads : 3 floats
        Specific force in m/s² (at rest +9.81 on the axis that points up) and angular rate in
        rad/s, right-hand rule.
    device_time_s : float, optional
        The sensor's own clock, unwrapped, where the wire format carries one.
    counter : int, optional
        Running sample number as sent, before unwrapping, where the wire format carries one.

    """

    acc_ms2: Vector
    gyr_rads: Vector
    device_time_s: float | None = None
    counter: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedFrame:
    """Bytes that could not be read; `dropped` holds at most 64 of them."""

    reason: str
    dropped: bytes

    @classmethod
    def of(cls, reason: str, data: bytes) -> Self:
        """Note the damage and keep the first bytes of it."""
        return cls(reason=reason, dropped=data[:MAX_DROPPED])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryLevel:
    """State of charge as the sensor reports it."""

    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterReply:
    """The answer to a read command: consecutive registers from `register` on, signed 16 bit."""

    register: int
    values: tuple[int, ...]


Decoded = ImuPacket | DamagedFrame | BatteryLevel | RegisterReply
