"""A capture played once more through decoder and timeline: the same samples as when it was live."""

from collections import Counter
from dataclasses import dataclass

from analysis import ImuSamples
from firmware_bridge import BatteryLevel, Capture, DamagedFrame, ImuPacket, SensorFamily
from tracker.collector_events import Received
from tracker.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedCapture:
    """What a decoder made of a capture; the first sample is at 0 s."""

    samples: ImuSamples
    n_notifications: int
    n_packets: int
    damage: tuple[tuple[str, int], ...]  # reason, how often
    n_dropped_bytes: int
    is_cut_short: bool
    battery_percent: int | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth saying, as sentences."""
        notes = [f"{reason}: {count} x" for reason, count in self.damage]
        if self.n_dropped_bytes:
            notes.append(f"{self.n_dropped_bytes} bytes belong to no frame that could be read.")
        if self.is_cut_short:
            notes.append("The last line of the file breaks off.")
        return tuple(notes)


def decode_capture(capture: Capture, family: SensorFamily) -> DecodedCapture:
    """Decode every notification of a capture and put the packets on one clock.

    Parameters
    ----------
    capture : Capture
        As `read_capture` gives it.
    family : SensorFamily
        The sensor that sent it.

    """
    family = family.as_captured(capture.settings, (one.data for one in capture.notifications))
    decoder = family.make_decoder(capture.settings)
    timeline = Timeline(family)
    pieces: list[ImuSamples] = []
    damage: Counter[str] = Counter()
    n_packets = n_dropped = 0
    battery: int | None = None
    for one in capture.notifications:
        if one.characteristic.lower() not in family.data_uuids:
            continue  # a battery level, say: not of this wire format
        decoded = tuple(decoder.feed(one.data))
        for item in decoded:
            if isinstance(item, DamagedFrame):
                damage[item.reason] += 1
                n_dropped += len(item.dropped)
            elif isinstance(item, BatteryLevel):
                battery = item.percent
            elif isinstance(item, ImuPacket):
                n_packets += 1
        received = Received(
            packets=decoded,
            data=one.data,
            characteristic=one.characteristic,
            arrival_s=one.t_s,
            link=1,
        )
        pieces.append(timeline.add(received))
    pieces.append(timeline.finish())
    return DecodedCapture(
        samples=_from_zero(pieces),
        n_notifications=len(capture.notifications),
        n_packets=n_packets,
        damage=tuple(damage.most_common()),
        n_dropped_bytes=n_dropped,
        is_cut_short=capture.is_cut_short,
        battery_percent=battery,
    )


def _from_zero(pieces: list[ImuSamples]) -> ImuSamples:
    """Join pieces into one, on a clock that starts at its first sample."""
    filled = [piece for piece in pieces if len(piece)]
    if not filled:
        return ImuSamples([], [], [])
    joined = ImuSamples.joined(filled)
    return ImuSamples(joined.time_s - joined.time_s[0], joined.acc_ms2, joined.gyr_rads)
