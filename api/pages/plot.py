"""Pieces of SVG that fit any width without a script.

A chart is as wide as its place: x is in percent, y in pixels, so text and marks keep their size.
Curves, which cannot be drawn in percent, sit in an inner picture that stretches without scaling
its stroke. Colours come from the style sheet, by class.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


def element(name: str, content: Markup | str = "", **attributes: object) -> Markup:
    """Return one element; `class_` is class, `view_box` is viewBox, other underscores hyphens."""
    special = {"class_": "class", "view_box": "viewBox", "aspect": "preserveAspectRatio"}
    written = Markup("").join(
        Markup(' {}="{}"').format(special.get(key, key.replace("_", "-")), _short(value))
        for key, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, escape(content))  # noqa: S704 (names are ours)


def text(words: str, x: str, y: float, class_: str) -> Markup:
    """Return a line of text."""
    return element("text", words, x=x, y=y, class_=class_)


def band(x_percent: tuple[float, float], y: tuple[float, float], class_: str) -> Markup:
    """Return a filled rectangle between two places in each direction."""
    left, right = x_percent
    top, bottom = min(y), max(y)
    width = f"{round(right - left, 2)}%"
    return element("rect", x=f"{left}%", y=top, width=width, height=bottom - top, class_=class_)


def level(y: float, class_: str) -> Markup:
    """Return a line across the chart."""
    return element("line", x1="0", x2="100%", y1=y, y2=y, class_=class_)


def mark(shape: str, x: float, y: float, class_: str, title: str) -> Markup:
    """Return a mark at a place, with words for a pointer that rests on it."""
    inner = element("title", title) + element("path", d=SHAPES[shape])
    return element("svg", inner, x=f"{x}%", y=y, overflow="visible", class_=f"mark {class_}")


def curve(
    points: Iterable[tuple[float, float] | None],
    width: float,
    height: float,
    *,
    class_: str = "curve",
    title: str | None = None,
) -> Markup:
    """Return a curve in an inner picture of the given size; None lifts the pen."""
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L"
    words = "" if title is None else element("title", title)
    drawn = element(
        "path", words, d="".join(path), class_=class_, vector_effect="non-scaling-stroke"
    )
    box = f"0 0 {_short(width)} {_short(height)}"
    return element("svg", drawn, view_box=box, aspect="none", width="100%", height=height)


def columns_of(
    xs: Sequence[float], ys: Sequence[float | None], n_columns: int, longest_gap_s: float
) -> list[tuple[float, float] | None]:
    """Thin a curve: of each column keep its first, lowest, highest and last point.

    No peak is lost, as it would be with every n-th point. None stands where the pen lifts: at an
    unknown value and at a gap.
    """
    step = max(1, len(xs) // n_columns)
    kept: list[tuple[float, float] | None] = []
    column: list[tuple[float, float]] = []

    def end_column() -> None:
        if column:
            lowest = min(range(len(column)), key=lambda i: column[i][1])
            highest = max(range(len(column)), key=lambda i: column[i][1])
            kept.extend(column[i] for i in sorted({0, lowest, highest, len(column) - 1}))
            column.clear()

    last_x: float | None = None
    for x, y in zip(xs, ys, strict=True):
        is_gap = last_x is not None and x - last_x > longest_gap_s
        if y is None or is_gap:
            end_column()
            kept.append(None)
        if y is not None:
            column.append((x, y))
            if len(column) >= step:
                end_column()
        last_x = x
    end_column()
    return kept


def ticks(low: float, high: float, about: int) -> list[float]:
    """Return round numbers between two limits, about as many as asked.

    Examples
    --------
    >>> ticks(0, 58, 6)
    [0, 10, 20, 30, 40, 50]

    """
    rough = (high - low) / max(about, 1)
    steps = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1200, 3600)
    step = next((step for step in steps if step >= rough), steps[-1])
    first = -(-low // step) * step
    return [int(first + i * step) for i in range(int((high - first) // step) + 1)]


SHAPES = {
    "dot": "M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0z",
    "ring": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z",
    "down": "M-7.5 -6H7.5L0 7.5z",
    "up": "M-7.5 6H7.5L0 -7.5z",
    "square": "M-5.5 -5.5H5.5V5.5H-5.5z",
}


def _short(value: object) -> object:
    """Write a number without digits nobody sees."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
