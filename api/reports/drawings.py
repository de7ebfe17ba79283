"""Charts for paper: those of the pages in one picture each, and how things went week by week.

Colours and sizes that a page takes from its style sheet stand in the picture itself; it is drawn
for paper, so always in the light colours of the pages.
"""

from collections.abc import Sequence
from math import ceil
from typing import Final

from markupsafe import Markup

from api.pages.charts import DOTS_HEIGHT, FOOT, HEAD, TRACE_HEIGHT, Chart
from api.pages.language import Language
from api.pages.plot import Scale, element, ticks
from api.reports.totals import Totals

WIDTH: Final = 1_000  # of the plot, as wide as the curve of a trace is drawn: it is not stretched
AXIS: Final = 84
BARS_HEIGHT: Final = 156
FONT: Final = 19
SVG: Final = "http://www.w3.org/2000/svg"
LEAST_MINUTES: Final = 1.0
LEAST_S: Final = 5.0
PAIN_TOP: Final = 10
STYLE: Final = Markup(
    "text{font-family:'Noto Sans';font-size:%dpx;fill:#51626a}"
    ".middle{text-anchor:middle}.end{text-anchor:end}.minor{display:none}"
    ".grid{stroke:#dcddd5;stroke-width:1}"
    ".target{stroke:#0b6b69;stroke-width:1.5;stroke-dasharray:5 5}"
    ".band{fill:#cfe9e1}.lowering{fill:#e9edf3}"
    ".curve{fill:none;stroke:#18262b;stroke-width:2}"
    ".mark{fill:#0b6b69;stroke:#fff;stroke-width:1.5}"
    ".accepted{fill:#fff;stroke:#0b6b69;stroke-width:2.5}"
    ".too_fast{fill:#9c4a00}.too_slow{fill:#4a4fa3}.untimed{fill:#51626a}"
    ".due{fill:#fff;stroke:#51626a;stroke-width:1.5;stroke-dasharray:4 4}.done{fill:#0b6b69}"
    ".pain{fill:#18262b}"
) % (FONT,)


def page_chart(chart: Chart, *, is_trace: bool = False) -> str:
    """Return a chart of the pages as one picture, its axis at its left."""
    height = TRACE_HEIGHT if is_trace else DOTS_HEIGHT
    axis = element("svg", chart.axis, x=0, width=AXIS - 8, height=height)
    plot = element("svg", chart.plot, x=AXIS, width=WIDTH, height=height)
    return _picture(axis + plot, height)


def dose_chart(totals: Totals, language: Language) -> str:
    """Draw the eccentric minutes of each week: done as a bar, due as its outline."""
    done = [_minutes(week.core.dose_s) for week in totals.weeks]
    due = [_minutes(week.dose_due_s) for week in totals.weeks]
    highest = max(LEAST_MINUTES, *done, *due)
    y = Scale(0.0, highest * 1.05, BARS_HEIGHT - FOOT, HEAD)
    parts = _levels(ticks(0, highest, 4), y, " min")
    width = WIDTH / max(len(done), 1)
    for index, (ordered, delivered) in enumerate(zip(due, done, strict=True)):
        left, broad = AXIS + (index + 0.2) * width, 0.6 * width
        parts += [
            _bar(left, broad, y(0.0), y(ordered), "due"),
            _bar(left, broad, y(0.0), y(delivered), "done"),
        ]
    return _picture(Markup("").join([*parts, *_weeks(totals, language)]), BARS_HEIGHT)


def tempo_chart(totals: Totals, limits_s: tuple[float, float], language: Language) -> str:
    """Draw the mean seconds of the slow return of each week against the band."""
    known = [week.core.eccentric_mean_s for week in totals.weeks]
    highest = max([LEAST_S, *(value for value in known if value is not None)])
    y = Scale(0.0, float(ceil(highest)), BARS_HEIGHT - FOOT, HEAD)
    low, high = limits_s
    band = element("rect", x=AXIS, width=WIDTH, y=y(high), height=y(low) - y(high), class_="band")
    parts = [band, *_levels(ticks(0, highest, 5), y, " s")]
    return _dots([None if value is None else y(value) for value in known], parts, totals, language)


def pain_chart(totals: Totals, language: Language) -> str:
    """Draw the worst pain of each week, from 0 to 10."""
    y = Scale(0.0, float(PAIN_TOP), BARS_HEIGHT - FOOT, HEAD)
    parts = _levels([0, 5, PAIN_TOP], y, "")
    worst = [week.pain_worst for week in totals.weeks]
    places = [None if value is None else y(value) for value in worst]
    return _dots(places, parts, totals, language, kind="pain")


def _dots(
    places: Sequence[float | None],
    parts: list[Markup],
    totals: Totals,
    language: Language,
    *,
    kind: str = "in_tempo",
) -> str:
    width = WIDTH / max(len(places), 1)
    for index, place in enumerate(places):
        if place is not None:
            at = AXIS + (index + 0.5) * width
            parts.append(element("circle", cx=at, cy=place, r=8, class_=f"mark {kind}"))
    return _picture(Markup("").join([*parts, *_weeks(totals, language)]), BARS_HEIGHT)


def _levels(marks: Sequence[float], y: Scale, unit: str) -> list[Markup]:
    """Return lines across and their numbers."""
    parts = []
    for at in marks:
        right, place = AXIS + WIDTH, y(at)
        parts.append(element("line", x1=AXIS, x2=right, y1=place, y2=place, class_="grid"))
        words = f"{at:g}{unit}"
        parts.append(element("text", words, x=AXIS - 8, y=y(at) + 6, class_="tick end"))
    return parts


def _weeks(totals: Totals, language: Language) -> list[Markup]:
    """Return the first day of each week below the plot; of many weeks only some."""
    n_weeks = len(totals.weeks)
    step = ceil(n_weeks / 12)
    width = WIDTH / max(n_weeks, 1)
    return [
        element(
            "text",
            language.short_date(week.first_on),
            x=AXIS + (index + 0.5) * width,
            y=BARS_HEIGHT - 4,
            class_="tick middle",
        )
        for index, week in enumerate(totals.weeks)
        if index % step == 0
    ]


def _bar(left: float, width: float, bottom: float, top: float, kind: str) -> Markup:
    return element("rect", x=left, y=top, width=width, height=max(0.0, bottom - top), class_=kind)


def _minutes(seconds: float | None) -> float:
    return 0.0 if seconds is None else seconds / 60


def _picture(drawn: Markup, height: int) -> str:
    width = AXIS + WIDTH + 8
    style = element("style", STYLE)
    box = f"0 0 {width} {height}"
    inner = style + drawn
    picture = element("svg", inner, xmlns=SVG, view_box=box, width=width, height=height)
    return str(picture)
