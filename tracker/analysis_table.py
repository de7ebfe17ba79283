"""An analysis as a table for people: one line a repetition, a small chart, the feedback."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tracker.bout_table import bout_table
from tracker.profile import Language
from tracker.words import Text, in_language

HEADS: Final = (
    Text("start s", "start s"),
    Text("eccentric s", "excentrisch s"),
    Text("peak °", "piek °"),
    Text("flags", "aandachtspunten"),
)
HOLD_HEADS: Final = (
    Text("start s", "start s"),
    Text("held s", "vastgehouden s"),
    Text("interruptions", "onderbrekingen"),
)
CHART_COLUMNS: Final = 72
LEVELS: Final = " ▁▂▃▄▅▆▇█"
ASCII_LEVELS: Final = " .:-=+*#@"

FLAG_WORDS: Final = {
    "shallow": Text("not far enough", "niet ver genoeg gebogen"),
    "incomplete_return": Text("not fully back", "niet helemaal terug"),
    "too_fast": Text("too fast", "te snel"),
    "fast_drop": Text("leg fell back", "been valt terug"),
    "stepwise": Text("stepwise", "met horten"),
    "too_slow": Text("a little quicker", "mag iets vlotter"),
    "gap": Text("samples missing", "meetgat"),
    "saturated": Text("sensor at its limit", "sensor aan zijn grens"),
    "too_close_to_call": Text("too close to call", "op de grens"),
    "beyond_limit": Text("beyond the limit", "voorbij de grens"),
    "short_hold": Text("held too briefly", "te kort vastgehouden"),
    "knee_may_bend": Text("knee may be bending", "knie buigt misschien"),
}


def sparkline(
    values: NDArray[np.float64], n_columns: int = CHART_COLUMNS, *, is_ascii: bool = False
) -> str:
    """Draw values as one line: the highest of each column, so that no peak is lost.

    Parameters
    ----------
    values : (n,) ndarray
        What cannot be drawn (NaN) is left out.
    n_columns : int
        Width.
    is_ascii : bool
        Without block characters.

    Examples
    --------
    >>> sparkline(np.array([0.0, 45.0, 90.0, 45.0, 0.0]), 5, is_ascii=True)
    ' =@= '

    """
    levels = ASCII_LEVELS if is_ascii else LEVELS
    known = np.where(np.isfinite(values), values, -np.inf)
    edges = np.linspace(0, len(known), min(n_columns, len(known)) + 1).astype(int)
    tops = np.array([known[a:b].max() for a, b in pairwise(edges)])
    drawn = tops[np.isfinite(tops)]
    if not len(drawn):
        return ""
    low, high = min(0.0, float(drawn.min())), float(drawn.max())
    steps = (tops - low) / max(high - low, 1e-9) * (len(levels) - 1)
    return "".join(levels[round(step)] if np.isfinite(step) else " " for step in steps)


def print_analysis(
    console: Console,
    document: dict[str, Any],
    time_s: NDArray[np.float64],
    angle_deg: NDArray[np.float64] | None,
) -> None:
    """Print an analysis document.

    Parameters
    ----------
    console : Console
        Where to.
    document : dict
        As `analysis_document` gives it.
    time_s, angle_deg : (n,) ndarray
        The movement coordinate over the seconds from the first sample; drawn for each set.

    """
    language: Language = "nl" if document["language"] == "nl" else "en"
    recording = document["recording"]
    console.print(
        f"{document['exercise']}   {recording['format']}   "
        f"{in_language(recording['duration_s'], 1, language)} s   "
        f"{in_language(recording['rate_hz'], 1, language)} Hz   "
        f"{in_language(100 * recording['coverage'], 1, language)} %",
        highlight=False,
    )
    is_ascii = not console.encoding.lower().startswith("utf")
    for number, one in enumerate(document["sets"], start=1):
        console.print(f"\n{Text('Set', 'Serie').to(language)} {number}", style="bold")
        if angle_deg is not None:
            inside = (time_s >= one["start_s"]) & (time_s <= one["end_s"])
            console.print(sparkline(angle_deg[inside], is_ascii=is_ascii), highlight=False)
        _print_set(console, one, language)
    for warning in document["warnings"]:
        console.print(f"! {warning['text']}", highlight=False)
    if not document["sets"]:
        nothing = Text("No repetitions were found.", "Er zijn geen herhalingen gevonden.")
        console.print(nothing.to(language))


def _print_set(console: Console, one: dict[str, Any], language: Language) -> None:
    console.print(bout_table(one, language) if "bouts" in one else _rep_table(one, language))
    _print_rest(console, one, language)


def _rep_table(one: dict[str, Any], language: Language) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    shown = HOLD_HEADS if "holds" in one else HEADS
    heads = ["", *(head.to(language) for head in shown)]
    for head in heads:
        table.add_column(head, justify="left" if head == heads[-1] else "right")
    for count, rep in enumerate(one.get("reps", ()), start=1):
        flags = [FLAG_WORDS.get(flag, Text(flag, flag)).to(language) for flag in rep["flags"]]
        table.add_row(
            str(count),
            in_language(rep["start_s"], 1, language),
            _with_half_width(rep, "eccentric_s", 2, language),
            _with_half_width(rep, "peak_deg", 0, language),
            ", ".join(flags),
        )
    for count, hold in enumerate(one.get("holds", ()), start=1):
        table.add_row(
            str(count),
            in_language(hold["start_s"], 1, language),
            _with_half_width(hold, "still_s", 1, language),
            str(hold["interruptions"]),
        )
    return table


def _print_rest(console: Console, one: dict[str, Any], language: Language) -> None:
    quality = one["quality"]
    if quality.get("dose_s") is not None and quality.get("dose_prescribed_s") is not None:
        said = Text(
            "eccentric time (measured movement): {d} of {p} s",
            "excentrische tijd (gemeten beweging): {d} van {p} s",
        ).with_values(
            d=in_language(quality["dose_s"], 1, language),
            p=in_language(quality["dose_prescribed_s"], 1, language),
        )
        console.print(said.to(language), highlight=False)
    for feedback in one["feedback"]:
        console.print(f"- {feedback['text']}", highlight=False)


def _with_half_width(rep: dict[str, Any], name: str, digits: int, language: Language) -> str:
    """Write a number with the half-width of its 95 % interval, or a dash."""
    value = rep[name]
    if value is None:
        return "-"
    half_width = rep.get(f"{name}_u")
    shown = in_language(value, digits, language)
    if half_width is None:
        return shown
    return f"{shown} ± {in_language(half_width, digits, language)}"
