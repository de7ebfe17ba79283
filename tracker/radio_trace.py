"""`tempo90 doctor --trace`: use a sensor for some seconds, and write down every radio packet.

On the virtual radio the packets are those that really went between host and chip. With a real
adapter they are put together from what came and went (`radio_tap`), and the trace says so.
"""

import asyncio
import platform
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from firmware_bridge import ImuPacket
from tracker.ble import Backend
from tracker.btsnoop import TraceWriter
from tracker.collector import Collector
from tracker.collector_events import CollectorEvent, Received, StateChanged
from tracker.errors import TrackerError
from tracker.radio_tap import RadioTap
from tracker.sensor_choice import SensorChoice, open_sensor

DEFAULT_S: Final = 10.0
REBUILT: Final = (
    "tempo90: rebuilt from what the program sent and received; link layer and discovery are not "
    "in it. A full trace needs an administrator, on Linux: sudo btmon -w FILE"
)


class TraceFileError(TrackerError, OSError):
    """The trace cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """What a trace holds.

    Parameters
    ----------
    n_packets : int
        Packets in the file.
    n_samples : int
        Samples that the decoder made of them.
    is_complete : bool
        Whether these are all packets between host and chip; else they are rebuilt.
    states : tuple of str
        What the collector went through, each with its reason.

    """

    n_packets: int
    n_samples: int
    is_complete: bool
    states: tuple[str, ...]


async def trace_radio(
    spec: str | None, path: Path, *, seconds: float = DEFAULT_S, say: Callable[[str], None]
) -> Traced:
    """Use a sensor and write a trace.

    Parameters
    ----------
    spec : str, optional
        The sensor, as `--sensor` names it; else the first that is heard.
    path : Path
        The trace to write.
    seconds : float
        How long, from the first scan on.
    say : callable
        Takes each change of the sensor's state.

    Raises
    ------
    RadioError
        If there is no usable Bluetooth.
    TraceFileError
        If the trace cannot be written.

    """
    states: list[str] = []
    n_samples = 0

    def on_event(event: CollectorEvent) -> None:
        nonlocal n_samples
        if isinstance(event, Received):
            n_samples += sum(isinstance(packet, ImuPacket) for packet in event.packets)
        elif isinstance(event, StateChanged):
            states.append(f"{event.state}{f': {event.reason}' if event.reason else ''}")
            say(states[-1])

    async with open_sensor(spec, "ecc_prone_helper") as choice:
        with _writer(path) as trace:
            backend = _tapped(choice, trace)
            collector = Collector(choice.family, choice.target, backend=backend, on_event=on_event)
            async with _running(collector):
                await asyncio.sleep(seconds)
    return Traced(
        n_packets=trace.n_packets,
        n_samples=n_samples,
        is_complete=backend.trace_chip is not None,
        states=tuple(states),
    )


def _writer(path: Path) -> TraceWriter:
    try:
        return TraceWriter(path, datetime.now(UTC), asyncio.get_running_loop().time())
    except OSError as error:
        raise TraceFileError(
            f"The trace {path} cannot be written ({error.strerror or error}): name another file."
        ) from error


def _tapped(choice: SensorChoice, trace: TraceWriter) -> Backend:
    """Return the radio of a choice, with everything written to the trace."""
    clock_s = asyncio.get_running_loop().time
    backend = choice.backend or Backend()
    trace.note(f"tempo90 on {platform.platform()}, sensor {choice.family.id}", clock_s())
    if backend.trace_chip is not None:
        backend.trace_chip(trace, clock_s)
        return backend
    trace.note(REBUILT, clock_s())
    return replace(backend, tap=RadioTap(trace, clock_s))


@asynccontextmanager
async def _running(collector: Collector) -> AsyncIterator[None]:
    task = asyncio.create_task(collector.run(), name="traced collector")
    try:
        yield
    finally:
        collector.stop()
        await task
