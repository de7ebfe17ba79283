"""One zip with everything about a patient: for people to open and for programs to read.

data.json             every stored row, by table
sets.csv, reps.csv    what was measured, one line each
data-dictionary.csv   what each column of the two means, and its unit
recordings/           the raw recordings, one a session
README.txt            this, in words
"""

import csv
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from sqlmodel import Session

from api import own_data
from api.recordings import RecordingFiles

README: Final = """\
Everything that tempo90 stores about you.

data.json            every stored row, by table
sets.csv, reps.csv   what was measured, one line each
data-dictionary.csv  what each column means, and its unit
recordings/          the raw recordings, one a session (MCAP)

An empty field was not measured. Times of reps are seconds on the clock of the recording.
It is a copy to read and to keep. To move tempo90 to another computer, there is another way: see
the documentation.
"""
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
Rows = list[dict[str, Any]]


def write_export(file: IO[bytes], db: Session, files: RecordingFiles, patient_id: UUID) -> None:
    """Write the zip of one patient."""
    tables = dict(own_data.rows_of(db, patient_id))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", README)
        packed.writestr("data.json", json.dumps(tables, default=_plain, indent=1))
        packed.writestr("sets.csv", _table(SET_COLUMNS, set_rows(tables)))
        packed.writestr("reps.csv", _table(REP_COLUMNS, rep_rows(tables)))
        packed.writestr("data-dictionary.csv", _dictionary())
        for session_id in own_data.sessions_of(db, patient_id):
            path: Path = files.path(session_id)
            if path.exists():
                packed.write(path, f"recordings/{path.name}", zipfile.ZIP_STORED)


def set_rows(tables: Mapping[str, Rows]) -> Rows:
    """Return the sets as lines of a table, in the order of training."""
    started = {row["id"]: row["started_at"] for row in tables["session"]}
    corrected = {
        (row["session_id"], row["number"]): row["reps"] for row in tables["set_correction"]
    }
    rows = [
        row
        | {
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
        row
        | {
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
    writer.writerows({name: _plain(row.get(name)) for name in columns} for row in rows)
    return text.getvalue()


def _dictionary() -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("file", "column", "unit", "meaning"))
    for name, columns in (("sets.csv", SET_COLUMNS), ("reps.csv", REP_COLUMNS)):
        for column, (unit, meaning) in columns.items():
            writer.writerow((name, column, unit, meaning))
    return text.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):  # a packed trace
        return b64encode(value).decode()
    return value
