"""What the terminal shows beside repetitions: holds, intervals, cadence, the way of a sitting."""

from collections.abc import Mapping
from typing import Any, Final

from rich.text import Text as Line

from tracker.profile import Language
from tracker.words import INTERVALS, Text, in_language

CELLS: Final = 30

# State: shape, shape without Unicode, style.
STEPS: Final = {
    "todo": ("·", ".", "dim"),
    "doing": ("▶", ">", "bold"),
    "done": ("✓", "+", "green"),
    "skipped": ("↷", "-", "dim"),
    "self_reported": ("✎", "*", "cyan"),
}
LEGS: Final = {"left": Text(", left", ", links"), "right": Text(", right", ", rechts")}
CADENCE: Final = Text("cadence {now}", "cadans {now}")
CADENCE_TARGET: Final = Text("cadence {now}, above {least}", "trapfrequentie {now}, boven {least}")
NEXT: Final = Text("then: {next}", "daarna: {next}")
MINUTES_LEFT: Final = Text("about {n} minutes left", "nog ongeveer {n} minuten")
HELD: Final = Text("held {s} s", "{s} s vastgehouden")
STILL: Final = Text("still for {s} of {due} s", "{s} van {due} s stil")
TIMED: Final = Text("timed, not measured", "op de klok, niet gemeten")
TIMES_AWAY: Final = Text("left {n} times", "{n} keer losgelaten")


def filling_bar(share: float, *, has_unicode: bool) -> str:
    """Return a bar that fills from 0 to 1."""
    full, empty = ("━", "─") if has_unicode else ("=", "-")
    n_full = round(max(0.0, min(1.0, share)) * CELLS)
    return full * n_full + empty * (CELLS - n_full)


def still_line(frame: Mapping[str, Any], *, has_unicode: bool, language: Language) -> Line:
    """Return how long the leg has been still, against the time that a start asks for."""
    still_s, due_s = frame["still_s"], frame["still_of_s"]
    bar = filling_bar(still_s / due_s, has_unicode=has_unicode)
    said = STILL.with_values(s=in_language(still_s, 0, language), due=f"{due_s:g}")
    return Line(f"{bar} {said.to(language)}", style="bold")


def hold_line(
    frame: Mapping[str, Any], due_s: float | None, *, has_unicode: bool, language: Language
) -> Line:
    """Return how long a pose has been held, against the time that is asked for."""
    held_s = frame.get("hold_s") or 0.0
    bar = filling_bar(held_s / due_s if due_s else 0.0, has_unicode=has_unicode)
    goal = "" if due_s is None else f" / {due_s:.0f}"
    style = "bold" if frame.get("is_still") else "dim"
    return Line(f"{bar} {in_language(held_s, 0, language)}{goal} s", style=style)


def interval_lines(
    frame: Mapping[str, Any], target_per_min: float | None, *, has_unicode: bool, language: Language
) -> Line:
    """Return what is on, what is left of it, what comes next, and the cadence."""
    interval = frame["interval"]
    line = Line(INTERVALS[interval["kind"]].to(language), style="bold")
    if interval["rounds"] > 1:
        line.append(f"   {interval['round']}/{interval['rounds']}")
    if interval["left_s"] is not None and interval["of_s"]:
        done = 1 - interval["left_s"] / interval["of_s"]
        bar = filling_bar(done, has_unicode=has_unicode)
        line.append(f"\n{bar} {clock(interval['left_s'])}")
    else:
        line.append(f"\n{clock(interval['elapsed_s'])}")
    cadence = frame.get("cadence_per_min")
    if cadence is not None:
        said = CADENCE if target_per_min is None else CADENCE_TARGET
        least = "" if target_per_min is None else f"{target_per_min:.0f}"
        shown = said.with_values(now=f"{cadence:.0f}", least=least).to(language)
        line.append(f"\n{shown}")
    if interval["next"] is not None:
        following = INTERVALS[interval["next"]].to(language)
        line.append(f"\n{NEXT.to(language).format(next=following)}", style="dim")
    return line


def plan_lines(plan: Mapping[str, Any], *, has_unicode: bool, language: Language) -> Line:
    """Return the exercises of the sitting with what became of each, and the minutes left."""
    line = Line()
    for step in plan["steps"]:
        shape, plain, style = STEPS[step["state"]]
        times = step["sets"] if step["reps"] is None else f"{step['sets']} x {step['reps']}"
        leg = LEGS[step["side"]].to(language) if step["side"] in LEGS else ""
        line.append(f"{shape if has_unicode else plain} {step['name'][language]}", style=style)
        line.append(f"  {times}{leg}\n", style="dim")
    said = MINUTES_LEFT.with_values(n=plan["minutes_left"])
    return line.append(said.to(language), style="dim")


def done_lines(card: Mapping[str, Any], language: Language) -> Line:
    """Return what a card says of holds and bouts."""
    line = Line()
    for hold in card.get("holds", ()):
        held_s = in_language(hold["held_s"], 0, language)
        line.append("\n" + HELD.with_values(s=held_s).to(language))
        if hold["interruptions"]:
            line.append(f", {TIMES_AWAY.with_values(n=hold['interruptions']).to(language)}")
    for bout in card.get("bouts", ()):
        name = INTERVALS[bout["kind"]].to(language) if bout["kind"] in INTERVALS else bout["kind"]
        line.append(f"\n{name} {clock(bout['duration_s'])}")
        if bout["cadence_per_min"] is not None:
            line.append(f"  {CADENCE.with_values(now=round(bout['cadence_per_min'])).to(language)}")
    if (card.get("holds") or card.get("bouts")) and not card.get("is_measured", True):
        line.append(f"\n{TIMED.to(language)}", style="dim")
    return line


def clock(seconds: float) -> str:
    """Write a time as minutes and seconds.

    Examples
    --------
    >>> clock(83.4)
    '1:23'

    """
    minutes, left_s = divmod(int(seconds), 60)
    return f"{minutes}:{left_s:02d}"
