"""The engine: samples in, in any pieces; events out; at the end the result.

There is no second implementation: a recording is analysed by feeding it whole. Whatever is decided
is decided at a row of the grid, so the pieces do not matter.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import MissingThighError, StartAngleError, UnmeasurableExerciseError
from analysis.events import Event, GapFound, Warned
from analysis.exercise import Exercise, Movement, load_catalogue
from analysis.live_state import LiveState
from analysis.movement_reader import MovementReader
from analysis.readers import READERS
from analysis.rep_reader import RepReader
from analysis.results import Gap, RecordingResult
from analysis.samples import ImuSamples
from analysis.signal_checks import SignalChecks
from analysis.signal_front import FrontNews, NewSegment, SignalFront, SignalStart
from analysis.thigh_link import ThighLink
from analysis.thigh_stream import ThighStream
from analysis.version import ENGINE_VERSION

HALF_TURN_DEG: Final = 180.0


class SetAnalyzer:
    """Analyse one exercise while its samples come in.

    Parameters
    ----------
    exercise : str or Exercise
        A catalogue id, or a prescription (an entry with some fields replaced).
    zero_deg : float
        The angle that the first still pose stands for, in degrees; 90 for a seated recording that
        begins with the foot flat under the knee.
    keep_trace : bool
        Keep what `.angle_deg` of the result needs, 25 bytes a sample, with a thigh sensor about 60.
        Without it, memory grows by what the result says alone: about 1.4 kB a repetition and 0.1 kB
        a gap.
    has_thigh : bool
        A second sensor is worn on the thigh, on the same clock: the angle of the three seated and
        prone knee exercises and of the squat becomes that of the knee itself. Its samples come
        through `update` too; how it is turned and how fast it samples does not matter.

    Raises
    ------
    UnknownExerciseError
        If the catalogue has no such id.
    UnmeasurableExerciseError
        If this engine does not measure the exercise.
    StartAngleError
        If `zero_deg` is not from -180 to 180.

    Examples
    --------
    >>> analyzer = SetAnalyzer("ecc_prone_helper")
    >>> analyzer.update(ImuSamples([0.0], [[0, 0, 9.81]], [[0, 0, 0]]))
    []

    """

    def __init__(
        self,
        exercise: str | Exercise,
        *,
        zero_deg: float = 0.0,
        keep_trace: bool = True,
        has_thigh: bool = False,
    ) -> None:
        catalogue = load_catalogue()
        self.exercise = catalogue[exercise] if isinstance(exercise, str) else exercise
        if not self.exercise.is_measurable or self.exercise.movement not in READERS:
            raise UnmeasurableExerciseError(
                f"{self.exercise.id} is not measured by this version; its time can be kept by hand."
            )
        if not -HALF_TURN_DEG <= zero_deg <= HALF_TURN_DEG:  # nor NaN
            raise StartAngleError(f"A joint has no angle of {zero_deg} degrees.")
        self._catalogue_version = catalogue.version
        self._zero_deg = zero_deg
        # A stepping leg swings so quickly that across a hole a step would be lost.
        holds_back = self.exercise.movement is Movement.STEPS
        self._front = SignalFront(keep_trace=keep_trace, holds_back=holds_back)
        self._checks = SignalChecks()
        self._thigh = ThighStream(keep_trace=keep_trace) if has_thigh else None
        self._link: ThighLink | None = None
        self._reader: MovementReader | None = None  # made when the rate is known
        self._n_enough = 0  # samples wait until there are as many as this
        self._decided_s = -np.inf  # events carry the time of the newest sample they rest on
        self._at_last_row: LiveState | None = None  # until more is decided

    def update(self, samples: ImuSamples, *, thigh: ImuSamples | None = None) -> list[Event]:
        """Take in the next samples, any number, and return what they decide.

        Parameters
        ----------
        samples : ImuSamples
            Of the sensor on the shank.
        thigh : ImuSamples, optional
            Of the one on the thigh. The two may come in any order and may be apart by up to eight
            seconds: what is decided waits for both.

        Raises
        ------
        SampleValueError
            If they do not come after those before.
        MissingThighError
            If samples of the thigh come and none were announced.

        """
        if self._thigh is None and thigh is not None:
            raise MissingThighError("Say has_thigh=True when a second sensor is worn.")
        if self._thigh is not None:
            if thigh is not None:
                self._thigh.add(thigh)
            samples = self._thigh.released(samples)
        return self._take(samples)

    def _take(self, samples: ImuSamples) -> list[Event]:
        if not samples.n_samples:
            return []
        front, reader = self._front, self._reader
        front.add(samples)
        if reader is None:
            start = front.start_if_due()
            if start is None:
                return []
            reader, events = self._begin(start)
            return [*events, *self._use_pending(reader)]
        if front.n_pending < self._n_enough or self._waits_on(reader):
            return []
        return list(self._use_pending(reader))

    def end_set(self) -> list[Event]:
        """End the running set now: the button, or the coach who has counted to the target."""
        if self._reader is None:
            return []
        events = list(self._use_pending(self._reader))
        self._at_last_row = None
        return [*events, *self._reader.end_set(self._front.last_s)]

    def sensor_restarted(self) -> list[Event]:
        """Take note that the sensor began anew: its counters tell, the samples do not."""
        if not self._checks.add("sensor_restarted"):
            return []
        self._decided_s = max(self._decided_s, self._front.last_s)
        return [Warned(code="sensor_restarted", at_s=self._decided_s)]

    def finish(self) -> RecordingResult:
        """Close what is open and return the result of the whole recording.

        Raises
        ------
        EmptyRecordingError
            If fewer than ten samples came.
        SampleRateError
            If they came at under 20 or over 1000 Hz.

        """
        if self._thigh is not None:
            self._take(self._thigh.finish())
        reader = self._reader
        if reader is None:
            reader, _ = self._begin(self._front.start_with_all())
        for _ in self._use_pending(reader):
            pass
        for _ in self._read(reader, self._front.flush()):
            pass
        for _ in reader.finish(self._front.last_s):
            pass
        return RecordingResult(
            engine=ENGINE_VERSION,
            catalogue=self._catalogue_version,
            exercise=self.exercise.id,
            recording=self._front.info(),
            calibration=reader.calibration,
            sets=tuple(reader.finished),
            warnings=self._checks.codes,
            angle_deg=self._angle_deg(reader),
        )

    @property
    def live(self) -> LiveState:
        """What a screen shows now: cheap to ask for, up to the newest sample."""
        if self._reader is None or self._front.rows.end == 0:
            return LiveState(self._front.last_s, None, None, None, 0)
        if self._at_last_row is None:
            self._at_last_row = self._reader.live()
        state = self._at_last_row
        if not state.can_turn_on:
            return state
        return state.turned_on(self._front.turn_since_rows_deg(), self._front.last_s)

    def _angle_deg(self, reader: MovementReader) -> NDArray[np.float64] | None:
        if self._front.trace is None:
            return None
        angle_deg = self._front.trace.angle_deg(reader.angle_frame())
        if self._thigh is not None and self._link is not None:
            angle_deg = angle_deg - self._thigh.whole_turn_deg(self._link.axis, self._link.zero_up)
        return angle_deg

    def _begin(self, start: SignalStart) -> tuple[MovementReader, list[Event]]:
        """Choose how to read, and say what the first seconds told of the signal."""
        self._reader = READERS[self.exercise.movement](
            self.exercise,
            self._front.rows,
            start.rate_hz,
            gaps=self._front.gaps,
            checks=self._checks,
            zero_deg=self._zero_deg,
        )
        if self._thigh is not None and isinstance(self._reader, RepReader):
            self._link = self._reader.join_thigh(self._thigh)
        self._decided_s = float(start.first.time_s[-1])
        codes = self._checks.at_start(start.first, start.rate_hz, start.offset)
        return self._reader, [Warned(code=code, at_s=self._decided_s) for code in codes]

    def _use_pending(self, reader: MovementReader) -> Iterator[Event]:
        yield from self._read(reader, self._front.use_pending())
        self._waits_on(reader)

    def _waits_on(self, reader: MovementReader) -> bool:
        """Let samples wait for more, as many as the reader has the patience for."""
        n_more = math.ceil(reader.patience_s(self._front) * self._front.rate_hz)
        self._n_enough = self._front.n_pending + n_more
        return n_more > 0

    def _read(self, reader: MovementReader, news: Iterable[FrontNews]) -> Iterator[Event]:
        for new in news:
            self._at_last_row = None
            if isinstance(new, Gap):
                self._decided_s = max(self._decided_s, new.end_s)
                yield GapFound(start_s=new.start_s, end_s=new.end_s, at_s=self._decided_s)
                continue
            if isinstance(new, NewSegment):
                step = reader.restart
            else:
                step = reader.advance
                self._decided_s = max(self._decided_s, new.known_at_s)
            for event in step(self._decided_s):
                self._decided_s = max(self._decided_s, event.at_s)
                yield event


def analyse_recording(
    samples: ImuSamples,
    exercise: str | Exercise,
    *,
    zero_deg: float = 0.0,
    thigh: ImuSamples | None = None,
) -> RecordingResult:
    """Analyse a whole recording; see `SetAnalyzer`, which is fed with it once."""
    analyzer = SetAnalyzer(exercise, zero_deg=zero_deg, has_thigh=thigh is not None)
    analyzer.update(samples, thigh=thigh)
    return analyzer.finish()
