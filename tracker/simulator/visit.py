"""A simulated person who does one exercise after the other, as in a whole sitting."""

from collections import deque
from typing import Final

import numpy as np

from tracker.simulator.curves import Array
from tracker.simulator.patient import Cue, SimulatedPatient

ANOTHER_BODY: Final = 7919
"""Between the seeds of two exercises: the strap is put on anew, so nothing is quite the same."""


class SimulatedVisit:
    """A `SimulatedPatient` whose exercise can change.

    Another posture is another person to the simulator: the sensor's signal jumps from one to the
    other between two samples, as it does when somebody turns over in an instant.

    Parameters
    ----------
    exercise_id : str
        What comes first.
    seed : int
        Decides everything else.
    rate_hz : float
        Samples a second.
    has_thigh : bool
        Whether a second sensor is on the thigh; then somebody must take its samples too.

    Raises
    ------
    UnsimulatedExerciseError
        If there is no such exercise.

    """

    def __init__(
        self, exercise_id: str, *, seed: int, rate_hz: float = 100.0, has_thigh: bool = False
    ) -> None:
        self._seed = seed
        self._has_thigh = has_thigh
        self._rate_hz = rate_hz
        self._exercise_id = exercise_id
        self._n_changes = 0
        self._n_ankle = self._n_thigh = 0
        self._left: deque[tuple[SimulatedPatient, int]] = deque()  # the thigh's, of those before
        self._patient = self._new_patient()

    def prepare(self, exercise_id: str) -> None:
        """Take the posture of an exercise."""
        if exercise_id != self._exercise_id:
            self._exercise_id = exercise_id
            self._n_changes += 1
            before, self._patient = self._patient, self._new_patient()
            if self._has_thigh:
                self._change_at_once(before)

    def hear(self, cue: Cue | str, reps: int = 0) -> None:
        """Tell the person something; see `SimulatedPatient.hear`."""
        self._patient.hear(cue, reps=reps)

    def next_samples(self, n: int) -> tuple[Array, Array]:
        """Let time go on by n samples; see `SimulatedPatient.next_samples`."""
        self._n_ankle += n
        return self._patient.next_samples(n)

    def next_thigh_samples(self, n: int) -> tuple[Array, Array]:
        """Return the next n samples of the sensor on the thigh, of the same instants."""
        pieces = []
        missing = n
        while self._left and missing:
            patient, n_left = self._left.popleft()
            n_taken = min(n_left, missing)
            pieces.append(patient.next_thigh_samples(n_taken))
            if n_taken < n_left:
                self._left.appendleft((patient, n_left - n_taken))
            missing -= n_taken
        pieces.append(self._patient.next_thigh_samples(missing))
        self._n_thigh += n
        acc, gyr = zip(*pieces, strict=True)
        return np.concatenate(acc), np.concatenate(gyr)

    def _change_at_once(self, before: SimulatedPatient) -> None:
        """Let the thigh change at the ankle's sample, though one may be taken before the other."""
        n_behind = self._n_ankle - self._n_thigh - sum(n for _, n in self._left)
        if n_behind > 0:
            self._left.append((before, n_behind))
        else:
            self._patient.next_thigh_samples(-n_behind)

    def _new_patient(self) -> SimulatedPatient:
        seed = self._seed + self._n_changes * ANOTHER_BODY
        return SimulatedPatient(
            self._exercise_id, seed=seed, rate_hz=self._rate_hz, has_thigh=self._has_thigh
        )
