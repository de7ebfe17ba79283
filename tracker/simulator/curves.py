"""Smooth functions of time that know their own first and second derivatives.

A limb has mass: its position, speed and acceleration are continuous. Every movement here is a
sum of pieces that are polynomials, sines and exponentials, so that what a gyroscope and an
accelerometer feel follows exactly, at any sampling rate, without differences between samples.

All pieces answer with an array (3, n): value, first and second derivative at n instants.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = Callable[[Array], Array]  # progress in [0, 1] -> (3, n): share done and derivatives


def minimum_jerk(progress: Array) -> Array:
    """Return the smoothest way from 0 to 1 (Flash and Hogan, 1985)."""
    x, rest = progress, 1.0 - progress
    return np.stack(
        [
            x**3 * (10.0 - 15.0 * x + 6.0 * x * x),
            30.0 * x * x * rest * rest,
            60.0 * x * rest * (1.0 - 2.0 * x),
        ]
    )


def cosine(progress: Array) -> Array:
    """Return half a cosine from 0 to 1."""
    phase = np.pi * progress
    return np.stack(
        [
            0.5 * (1.0 - np.cos(phase)),
            0.5 * np.pi * np.sin(phase),
            0.5 * np.pi**2 * np.cos(phase),
        ]
    )


class SpeedProfile:
    """A way from 0 to 1 given by its speed at some instants.

    Between the instants speed changes as 3u² - 2u³, so acceleration is continuous and zero at
    each of them. The scale of times and speeds is free: only their proportions count.

    Parameters
    ----------
    times, speeds : sequences of the same length
        Increasing times; relative speeds, which may be zero (a pause) or negative (a sag), but
        must cover a positive distance in total.

    """

    def __init__(self, times: Sequence[float], speeds: Sequence[float]) -> None:
        nodes = np.asarray(times, dtype=np.float64)
        self._nodes = (nodes - nodes[0]) / (nodes[-1] - nodes[0])
        widths = np.diff(self._nodes)
        relative = np.asarray(speeds, dtype=np.float64)
        distance = widths * 0.5 * (relative[:-1] + relative[1:])
        self._speeds = relative / distance.sum()
        self._widths = widths
        self._start = np.concatenate([[0.0], np.cumsum(distance / distance.sum())])

    def __call__(self, progress: Array) -> Array:
        """Return share done and its two derivatives at each progress in [0, 1]."""
        last = len(self._widths) - 1
        i = np.clip(np.searchsorted(self._nodes, progress, side="right") - 1, 0, last)
        width, speed = self._widths[i], self._speeds[i]
        change = self._speeds[i + 1] - speed
        u = (progress - self._nodes[i]) / width
        return np.stack(
            [
                self._start[i] + width * (speed * u + change * u**3 * (1.0 - 0.5 * u)),
                speed + change * u * u * (3.0 - 2.0 * u),
                change / width * 6.0 * u * (1.0 - u),
            ]
        )


class Piece(Protocol):
    """A part of a curve: zero before `start_s`, `settled` from `end_s` on."""

    @property
    def start_s(self) -> float: ...  # noqa: D102

    @property
    def end_s(self) -> float: ...  # noqa: D102

    @property
    def settled(self) -> float: ...  # noqa: D102

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) for n instants between start and end."""
        ...


@dataclass(frozen=True, slots=True)
class Move:
    """A change by `delta` that stays."""

    start_s: float
    duration_s: float
    delta: float
    shape: Shape = minimum_jerk

    @property
    def end_s(self) -> float:
        """When it has arrived."""
        return self.start_s + self.duration_s

    @property
    def settled(self) -> float:
        """What remains of it afterwards."""
        return self.delta

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) for n instants between start and end."""
        way = self.shape((time_s - self.start_s) / self.duration_s)
        scale = self.delta / np.array([1.0, self.duration_s, self.duration_s**2])
        return way * scale[:, None]


_RING_LIVES: Final = 14.0  # time constants until exp(-t/tau) is under a millionth


@dataclass(frozen=True, slots=True)
class Ring:
    """A damped oscillation after a knock: what soft tissue, a strap and a bed do."""

    start_s: float
    amplitude: float
    frequency_hz: float
    decay_s: float

    @property
    def end_s(self) -> float:
        """When it has died out."""
        return self.start_s + _RING_LIVES * self.decay_s

    @property
    def settled(self) -> float:
        """What remains of it afterwards: nothing."""
        return 0.0

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) for n instants between start and end.

        The onset (1 - exp(-t/a))² makes the product start like t³: no jump in acceleration.
        """
        t = time_s - self.start_s
        omega, attack_s = 2.0 * np.pi * self.frequency_hz, 0.15 / self.frequency_hz
        swing = np.stack(
            [np.sin(omega * t), omega * np.cos(omega * t), -(omega**2) * np.sin(omega * t)]
        )
        decay = np.exp(-t / self.decay_s)
        fade = np.stack([decay, -decay / self.decay_s, decay / self.decay_s**2])
        rising = np.exp(-t / attack_s)
        onset = np.stack(
            [
                (1.0 - rising) ** 2,
                2.0 * (1.0 - rising) * rising / attack_s,
                2.0 * rising * (2.0 * rising - 1.0) / attack_s**2,
            ]
        )
        return self.amplitude * product(product(swing, fade), onset)


