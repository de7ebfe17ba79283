"""What was measured of one patient as two tables, for people to open and for programs to read.

sets.csv, reps.csv    one line each
data-dictionary.csv   what each column of the two means, and its unit
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

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
    "in_tempo": ("", "repetitions within the tempo band"),
    "accepted": ("", "repetitions within the wider band that counts"),
    "eccentric_mean_s": ("s", "mean duration of the eccentric phase"),
    "eccentric_sd_s": ("s", "its standard deviation"),
    "dose_s": ("s", "eccentric time delivered"),
    "dose_prescribed_s": ("s", "eccentric time ordered"),
    "peak_mean_deg": ("degree", "mean of the largest angle"),
    "coverage": ("share of 1", "part of the signal that arrived"),
}
REP_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "session_id": ("", "session that the repetition belongs to"),
    "set_number": ("", "number of its set, from 1"),
    "number": ("", "number in the set, from 1"),
    "start_s": ("s", "start, on the clock of the recording"),
    "end_s": ("s", "end, on the clock of the recording"),
    "peak_deg": ("degree", "largest angle"),
    "peak_deg_u": ("degree", "half-width of its 95 % interval"),
    "rom_deg": ("degree", "largest angle minus that at the start"),
    "eccentric_s": ("s", "duration of the eccentric phase, pauses included"),
    "eccentric_s_u": ("s", "half-width of its 95 % interval"),
    "pause_s": ("s", "standing still within the eccentric phase"),
    "concentric_s": ("s", "duration of the concentric phase"),
    "hold_s": ("s", "time between the phases"),
    "flags": ("", "what was noticed, separated by spaces"),
}
Rows = Sequence[Mapping[str, Any]]


def measured_tables(tables: Mapping[str, Rows]) -> dict[str, str]:
    """Return the texts of the three files by name, from all rows of a patient by table."""
    return {
        "sets.csv": _table(SET_COLUMNS, set_rows(tables)),
        "reps.csv": _table(REP_COLUMNS, rep_rows(tables)),
        "data-dictionary.csv": _dictionary(),
    }


def set_rows(tables: Mapping[str, Rows]) -> Rows:
    """Return the sets as lines of a table, in the order of training."""
    started = {row["id"]: row["started_at"] for row in tables["session"]}
    corrected = {
        (row["session_id"], row["number"]): row["reps"] for row in tables["set_correction"]
    }
    rows = [
        {
            **row,
            "started_at": started[row["session_id"]],
            "reps_by_patient": corrected.get((row["session_id"], row["number"])),
        }
        for row in tables["exercise_set"]
    ]
    return sorted(rows, key=lambda row: (row["started_at"], row["number"]))


def rep_rows(tables: Mapping[str, Rows]) -> Rows:
    """Return the repetitions as lines of a table, set by set."""
    sets = {row["id"]: row for row in tables["exercise_set"]}
    return [
        {
            **row,
            "session_id": sets[row["set_id"]]["session_id"],
            "set_number": sets[row["set_id"]]["number"],
            "flags": " ".join(row["flags"]),
        }
        for row in tables["rep"]
    ]


def _table(columns: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: row.get(name) for name in columns} for row in rows)
    return text.getvalue()


def _dictionary() -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("file", "column", "unit", "meaning"))
    for name, columns in (("sets.csv", SET_COLUMNS), ("reps.csv", REP_COLUMNS)):
        for column, (unit, meaning) in columns.items():
            writer.writerow((name, column, unit, meaning))
    return text.getvalue()
