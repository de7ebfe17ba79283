"""The joints of one person over time: where every movement is written down before it happens."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tracker.simulator.curves import Array, Curve, Hum, product
from tracker.simulator.leg import Pose
from tracker.simulator.wear import Wear

_TREMOR_BAND_HZ: Final = (4.0, 12.0)
_BREATH_BAND_HZ: Final = (0.18, 0.32)
_BREATH_DEG: Final = (0.02, 0.12)
_TISSUE_TREMOR_SHARE: Final = 0.3  # tremor also shakes the sensor's bed
RELAXED: Final = 0.02  # a resting muscle trembles that much of a working one


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """How the body lies or sits, and which way the movement coordinate counts.

    Parameters
    ----------
    thigh_deg, shank_deg : float
        Elevations above horizontal at rest.
    direction : float
        +1 when the shank rises as the coordinate grows, -1 when it sinks.
    turns_at_hip : bool
        Whether the whole leg turns about the hip with the knee straight.
    knee_flexes_up : bool
        Prone: a bending knee lifts the foot. Decides which way this body walks.

    """

    thigh_deg: float
    shank_deg: float
    direction: float
    turns_at_hip: bool = False
    knee_flexes_up: bool = False


class Movement:
    """All curves of the chain; pieces are added to them, and any instant can be asked for.

    Attributes
    ----------
    coordinate, posture : Curve
        Intended movement of the exercise, and shifts of the pose about the same hinge, in
        degrees: together with `thigh` the true movement coordinate.
    shake : Curve
        What rides on it and is not meant: jerks of the band, rebound, the helper's hand.
    effort : Curve
        From a relaxed leg to a working one, which trembles.
    thigh, roll, heading : Curve
        The body, in degrees.
    skin : 3 Curves
        Ringing of the sensor's bed about the axes of the shank, in degrees.
    push : 3 Curves
        Displacement of the hip point in the world, in metres.

    """

    def __init__(
        self, posture: Posture, wear: Wear, heading_deg: float, rng: np.random.Generator
    ) -> None:
        self.at_rest = posture
        self.coordinate, self.posture, self.shake = Curve(), Curve(), Curve()
        self.effort = Curve(RELAXED)
        self.thigh = Curve(posture.thigh_deg)
        self.roll, self.heading = Curve(wear.hinge_tilt_deg), Curve(heading_deg)
        self.skin = (Curve(), Curve(), Curve())
        self.push = (Curve(), Curve(), Curve())
        self._wear = wear
        self._tremor = Hum(rng, wear.tremor_deg, _TREMOR_BAND_HZ)
        breath_deg = rng.uniform(*_BREATH_DEG) if wear.tremor_deg else 0.0
        self._breath = Hum(rng, breath_deg, _BREATH_BAND_HZ, n_sines=2)
        self._skin_tremor = [
            Hum(rng, _TISSUE_TREMOR_SHARE * wear.tremor_deg, _TREMOR_BAND_HZ, n_sines=4)
            for _ in range(3)
        ]

    def coordinate_deg(self, time_s: Array) -> Array:
        """Return the true movement coordinate and its derivatives, (3, n), at n instants."""
        total = self.coordinate.evaluate(time_s) + self.posture.evaluate(time_s)
        thigh = self.thigh.evaluate(time_s)
        thigh[0] -= self.at_rest.thigh_deg
        return total + self.at_rest.direction * thigh

    def pose(self, time_s: Array) -> Pose:
        """Return all joints at n instants."""
        rest, wear = self.at_rest, self._wear
        exercise = self.coordinate.evaluate(time_s) + self.posture.evaluate(time_s)
        effort = self.effort.evaluate(time_s)
        tremor = product(effort, self._tremor.evaluate(time_s))
        shaken = exercise + self.shake.evaluate(time_s) + tremor
        thigh = self.thigh.evaluate(time_s)
        breath = self._breath.evaluate(time_s)
        shank = rest.direction * shaken + thigh + breath
        shank[0] += rest.shank_deg - rest.thigh_deg
        if rest.turns_at_hip:
            thigh = thigh + rest.direction * shaken
        flexion = exercise + rest.direction * thigh
        skin = [
            gain * flexion + ringing.evaluate(time_s) + product(effort, quiver.evaluate(time_s))
            for gain, ringing, quiver in zip(
                wear.skin_gain, self.skin, self._skin_tremor, strict=True
            )
        ]
        slip_dps = wear.slip_deg_per_min / 60.0
        skin[0][0] += slip_dps * time_s
        skin[0][1] += slip_dps
        return Pose(
            heading_deg=self.heading.evaluate(time_s),
            roll_deg=self.roll.evaluate(time_s) + breath,
            thigh_deg=thigh + breath,
            shank_deg=shank,
            skin_deg=(skin[0], skin[1], skin[2]),
            push_ms2=np.stack([curve.evaluate(time_s)[2] for curve in self.push]),
        )

    def forget_before(self, time_s: float) -> None:
        """Drop what is over, so that a live movement does not grow."""
        for curve in (
            self.coordinate,
            self.posture,
            self.shake,
            self.effort,
            self.thigh,
            self.roll,
            self.heading,
            *self.skin,
            *self.push,
        ):
            curve.forget_before(time_s)
