"""Tones inside a repetition: the seconds of every timed way, the hold, and "let go".

Every tone is due at a time counted from the *estimated* start of its phase, so that a delay of the
engine moves no tone. The start is looked for once more right before the first beat, when a second
of the movement has been seen, and stands from then on: beats are even. A tone that could only come
late is left out, so that what is heard is always on the beat.

The pitch of a second tells the pace on the way back: higher when the leg is ahead (too fast),
lower when it is behind. The verdict changes only when the angle is clearly elsewhere, so that a
leg at the edge of the corridor does not make the pitch flutter.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analysis import Exercise, PhaseKind
from tracker.pace_onset import PaceOnset
from tracker.sounds import Cue

EARLY_S: Final = 0.005  # what a timer may be early; the runner ticks when a tone is due
LATE_S: Final = 0.1  # from there on a beat would confuse more than it helps
CORRIDOR_SLACK_DEG: Final = 6.0  # as the corridor that the live page draws
HYSTERESIS_DEG: Final = 3.0
LOOKS_AGAIN_S: Final = 0.6  # before the first beat, at every tick: the last look is the best
MAX_CORRECTION_S: Final = 0.8  # of the engine's start; more would be another movement
MIN_WAY_DEG: Final = 15.0  # a shorter way back is over before a pace could be judged


class Pace(StrEnum):
    """Where the leg is, compared with an even return in the prescribed time."""

    AHEAD = "ahead"
    ON = "on"
    BEHIND = "behind"


_BEGINS: Final = frozenset({None, PhaseKind.LIFT, PhaseKind.CONCENTRIC})  # a new way out
_TIMED: Final = frozenset({PhaseKind.ECCENTRIC, PhaseKind.CONCENTRIC})
_SECOND: Final = {Pace.AHEAD: Cue.PACE_AHEAD, Pace.ON: Cue.PACE, Pace.BEHIND: Cue.PACE_BEHIND}


@dataclass(frozen=True, slots=True)
class _Beat:
    """A tone, and when it is due, in seconds from the start of its phase."""

    after_s: float
    cue: Cue


def judge_pace(
    angle_deg: float,
    elapsed_s: float,
    band_s: tuple[float, float],
    start_deg: float,
    before: Pace = Pace.ON,
) -> Pace:
    """Compare a leg on its way back to rest with the corridor of the tempo band.

    Parameters
    ----------
    angle_deg : float
        Where the leg is; the rest pose is 0.
    elapsed_s : float
        Since the way back began.
    band_s : (float, float)
        The shortest and longest time that count as in tempo.
    start_deg : float
        Where the way back began.
    before : Pace
        What was said last: only a clearly other angle changes it.

    Returns
    -------
    Pace
        `AHEAD` when a return in the shortest time would not be this far yet.

    """
    shares = [min(1.0, max(0.0, elapsed_s / whole_s)) for whole_s in band_s]
    lowest_deg, highest_deg = (start_deg * (1.0 - share) for share in shares)
    below_deg = lowest_deg - CORRIDOR_SLACK_DEG - angle_deg
    above_deg = angle_deg - highest_deg - CORRIDOR_SLACK_DEG
    if below_deg > (-HYSTERESIS_DEG if before is Pace.AHEAD else HYSTERESIS_DEG):
        return Pace.AHEAD
    if above_deg > (-HYSTERESIS_DEG if before is Pace.BEHIND else HYSTERESIS_DEG):
        return Pace.BEHIND
    return Pace.ON


class Pacer:
    """Decide when the tones of a repetition are due, and of which pitch.

    Parameters
    ----------
    exercise : Exercise
        Its `eccentric_s`, `concentric_s` and `hold_s` are the tempo; what is not timed has no
        tones.
    let_go_share : float
        Of the peak target: from there on a helper hears that the foot may be let go.

    """

    def __init__(self, exercise: Exercise, let_go_share: float) -> None:
        self._band_s = exercise.in_tempo_s
        self._beats = {
            PhaseKind.ECCENTRIC: _seconds(exercise.eccentric_s),
            PhaseKind.CONCENTRIC: _seconds(exercise.concentric_s),
            PhaseKind.HOLD: _hold(exercise.hold_s),
        }
        self._let_go_deg = (
            exercise.peak_deg * let_go_share if exercise.has_helper and exercise.peak_deg else None
        )
        self._onset = PaceOnset()
        self._kind: PhaseKind | None = None
        self._told_s = 0.0  # where the engine saw the phase begin
        self._start_s = 0.0
        self._has_sounded = False
        self._waiting: tuple[_Beat, ...] = ()
        self._angle_deg: float | None = None
        self._top_deg = 0.0
        self._pace = Pace.ON
        self._is_let_go_due = True

    @property
    def due_s(self) -> float | None:
        """When the next tone is due, as far as is known now; None: no tone waits."""
        return self._start_s + self._waiting[0].after_s if self._waiting else None

    def phase(self, kind: PhaseKind | None, start_s: float) -> None:
        """Take note that a phase began, at a time of the caller's steady clock."""
        self._kind, self._told_s, self._has_sounded = kind, start_s, False
        self._start_s = start_s
        self._waiting = () if kind is None else self._beats.get(kind, ())
        self._look_for_the_start()
        self._pace = Pace.ON
        if kind in _BEGINS:
            self._top_deg = 0.0
        self._is_let_go_due = kind is not PhaseKind.ECCENTRIC

    def angle(
        self, angle_deg: float | None, phase: PhaseKind | None, now_s: float | None = None
    ) -> list[Cue]:
        """Take note of the angle; return "let go" once, on the way up.

        With the time of the angle, on the clock of `tick`, the beats are counted from where the
        movement really began; without it from where the engine said.
        """
        self._angle_deg = angle_deg
        if angle_deg is None:
            return []
        if now_s is not None:
            self._onset.take(angle_deg, now_s)
        if phase is not PhaseKind.ECCENTRIC:
            self._top_deg = max(self._top_deg, angle_deg)
        if self._let_go_deg is None or not self._is_let_go_due:
            return []
        if phase is not PhaseKind.LIFT or angle_deg < self._let_go_deg:
            return []
        self._is_let_go_due = False
        return [Cue.LET_GO]

    def tick(self, now_s: float) -> list[Cue]:
        """Return the tone that is due at this moment, if any; what is late is left out."""
        self._judge(now_s)
        if self._waiting and now_s - self._start_s >= self._waiting[0].after_s - LOOKS_AGAIN_S:
            self._look_for_the_start()
        elapsed_s = now_s - self._start_s
        due = [beat for beat in self._waiting if beat.after_s <= elapsed_s + EARLY_S]
        self._waiting = self._waiting[len(due) :]
        if not due or elapsed_s - due[-1].after_s > LATE_S:
            return []
        self._has_sounded = True
        cue = due[-1].cue
        return [_SECOND[self._pace] if cue is Cue.PACE else cue]

    def _look_for_the_start(self) -> None:
        """Look where the movement that is paced began; once a beat was heard, it stands."""
        if self._has_sounded or self._kind not in _TIMED or not self._waiting:
            return
        found_s = self._onset.start_s()
        if found_s is not None and abs(found_s - self._told_s) <= MAX_CORRECTION_S:
            self._start_s = found_s

    def _judge(self, now_s: float) -> None:
        """Follow the pace on a way back; on a way up nobody knows yet how far it will go."""
        is_way_back = self._kind is PhaseKind.ECCENTRIC and self._top_deg >= MIN_WAY_DEG
        if not is_way_back or self._angle_deg is None:
            return
        elapsed_s = now_s - self._start_s
        self._pace = judge_pace(self._angle_deg, elapsed_s, self._band_s, self._top_deg, self._pace)


def _seconds(tempo_s: float | None) -> tuple[_Beat, ...]:
    """One tone a second, and another one when the time is over."""
    if tempo_s is None:
        return ()
    whole = [_Beat(float(second), Cue.PACE) for second in range(1, int(tempo_s) + 1)]
    return (*(beat for beat in whole if beat.after_s < tempo_s), _Beat(tempo_s, Cue.PACE_END))


def _hold(hold_s: float | None) -> tuple[_Beat, ...]:
    """When to hold, and when to go down."""
    return () if hold_s is None else (_Beat(hold_s, Cue.DOWN),)
