"""Movements that come round again: a stride, a turn of the crank.

A `Cyclic` piece reads its angle from a table over one turn, and how far the turn has come from a
phase that may speed up, slow down or stand still. Value, speed and acceleration follow by the
chain rule, so a changing cadence is as exact as a steady one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.simulator.curves import Array, Curve, product


class Turn:
    """A smooth periodic function given by equally spaced values over one turn.

    Parameters
    ----------
    values : sequence of float
        Over one turn, the first at phase 0.
    n_harmonics : int
        How much detail is kept.

    """

    def __init__(self, values: Sequence[float] | Array, n_harmonics: int = 4) -> None:
        spectrum = np.fft.rfft(np.asarray(values, dtype=np.float64)) / len(values)
        kept = min(n_harmonics, len(spectrum) - 1)
        self._mean = float(spectrum[0].real)
        self._orders = 2.0 * np.pi * np.arange(1, kept + 1)
        self._amplitudes = 2.0 * np.abs(spectrum[1 : kept + 1])
        self._angles = np.angle(spectrum[1 : kept + 1])

    def __call__(self, phase: Array) -> Array:
        """Return (3, n) for a phase in turns with its two derivatives, (3, n)."""
        angle = self._orders[:, None] * phase[0] + self._angles[:, None]
        cosine, sine = np.cos(angle), np.sin(angle)
        slope = -(self._amplitudes * self._orders) @ sine
        bend = -(self._amplitudes * self._orders**2) @ cosine
        return np.stack(
            [
                self._mean + self._amplitudes @ cosine,
                slope * phase[1],
                slope * phase[2] + bend * phase[1] ** 2,
            ]
        )

    def sampled(self, phases: Array) -> Array:
        """Return the values at some phases."""
        flat = np.zeros((3, len(phases)))
        flat[0] = phases
        return np.asarray(self(flat)[0])


@dataclass(frozen=True, slots=True)
class Cyclic:
    """A periodic movement for as long as its gain is not zero."""

    start_s: float
    end_s: float
    phase: Curve
    gain: Curve
    turn: Turn

    @property
    def settled(self) -> float:
        """What remains of it afterwards: nothing."""
        return 0.0

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) for n instants between start and end."""
        return product(self.gain.evaluate(time_s), self.turn(self.phase.evaluate(time_s)))


def when_reached(
    phase: Callable[[Array], Array], span_s: tuple[float, float], offset: float = 0.0
) -> Array:
    """Return the instants within a span at which a growing phase passes n + `offset` turns."""
    step_s = 0.002
    time_s = np.arange(span_s[0], span_s[1] + step_s, step_s)
    turns = phase(time_s)[0] - offset
    due = np.arange(np.ceil(turns[0]), np.floor(turns[-1]) + 1.0)
    growing = np.concatenate([[True], np.diff(np.maximum.accumulate(turns)) > 0.0])
    return np.asarray(np.interp(due, turns[growing], time_s[growing]))
