"""The simulated person live: lies still until told to go, then does a set.

It is the same movement, leg and sensor as in a recording; only the acts are thought out one
repetition ahead, and what is over is forgotten, so that it can lie there for days. Samples are
made half a second at a time: the cost per sample is a few microseconds whatever is asked for.
"""

from enum import StrEnum
from typing import Final

import numpy as np

from tracker.simulator.acts import perform_next
from tracker.simulator.curves import Array
from tracker.simulator.errors import UnknownCueError
from tracker.simulator.leg import sensor_signals, thigh_signals
from tracker.simulator.recording import measure_rep
from tracker.simulator.scenario import Scenario
from tracker.simulator.sensor import WIDE, SensorModel, SensorRange
from tracker.simulator.session import draw_body
from tracker.simulator.truth import RepTruth
from tracker.simulator.wear import WearLevel

_BLOCK_S: Final = 0.5
_REACTION_S: Final = (0.6, 1.4)


class Cue(StrEnum):
    """What a patient listens to."""

    GO = "go"
    STOP = "stop"


class SimulatedPatient:
    """A person with a sensor on the ankle, sample by sample.

    Parameters
    ----------
    exercise_id : str
        One of `simulated_exercises()`.
    seed : int
        Decides person, mounting, repetitions and noise.
    wear : WearLevel or str
        How difficult strap, tissue and sensor are.
    rate_hz : float
        Samples a second.
    profile : str
        One of `PROFILES`.
    tempo_s : float, optional
        Mean duration of the way back in place of the profile's.
    limits : SensorRange
        Full scale of the sensor.
    has_thigh : bool
        Whether a second sensor is on the thigh; then somebody must take its samples too.

    Raises
    ------
    UnsimulatedExerciseError, UnknownProfileError
        If there is no such exercise or profile.

    Examples
    --------
    >>> patient = SimulatedPatient("ecc_prone_helper", seed=1)
    >>> patient.hear("go", reps=2)
    >>> acc_ms2, gyr_rads = patient.next_samples(1500)
    >>> acc_ms2.shape, len(patient.reps_done)
    ((1500, 3), 2)

    """

    def __init__(
        self,
        exercise_id: str,
        *,
        seed: int,
        wear: WearLevel | str = WearLevel.TYPICAL,
        rate_hz: float = 100.0,
        profile: str = "steady",
        tempo_s: float | None = None,
        limits: SensorRange = WIDE,
        has_thigh: bool = False,
    ) -> None:
        scenario = Scenario(
            exercise_id=exercise_id,
            wear=WearLevel(wear),
            rate_hz=rate_hz,
            profile=profile,
            tempo_s=tempo_s,
        )
        people, sensor_rng, thigh_rng = (
            np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(3)
        )
        self._body = draw_body(scenario, people)
        self._choreography = self._body.choreography
        body = self._body
        self._ankle = _Sensor(SensorModel(body.wear, limits, rate_hz, sensor_rng))
        self._thigh = None
        if has_thigh:
            self._thigh = _Sensor(SensorModel(body.thigh_wear, limits, rate_hz, thigh_rng))
        self._rate_hz = rate_hz
        self._block_length = max(1, round(_BLOCK_S * rate_hz))
        self._n_made = 0
        self._reps_to_do, self._rep_index, self._set_index = 0, 0, -1
        self._reps_done: list[RepTruth] = []

    @property
    def time_s(self) -> float:
        """Simulated seconds up to the next sample."""
        return (self._n_made - self._ankle.n_ready) / self._rate_hz

    @property
    def is_exercising(self) -> bool:
        """Whether a set is going on or about to begin."""
        doing = self._choreography
        return self._reps_to_do > 0 or any((doing.planned, doing.holds, doing.bouts))

    @property
    def reps_done(self) -> tuple[RepTruth, ...]:
        """The truth about all finished repetitions, on the clock that began with sample 0."""
        return tuple(self._reps_done)

    def hear(self, cue: Cue | str, reps: int = 0) -> None:
        """Tell the patient something.

        Parameters
        ----------
        cue : Cue or str
            `go`: begin a set of `reps` after a human reaction time. `stop`: finish the running
            repetition and lie still.
        reps : int
            Repetitions of the set.

        Raises
        ------
        UnknownCueError
            If the patient does not know the cue.

        """
        if cue == Cue.GO:
            choreography = self._choreography
            reaction_s = choreography.rng.uniform(*_REACTION_S)
            made_s = self._n_made / self._rate_hz
            choreography.cursor_s = max(choreography.cursor_s, made_s, self.time_s + reaction_s)
            self._reps_to_do, self._rep_index = reps, 0
            self._set_index += 1
        elif cue == Cue.STOP:
            self._reps_to_do = 0
        else:
            raise UnknownCueError(str(cue), tuple(Cue))

    def next_samples(self, n: int) -> tuple[Array, Array]:
        """Let time go on by n samples.

        Returns
        -------
        acc_ms2, gyr_rads : (n, 3) arrays
            What the sensor reports, in its own axes.

        """
        return self._next(self._ankle, n)

    def next_thigh_samples(self, n: int) -> tuple[Array, Array]:
        """Return the next n samples of the sensor on the thigh, as `next_samples` does."""
        return (np.empty((0, 3)),) * 2 if self._thigh is None else self._next(self._thigh, n)

    def _next(self, sensor: "_Sensor", n: int) -> tuple[Array, Array]:
        while sensor.n_ready < n:
            self._make_block()
        return sensor.take(n)

    def _make_block(self) -> None:
        first = self._n_made
        self._n_made += self._block_length
        time_s = np.arange(first, self._n_made) / self._rate_hz
        end_s = self._n_made / self._rate_hz
        while self._reps_to_do > 0 and self._choreography.cursor_s < end_s:
            perform_next(self._choreography, self._rep_index, self._set_index)
            self._rep_index += 1
            self._reps_to_do -= 1
        pose, geometry = self._choreography.movement.pose(time_s), self._body.geometry
        acc, gyr, _ = sensor_signals(pose, geometry)
        self._ankle.feel(time_s, acc, gyr)
        if self._thigh is not None:
            acc, gyr, _ = thigh_signals(pose, geometry)
            self._thigh.feel(time_s, acc, gyr)
        self._look_back(end_s)

    def _look_back(self, time_s: float) -> None:
        """Measure the repetitions that are over, and forget them and whatever else is over."""
        planned = self._choreography.planned
        while planned and planned[0].felt_until_s <= time_s:
            self._reps_done.append(measure_rep(planned.pop(0), self._body))
        for acts in (self._choreography.holds, self._choreography.bouts):
            while acts and acts[0].end_s <= time_s:
                acts.pop(0)
        earliest_s = min([time_s, *(rep.lift_start_s for rep in planned)])
        self._choreography.movement.forget_before(earliest_s)


class _Sensor:
    """One sensor, and what it measured that nobody has taken yet."""

    def __init__(self, model: SensorModel) -> None:
        self._model = model
        self._acc, self._gyr = np.empty((0, 3)), np.empty((0, 3))

    @property
    def n_ready(self) -> int:
        return len(self._acc)

    def feel(self, time_s: Array, acc_ms2: Array, gyr_rads: Array) -> None:
        acc, gyr = self._model.measure(time_s, acc_ms2, gyr_rads)
        self._acc = np.concatenate([self._acc, acc])
        self._gyr = np.concatenate([self._gyr, gyr])

    def take(self, n: int) -> tuple[Array, Array]:
        acc, self._acc = self._acc[:n], self._acc[n:]
        gyr, self._gyr = self._gyr[:n], self._gyr[n:]
        return acc, gyr
