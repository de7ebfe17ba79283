"""A simulated person who does one exercise after the other, as in a whole sitting."""

from typing import Final

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

    Raises
    ------
    UnsimulatedExerciseError
        If there is no such exercise.

    """

    def __init__(self, exercise_id: str, *, seed: int, rate_hz: float = 100.0) -> None:
        self._seed = seed
        self._rate_hz = rate_hz
        self._exercise_id = exercise_id
        self._n_changes = 0
        self._patient = self._new_patient()

    def prepare(self, exercise_id: str) -> None:
        """Take the posture of an exercise."""
        if exercise_id != self._exercise_id:
            self._exercise_id = exercise_id
            self._n_changes += 1
            self._patient = self._new_patient()

    def hear(self, cue: Cue | str, reps: int = 0) -> None:
        """Tell the person something; see `SimulatedPatient.hear`."""
        self._patient.hear(cue, reps=reps)

    def next_samples(self, n: int) -> tuple[Array, Array]:
        """Let time go on by n samples; see `SimulatedPatient.next_samples`."""
        return self._patient.next_samples(n)

    def _new_patient(self) -> SimulatedPatient:
        seed = self._seed + self._n_changes * ANOTHER_BODY
        return SimulatedPatient(self._exercise_id, seed=seed, rate_hz=self._rate_hz)
