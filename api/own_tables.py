"""What was measured of one patient as two tables, for people to open and for programs to read.

sets.csv, reps.csv    one line each
data-dictionary.csv   what each column of the two means, and its unit
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.active_time import active_s
from api.convert import set_body
from api.models import RepRow, SetRow
from api.review.counts import count_reps
from api.set_targets import exercise_of

# By column of the two tables: unit and meaning; docs/reference/measures.md defines the measures.
SET_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "session_id": ("", "session that the set belongs to"),
    "started_at": ("UTC", "start of the session"),
    "number": ("", "number of the set in its session, from 1"),
    "exercise": ("", "id of the exercise"),
    "side": ("", "leg that was measured"),
    "reps": ("", "repetitions counted"),
    "reps_by_patient": ("", "the patient's own count, when it was corrected"),
    "reps_prescribed": ("", "repetitions ordered"),
    "reps_counted": ("", "repetitions without those that a clinician left out"),
    "active_s": ("s", "time of what has no repetitions: the holds of a stretch, a sport's bouts"),
    "in_tempo": ("", "repetitions within the tempo band"),
    "in_tempo_counted": ("", "of those, the ones that a clinician did not leave out"),
    "accepted": ("", "repetitions within the wider band that counts"),
    "eccentric_mean_s": ("s", "mean duration of the eccentric phase"),
    "eccentric_mean_counted_s": ("s", "the same without what a clinician left out"),
    "eccentric_sd_s": ("s", "its standard deviation"),
    "dose_s": ("s", "eccentric time delivered"),
    "dose_counted_s": ("s", "the same without what a clinician left out"),
    "dose_prescribed_s": ("s", "eccentric time ordered"),
    "peak_mean_deg": ("degree", "mean of the largest angle"),
    "peak_sd_deg": ("degree", "its standard deviation"),
    "rom_mean_deg": ("degree", "mean of the largest angle minus that at the start"),
    "eccentric_drift_s": ("s", "change of the eccentric duration from first to last repetition"),
    "sparc_mean": ("", "mean smoothness (SPARC) of the eccentric phase; nearer to 0 is smoother"),
    "coverage": ("share of 1", "part of the signal that arrived"),
    "calibration_quality": ("share of 1", "how sure the rest pose is"),
    "band": ("", "elastic band in use"),
    "engine": ("", "version of the software that measured"),
}
REP_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "session_id": ("", "session that the repetition belongs to"),
    "set_number": ("", "number of its set, from 1"),
    "exercise": ("", "id of the exercise"),
    "side": ("", "leg that was measured"),
    "number": ("", "number in the set, from 1"),
    "start_s": ("s", "start, on the clock of the recording"),
    "end_s": ("s", "end, on the clock of the recording"),
    "peak_deg": ("degree", "largest angle"),
    "peak_deg_u": ("degree", "half-width of its 95 % interval"),
    "rom_deg": ("degree", "largest angle minus that at the start"),
    "eccentric_s": ("s", "duration of the eccentric phase, pauses included"),
    "eccentric_s_u": ("s", "half-width of its 95 % interval"),
    "eccentric_moving_s": ("s", "of that, the time in movement"),
    "pause_s": ("s", "standing still within the eccentric phase"),
    "concentric_s": ("s", "duration of the concentric phase"),
    "hold_s": ("s", "time between the phases"),
    "hold_scored_s": ("s", "time at or above 85 % of the repetition's own largest angle"),
    "sparc": ("", "smoothness (SPARC) of the eccentric phase; nearer to 0 is smoother"),
    "flags": ("", "what was noticed, separated by spaces"),
    "is_counted": ("", "False where a clinician left the repetition out"),
    "mark_reason": ("", "why a clinician marked the repetition"),
    "mark_remark": ("", "in the clinician's own words"),
    "marked_by": ("", "who marked it"),
}
Rows = Sequence[Mapping[str, Any]]
Marks = Mapping[tuple[Any, int, int], Mapping[str, Any]]
DISCARDED: Final = "discarded"
# Numbers that depend on which repetitions count: the name, and the unit behind it.
COUNTED: Final = (("reps", ""), ("in_tempo", ""), ("eccentric_mean", "_s"), ("dose", "_s"))
MEASURED_TABLES: Final = ("session", "exercise_set", "rep", "set_correction", "rep_mark")
# A spreadsheet takes a text that begins so for a formula, and what a patient or an app wrote as
# a band could be one. An apostrophe before it makes it text again.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def measured_tables(tables: Mapping[str, Rows]) -> dict[str, str]:
    """Return the texts of the three files by name, from all rows of a patient by table."""
    return {
        "sets.csv": _table(SET_COLUMNS, set_rows(tables)),
        "reps.csv": _table(REP_COLUMNS, rep_rows(tables)),
        "data-dictionary.csv": _dictionary(),
    }


def set_rows(tables: Mapping[str, Rows]) -> Rows:
    """Return the sets as lines of a table, in the order of training."""
    sessions = {row["id"]: row for row in tables["session"]}
    corrected = {
        (row["session_id"], row["number"]): row["reps"] for row in tables["set_correction"]
    }
    reps: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for rep in sorted(tables["rep"], key=lambda one: one["number"]):
        reps[rep["set_id"]].append(rep)
    marks = _marks(tables)
    rows = [
        {
            **row,
            **_counted(row, reps[row["id"]], marks),
            "started_at": sessions[row["session_id"]]["started_at"],
            "engine": sessions[row["session_id"]]["engine"],
            "band": _band(row["band"]),
            "active_s": active_s(row["extra"]),
            "reps_by_patient": corrected.get((row["session_id"], row["number"])),
        }
        for row in tables["exercise_set"]
    ]
    return sorted(rows, key=lambda row: (row["started_at"], row["number"]))


def rep_rows(tables: Mapping[str, Rows]) -> Rows:
    """Return the repetitions as lines of a table, set by set."""
    sets = {row["id"]: row for row in tables["exercise_set"]}
    marks = _marks(tables)
    return [
        {
            **row,
            **_mark_of(sets[row["set_id"]], row, marks),
            "session_id": sets[row["set_id"]]["session_id"],
            "set_number": sets[row["set_id"]]["number"],
            "exercise": sets[row["set_id"]]["exercise"],
            "side": sets[row["set_id"]]["side"],
            "flags": " ".join(row["flags"]),
        }
        for row in sorted(tables["rep"], key=lambda row: (row["set_id"], row["number"]))
    ]


def _marks(tables: Mapping[str, Rows]) -> Marks:
    """Return the marks that stand, by session, set and repetition."""
    return {
        (row["session_id"], row["set_number"], row["rep_number"]): row
        for row in tables["rep_mark"]
        if row["ended_at"] is None
    }


def _mark_of(one: Mapping[str, Any], rep: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    mark = marks.get((one["session_id"], one["number"], rep["number"]))
    if mark is None:
        return {"is_counted": True}
    return {
        "is_counted": mark["kind"] != DISCARDED,
        "mark_reason": mark["reason"],
        "mark_remark": mark["remark"],
        "marked_by": mark["marked_by"],
    }


def _counted(one: Mapping[str, Any], reps: Rows, marks: Marks) -> dict[str, Any]:
    """Count a set again without what was left out; the same numbers where nothing was."""
    left_out = {
        rep["number"] for rep in reps if _mark_of(one, rep, marks)["is_counted"] is not True
    }
    if not left_out:
        return {f"{name}_counted{unit}": one[f"{name}{unit}"] for name, unit in COUNTED}
    body = set_body(SetRow(**one), [RepRow(**rep) for rep in reps], None)
    count = count_reps(body, exercise_of(body), left_out)
    again = {
        f"{name}_counted{unit}": getattr(count, f"{name}{unit}")
        for name, unit in COUNTED
        if one[f"{name}{unit}"] is not None
    }
    return {**again, "reps_counted": count.reps}


def _table(columns: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _cell(row.get(name)) for name in columns} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _band(label: Any) -> str | None:
    """Return the band as words, given as words or as fields."""
    if isinstance(label, Mapping):
        return ", ".join(str(value) for value in label.values() if value) or None
    return None if label is None else str(label)


def _dictionary() -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("file", "column", "unit", "meaning"))
    for name, columns in (("sets.csv", SET_COLUMNS), ("reps.csv", REP_COLUMNS)):
        for column, (unit, meaning) in columns.items():
            writer.writerow((name, column, unit, meaning))
    return text.getvalue()
