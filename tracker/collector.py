"""The collector: keeps one sensor connected and hands on what it sends, until it is stopped.

A radio link breaks in ordinary life, so nothing that the radio does ends a collector. Every
attempt goes scanning, connecting, starting, streaming; whatever goes wrong leads back to
scanning, after a pause that grows with each failure in a row:

    scanning -> connecting -> starting -> streaming <-> stalled
        ^                                     |
        +---------- reconnecting <------------+            stop() from anywhere -> stopped

All times are those of the event loop's clock.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from firmware_bridge import SensorFamily
from tracker.ble import Backend, Link, Seen, find, open_link
from tracker.cancelling import cancel_and_wait
from tracker.collector_events import CollectorEvent, CollectorState, RateChecked, StateChanged
from tracker.errors import RadioError, SensorNotFoundError, Trouble
from tracker.sensor_stream import SensorStream, StreamCounts, StreamParams

NAMELESS_S: Final = 2.0
"""The name of a sensor follows its first advertisement. After this long, a fitting service is
enough; before, the name must show that it is not another product with the same service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorParams:
    """How patient a collector is.

    Parameters
    ----------
    stream : StreamParams
        Time limits of a link.
    scan_limit_s : float
        Longest scan before it says that nothing was found.
    pauses_s : tuple of float
        Pauses after the first, second, ... failure in a row; the last one stays.
    pause_jitter : float
        Each pause is varied by up to this fraction, so that two sensors do not keep colliding.
    good_link_s : float
        A link that streamed so long ends a row of failures.
    seed : int
        For the variation of the pauses.

    """

    stream: StreamParams = field(default_factory=StreamParams)
    scan_limit_s: float = 6.0
    pauses_s: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0, 5.0)
    pause_jitter: float = 0.2
    good_link_s: float = 2.0
    seed: int = 0


class Collector:
    """Collect what one sensor sends.

    Parameters
    ----------
    family : SensorFamily
        Kind of sensor.
    target : str, optional
        Address or exact name of the sensor; without it the first of the family that is heard,
        and from then on the same one.
    backend : Backend, optional
        The radio; the computer's own without it.
    on_event : callable
        Takes every `CollectorEvent`, in order, from within `run`.
    params : CollectorParams, optional
        Its patience.

    """

    def __init__(
        self,
        family: SensorFamily,
        target: str | None = None,
        *,
        backend: Backend | None = None,
        on_event: Callable[[CollectorEvent], None],
        params: CollectorParams | None = None,
    ) -> None:
        self.family = family
        self.state: CollectorState | None = None
        self.seen: Seen | None = None
        self.n_links = 0
        self.n_streams = 0
        self.counts = StreamCounts()
        self._target = target
        self._backend = backend
        self._on_event = on_event
        self._params = params or CollectorParams()
        self._random = random.Random(self._params.seed)  # noqa: S311 - varies a pause
        self._stopping = asyncio.Event()
        self._stream: SensorStream | None = None
        self._has_right_rate = False
        self._scan_began_s = 0.0
        self._streaming_since_s = float("-inf")

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def stop(self) -> None:
        """Ask `run` to end: it takes leave of the sensor and returns."""
        self._stopping.set()

    async def run(self) -> None:
        """Collect until `stop` is called, or this is cancelled.

        What the radio does is told by events; only a fault of `on_event` raises.
        """
        working = asyncio.create_task(self._work(), name="collector")
        stopping = asyncio.create_task(self._stopping.wait(), name="collector stop")
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            try:
                await cancel_and_wait(working, stopping)
            finally:
                self._enter(CollectorState.STOPPED)
        if not working.cancelled():
            working.result()

    async def _work(self) -> None:
        n_failures = 0
        reason: str | None = None
        trouble: Trouble | None = None
        while True:
            has_listened = False
            if self.n_streams:
                self._enter(CollectorState.SCANNING)
            else:
                self._enter(CollectorState.SCANNING, reason, trouble)
            began_s = self._now()
            try:
                await self._attempt()
            except RadioError as error:
                reason, trouble = str(error), error.trouble
                has_listened = isinstance(error, SensorNotFoundError)
            if self.n_streams:
                self._enter(CollectorState.RECONNECTING, reason, trouble)
            streamed_s = self._now() - max(began_s, self._streaming_since_s)
            has_streamed = self._streaming_since_s > began_s
            if has_streamed and streamed_s >= self._params.good_link_s:
                n_failures = 0
            # A scan that heard nothing was a pause in itself: while another one listens the sensor
            # may come back.
            await asyncio.sleep(self._pause_s(0 if has_listened else n_failures))
            n_failures += 1

    async def _attempt(self) -> None:
        """Find the sensor and stay with it until something goes wrong, which raises."""
        self._scan_began_s = self._now()
        seen = await find(self._accepts, self._params.scan_limit_s, backend=self._backend)
        self._enter(CollectorState.CONNECTING)
        self.n_links += 1
        self._stream = None

        async def farewell(_: Link) -> None:
            if self._stream is not None:
                await self._stream.say_stop()

        async with open_link(seen, self.n_links, backend=self._backend, farewell=farewell) as link:
            self.seen = seen
            self._enter(CollectorState.STARTING)
            self._stream = SensorStream(
                self.family,
                link,
                self._params.stream,
                emit=self._pass_on,
                enter=self._enter,
                counts=self.counts,
                is_warm=self._has_right_rate,
            )
            await self._stream.run()

    def _accepts(self, seen: Seen) -> bool:
        if self._target is not None:
            names = (seen.address.lower(), (seen.name or "").lower())
            return self._target.lower() in names
        if seen.name is None and self._now() - self._scan_began_s < NAMELESS_S:
            return False
        return self.family.matches(seen.name, seen.service_uuids, seen.company_ids) > 0

    def _pass_on(self, event: CollectorEvent) -> None:
        if isinstance(event, RateChecked):
            self._has_right_rate = not event.is_off
        self._on_event(event)

    def _enter(
        self, state: CollectorState, reason: str | None = None, trouble: Trouble | None = None
    ) -> None:
        if state is CollectorState.STREAMING:
            if self.state is not CollectorState.STALLED:
                self.n_streams += 1
                self._streaming_since_s = self._now()
            if self.seen is not None:
                self._target = self.seen.address  # never another patient's sensor
        if state is not self.state or reason is not None:
            self.state = state
            at_s = self._now()
            self._on_event(StateChanged(state=state, at_s=at_s, reason=reason, trouble=trouble))

    def _pause_s(self, n_failures: int) -> float:
        pauses_s, jitter = self._params.pauses_s, self._params.pause_jitter
        pause_s = pauses_s[min(n_failures, len(pauses_s) - 1)]
        return pause_s * self._random.uniform(1 - jitter, 1 + jitter)
