"""Tones inside a repetition: one a second while the leg returns, one for "let go"."""

from analysis import Exercise, PhaseKind
from tracker.sounds import Cue


class Pacer:
    """Decide when the tones of a repetition are due.

    Parameters
    ----------
    exercise : Exercise
        Its `eccentric_s` is the tempo; without one there are no tones.
    let_go_share : float
        Of the peak target: from there on a helper hears that the foot may be let go.

    """

    def __init__(self, exercise: Exercise, let_go_share: float) -> None:
        self._tempo_s = exercise.eccentric_s
        self._let_go_deg = (
            exercise.peak_deg * let_go_share if exercise.has_helper and exercise.peak_deg else None
        )
        self._start_s: float | None = None
        self._n_played = 0
        self._is_let_go_due = True

    def phase(self, kind: PhaseKind | None, start_s: float) -> None:
        """Take note that a phase began, at a time of the caller's steady clock."""
        self._start_s = start_s if kind is PhaseKind.ECCENTRIC else None
        self._n_played = 0
        self._is_let_go_due = kind is not PhaseKind.ECCENTRIC

    def angle(self, angle_deg: float | None, phase: PhaseKind | None) -> list[Cue]:
        """Take note of the angle; return "let go" once, on the way up."""
        if self._let_go_deg is None or angle_deg is None or not self._is_let_go_due:
            return []
        if phase is not PhaseKind.LIFT or angle_deg < self._let_go_deg:
            return []
        self._is_let_go_due = False
        return [Cue.LET_GO]

    def tick(self, now_s: float) -> list[Cue]:
        """Return the tones that became due: one a second, the last one of another pitch."""
        if self._start_s is None or self._tempo_s is None:
            return []
        n_due = int(min(now_s - self._start_s, self._tempo_s))
        if n_due <= self._n_played:
            return []
        self._n_played = n_due  # one that came too late is left out, not played twice
        return [Cue.PACE_END if n_due >= int(self._tempo_s) else Cue.PACE]
