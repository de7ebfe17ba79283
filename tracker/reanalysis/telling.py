"""What a re-analysis came to, as tables in the terminal."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from api.review.schemas import RepChange, SetChange, ValueChange
from tracker.reanalysis.one_session import Done
from tracker.reanalysis.report import ChangeReport, ExerciseChanges, Shift

NONE: Final = "-"
UNITS: Final = {"_s": " s", "_deg": "°"}
ONE_BY_ONE: Final = 20  # more sessions than this are told by exercise, not line by line
TIMED: Final = "eccentric_s"


def tell(console: Console, report: ChangeReport) -> None:
    """Print what changed, what could not be done, and what is left to decide."""
    if not report.n_sessions:
        console.print("Nothing to do: this engine has analysed every session with a recording.")
    elif report.n_sessions <= ONE_BY_ONE:
        _tell_changes(console, report.kept)
    else:
        _tell_exercises(console, report)
        _tell_largest(console, report)
    for code, reason in sorted(report.reasons.items()):
        if reason.n > len(reason.examples):
            console.print(f"{reason.n} could not be done ({code}), such as:", highlight=False)
        for one in reason.examples:
            console.print(one.reason, highlight=False, markup=False, soft_wrap=True)
    _tell_counts(console, report)


def _tell_changes(console: Console, done: Sequence[Done]) -> None:
    table = _table("session", "set", "repetition", "before", "after")
    for one in done:
        for change in one.result.differences if one.result is not None else ():
            for row in _rows(change):
                table.add_row(str(one.session_id)[:8], *row)
    if table.row_count:
        console.print(table)


def _tell_exercises(console: Console, report: ChangeReport) -> None:
    table = _table("exercise", "sets", "changed", "reps + / -", "flags + / -", "mean return")
    for name, one in sorted(report.by_exercise.items()):
        table.add_row(name, str(one.n_sets), *_of_exercise(one))
    if table.row_count:
        console.print(table)


def _of_exercise(one: ExerciseChanges) -> tuple[str, ...]:
    shift = one.of_rep.get(TIMED, Shift())
    by = f"{shift.document()['mean']:+.2f} s in {shift.n}" if shift.n else NONE
    return (
        str(one.n_changed),
        f"{one.reps_added} / {one.reps_gone}",
        f"{one.flags_added.total()} / {one.flags_gone.total()}",
        by,
    )


def _tell_largest(console: Console, report: ChangeReport) -> None:
    if not report.largest:
        return
    table = _table("most changes", "session")
    for n_changes, session in report.largest:
        table.add_row(str(n_changes), session)
    console.print(table)


def _tell_counts(console: Console, report: ChangeReport) -> None:
    if report.n_sessions:
        meanwhile = f"; {report.n_repeats} were done meanwhile" if report.n_repeats else ""
        console.print(
            f"{report.n_analysed} analysed, {report.n_same} of them the same as before; "
            f"{report.n_failed} could not be{meanwhile}.",
            highlight=False,
        )
    if n_accepted := report.n_accepted + report.n_accepted_before:
        console.print(f"{n_accepted} accepted: they are the current results.", highlight=False)
    if n_waiting := report.n_analysed - report.n_accepted:
        console.print(
            f"{n_waiting} wait: accept them with --accept same, --accept all, or on the page of "
            "the session.",
            highlight=False,
        )


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)


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
