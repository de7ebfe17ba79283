"""Recording without coaching: everything a sensor sends, to a recording and perhaps a capture."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

from analysis import ImuSamples
from firmware_bridge import (
    CapturedNotification,
    ImuPacket,
    TextFormat,
    capture_header,
    capture_line,
)
from tracker.collector_events import (
    Battery,
    CollectorEvent,
    CollectorState,
    RateChecked,
    Received,
    StateChanged,
)
from tracker.errors import SensorNotFoundError
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.sensor_choice import SensorChoice
from tracker.sensor_opening import open_any_sensor
from tracker.timeline import Timeline


def recording_path(folder: Path) -> Path:
    """Return a name for a new recording: the time of day."""
    return folder / f"{datetime.now(UTC).astimezone():%Y-%m-%d_%H%M%S}.mcap"


class RecordingSession:
    """Record one sensor.

    Parameters
    ----------
    path : Path
        Where the recording goes.
    capture : Path, optional
        Where the raw notifications go, as JSON lines.
    text_format : TextFormat, optional
        What the lines of the sensor mean, if somebody built it.

    """

    def __init__(
        self, path: Path, capture: Path | None, text_format: TextFormat | None = None
    ) -> None:
        self._path = path
        self._text_format = text_format
        self._capture_path = capture
        self._capture: IO[str] | None = None
        self._first_s: float | None = None
        self._last_s = 0.0
        self._is_enough = asyncio.Event()
        self._wanted_s: float | None = None
        self.n_samples = 0
        self.n_notifications = 0

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample."""
        return 0.0 if self._first_s is None else self._last_s - self._first_s

    async def run(
        self, spec: str | None, seconds: float | None, *, say: Callable[[str], None]
    ) -> None:
        """Record until `seconds` of samples came, or until cancelled.

        Raises
        ------
        RecordingError
            If the recording cannot be written.

        """
        self._wanted_s = seconds
        async with open_any_sensor(
            spec, "ecc_prone_helper", text_format=self._text_format
        ) as choice:
            if choice.instructions is not None:
                say(choice.instructions.en)
            recorder = Recorder(self._path, self._header(choice))
            if self._capture_path is not None:
                self._capture = self._capture_path.open("w", encoding="utf-8")
                family = choice.family
                header = capture_header(
                    family.id, rate_hz=family.nominal_rate_hz, **choice.settings
                )
                self._capture.write(header + "\n")
            try:
                await self._collect(choice, recorder, say)
            finally:
                recorder.close()
                if self._capture is not None:
                    self._capture.close()

    async def _collect(
        self,
        choice: SensorChoice,
        recorder: Recorder,
        say: Callable[[str], None],
    ) -> None:
        timeline = Timeline(choice.family)

        def on_event(event: CollectorEvent) -> None:
            match event:
                case StateChanged(state=state, reason=reason):
                    say(f"{state}{f': {reason}' if reason else ''}")
                case Battery(percent=percent):
                    say(f"battery {percent} %")
                case RateChecked(measured_hz=measured_hz):
                    say(f"{measured_hz:.1f} samples a second")
                case Received():
                    self._take(event, timeline, recorder)

        collector = choice.new_source(on_event)
        working = asyncio.create_task(collector.run())
        waiting = asyncio.create_task(self._is_enough.wait())
        try:
            await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            collector.stop()
            await asyncio.wait({working})
        working.result()
        self._keep(timeline.finish(), recorder)
        if self._first_s is None and collector.state is CollectorState.STOPPED:
            raise SensorNotFoundError("No sensor sent anything: nothing was recorded.")

    def _take(self, received: Received, timeline: Timeline, recorder: Recorder) -> None:
        recorder.add_raw(received)
        is_sample = any(isinstance(one, ImuPacket) for one in received.packets)
        # What a sensor sends while it is being started may come at another rate.
        if self._capture is not None and (received.is_settled or not is_sample):
            one = CapturedNotification(received.arrival_s, received.characteristic, received.data)
            self._capture.write(capture_line(one) + "\n")
            self.n_notifications += 1
        self._keep(timeline.add(received), recorder)

    def _keep(self, samples: ImuSamples, recorder: Recorder) -> None:
        if len(samples):
            recorder.add_samples(samples)
            self._first_s = float(samples.time_s[0]) if self._first_s is None else self._first_s
            self._last_s = float(samples.time_s[-1])
            self.n_samples += len(samples)
            if self._wanted_s is not None and self.duration_s >= self._wanted_s:
                self._is_enough.set()

    def _header(self, choice: SensorChoice) -> RecordingHeader:
        return RecordingHeader(
            session=str(uuid4()),
            started_at=datetime.now(UTC).astimezone(),
            anchor_s=asyncio.get_running_loop().time(),
            sensor=choice.family.id,
            sensor_address=choice.target,
            rate_hz=choice.family.nominal_rate_hz,
            settings=choice.settings,
        )
