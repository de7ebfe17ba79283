"""The trends of a patient over the days of the programme: values with bands and uncertainty.

All charts of a page share their x axis, so that pain stands beneath the tempo of the same day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Final

from markupsafe import Markup

from api.pages.charts import Chart
from api.pages.language import N_, Language
from api.pages.plot import Scale, band, element, level, mark, text, ticks

HEIGHT: Final = 196
HEAD, FOOT = 14, 24  # pixels above and below a plot
BARS_HEIGHT: Final = 168
PAIN_HEIGHT: Final = 118
PAIN_MAX: Final = 10
DAYS_PER_WEEK: Final = 7
MANY_WEEKS: Final = 13  # more have no room for a number each
CAP_PERCENT: Final = 0.35  # half the width of the end of an uncertainty bar
WIDEST_BAR_PERCENT: Final = 6.0


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an x axis, both ends included."""

    first_on: date
    last_on: date

    @property
    def n_days(self) -> int:
        """How many there are."""
        return (self.last_on - self.first_on).days + 1

    def percent(self, day: float) -> float:
        """Return the place of a moment, in days since the first one began."""
        return round(100 * day / self.n_days, 2)

    def weeks(self) -> list[tuple[int, float]]:
        """Return each week's number, from 1, and where it begins."""
        starts = range(0, self.n_days, DAYS_PER_WEEK)
        step = 1 if len(starts) <= MANY_WEEKS else 2
        return [(n + 1, self.percent(start)) for n, start in enumerate(starts) if n % step == 0]


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day: `day` counts from the first day of the span, with its fraction.

    `u` is the half-width of its 95 % interval; `kind` the class of its mark.
    """

    day: float
    value: float
    u: float | None = None
    kind: str = "in_tempo"
    shape: str = "dot"


@dataclass(frozen=True, slots=True)
class WeekBar:
    """What was due and delivered in a week, from 1."""

    week: int
    due: float
    done: float


def trend_chart(
    points: Sequence[Point],
    span: Span,
    *,
    goal: tuple[float, float] | None,
    target: float | None,
    limits: tuple[float, float],
    unit: str,
    label: str,
    language: Language,
    names: Sequence[tuple[str, float]] | None = None,
) -> Chart:
    """Draw values over the days, each with its uncertainty, before the band that is aimed at.

    Parameters
    ----------
    points : sequence of Point
        In order of time.
    goal, target : optional
        The band, and the line in it.
    limits : (float, float)
        The axis reaches at least this far.
    unit : str
        As written behind a number, with its space.
    label : str
        What the chart shows, for who cannot see it.
    names : sequence of (str, float), optional
        What stands below the x axis and where, in percent; else the weeks.

    """
    ends = [v for p in points for v in (p.value - (p.u or 0.0), p.value + (p.u or 0.0))]
    low = float(floor(min([limits[0], *ends])))
    high = float(ceil(max([limits[1], *ends])))
    y = Scale(low, high, HEIGHT - FOOT, HEAD)
    marks = ticks(low, high, 5)
    parts = [] if goal is None else [band((0, 100), (y(goal[0]), y(goal[1])), "band")]
    parts += [level(y(at), "grid") for at in marks]
    if target is not None:
        parts.append(level(y(target), "target"))
    parts += _week_names(span, HEIGHT, language) if names is None else _names(names, HEIGHT)
    for point in points:
        x = span.percent(point.day)
        if point.u is not None:
            parts += _whisker(x, y(point.value - point.u), y(point.value + point.u))
    for point in points:
        words = f"{language.number(point.value)}{unit}"
        if point.u is not None:
            words += f" ± {language.number(point.u)}{unit}"
        parts.append(mark(point.shape, span.percent(point.day), y(point.value), point.kind, words))
    return Chart(_axis(marks, y, HEIGHT, unit), _plot(parts, HEIGHT, label))


def pain_chart(pains: Sequence[tuple[float, int]], span: Span, language: Language) -> Chart | None:
    """Draw the highest pain of each day; None when none was told."""
    if not pains:
        return None
    y = Scale(0.0, float(PAIN_MAX), PAIN_HEIGHT - FOOT, HEAD)
    marks = [0, 5, 10]
    parts = [level(y(at), "grid") for at in marks] + _week_names(span, PAIN_HEIGHT, language)
    for day, pain in pains:
        parts.append(
            element(
                "circle",
                element("title", str(pain)),
                cx=f"{span.percent(day)}%",
                cy=y(pain),
                r=4.5,
                class_="pain-mark",
            )
        )
    label = language.count(
        N_("Highest pain of 1 day, from 0 to 10: %(highest)s."),
        N_("Highest pain of %(n)s days, from 0 to 10; the highest of all is %(highest)s."),
        len(pains),
        highest=max(pain for _, pain in pains),
    )
    return Chart(_axis(marks, y, PAIN_HEIGHT, ""), _plot(parts, PAIN_HEIGHT, label))


def dose_chart(bars: Sequence[WeekBar], language: Language) -> Chart | None:
    """Draw of each week the eccentric time that was due, and in it what was delivered."""
    highest = max((max(bar.due, bar.done) for bar in bars), default=0.0)
    if not highest:
        return None
    y = Scale(0.0, highest, BARS_HEIGHT - FOOT, HEAD + 12)
    marks = ticks(0, highest, 3)
    parts = [level(y(at), "grid") for at in marks]
    width = min(100 / len(bars) * 0.7, WIDEST_BAR_PERCENT)
    said = []
    for n, bar in enumerate(bars):
        middle = 100 * (n + 0.5) / len(bars)
        left = round(middle - width / 2, 2)
        for value, class_ in ((bar.due, "due-mark"), (bar.done, "bar-mark")):
            top = min(y(value), y(0.0) - 1) if value else y(0.0)
            wide, tall = f"{round(width, 2)}%", y(0.0) - top
            parts.append(
                element("rect", x=f"{left}%", y=top, width=wide, height=tall, rx=2, class_=class_)
            )
        share = min(bar.done / bar.due, 1.0) if bar.due else None  # what is more is no dose
        if share is not None:
            top = min(y(bar.due), y(bar.done)) - 5
            parts.append(text(language.percent(share), f"{middle:.2f}%", top, "tick middle minor"))
        parts.append(text(str(bar.week), f"{middle:.2f}%", BARS_HEIGHT - 6, "tick middle"))
        week = language.say(N_("week %(n)s"), n=bar.week)
        said.append(f"{week} {language.percent(share)}")
    label = language.say(
        N_("Eccentric time delivered of that prescribed: %(weeks)s"), weeks=", ".join(said)
    )
    return Chart(_axis(marks, y, BARS_HEIGHT, " s"), _plot(parts, BARS_HEIGHT, label))


def _whisker(x: float, bottom: float, top: float) -> list[Markup]:
    """Draw an uncertainty as an upright line with ends."""
    left, right = f"{round(x - CAP_PERCENT, 2)}%", f"{round(x + CAP_PERCENT, 2)}%"
    lines = [(f"{x}%", f"{x}%", bottom, top), *((left, right, y, y) for y in (bottom, top))]
    return [
        element("line", x1=x1, x2=x2, y1=y1, y2=y2, class_="whisker") for x1, x2, y1, y2 in lines
    ]


def _names(names: Sequence[tuple[str, float]], height: int) -> list[Markup]:
    """Write the first name at the start of the axis and the last one at its end."""
    last = len(names) - 1
    return [
        text(words, f"{x}%", height - 6, "tick end" if n == last and n else "tick")
        for n, (words, x) in enumerate(names)
    ]


def _week_names(span: Span, height: int, language: Language) -> list[Markup]:
    return [
        text(language.say(N_("wk %(n)s"), n=n) if n == 1 else str(n), f"{x}%", height - 6, "tick")
        for n, x in span.weeks()
    ]


def _axis(marks: Sequence[float], y: Scale, height: int, unit: str) -> Markup:
    labels = [text(f"{at:g}{unit}", "100%", y(at) + 4, "tick end") for at in marks]
    drawn = Markup("").join(labels)
    return element("svg", drawn, class_="axis", height=height, aria_hidden="true")


def _plot(parts: Sequence[Markup], height: int, label: str) -> Markup:
    drawn = Markup("").join(parts)
    return element("svg", drawn, class_="plot", height=height, role="img", aria_label=label)
