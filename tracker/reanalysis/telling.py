"""What a re-analysis came to, as a table in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from api.review.schemas import RepChange, SetChange, ValueChange
from tracker.reanalysis.job import Done

NONE: Final = "-"
UNITS: Final = {"_s": " s", "_deg": "°"}


def tell(console: Console, done: Sequence[Done], *, n_accepted_before: int = 0) -> None:
    """Print one line a change, and what is left to decide."""
    if not done:
        console.print("Nothing to do: this engine has analysed every session with a recording.")
    table = Table("session", "set", "repetition", "before", "after", box=None, pad_edge=False)
    for one in done:
        for change in one.result.differences if one.result is not None else ():
            for row in _rows(change):
                table.add_row(str(one.session_id)[:8], *row)
    if table.row_count:
        console.print(table)
    for one in done:
        if one.result is None:
            console.print(one.reason, highlight=False, markup=False, soft_wrap=True)
    _tell_counts(console, done, n_accepted_before)


def _tell_counts(console: Console, done: Sequence[Done], n_accepted_before: int) -> None:
    found = [one.result for one in done if one.result is not None]
    n_same = sum(result.n_changes == 0 for result in found)
    n_accepted = sum(one.is_accepted for one in done) + n_accepted_before
    if done:
        console.print(
            f"{len(found)} analysed, {n_same} of them the same as before; "
            f"{len(done) - len(found)} could not be.",
            highlight=False,
        )
    if n_accepted:
        console.print(f"{n_accepted} accepted: they are the current results.", highlight=False)
    n_waiting = len(found) - sum(one.is_accepted for one in done)
    if n_waiting:
        console.print(
            f"{n_waiting} wait: accept them with --accept same, --accept all, or on the page of "
            "the session.",
            highlight=False,
        )


def _rows(change: SetChange) -> list[tuple[str, str, str, str]]:
    number = str(change.after or change.before)
    if change.after is None or change.before is None:
        there = ("found", NONE) if change.after is None else (NONE, "found")
        return [(number, "", *there)]
    rows = [(number, one.name, *_before_and_after(one)) for one in change.values]
    for rep in change.reps:
        rows += [(number, *row) for row in _rep_rows(rep)]
    return rows


def _rep_rows(rep: RepChange) -> list[tuple[str, str, str]]:
    if rep.before is None or rep.after is None:
        number = rep.after or rep.before
        there = ("found", NONE) if rep.after is None else (NONE, "found")
        return [(f"{number}", *there)]
    rows = [(f"{rep.after} {one.name}", *_before_and_after(one)) for one in rep.values]
    if rep.flags_gone or rep.flags_added:
        gone, added = " ".join(rep.flags_gone) or NONE, " ".join(rep.flags_added) or NONE
        rows.append((f"{rep.after} flags", gone, added))
    return rows


def _before_and_after(change: ValueChange) -> tuple[str, str]:
    return _written(change.name, change.before), _written(change.name, change.after)


def _written(name: str, value: float | None) -> str:
    if value is None:
        return NONE
    unit = next((said for ending, said in UNITS.items() if name.endswith(ending)), "")
    return f"{value:.2f}{unit}" if unit == " s" else f"{value:g}{unit}"
