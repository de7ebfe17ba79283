"""A moving picture of each exercise: a figure from the side, drawn from posture data.

Every segment has one length, and turns about the end of the one before, so that joints cannot
come apart. The picture moves by itself (SMIL), at the exercise's own tempo, in one endless round.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import acos, atan2, cos, degrees, hypot, pi, radians, sin
from typing import Any, Final

from analysis import Exercise

Place = tuple[float, float]
Pose = Mapping[str, float]

LENGTHS: Final[Mapping[str, float]] = {
    "trunk": 88.0,
    "neck": 26.0,
    "upper_arm": 44.0,
    "forearm": 42.0,
    "thigh": 72.0,
    "shank": 68.0,
    "foot": 24.0,
    "other_thigh": 72.0,
    "other_shank": 68.0,
    "other_foot": 24.0,
}
"""Of each segment, in units of the picture; those of one leg are those of the other."""

PARENTS: Final[Mapping[str, str | None]] = {
    "trunk": None,
    "neck": "trunk",
    "upper_arm": "trunk",
    "forearm": "upper_arm",
    "thigh": None,
    "shank": "thigh",
    "foot": "shank",
    "other_thigh": None,
    "other_shank": "other_thigh",
    "other_foot": "other_shank",
}
"""Which segment each one hangs at; None: the hip."""

ANKLES: Final = {"ankle": ("thigh", "shank"), "other_ankle": ("other_thigh", "other_shank")}
USUAL_WAY_S: Final = 1.0  # of a way that nothing is prescribed for
USUAL_HOLD_S: Final = 0.4
LONGEST_HOLD_S: Final = 3.0  # nobody watches a picture for half a minute
REST_S: Final = 1.0
N_POSES: Final = 9
LEAST_TURN_DEG: Final = 0.05
N_FRAMES: Final = 28  # in a round; between them the browser draws straight on


@dataclass(frozen=True, slots=True)
class Posture:
    """What the data say of one exercise; see the head of postures.toml."""

    root: Place
    scene: tuple[str, ...]
    rest: Pose
    out: Pose
    cycle: tuple[Pose, ...]
    cycle_s: float | None
    anchor: str | None
    band: Place | None
    crank: tuple[Place, float] | None
    sensor: str | None
    has_helper: bool
    has_hands: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The figure at one instant of the round: the hip, and the direction of each segment."""

    at_s: float
    hip: Place
    pose: Pose

    def end_of(self, segment: str) -> Place:
        """Return where a segment ends."""
        parent = PARENTS[segment]
        x, y = self.hip if parent is None else self.end_of(parent)
        along = radians(self.pose[segment])
        return x + LENGTHS[segment] * cos(along), y - LENGTHS[segment] * sin(along)

    def turn_of(self, segment: str) -> float:
        """Return the turn of a segment against the one that it hangs at, clockwise."""
        parent = PARENTS[segment]
        return (0.0 if parent is None else self.pose[parent]) - self.pose[segment]


@dataclass(frozen=True, slots=True)
class Movement:
    """One round of an exercise, frame by frame; `is_out` tells the way out from the way back."""

    posture: Posture
    round_s: float
    frames: tuple[Frame, ...]
    is_out: tuple[bool, ...]


@cache
def postures() -> Mapping[str, Posture]:
    """Read the posture of every exercise."""
    text = resources.files("api.pages").joinpath("postures.toml").read_text("utf-8")
    return {name: _posture(told) for name, told in tomllib.loads(text).items()}


def movement_of(exercise: Exercise) -> Movement:
    """Return one round of an exercise, at its own tempo.

    Raises
    ------
    KeyError
        If there is no posture for it: an exercise of another programme, say.

    """
    posture = postures()[exercise.id]
    if posture.crank is not None or posture.cycle:
        return _going_round(posture)
    ways_s = _ways_s(exercise)
    round_s = sum(ways_s)
    frames, is_out = [], []
    for k in range(N_FRAMES + 1):
        at_s = round_s * k / N_FRAMES
        frames.append(_frame_at(posture, _share_out(at_s, ways_s), at_s))
        is_out.append(at_s < ways_s[0] + ways_s[1] / 2)
    return Movement(posture, round_s, tuple(frames), tuple(is_out))


def way_out(movement: Movement, n: int = N_POSES) -> dict[str, Any]:
    """Return poses from rest to the far end, for a figure that follows a real movement.

    Parameters
    ----------
    movement : Movement
        Of an exercise with two ends.
    n : int
        How many; who draws goes straight on between them.

    Returns
    -------
    dict
        `hips`, n places, and `turns` of each segment against the one that it hangs at, n angles
        in degrees clockwise; of what does not turn nothing.

    """
    posture = movement.posture
    frames = [_frame_at(posture, k / (n - 1)) for k in range(n)]
    turns = {
        name: [round(frame.turn_of(name), 1) for frame in frames]
        for name in PARENTS
        if abs(frames[-1].turn_of(name) - frames[0].turn_of(name)) > LEAST_TURN_DEG
    }
    return {
        "hips": [[round(x, 1), round(y, 1)] for x, y in (frame.hip for frame in frames)],
        "turns": turns,
    }


