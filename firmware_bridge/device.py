"""The sensor's side of the link, without a radio: what a simulated sensor does, as pure code.

The virtual radio builds the services of a `SimulatedDevice`, hands it what is written and read,
and calls `sample` at the device's own rate. So the habits of a sensor (what it ignores, when it
sends, how it splits a message) stand beside its wire format and can be tested byte by byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from firmware_bridge.dialogue import BATTERY_LEVEL_UUID, BATTERY_SERVICE_UUID
from firmware_bridge.errors import WriteRefusedError

Property = Literal["read", "write", "write-without-response", "notify", "indicate"]

MAX_MTU: Final = 247
"""What one packet of the data length extension carries; most sensors of today offer it."""


@dataclass(frozen=True, slots=True)
class GattCharacteristic:
    """One value of a device: where it is, and what may be done with it."""

    uuid: str
    properties: frozenset[Property]

    @classmethod
    def of(cls, uuid: str, *properties: Property) -> "GattCharacteristic":
        """Make one of a UUID and its properties."""
        return cls(uuid, frozenset(properties))


@dataclass(frozen=True, slots=True)
class GattService:
    """A service and its characteristics."""

    uuid: str
    characteristics: tuple[GattCharacteristic, ...]


BATTERY_SERVICE: Final = GattService(
    BATTERY_SERVICE_UUID, (GattCharacteristic.of(BATTERY_LEVEL_UUID, "read", "notify"),)
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A notification or indication that the device sends."""

    characteristic: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One sample as the device takes it.

    Parameters
    ----------
    acc_ms2, gyr_rads : 3 floats
        The truth: specific force in m/s², angular rate in rad/s, in the sensor's axes.
    clock_s : float
        Seconds on the device's own clock since it was switched on.
    room : int
        Bytes that fit into one notification on the links there are.

    """

    acc_ms2: Sequence[float]
    gyr_rads: Sequence[float]
    clock_s: float
    room: int


class SimulatedDevice:
    """A sensor that is switched on; each family has its own subclass.

    Parameters
    ----------
    name : str, optional
        The advertised name; else the one it leaves the factory with.

    """

    factory_name: ClassVar[str]
    services: tuple[GattService, ...]
    advertised_uuids: tuple[str, ...] = ()
    company_id: int | None = None
    max_mtu: int = MAX_MTU

    def __init__(self, name: str | None = None) -> None:
        self.name = name or self.factory_name
        self.rate_hz = 100.0
        self.battery_percent = 90

    def write(
        self,
        characteristic: str,
        data: bytes,  # noqa: ARG002 - for those who take it
        now_s: float,  # noqa: ARG002 - the same
    ) -> list[Sent]:
        """Take in a write; return what it makes the device send at once.

        Parameters
        ----------
        characteristic : str
            Where it was written.
        data : bytes
            What.
        now_s : float
            Time in s, on any clock that runs on.

        Raises
        ------
        WriteRefusedError
            If the device refuses it.

        """
        raise WriteRefusedError(characteristic)

    def read(self, characteristic: str) -> bytes:
        """Return the value of a characteristic."""
        return bytes((self.battery_percent,)) if characteristic == BATTERY_LEVEL_UUID else b""

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Take one sample, and return what is sent now: often one notification, or none."""
        raise NotImplementedError

    def link_ended(self) -> None:
        """Forget what a device forgets when its link ends."""

    def power_cycle(self) -> None:
        """Forget what a device forgets when it is switched off."""
        self.link_ended()
