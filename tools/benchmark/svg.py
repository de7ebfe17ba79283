"""A small writer of charts as SVG: the same numbers always give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

BLUE: Final = "#1f5f8b"
ORANGE: Final = "#a85a00"
_INK: Final = "#1d2b33"
_GOOD: Final = "#e3f0e6"
_FONT: Final = "system-ui, sans-serif"
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 46, 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A scale from a value to a place, with its marks and its words."""

    label: str
    low: float
    high: float
    marks: tuple[float, ...]
    digits: int = 1

    def share(self, value: float) -> float:
        """Return where a value lies between low (0) and high (1)."""
        return (value - self.low) / (self.high - self.low)

    def text(self, value: float) -> str:
        """Return a mark as it is written."""
        return f"{value:.{self.digits}f}"


@dataclass(slots=True, kw_only=True)
class Chart:
    """A drawing with two axes; places are given in the units of the axes."""

    title: str
    description: str
    x: Axis
    y: Axis
    width: int = 720
    height: int = 400
    left: int = _LEFT
    marks_of_y: bool = True
    _parts: list[str] = field(default_factory=list)

    def at_x(self, value: float) -> float:
        """Return the place of a value from the left edge, in pixels."""
        return self.left + self.x.share(value) * (self.width - self.left - _RIGHT)

    def at_y(self, value: float) -> float:
        """Return the place of a value from the top edge, in pixels."""
        return self.height - _BOTTOM - self.y.share(value) * (self.height - _TOP - _BOTTOM)

    def points(self, places: Sequence[tuple[float, float]], colour: str) -> None:
        """Draw dots; what lies outside the axes is drawn at their edge."""
        dots = "".join(
            f"M{self.at_x(_within(x, self.x)):.1f} {self.at_y(_within(y, self.y)):.1f}h0"
            for x, y in places
        )
        self._parts.append(
            f'<path d="{dots}" stroke="{colour}" stroke-width="3.2" stroke-linecap="round"'
            ' stroke-opacity=".45"/>'
        )

    def across(self, value: float, label: str, colour: str, *, dashed: bool = False) -> None:
        """Draw a level line through the whole width, with words above its right end."""
        y = self.at_y(_within(value, self.y))
        self.line((self.x.low, value), (self.x.high, value), colour, dashed=dashed)
        if label:
            self.words(self.width - _RIGHT - 4, y - 4, label, anchor="end", colour=colour)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        colour: str,
        *,
        width: float = 1.5,
        dashed: bool = False,
    ) -> None:
        """Draw a line between two places."""
        (x1, y1), (x2, y2) = ((_within(x, self.x), _within(y, self.y)) for x, y in (start, end))
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        self._parts.append(
            f'<line x1="{self.at_x(x1):.1f}" y1="{self.at_y(y1):.1f}" x2="{self.at_x(x2):.1f}"'
            f' y2="{self.at_y(y2):.1f}" stroke="{colour}" stroke-width="{width}"{dash}/>'
        )

    def area(
        self, corner: tuple[float, float], other: tuple[float, float], colour: str = _GOOD
    ) -> None:
        """Fill a rectangle between two corners."""
        xs = sorted(self.at_x(_within(x, self.x)) for x in (corner[0], other[0]))
        ys = sorted(self.at_y(_within(y, self.y)) for y in (corner[1], other[1]))
        self._parts.append(
            f'<rect x="{xs[0]:.1f}" y="{ys[0]:.1f}" width="{xs[1] - xs[0]:.1f}"'
            f' height="{ys[1] - ys[0]:.1f}" fill="{colour}"/>'
        )

    def words(
        self, x: float, y: float, text: str, *, anchor: str = "start", colour: str = _INK
    ) -> None:
        """Write words at a place in pixels."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
            f"{escape(text)}</text>"
        )

    def svg(self) -> str:
        """Return the drawing as one document, readable on any background."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            f' role="img" aria-labelledby="t d" font-family="{_FONT}" font-size="13">'
        )
        ground = f'<rect width="{self.width}" height="{self.height}" rx="8" fill="#ffffff"/>'
        heading = (
            f'<text x="16" y="26" font-size="16" font-weight="600" fill="{_INK}">'
            f"{escape(self.title)}</text>"
        )
        parts = [
            head,
            f'<title id="t">{escape(self.title)}</title>',
            f'<desc id="d">{escape(self.description)}</desc>',
            ground,
            *self._parts,
            *self._axes(),
            heading,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _axes(self) -> list[str]:
        bottom, right = self.height - _BOTTOM, self.width - _RIGHT
        frame = (
            f'<path d="M{self.left} {_TOP}V{bottom}H{right}" fill="none" stroke="{_INK}"'
            ' stroke-width="1"/>'
        )
        parts = [frame]
        for mark in self.x.marks:
            x = self.at_x(mark)
            parts.append(f'<path d="M{x:.1f} {bottom}v5" stroke="{_INK}"/>')
            parts.append(_text(x, bottom + 19, self.x.text(mark), "middle"))
        if self.marks_of_y:
            for mark in self.y.marks:
                y = self.at_y(mark)
                parts.append(f'<path d="M{self.left} {y:.1f}h-5" stroke="{_INK}"/>')
                parts.append(_text(self.left - 9, y + 4, self.y.text(mark), "end"))
        parts.append(_text((self.left + right) / 2, self.height - 10, self.x.label, "middle"))
        middle = (_TOP + bottom) / 2
        if self.y.label:
            parts.append(
                f'<text transform="translate(17 {middle:.1f}) rotate(-90)" text-anchor="middle"'
                f' fill="{_INK}">{escape(self.y.label)}</text>'
            )
        return parts


def _within(value: float, axis: Axis) -> float:
    return min(max(value, axis.low), axis.high)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_INK}">{escape(text)}</text>'
    )