def _frame_at(posture: Posture, share: float, at_s: float = 0.0) -> Frame:
    """Return the figure a share of the way out."""
    pose = {
        name: angle + share * (posture.out.get(name, angle) - angle)
        for name, angle in posture.rest.items()
    }
    return Frame(at_s, _hip(posture, pose), pose)


def _ways_s(exercise: Exercise) -> tuple[float, float, float, float]:
    """Seconds of the way out, the hold, the way back and the rest."""
    is_return = exercise.eccentric_is == "return"
    eccentric_s = exercise.eccentric_s or USUAL_WAY_S
    other_s = exercise.concentric_s or USUAL_WAY_S
    hold_s = min(exercise.hold_s or USUAL_HOLD_S, LONGEST_HOLD_S)
    out_s, back_s = (other_s, eccentric_s) if is_return else (eccentric_s, other_s)
    return out_s, hold_s, back_s, REST_S


def _share_out(at_s: float, ways_s: Sequence[float]) -> float:
    """How far the way out is done at an instant of the round, 0 to 1."""
    out_s, hold_s, back_s, _ = ways_s
    if at_s < out_s:
        return _smooth(at_s / out_s)
    if at_s < out_s + hold_s:
        return 1.0
    return _smooth(max(0.0, 1.0 - (at_s - out_s - hold_s) / back_s))


def _smooth(share: float) -> float:
    return share * share * (3.0 - 2.0 * share)


def _hip(posture: Posture, pose: Pose) -> Place:
    """Return where the hip is, so that the anchor stays where it is."""
    if posture.anchor is None:
        return posture.root
    x, y = posture.root
    for segment in ANKLES[posture.anchor]:
        along = radians(pose[segment])
        x, y = x - LENGTHS[segment] * cos(along), y + LENGTHS[segment] * sin(along)
    return x, y


def _going_round(posture: Posture) -> Movement:
    """Return a round of what has no rest: steps, strides, turns of the crank."""
    round_s = posture.cycle_s or USUAL_WAY_S
    frames = []
    for k in range(N_FRAMES + 1):
        share = (k % N_FRAMES) / N_FRAMES
        pose = _ridden(posture, share) if posture.crank else _between(posture.cycle, share)
        frames.append(Frame(round_s * k / N_FRAMES, posture.root, pose))
    return Movement(posture, round_s, tuple(frames), (True,) * len(frames))


def _between(cycle: Sequence[Pose], share: float) -> Pose:
    at = share * len(cycle)
    one, other = cycle[int(at)], cycle[(int(at) + 1) % len(cycle)]
    rest = _smooth(at - int(at))
    return {name: angle + rest * (other[name] - angle) for name, angle in one.items()}


def _ridden(posture: Posture, share: float) -> Pose:
    """Bend both legs so that the feet are on the pedals."""
    assert posture.crank is not None  # noqa: S101 (asked for by who calls)
    (x, y), radius = posture.crank
    pose = dict(posture.rest)
    for side, ahead in (("", 0.0), ("other_", pi)):
        turned = -2.0 * pi * share + ahead  # clockwise, as seen from the right
        pedal = x + radius * cos(turned), y - radius * sin(turned)
        thigh, shank = _reaching(posture.root, pedal)
        pose |= {f"{side}thigh": thigh, f"{side}shank": shank}
    return pose


def _reaching(hip: Place, ankle: Place) -> tuple[float, float]:
    """Directions of thigh and shank that reach from one place to the other, knee forward."""
    across, down = ankle[0] - hip[0], hip[1] - ankle[1]
    thigh, shank = LENGTHS["thigh"], LENGTHS["shank"]
    far = min(hypot(across, down), thigh + shank - 1e-6)
    opened = acos((thigh**2 + far**2 - shank**2) / (2.0 * thigh * far))
    along = atan2(down, across) + opened
    knee = hip[0] + thigh * cos(along), hip[1] - thigh * sin(along)
    return degrees(along), degrees(atan2(knee[1] - ankle[1], ankle[0] - knee[0]))


def _posture(told: Mapping[str, Any]) -> Posture:
    cycle = tuple(told.get("cycle", ()))
    crank = told.get("crank")
    band = told.get("band")
    return Posture(
        root=(told["root"][0], told["root"][1]),
        scene=tuple(told["scene"]),
        rest=told["rest"] if "rest" in told else cycle[0],
        out=told.get("out", {}),
        cycle=cycle,
        cycle_s=told.get("cycle_s"),
        anchor=told.get("anchor"),
        band=None if band is None else (band[0], band[1]),
        crank=None if crank is None else ((crank["at"][0], crank["at"][1]), crank["radius"]),
        sensor=told.get("sensor"),
        has_helper=told.get("helper", False),
        has_hands=told.get("hands", False),
    )
