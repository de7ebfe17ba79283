"""The figure of `movement_figure` as SVG: one group a segment, each turning in the one before.

Who asked for less motion sees the far end of the movement with its beginning as a shadow. Colours
are classes of the page's style sheet, so that the picture follows light and dark.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

from analysis import load_catalogue
from api.pages.movement_figure import (
    LENGTHS,
    PARENTS,
    Frame,
    Movement,
    Posture,
    movement_of,
)

WIDTH: Final = 400
BOTTOM_Y: Final = 244
FLOOR_Y: Final = 232
LEAST_HEIGHT: Final = 150
HEADROOM: Final = 24
SENSOR_SHARE: Final = 0.8  # of the shank: above the ankle
HEAD_RADIUS: Final = 14
# From the back to the front, as the figure is seen from the side of the leg that moves.
DRAWN: Final = ("other_thigh", "trunk", "thigh")
SCENES: Final = {
    "floor": f'<path class="move-ground" d="M8 {FLOOR_Y}H392"/>',
    "table": '<path class="move-thing" d="M348 150H400M388 150V232"/>',
    "post": '<path class="move-thing" d="M386 122V232"/>',
    "chair": '<path class="move-thing" d="M112 84V162H196M120 162V232M190 162V232"/>',
    "step": '<path class="move-thing" d="M222 232V206H338V232"/>',
    "bicycle": (
        '<circle class="move-thing" cx="118" cy="190" r="42"/>'
        '<circle class="move-thing" cx="304" cy="190" r="42"/>'
        '<path class="move-thing" d="M118 190L206 196L270 118L170 122L206 196'
        'M118 190L170 122L166 104M156 102H180M304 190L270 118L266 105H284"/>'
    ),
}


@cache
def movement_svg(exercise_id: str, title: str) -> str:
    """Return the picture of an exercise as SVG text, with a title for who cannot see it.

    Raises
    ------
    UnknownExerciseError
        If there is no such exercise.

    """
    movement = movement_of(load_catalogue()[exercise_id])
    moving = _figure(movement.frames, movement)
    drawn = f'<g class="move-still">{_still(movement)}</g><g class="move-run">{moving}</g>'
    return _picture(movement, title, drawn)


@cache
def posable_svg(exercise_id: str, title: str) -> str:
    """Return the figure at rest; `data-segment` names what a script may turn, or move (the hip).

    Raises
    ------
    UnknownExerciseError
        If there is no such exercise.

    """
    movement = movement_of(load_catalogue()[exercise_id])
    return _picture(movement, title, _figure(movement.frames[:1], movement))


def _picture(movement: Movement, title: str, drawn: str) -> str:
    scene = "".join(SCENES[one] for one in movement.posture.scene)
    highest_y = min(frame.end_of(name)[1] for frame in movement.frames for name in PARENTS)
    top_y = min(BOTTOM_Y - LEAST_HEIGHT, round(highest_y - HEADROOM))
    return (
        f'<svg class="move" viewBox="0 {top_y} {WIDTH} {BOTTOM_Y - top_y}" role="img">'
        f"<title>{escape(title)}</title>{scene}{drawn}</svg>"
    )


def _still(movement: Movement) -> str:
    """Draw both ends of the movement; what goes round has one picture."""
    first = movement.frames[0]
    if movement.posture.cycle or movement.posture.crank:
        return _figure([first], movement)
    far = next(
        frame for frame, out in zip(movement.frames, movement.is_out, strict=True) if not out
    )
    return f'<g class="move-ghost">{_figure([first], movement)}</g>{_figure([far], movement)}'


def _figure(frames: Sequence[Frame], movement: Movement) -> str:
    """Draw the figure in one frame, or moving through several."""
    posture, round_s = movement.posture, movement.round_s
    place = [f"{_tenths(x)} {_tenths(y)}" for x, y in (frame.hip for frame in frames)]
    body = "".join(_segment(name, frames, movement) for name in DRAWN)
    moved = _animated("translate", place, round_s)
    band = _band(frames, posture, round_s)
    return f'{band}<g data-segment="hip" transform="translate({place[0]})">{moved}{body}</g>'


def _segment(name: str, frames: Sequence[Frame], movement: Movement) -> str:
    """Draw a segment, and all that hangs at it."""
    turns = [_tenths(frame.turn_of(name)) for frame in frames]
    length = LENGTHS[name]
    hanging = "".join(
        _segment(child, frames, movement) for child, at in PARENTS.items() if at == name
    )
    drawn = f'<path class="{_class_of(name)}" d="M0 0H{length:g}"/>'
    if name == "neck":
        drawn = f'<circle class="move-head" cx="{length - HEAD_RADIUS + 6:g}" r="{HEAD_RADIUS}"/>'
    worn = _sensor(length) if name == movement.posture.sensor else ""
    helper = _helper(length, frames, movement) if name == "shank" else ""
    turning = _animated("rotate", turns, movement.round_s)
    return (
        f'<g data-segment="{name}" transform="rotate({turns[0]})">{turning}{drawn}'
        f'{worn}<g transform="translate({length:g} 0)">{hanging}</g>{helper}</g>'
    )


def _class_of(name: str) -> str:
    if name.startswith("other_"):
        return "move-other"
    return "move-leg" if name in {"thigh", "shank", "foot"} else "move-body"


def _sensor(length: float) -> str:
    x = length * SENSOR_SHARE
    return f'<rect class="move-sensor" x="{x - 9:g}" y="-11" width="18" height="11" rx="3"/>'


def _helper(length: float, frames: Sequence[Frame], movement: Movement) -> str:
    """Draw the hand that lifts the foot, and lets go at the top."""
    if not movement.posture.has_helper:
        return ""
    hand = f'<circle class="move-hand" cx="{length - 4:g}" cy="13" r="9"/>'
    if len(frames) == 1:
        return hand
    shown = ";".join("1" if is_out else "0" for is_out in movement.is_out)
    return (
        f'<g>{hand}<animate attributeName="opacity" calcMode="discrete" values="{shown}" '
        f'dur="{movement.round_s:g}s" repeatCount="indefinite"/></g>'
    )


def _band(frames: Sequence[Frame], posture: Posture, round_s: float) -> str:
    """Draw the band from the ankle to where it is tied."""
    if posture.band is None:
        return ""
    ankles = [frame.end_of("shank") for frame in frames]
    x, y = posture.band
    moved = "".join(
        _animated_number(name, [ankle[axis] for ankle in ankles], round_s)
        for axis, name in enumerate(("x1", "y1"))
    )
    first = ankles[0]
    return (
        f'<line class="move-band" x1="{_tenths(first[0])}" y1="{_tenths(first[1])}" '
        f'x2="{x:g}" y2="{y:g}">{moved}</line>'
        f'<circle class="move-knot" cx="{x:g}" cy="{y:g}" r="5"/>'
    )


def _animated(kind: str, values: Sequence[str], round_s: float) -> str:
    if len(set(values)) == 1:
        return ""
    return (
        f'<animateTransform attributeName="transform" type="{kind}" values="{";".join(values)}" '
        f'dur="{round_s:g}s" repeatCount="indefinite"/>'
    )


def _animated_number(name: str, values: Iterable[float], round_s: float) -> str:
    written = [_tenths(value) for value in values]
    if len(set(written)) == 1:
        return ""
    return (
        f'<animate attributeName="{name}" values="{";".join(written)}" '
        f'dur="{round_s:g}s" repeatCount="indefinite"/>'
    )


def _tenths(value: float) -> str:
    return f"{value + 0.0:.1f}".removesuffix(".0")
