"""The joints of one person over time: where every movement is written down before it happens."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from tracker.simulator.curves import Array, Curve, Hum, product
from tracker.simulator.leg import Pose
from tracker.simulator.wear import Wear

_TREMOR_BAND_HZ: Final = (4.0, 12.0)
_BREATH_BAND_HZ: Final = (0.18, 0.32)
_BREATH_DEG: Final = (0.02, 0.12)
_TISSUE_TREMOR_SHARE: Final = 0.3  # tremor also shakes the sensor's bed
_SWAY_BAND_HZ: Final = (0.25, 1.1)
_RESTLESS_BAND_HZ: Final = (0.5, 1.6)
MOST_BENT_DEG: Final = 125.0  # nobody bends a knee further without pulling at it
RELAXED: Final = 0.02  # a resting muscle trembles that much of a working one


class Support(StrEnum):
    """What carries the body."""

    LYING = "lying"
    SEATED = "seated"
    STANDING = "standing"
    PLANK = "plank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """How the body lies, sits or stands, and which way the movement coordinate counts.

    Parameters
    ----------
    thigh_deg, shank_deg : float
        Elevations above horizontal at rest.
    direction : float
        +1 when the shank rises as the coordinate grows, -1 when it sinks.
    thigh_share : float
        Degrees of the thigh for each of the shank: 1 for a straight leg about the hip, 0 where
        only the knee moves, negative where the thigh goes the other way, as in a squat.
    knee_flexes_up : bool
        Prone, and standing as if lifted from there: a bending knee lifts the foot. Decides which
        way this body walks.
    support : Support
        What carries the body.
    is_on_this_foot : bool
        Whether the foot of this leg carries the weight: then it does not move.
    sway_deg : float
        Root mean square of the swaying of the leg, which is never quite still when standing.
    rest_effort : float
        How much the leg works, and so trembles, in the rest pose; 1 at full work.

    """

    thigh_deg: float
    shank_deg: float
    direction: float
    thigh_share: float = 0.0
    knee_flexes_up: bool = False
    support: Support = Support.LYING
    is_on_this_foot: bool = False
    sway_deg: float = 0.0
    rest_effort: float = RELAXED

    @property
    def bending(self) -> float:
        """The sign with which the curve `knee` bends the knee."""
        return self.direction if self.knee_flexes_up else -self.direction

    @property
    def knee_deg(self) -> float:
        """Flexion of the knee at rest."""
        risen_deg = self.shank_deg - self.thigh_deg
        return risen_deg if self.knee_flexes_up else -risen_deg

    @property
    def has_straight_leg(self) -> bool:
        """Whether the leg turns about the hip as a whole, also where it only shifts."""
        return self.thigh_share == 1.0


class Movement:
    """All curves of the chain; pieces are added to them, and any instant can be asked for.

    Attributes
    ----------
    coordinate, posture, knee : Curve
        Intended movement of the exercise, shifts of the rest pose, and bending of the knee alone,
        all about the same hinge, in degrees: with `thigh` the intended movement coordinate.
    shake : Curve
        What rides on it and is not meant: jerks of the band, rebound, the helper's hand.
    effort : Curve
        From a relaxed leg to a working one, which trembles.
    thigh, roll, turn, heading : Curve
        The body, in degrees.
    strap : Curve
        The sensor's place around the shank, in degrees.
    skin : 3 Curves
        Ringing of the sensor's bed about the axes of the shank, in degrees.
    push, hip : 3 Curves
        Displacement in the world, in metres, of what carries the body and of the hip alone.
    footing : Curve
        1 while this foot carries the body.
    phase : Curve
        Strides, or turns of the crank, so far.

    """

    def __init__(
        self,
        posture: Posture,
        wear: Wear,
        heading_deg: float,
        rng: np.random.Generator,
        quirks: np.random.Generator,
        *,
        is_restless: bool = False,
    ) -> None:
        self.at_rest = posture
        self.coordinate, self.posture, self.knee = Curve(), Curve(), Curve()
        self.shake = Curve()
        self.effort = Curve(posture.rest_effort)
        self.thigh = Curve(posture.thigh_deg)
        self.roll, self.heading = Curve(wear.hinge_tilt_deg), Curve(heading_deg)
        self.turn, self.strap, self.phase = Curve(), Curve(), Curve()
        self.skin = (Curve(), Curve(), Curve())
        self.push = (Curve(), Curve(), Curve())
        self.hip = (Curve(), Curve(), Curve())
        self.footing = Curve(1.0 if posture.is_on_this_foot else 0.0)
        self._wear = wear
        self._tremor = Hum(rng, wear.tremor_deg, _TREMOR_BAND_HZ)
        breath_deg = rng.uniform(*_BREATH_DEG) if wear.tremor_deg else 0.0
        self._breath = Hum(rng, breath_deg, _BREATH_BAND_HZ, n_sines=2)
        self._skin_tremor = [
            Hum(rng, _TISSUE_TREMOR_SHARE * wear.tremor_deg, _TREMOR_BAND_HZ, n_sines=4)
            for _ in range(3)
        ]
        sizes_deg, band_hz = _sway(posture, is_restless)
        self._sway, self._side_sway, self._heading_sway = (
            Hum(quirks, size_deg, band_hz) for size_deg in sizes_deg
        )

    def intended_deg(self, time_s: Array) -> Array:
        """Return the coordinate as it is meant, without sway: what the phases are those of.

        Returns
        -------
        (3, n) array
            In degrees, with its two derivatives.

        """
        total = self.coordinate.evaluate(time_s) + self.posture.evaluate(time_s)
        total += self.knee.evaluate(time_s)
        thigh = self.thigh.evaluate(time_s)
        thigh[0] -= self.at_rest.thigh_deg
        return total + self.at_rest.direction * thigh

    def coordinate_deg(self, time_s: Array) -> Array:
        """Return the true movement coordinate and its derivatives, (3, n), at n instants."""
        return self.intended_deg(time_s) + self._sway.evaluate(time_s)

    def knee_deg(self, time_s: Array) -> Array:
        """Return the true knee flexion, (n,): 0 with the leg straight."""
        rest = self.at_rest
        leg_deg = self.coordinate.evaluate(time_s)[0] + self._sway.evaluate(time_s)[0]
        alone_deg = (1.0 - rest.thigh_share) * leg_deg + self.knee.evaluate(time_s)[0]
        if not rest.has_straight_leg:
            alone_deg += self.posture.evaluate(time_s)[0]
        return np.asarray(rest.knee_deg + rest.bending * alone_deg)

    def pose(self, time_s: Array) -> Pose:
        """Return all joints at n instants."""
        rest, wear = self.at_rest, self._wear
        posture = self.posture.evaluate(time_s)
        exercise = self.coordinate.evaluate(time_s) + posture
        exercise = exercise + self._sway.evaluate(time_s)
        effort = self.effort.evaluate(time_s)
        tremor = product(effort, self._tremor.evaluate(time_s))
        shaken = exercise + self.shake.evaluate(time_s) + tremor
        thigh = self.thigh.evaluate(time_s)
        breath = self._breath.evaluate(time_s)
        knee = self.knee.evaluate(time_s)
        shank = rest.direction * (shaken + knee) + thigh + breath
        shank[0] += rest.shank_deg - rest.thigh_deg
        if rest.thigh_share:
            led = shaken if rest.has_straight_leg else shaken - posture
            thigh = thigh + rest.thigh_share * rest.direction * led
        flexion = exercise + knee + rest.direction * thigh
        skin = [
            gain * flexion + ringing.evaluate(time_s) + product(effort, quiver.evaluate(time_s))
            for gain, ringing, quiver in zip(
                wear.skin_gain, self.skin, self._skin_tremor, strict=True
            )
        ]
        slip_dps = wear.slip_deg_per_min / 60.0
        skin[0][0] += slip_dps * time_s
        skin[0][1] += slip_dps
        footing = np.clip(self.footing.evaluate(time_s)[0], 0.0, 1.0)
        return Pose(
            heading_deg=self.heading.evaluate(time_s) + self._heading_sway.evaluate(time_s),
            turn_deg=self.turn.evaluate(time_s),
            roll_deg=self.roll.evaluate(time_s) + breath + self._side_sway.evaluate(time_s),
            thigh_deg=thigh + breath,
            shank_deg=shank,
            strap_deg=self.strap.evaluate(time_s),
            skin_deg=(skin[0], skin[1], skin[2]),
            push_ms2=np.stack([curve.evaluate(time_s)[2] for curve in self.push]),
            hip_ms2=np.stack([curve.evaluate(time_s)[2] for curve in self.hip]),
            footing=footing if footing.any() else None,
        )

    def pose_to(
        self, thigh_deg: float, shank_deg: float, start_s: float, duration_s: float, curve: Curve
    ) -> None:
        """Bring thigh and shank to elevations in the world, the knee by one of the curves.

        The curve is `coordinate` or `knee`; the others are taken to stay where they are.
        """
        rest = self.at_rest
        now_deg = self.coordinate.settled + self.posture.settled + self.knee.settled
        elevation_deg = shank_deg - rest.shank_deg - (thigh_deg - rest.thigh_deg)
        due_deg = rest.direction * elevation_deg
        curve.move_to(curve.settled + due_deg - now_deg, start_s, duration_s)
        self.thigh.move_to(thigh_deg, start_s, duration_s)

    def forget_before(self, time_s: float) -> None:
        """Drop what is over, so that a live movement does not grow."""
        for curve in (
            self.coordinate,
            self.posture,
            self.knee,
            self.shake,
            self.effort,
            self.thigh,
            self.roll,
            self.turn,
            self.heading,
            self.strap,
            self.footing,
            self.phase,
            *self.skin,
            *self.push,
            *self.hip,
        ):
            curve.forget_before(time_s)


def _sway(
    posture: Posture, is_restless: bool
) -> tuple[tuple[float, float, float], tuple[float, float]]:
    """Return how much the leg sways about its hinge, sideways and about the vertical, and how."""
    if is_restless:
        return (max(posture.sway_deg, 0.3), 1.2, 0.8), _RESTLESS_BAND_HZ
    return (posture.sway_deg, 0.8 * posture.sway_deg, 0.4 * posture.sway_deg), _SWAY_BAND_HZ
