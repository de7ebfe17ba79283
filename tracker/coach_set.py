"""What leads one set, whatever kind of movement it is of."""

from collections.abc import Sequence
from typing import Any, Protocol

from analysis import Event, LiveState
from tracker.coach_cues import Turn


class SetCoach(Protocol):
    """Leads a set from "hold still" to its end; one for each kind of movement.

    Every method takes the time of a steady clock and returns what is to be done. A set asks for
    its own end by `EndSet`; after that it is not spoken to any more.
    """

    n_reps: int
    """Repetitions so far; 0 where nothing is counted."""

    is_measured: bool
    """Whether the engine sees this set."""

    over_since_s: float | None
    """When it was over, if that was before it asked for its end."""

    @property
    def due_s(self) -> float | None:
        """When something has to sound to the hundredth of a second; None: nothing has."""

    def begin(self, now_s: float) -> list[Turn]:
        """Begin the set."""

    def sensor(self, is_streaming: bool, now_s: float) -> list[Turn]:
        """Take note of the sensor going or coming back."""

    def event(self, event: Event, sample_s: float, now_s: float) -> list[Turn]:
        """Take in one thing that the engine found."""

    def live(self, live: LiveState, now_s: float) -> list[Turn]:
        """Take in where the leg is."""

    def next(self, now_s: float) -> list[Turn]:
        """Go on at once: what a person asks for with one key."""

    def tick(self, now_s: float) -> list[Turn]:
        """Let time pass."""

    def close(self, now_s: float) -> Sequence[Turn]:
        """Stop everything that sounds; called when the set ends for whatever reason."""

    def frame(self, now_s: float) -> dict[str, Any]:
        """Return what a frame says beyond the angle."""

    def timed(self, now_s: float) -> dict[str, Any] | None:
        """Return what the clock alone saw of the set, as a session stores it; None: nothing."""