@dataclass(frozen=True, slots=True)
class Wave:
    """A sine that fades in and out: a step in walking, a wobble of the hand that lifts."""

    start_s: float
    end_s: float
    amplitude: float
    frequency_hz: float
    phase_rad: float
    fade_s: float

    @property
    def settled(self) -> float:
        """What remains of it afterwards: nothing."""
        return 0.0

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) for n instants between start and end."""
        fade_s = min(self.fade_s, 0.5 * (self.end_s - self.start_s))
        since_edge_s = np.minimum(time_s - self.start_s, self.end_s - time_s)
        window = minimum_jerk(np.clip(since_edge_s / fade_s, 0.0, 1.0))
        towards = np.where(time_s - self.start_s <= self.end_s - time_s, 1.0, -1.0)
        window[1] *= towards / fade_s
        window[2] /= fade_s**2
        omega = 2.0 * np.pi * self.frequency_hz
        angle = omega * (time_s - self.start_s) + self.phase_rad
        sine = np.sin(angle)
        swing = np.stack([sine, omega * np.cos(angle), -(omega**2) * sine])
        return self.amplitude * product(window, swing)


def product(one: Array, other: Array) -> Array:
    """Return the product of two functions given as (3, n), by the product rule."""
    return np.stack(
        [
            one[0] * other[0],
            one[1] * other[0] + one[0] * other[1],
            one[2] * other[0] + 2.0 * one[1] * other[1] + one[0] * other[2],
        ]
    )


class Curve:
    """A sum of pieces, to which pieces are added as the movement is thought out."""

    def __init__(self, start_value: float = 0.0) -> None:
        self._start_value = start_value
        self._pieces: list[Piece] = []
        self._settled = start_value

    @property
    def settled(self) -> float:
        """Where it ends up once every piece is over."""
        return self._settled

    def add(self, piece: Piece) -> None:
        """Add a piece."""
        self._pieces.append(piece)
        self._settled += piece.settled

    def move_to(self, value: float, start_s: float, duration_s: float) -> None:
        """Add the smoothest move to a value."""
        self.add(Move(start_s, duration_s, value - self._settled))

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) at n increasing instants."""
        total = np.zeros((3, len(time_s)))
        total[0] = self._start_value
        begin_s, end_s = time_s[0], time_s[-1]
        for piece in self._pieces:
            if piece.start_s > end_s:
                continue
            if piece.end_s <= begin_s:
                total[0] += piece.settled
                continue
            first, last = np.searchsorted(time_s, (piece.start_s, piece.end_s))
            if last > first:
                total[:, first:last] += piece.evaluate(time_s[first:last])
            if piece.settled and last < len(time_s):
                total[0, last:] += piece.settled
        return total

    def forget_before(self, time_s: float) -> None:
        """Merge what is over by then into the start value: a live movement never grows."""
        over = [piece for piece in self._pieces if piece.end_s <= time_s]
        if over:
            self._start_value += sum(piece.settled for piece in over)
            self._pieces = [piece for piece in self._pieces if piece.end_s > time_s]


class Hum:
    """An endless sum of sines in a band of frequencies: tremor, breathing, sway.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws frequencies and phases.
    rms : float
        Root mean square of the sum.
    band_hz : (float, float)
        Lowest and highest frequency.
    n_sines : int
        More sines, less regular.

    Notes
    -----
    Amplitudes fall with the square of the frequency, as those of a mass moved by a force do.

    """

    def __init__(
        self, rng: np.random.Generator, rms: float, band_hz: tuple[float, float], n_sines: int = 6
    ) -> None:
        frequencies_hz = rng.uniform(*band_hz, n_sines)
        weights = rng.uniform(0.5, 1.0, n_sines) * (band_hz[0] / frequencies_hz) ** 2
        self._amplitudes = rms * np.sqrt(2.0) * weights / np.sqrt(np.sum(weights**2))
        self._omegas = 2.0 * np.pi * frequencies_hz
        self._phases = rng.uniform(0.0, 2.0 * np.pi, n_sines)

    def evaluate(self, time_s: Array) -> Array:
        """Return (3, n) at n instants."""
        if not self._amplitudes.any():
            return np.zeros((3, len(time_s)))
        angle = self._omegas[:, None] * time_s + self._phases[:, None]
        sine = np.sin(angle)
        speed = self._amplitudes * self._omegas
        return np.stack(
            [self._amplitudes @ sine, speed @ np.cos(angle), -(speed * self._omegas) @ sine]
        )
