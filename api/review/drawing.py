"""The chart of overlaid repetitions: each a line, their median, the target and the tempo."""

from collections.abc import Sequence
from math import ceil, floor
from typing import Final

from markupsafe import Markup

from analysis import Exercise
from api.pages.charts import (
    FOOT,
    HEAD,
    TRACE_HEIGHT,
    VERDICTS,
    Chart,
    angle_limits,
    draw_axis,
    draw_plot,
    verdict,
)
from api.pages.language import N_, Language
from api.pages.plot import Scale, band, curve, element, level, text, ticks
from api.review.overlay import AlignedRep, Point, median_rep
from api.schemas import RepBody

WIDE: Final = 1000.0  # of the inner picture of a curve, which stretches
LEAST_S: Final = 1.0
NEAR_EDGE_PERCENT: Final = 3.0  # a label nearer to the edge would be cut off


def overlay_chart(
    groups: Sequence[Sequence[AlignedRep]],
    reps: Sequence[Sequence[RepBody]],
    exercise: Exercise | None,
    language: Language,
) -> Chart | None:
    """Draw repetitions over each other, release at zero; None without any angle.

    Parameters
    ----------
    groups : sequence of sequences of AlignedRep
        One set, or two that are compared: each gets a median of its own.
    reps : sequence of sequences of RepBody
        The repetitions of each, for the words of their lines.
    exercise : Exercise, optional
        Whose target and tempo are drawn.
    language : Language
        Of the words.

    """
    points = [point for group in groups for one in group for point in one.points]
    known = [angle for _, angle in points if angle is not None]
    if not known:
        return None
    goal = exercise.peak_good_deg if exercise and exercise.peak_kind == "target" else None
    bottom, top = angle_limits(known, goal)
    first = floor(min(at_s for at_s, _ in points))
    last = max(ceil(max(at_s for at_s, _ in points)), first + LEAST_S)
    x = Scale(first, last, 0.0, 100.0)
    y = Scale(bottom, top, TRACE_HEIGHT - FOOT, HEAD)
    y_marks = ticks(bottom, top, 6)
    parts = _targets(exercise, goal, x, y, (bottom, top))
    parts += [level(y(at), "grid") for at in y_marks]
    if exercise is not None and exercise.peak_deg is not None:
        parts.append(level(y(exercise.peak_deg), "target"))
    wide = Scale(first, last, 0.0, WIDE)
    is_alone = len(groups) == 1
    for index, (group, bodies) in enumerate(zip(groups, reps, strict=True)):
        kind = "" if is_alone else f" of-{index + 1}"
        parts += [_line(one, bodies, exercise, language, x=wide, y=y, kind=kind) for one in group]
    for index, group in enumerate(groups):
        middle = median_rep(group)
        if middle:
            name = "rep-median" if is_alone else f"rep-median of-{index + 1}"
            parts.append(_curve(middle, wide, y, name, language.say(N_("median"))))
    parts += _times(first, last, x)
    words = language.say(N_("Repetitions over each other; 0 s is where the slow return begins."))
    return Chart(draw_axis(y_marks, y, TRACE_HEIGHT, "°"), draw_plot(parts, TRACE_HEIGHT, words))


def _targets(
    exercise: Exercise | None,
    goal: tuple[float, float] | None,
    x: Scale,
    y: Scale,
    limits: tuple[float, float],
) -> list[Markup]:
    """Return the band of angles to reach, and the band of times in which a return should end."""
    parts = []
    if goal is not None:
        parts.append(band((0, 100), (y(goal[0]), y(goal[1])), "band"))
    if exercise is not None and exercise.eccentric_s is not None:
        first, last = (min(max(x(at_s), 0.0), 100.0) for at_s in exercise.in_tempo_s)
        parts.append(band((first, last), (y(limits[0]), y(limits[1])), "landing"))
    at = f"{x(0.0)}%"
    parts.append(element("line", x1=at, x2=at, y1=HEAD, y2=TRACE_HEIGHT - FOOT, class_="release"))
    return parts


def _line(
    one: AlignedRep,
    reps: Sequence[RepBody],
    exercise: Exercise | None,
    language: Language,
    *,
    x: Scale,
    y: Scale,
    kind: str,
) -> Markup:
    rep = reps[one.number - 1]
    judged = verdict(rep, exercise)
    said = f"{one.number}: {language.seconds(rep.eccentric_s)}, {language.say(VERDICTS[judged])}"
    if one.is_left_out:
        said += ", " + language.say(N_("left out"))
    shade = kind or f" {judged}"
    name = f"rep-line{shade}{' left-out' if one.is_left_out else ''}"
    return _curve(one.points, x, y, name, said)


def _curve(points: Sequence[Point], x: Scale, y: Scale, name: str, title: str) -> Markup:
    placed = [None if angle is None else (x(at_s), y(angle)) for at_s, angle in points]
    return curve(placed, WIDE, float(TRACE_HEIGHT), class_=name, title=title)


def _times(first: float, last: float, x: Scale) -> list[Markup]:
    parts = []
    for at in ticks(first, last, 7):
        at_percent = x(at)
        is_first, is_last = at_percent < NEAR_EDGE_PERCENT, at_percent > 100 - NEAR_EDGE_PERCENT
        place = "start" if is_first else "end" if is_last else "middle"
        sign = "\N{MINUS SIGN}" if at < 0 else ""
        place += "" if at % 2 == 0 else " minor"
        parts.append(
            text(f"{sign}{abs(at):g} s", f"{at_percent}%", TRACE_HEIGHT - 6, f"tick {place}")
        )
    return parts
