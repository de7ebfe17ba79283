"""What the tracker tells the analyzer: rows at which something was decided."""

from dataclasses import dataclass

from analysis.hinge import Vector
from analysis.lever import SwingFit
from analysis.rep_finder import Excursion
from analysis.results import Calibration


@dataclass(frozen=True, slots=True)
class ClosedRep:
    """A repetition that counts, with the rows and the frame to measure it in, and its swing."""

    excursion: Excursion
    first_row: int
    axis: Vector
    swing: SwingFit

    @property
    def row(self) -> int:
        """The row that decided it."""
        return self.excursion.end_row - 1


@dataclass(frozen=True, slots=True)
class LeftRest:
    """The leg left its rest pose at this row."""

    row: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """The excursion ended without being a repetition, at this row."""

    row: int


@dataclass(frozen=True, slots=True)
class Turned:
    """The way back (or, after a second lift, the way out again) began at this row."""

    row: int
    is_back: bool


@dataclass(frozen=True, slots=True)
class ZeroFound:
    """The rest pose is known; repetitions count from here on."""

    calibration: Calibration
    row: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """At this row, the end of a tick, no excursion is under way."""

    row: int


TrackerEvent = ClosedRep | LeftRest | CameBack | Turned | ZeroFound | Quiet
