"""The line to the one phone that is used: its check, its samples, and where it stands.

A line outlives connections. The page keeps its samples while a connection is down and sends them
again, so a break of the Wi-Fi leaves no gap; a page that is loaded again is a new stream, with a
gap between. Everything happens in one event loop, and nothing here waits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeGuard

from firmware_bridge import DeviceMotionDecoder, PhonePlatform
from tracker.collector_events import Received
from tracker.phone.family import raw_name
from tracker.phone.motion_check import Checked, Finding, MotionCheck
from tracker.phone.numbering import Numbering

ACK_EVERY_S: Final = 0.5
REPLACED: Final = 4001  # close code: the phone came back over another connection
GOING_AWAY: Final = 1001  # close code: this program ends


class Wire(Protocol):
    """One connection to a page; both methods return at once."""

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message."""

    def close(self, code: int) -> None:
        """End the connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Who comes in: which load of the page, and whether the phone is strapped on already."""

    stream: str
    is_worn: bool = False


class PhoneLink:
    """Everything that is known of the phone.

    Parameters
    ----------
    on_change : callable
        Called after each change of where it stands.

    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.checked: Checked | None = None
        self.is_hidden = False
        self.battery_percent: int | None = None
        self.is_worn = False  # the person said that it is strapped on
        self.n_streams = 0
        self.take: Callable[[Received], None] | None = None
        self.on_stop: Callable[[], None] | None = None
        self._on_change = on_change
        self._wire: Wire | None = None
        self._stream: str | None = None
        self._check = MotionCheck("android")
        self._numbering = Numbering()
        self._decoder = DeviceMotionDecoder()
        self._told_s = float("-inf")

    @property
    def is_connected(self) -> bool:
        """Whether the page can be reached at this moment."""
        return self._wire is not None

    @property
    def finding(self) -> Finding:
        """Where the check of its motion sensor stands."""
        return self._check.finding

    @property
    def next_number(self) -> int:
        """Number of the first sample that has not come."""
        return self._numbering.next

    @property
    def n_lost(self) -> int:
        """Samples of this page that it gave up before they came."""
        return self._numbering.n_lost

    def pair(self, platform: PhonePlatform) -> None:
        """Forget the phone of before: another was paired."""
        if self._wire is not None:
            self._wire.close(REPLACED)
        self._wire = self._stream = self.checked = None
        self.is_worn = self.is_hidden = False
        self._check = MotionCheck(platform)
        self._on_change()

    def trust(self, checked: Checked) -> None:
        """Take over what another process found of this phone: it is strapped on by now."""
        self._check = MotionCheck.passed(checked)
        self.checked = checked
        self._on_change()

    def join(self, wire: Wire, who: Joined) -> None:
        """Take a connection; the one of before, if it still seems to be up, is ended."""
        before, self._wire = self._wire, wire
        if before is not None:
            before.close(REPLACED)
        if who.stream != self._stream:
            self._begin_stream(who.stream)
        self.is_worn = who.is_worn
        self._on_change()

    def leave(self, wire: Wire) -> None:
        """Take note that a connection ended."""
        if self._wire is wire:
            self._wire = None
            self._on_change()

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message to the page, if it can be reached."""
        if self._wire is not None:
            self._wire.send(message)

    def say_goodbye(self) -> None:
        """Tell the page that this program ends, and that it need not come back."""
        if self._wire is not None:
            self._wire.send({"type": "bye"})
            self._wire.close(GOING_AWAY)

    def part(self, code: int) -> None:
        """End the connection with a code; what comes from now on is for another process."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close(code)
            self._on_change()

    def binary(self, message: bytes, arrival_s: float) -> None:
        """Take in samples, in whatever pieces and however often they come."""
        fresh = self._numbering.take(message)
        if fresh is not None:
            self._look(fresh.data)
            self._pass_on(fresh.data, arrival_s)
        if arrival_s - self._told_s >= ACK_EVERY_S:
            self._told_s = arrival_s
            self.send({"type": "ack", "next": self._numbering.next})

    def said(self, message: Mapping[str, Any]) -> None:
        """Take in what the page says; what it cannot mean is ignored."""
        match message.get("type"):
            case "worn":
                self.is_worn = message.get("worn") is True
            case "hidden":
                self.is_hidden = message.get("hidden") is True
            case "battery":
                percent = message.get("percent")
                if is_number(percent) and percent <= 100:  # noqa: PLR2004  # of a whole
                    self.battery_percent = percent
            case "screen_up":
                before = self.finding
                self._tell_check(self._check.confirm_screen_up(), before)
            case "stop" if self.on_stop is not None:
                self.on_stop()
        self._on_change()

    def _begin_stream(self, stream: str) -> None:
        self._stream = stream
        self.n_streams += 1
        self._numbering = Numbering()
        if self.checked is not None:
            self._decoder = DeviceMotionDecoder(self.checked.platform)

    def _look(self, samples: bytes) -> None:
        before = self.finding
        if not before.is_final:
            self._tell_check(self._check.feed(samples), before)

    def _tell_check(self, now: Finding, before: Finding) -> None:
        """Tell the page and the owner where the check stands, if that has changed."""
        if now is before:
            return
        told: dict[str, Any] = {"type": "check", "finding": str(now)}
        if now is Finding.FIT and self._check.result is not None:
            self.checked = self._check.result
            self._decoder = DeviceMotionDecoder(self.checked.platform)
            told["fit"] = self.checked.document()
        self.send(told)
        self._on_change()

    def _pass_on(self, data: bytes, arrival_s: float) -> None:
        if self.checked is None or self.take is None:
            return
        self.take(
            Received(
                packets=tuple(self._decoder.feed(data)),
                data=data,
                characteristic=raw_name(self.checked.platform),
                arrival_s=arrival_s,
                link=self.n_streams,
            )
        )


def is_number(value: object) -> TypeGuard[int]:
    """Whether a page sent a whole number that counts something."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
