"""A capture played once more through the decoder: its samples, on the sensor's own clock.

A sensor that stamps or counts its samples gives the times itself, however late they arrived. For
one that does neither they are those of the timeline, as when it was live.
"""

from collections import Counter
from dataclasses import dataclass

from analysis import ImuSamples
from firmware_bridge import BatteryLevel, Capture, DamagedFrame, ImuPacket, SensorFamily
from tracker.collector_events import Received
from tracker.sample_index import DeviceSeconds, SensorRestartedError
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
    clock: Timeline | _SensorClock = (
        Timeline(family) if family.index == "none" else _SensorClock(family)
    )
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
        pieces.append(clock.add(received))
    pieces.append(clock.finish())
    return DecodedCapture(
        samples=_from_zero(pieces),
        n_notifications=len(capture.notifications),
        n_packets=n_packets,
        damage=tuple(damage.most_common()),
        n_dropped_bytes=n_dropped,
        is_cut_short=capture.is_cut_short,
        battery_percent=battery,
    )


class _SensorClock:
    """Times by the sensor's own stamps or counter; a sensor that began anew goes on from there."""

    def __init__(self, family: SensorFamily) -> None:
        self._index = str(family.index)
        self._rate_hz = family.nominal_rate_hz
        self._seconds = DeviceSeconds(self._index, self._rate_hz)
        self._offset_s = 0.0
        self._last_s = self._last_arrival_s = float("-inf")

    def add(self, received: Received) -> ImuSamples:
        """Return the samples of a notification; what came twice is left out."""
        packets = [one for one in received.packets if isinstance(one, ImuPacket)]
        timed = [(self._time_s(packet, received.arrival_s), packet) for packet in packets]
        kept = [(time_s, packet) for time_s, packet in timed if time_s is not None]
        return ImuSamples(
            [time_s for time_s, _ in kept],
            [packet.acc_ms2 for _, packet in kept],
            [packet.gyr_rads for _, packet in kept],
        )

    def finish(self) -> ImuSamples:
        """Return nothing: no sample is held back."""
        return ImuSamples([], [], [])

    def _time_s(self, packet: ImuPacket, arrival_s: float) -> float | None:
        try:
            device_s = self._seconds.add(packet, arrival_s)
        except SensorRestartedError:
            device_s = self._begin_anew(packet, arrival_s)
        if device_s is None or device_s + self._offset_s <= self._last_s:
            return None
        self._last_s, self._last_arrival_s = device_s + self._offset_s, arrival_s
        return self._last_s

    def _begin_anew(self, packet: ImuPacket, arrival_s: float) -> float | None:
        """Carry the old clock on for as long as nothing arrived."""
        self._seconds = DeviceSeconds(self._index, self._rate_hz)
        device_s = self._seconds.add(packet, arrival_s)
        if device_s is not None:
            since_s = max(arrival_s - self._last_arrival_s, 1 / self._rate_hz)
            self._offset_s = self._last_s + since_s - device_s
        return device_s


def _from_zero(pieces: list[ImuSamples]) -> ImuSamples:
    """Join pieces into one, on a clock that starts at its first sample."""
    filled = [piece for piece in pieces if len(piece)]
    if not filled:
        return ImuSamples([], [], [])
    joined = ImuSamples.joined(filled)
    return ImuSamples(joined.time_s - joined.time_s[0], joined.acc_ms2, joined.gyr_rads)
