"""The two charts of a set: one dot for each repetition, and the angle over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from markupsafe import Markup

from analysis import Exercise
from api.pages.language import N_, Language
from api.pages.plot import (
    Scale,
    band,
    columns_of,
    curve,
    element,
    level,
    mark,
    text,
    ticks,
)
from api.schemas import RepBody, SetBody, Trace

DOTS_HEIGHT: Final = 208
TRACE_HEIGHT: Final = 264
FOOT: Final = 24  # pixels below a plot, for its x axis
HEAD: Final = 14  # pixels above it
LEAST_S: Final = 5.0  # the dots' axis reaches at least this far
LONGEST_GAP_S: Final = 1.0
COLUMNS: Final = 600
MANY_REPS: Final = 25  # more have no room for a number each
UNTIMED: Final = "untimed"
SLOW_RETURN: Final[Mapping[str, str]] = {"eccentric": "lowering"}
SHAPES: Final = {
    "in_tempo": "dot",
    "accepted": "ring",
    "too_fast": "down",
    "too_slow": "up",
    UNTIMED: "square",
}
VERDICTS: Final = {
    "in_tempo": N_("in tempo"),
    "accepted": N_("nearly in tempo"),
    "too_fast": N_("too fast"),
    "too_slow": N_("may be a little quicker"),
    UNTIMED: N_("not timed"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its axis and its plot, what it says in words, and the data for its module."""

    axis: Markup
    plot: Markup
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """An entry of a legend."""

    picture: Markup
    words: str


def verdict(rep: RepBody, exercise: Exercise | None) -> str:
    """Judge the tempo of a repetition: as the engine did, else by the bands of the exercise."""
    if rep.eccentric_s is None or exercise is None or exercise.eccentric_s is None:
        return UNTIMED
    given = (rep.__pydantic_extra__ or {}).get("verdict")
    if isinstance(given, str) and given in VERDICTS:
        return given
    if exercise.in_tempo_s[0] <= rep.eccentric_s <= exercise.in_tempo_s[1]:
        return "in_tempo"
    if exercise.accepted_s[0] <= rep.eccentric_s <= exercise.accepted_s[1]:
        return "accepted"
    return "too_fast" if rep.eccentric_s < exercise.accepted_s[0] else "too_slow"


def dots_chart(
    reps: Sequence[RepBody], exercise: Exercise | None, language: Language
) -> Chart | None:
    """Draw one dot for each repetition against the band of the tempo; None without durations."""
    timed = [rep.eccentric_s for rep in reps if rep.eccentric_s is not None]
    if not timed or exercise is None or exercise.eccentric_s is None:
        return None
    highest = max(LEAST_S, float(ceil(max(timed))))
    y = Scale(0.0, highest, DOTS_HEIGHT - FOOT, HEAD)
    marks = ticks(0, highest, 5)
    low, high = exercise.in_tempo_s
    parts = [band((0, 100), (y(low), y(high)), "band")]
    parts += [level(y(at), "grid") for at in marks]
    parts.append(level(y(exercise.eccentric_s), "target"))
    for index, rep in enumerate(reps):
        x = round(100 * (index + 0.5) / len(reps), 2)
        kind = verdict(rep, exercise)
        is_major = index == 0 or (index + 1) % 5 == 0
        if is_major or len(reps) <= MANY_REPS:
            place = "tick middle" if is_major else "tick middle minor"
            parts.append(text(str(index + 1), f"{x}%", DOTS_HEIGHT - 6, place))
        words = f"{index + 1}: {language.seconds(rep.eccentric_s)}, {language.say(VERDICTS[kind])}"
        parts.append(mark(SHAPES[kind], x, y(rep.eccentric_s or 0.0), kind, words))
    label = language.say(
        N_("Seconds of each repetition; the shaded band is %(low)s to %(high)s s."),
        low=language.number(low),
        high=language.number(high),
    )
    return Chart(draw_axis(marks, y, DOTS_HEIGHT, " s"), draw_plot(parts, DOTS_HEIGHT, label))


