"""The second sensor, on the thigh: a link and a timeline of its own, beside those of the ankle.

Both timelines give times of the same event loop's clock, each late by the least latency of its
link, 1 to 7 ms: so the two agree without any clock in common. The engine puts them together.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from analysis import ImuSamples
from tracker.collector_events import CollectorEvent, CollectorState, Received, StateChanged
from tracker.sensor_choice import SensorChoice
from tracker.session_keeper import SessionKeeper
from tracker.timeline import Timeline
from tracker.words import Text

THERE: Final = Text(
    "The sensor on the thigh is there too.", "De sensor op het bovenbeen is er ook."
)
AWAY: Final = Text(
    "The sensor on the thigh is away; just go on, the set counts without it.",
    "De sensor op het bovenbeen is weg; ga gewoon door, de serie telt ook zonder.",
)

MISSING: Final = Text(
    "No sensor on the thigh was found; I go on with the one on the ankle.",
    "Geen sensor op het bovenbeen gevonden; ik ga verder met die aan de enkel.",
)
PATIENCE_S: Final = 30.0
"""So long the first set waits for it."""

_log = logging.getLogger(__name__)


class ThighSensor:
    """Collect from the second sensor, and record it.

    Parameters
    ----------
    sensor : SensorChoice
        Which one.
    keeper : SessionKeeper
        Who records what comes.
    use : callable
        Takes the samples.
    say : callable
        Takes a sentence for the patient.
    on_settled : callable
        Called once it is there, or is not waited for any more.

    """

    def __init__(
        self,
        sensor: SensorChoice,
        keeper: SessionKeeper,
        use: Callable[[ImuSamples], None],
        say: Callable[[Text], None],
        on_settled: Callable[[], None],
    ) -> None:
        self._keeper = keeper
        self._use = use
        self._say = say
        self._timeline = Timeline(sensor.family)
        self._source = sensor.new_source(self._on_event)
        self._was_there = False
        self._on_settled = on_settled
        self.is_settled = False

    @property
    def is_streaming(self) -> bool:
        """Whether samples come: a set that begins without them is measured without it."""
        return self._source.state is CollectorState.STREAMING

    async def run(self) -> None:
        """Collect until `stop`."""
        waiting = asyncio.get_running_loop().call_later(PATIENCE_S, self._settle)
        try:
            await self._source.run()
        finally:
            waiting.cancel()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._source.stop()

    def finish(self) -> None:
        """Hand out what was held back; nothing more comes."""
        self._take(self._timeline.finish())

    def _on_event(self, event: CollectorEvent) -> None:
        match event:
            case Received():
                self._keeper.raw(event, of_thigh=True)
                self._take(self._timeline.add(event))
            case StateChanged(state=state, reason=reason):
                _log.info("sensor on the thigh %s%s", state, f": {reason}" if reason else "")
                self._tell(state)

    def _tell(self, state: CollectorState) -> None:
        is_there = state is CollectorState.STREAMING
        if is_there and not self._was_there:
            self._say(THERE)
            self._settle()
        elif self._was_there and state is CollectorState.RECONNECTING:
            self._say(AWAY)
        else:
            return
        self._was_there = is_there

    def _settle(self) -> None:
        if not self.is_settled:
            self.is_settled = True
            if not self.is_streaming:
                self._say(MISSING)
            self._on_settled()

    def _take(self, samples: ImuSamples) -> None:
        if len(samples):
            self._keeper.thigh_samples(samples)
            self._use(samples)
