"""The week's tempo: of each day the share of timed repetitions that were in tempo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from api.pages.language import N_, NOTHING, Language
from api.pages.plot import Scale, element, level, text

DAYS: Final = 7
HEIGHT: Final = 132
HEAD: Final = 20  # pixels above the bars, for a number
FOOT: Final = 24  # pixels below, for the day
BAR_PERCENT: Final = 7.0


@dataclass(frozen=True, slots=True)
class TempoDay:
    """The timed repetitions of one day, and how many of them were in tempo."""

    on: date
    timed: int
    in_tempo: int


@dataclass(frozen=True, slots=True)
class TempoWeek:
    """The drawn week, and the same in words."""

    plot: Markup
    words: str


def tempo_week(days: Sequence[TempoDay], today: date, language: Language) -> TempoWeek | None:
    """Draw the seven days that end today; None when nothing was timed in them."""
    known = {day.on: day for day in days if day.timed > 0}
    shown = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    if not any(on in known for on in shown):
        return None
    scale = Scale(0.0, 1.0, HEIGHT - FOOT, HEAD)
    drawn = [level(scale(0.0), "grid")]
    said = []
    for n, on in enumerate(shown):
        middle = round(100 * (n + 0.5) / DAYS, 2)
        name = language.weekday(on)
        day = known.get(on)
        share = None if day is None else day.in_tempo / day.timed
        shown_share = language.percent(share)
        drawn.append(text(name, f"{middle}%", HEIGHT - 6, "tick middle"))
        if share is not None:
            top = min(scale(share), scale(0.0) - 2)
            drawn.append(
                element(
                    "rect",
                    x=f"{round(middle - BAR_PERCENT / 2, 2)}%",
                    y=top,
                    width=f"{BAR_PERCENT}%",
                    height=scale(0.0) - top,
                    rx=3,
                    class_="bar-mark",
                )
            )
        number = shown_share if share is not None else NOTHING
        y = (scale(share) if share is not None else scale(0.0)) - 6
        drawn.append(text(number, f"{middle}%", y, "tick middle"))
        said.append(f"{name} {shown_share}")
    words = language.say(N_("In tempo by day: %(days)s"), days=", ".join(said))
    plot = element(
        "svg", Markup("").join(drawn), class_="plot", height=HEIGHT, role="img", aria_label=words
    )
    return TempoWeek(plot, words)