def legend(reps: Sequence[RepBody], exercise: Exercise | None, language: Language) -> list[Sign]:
    """Explain the marks that occur."""
    kinds = {verdict(rep, exercise) for rep in reps}
    return [
        Sign(_sign(SHAPES[kind], kind), language.say(words))
        for kind, words in VERDICTS.items()
        if kind in kinds
    ]


def trace_chart(
    one: SetBody,
    trace: Trace,
    exercise: Exercise | None,
    language: Language,
    *,
    shaded: Mapping[str, str] = SLOW_RETURN,
) -> Chart | None:
    """Draw the angle over time, some kinds of phase shaded; None when no angle is known."""
    known = [angle for angle in trace.a if angle is not None]
    if not known:
        return None
    target = exercise.peak_deg if exercise else None
    goal = exercise.peak_good_deg if exercise else None
    bottom, top = angle_limits(known, goal)
    first, last = trace.t[0], max(trace.t[-1], trace.t[0] + 1.0)
    x = Scale(first, last, 0.0, 100.0)
    y = Scale(bottom, top, TRACE_HEIGHT - FOOT, HEAD)
    spans = _phase_spans(one, shaded)
    y_marks = ticks(bottom, top, 6)
    is_target = exercise is not None and exercise.peak_kind == "target"
    parts = [
        band((x(max(a, first)), x(min(b, last))), (y(bottom), y(top)), shade)
        for a, b, shade in spans
        if a < last and b > first
    ]
    if goal and is_target:
        parts.append(band((0, 100), (y(goal[0]), y(goal[1])), "band"))
    parts += [level(y(at), "grid") for at in y_marks]
    if target is not None:
        parts.append(level(y(target), "target"))
    wide = Scale(first, last, 0.0, 1000.0)
    points = columns_of(trace.t, trace.a, COLUMNS, LONGEST_GAP_S)
    parts.append(curve([p and (wide(p[0]), y(p[1])) for p in points], 1000.0, float(TRACE_HEIGHT)))
    for at in ticks(first, last, 5):
        place = "start" if x(at) < 3 else "end" if x(at) > 97 else "middle"  # noqa: PLR2004
        parts.append(text(f"{at} s", f"{x(at)}%", TRACE_HEIGHT - 6, f"tick {place}"))
    label = language.say(N_("Angle over time; the shaded stretches are the slow returns."))
    data = {
        "spans": spans,
        "goal": list(goal) if goal and is_target else None,
        "target": target,
        "range": [bottom, top],
        "yTicks": y_marks,
    }
    return Chart(
        draw_axis(y_marks, y, TRACE_HEIGHT, "°"), draw_plot(parts, TRACE_HEIGHT, label), data
    )


def angle_limits(known: Sequence[float], goal: tuple[float, float] | None) -> tuple[float, float]:
    """Return the limits of the angle axis, on tens, with the goal in sight."""
    lowest = min([0.0, *known])
    highest = max([*known, *(goal or ())])
    return 10.0 * (lowest // 10), 10.0 * ceil((highest + 4) / 10)


def _phase_spans(one: SetBody, shaded: Mapping[str, str]) -> list[tuple[float, float, str]]:
    """Return phases in seconds from the start of the set, the trace's clock, and their shade."""
    return [
        (
            round(phase.start_s - one.start_s, 3),
            round(phase.end_s - one.start_s, 3),
            shaded[phase.kind],
        )
        for rep in one.reps
        for phase in rep.phases
        if phase.kind in shaded
    ]


def draw_axis(marks: Sequence[float], y: Scale, height: int, unit: str) -> Markup:
    """Return the labels beside a plot."""
    labels = [text(f"{at:g}{unit}", "100%", y(at) + 4, "tick end") for at in marks]
    drawn = Markup("").join(labels)
    return element("svg", drawn, class_="axis", height=height, aria_hidden="true")


def draw_plot(parts: Sequence[Markup], height: int, label: str) -> Markup:
    """Return a plot with what it says in words."""
    drawn = Markup("").join(parts)
    return element("svg", drawn, class_="plot", height=height, role="img", aria_label=label)


def _sign(shape: str, kind: str) -> Markup:
    drawn = mark(shape, 50, 9, kind, "")
    return element("svg", drawn, class_="sign", width=18, height=18, aria_hidden="true")
