"""What reads one kind of movement from the rows: the part that differs between exercises."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from analysis.angle_trace import AngleFrame
from analysis.events import Event
from analysis.exercise import Exercise
from analysis.live_state import LiveState
from analysis.patience import Waiting
from analysis.results import Calibration, Gap, SetResult
from analysis.rows import Rows
from analysis.signal_checks import SignalChecks


class MovementReader(Protocol):
    """Reads repetitions, holds or bouts; fed by `SetAnalyzer` as rows are added.

    Whatever is decided is decided at a row, never by how the rows came, so that any cutting of
    the stream gives the same. Events carry the time of the newest row they rest on, and those
    times never decrease.
    """

    @property
    def calibration(self) -> Calibration:
        """Where zero is, as far as known."""

    @property
    def finished(self) -> Sequence[SetResult]:
        """The sets that are over."""

    def advance(self, not_before_s: float) -> Iterator[Event]:
        """Use all new rows; no event carries an earlier time than this."""

    def restart(self, not_before_s: float) -> Iterator[Event]:
        """Begin a new segment: the rows to come lie behind a hole too long to bridge."""

    def patience_s(self, waiting: Waiting) -> float:
        """How much longer samples may wait for a larger block, seen what waits; 0: use them."""

    def end_set(self, at_s: float) -> Iterator[Event]:
        """End the running set now: the button, or the coach who has counted to the target."""

    def finish(self, at_s: float) -> Iterator[Event]:
        """Close what is open: the recording is over."""

    def live(self) -> LiveState:
        """Return what a screen shows, up to the newest row."""

    def angle_frame(self) -> AngleFrame:
        """In what frame the coordinate of the whole recording is to be computed."""


class MakeReader(Protocol):
    """How a reader is made, once the rate is known."""

    def __call__(
        self,
        exercise: Exercise,
        rows: Rows,
        rate_hz: float,
        *,
        gaps: Sequence[Gap],
        checks: SignalChecks,
        zero_deg: float,
    ) -> MovementReader:
        """Return a reader of an exercise; the parameters are those of `RepReader`."""
