"""What a sensor family is: a way to know it, to start it, and to read its bytes.

Everything here is data or pure computation. The caller owns the radio: it subscribes to the
characteristics in `subscriptions`, takes the start steps in order (`dialogue`), and feeds every
notification to a decoder of its own connection.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

from firmware_bridge.advertisement import Advertisement
from firmware_bridge.dialogue import Command, Read, Step
from firmware_bridge.packets import Decoded

Settings = Mapping[str, object]
"""Settings that the bytes do not carry, as in the first line of a capture."""

_FASTEST_HZ: Final = 1000

SampleIndex = Literal["none", "device_time", "counter8", "counter15", "counter16", "counter32"]
"""What tells that samples are missing: nothing, the sensor's own clock, or a counter of n bits."""


class Decoder(Protocol):
    """Turn the notifications of one connection into packets.

    A new connection takes a new decoder, so that no half frame of the old one is left over.
    """

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in the next bytes and return what they complete, oldest first.

        Defined for any bytes: what cannot be read comes out as `DamagedFrame`, nothing raises,
        and what is kept for later is bounded.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorFamily:
    """All that is known about one kind of sensor.

    Parameters
    ----------
    id : str
        The name on the command line and in captures, as in `tempo90 decode witmotion`.
    title : str
        The name for people.
    service_uuid, notify_uuid, write_uuid : str
        Where data come from and commands go to; lower case.
    index : {"none", "device_time", "counter8", "counter15", "counter16", "counter32"}
        What tells that samples are missing.
    nominal_rate_hz : float
        Sampling rate that the start commands ask for; the true one differs by up to a few percent.
    start, stop : tuple of Step
        To be taken in order after subscribing, and before disconnecting.
    ask_battery : Command or Read, optional
        Asks for the charge: the answer to a command is decoded to `BatteryLevel`, the first byte
        of what is read is the percentage.
    score : callable
        How well an advertisement fits; 0 means not at all.
    make_decoder : callable
        Makes the decoder of a connection from the settings of a capture.
    control_uuid : str, optional
        A second characteristic to subscribe to first, and to feed to the same decoder, where
        answers to commands do not come on `notify_uuid`.
    look_ahead : callable, optional
        Adapts the family to the settings and the bytes of a capture, where these tell more than
        its first bytes.

    """

    id: str
    title: str
    service_uuid: str
    notify_uuid: str
    write_uuid: str
    index: SampleIndex
    nominal_rate_hz: float
    start: tuple[Step, ...]
    stop: tuple[Step, ...]
    ask_battery: Command | Read | None
    score: Callable[[Advertisement], int]
    make_decoder: Callable[[Settings], Decoder]
    control_uuid: str | None = None
    look_ahead: "Callable[[SensorFamily, Settings, Iterable[bytes]], SensorFamily] | None" = None

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The characteristics to subscribe to, in this order; the decoder takes them all."""
        if self.control_uuid in (None, self.notify_uuid):
            return (self.notify_uuid,)
        return (self.control_uuid, self.notify_uuid)

    @property
    def data_uuids(self) -> frozenset[str]:
        """The characteristics whose notifications the decoder takes."""
        return frozenset(self.subscriptions)

    def matches(
        self, name: str | None, service_uuids: Collection[str], company_ids: Collection[int] = ()
    ) -> int:
        """Return how surely an advertisement is of this family: 0 is no, more is surer.

        Parameters
        ----------
        name : str or None
            The advertised name; the first advertisement of a device may lack it.
        service_uuids : collection of str
            Advertised services in the 128-bit form, any case.
        company_ids : collection of int
            Makers in the manufacturer data.

        """
        return self.score(Advertisement.heard(name, service_uuids, company_ids))

    def new_decoder(self, settings: Settings | None = None) -> Decoder:
        """Make the decoder of a new connection.

        Parameters
        ----------
        settings : mapping, optional
            The first line of a capture; without it the settings of `start` count.

        """
        return self.make_decoder(settings or {})

    def as_captured(self, settings: Settings, notifications: Iterable[bytes]) -> "SensorFamily":
        """Return the family as it was set when a capture was made.

        Parameters
        ----------
        settings : mapping
            The first line of the capture; a `rate_hz` in it is the nominal rate.
        notifications : iterable of bytes
            What was captured.

        """
        family = self.look_ahead(self, settings, notifications) if self.look_ahead else self
        rate_hz = settings.get("rate_hz")
        if isinstance(rate_hz, int | float) and 1 <= rate_hz <= _FASTEST_HZ:
            family = replace(family, nominal_rate_hz=float(rate_hz))
        return family
