"""Tables of numbers in text files, as every recording app writes them."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.recording import Array

MAX_ROWS: Final = 5_000_000  # 13 hours at 100 Hz
_LARGEST: Final = 1e20  # nanoseconds since 1970 are below; beyond, squares could overflow
_HEAD_BYTES: Final = 64 * 1024
_WORDS: Final = re.compile(rb"[A-Za-z]{2}|[\x80-\xff]")  # rows of numbers have none
_HEAD_LINES: Final = 64
_DELIMITERS: Final = (",", ";", "\t")

_AGAIN: Final = "the file seems cut short or edited: export it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of numbers inside a text file, found but not yet read.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    content : bytes
        The whole file.
    columns : tuple of str
        Names of the columns.
    delimiter : str or None
        What stands between two cells; None is white space of any length.
    header_line : int
        Number of the line with the names, from 1.
    body : int
        Where the rows begin in `content`.

    """

    name: str
    content: bytes
    columns: tuple[str, ...]
    delimiter: str | None
    header_line: int
    body: int

    def has(self, *columns: str) -> bool:
        """Tell whether all these columns are there."""
        return set(columns) <= set(self.columns)

    def read(self, *columns: str) -> Array:
        """Return the named columns of all rows, (n, len(columns)).

        Raises
        ------
        UnreadableExportError
            If there is no row or too many, or a cell is not a finite number of sensible size.

        """
        return self.read_at([self.columns.index(column) for column in columns])

    def read_at(self, indices: Sequence[int], *, gaps_allowed: bool = False) -> Array:
        """Return the columns at these indices of all rows, (n, len(indices)).

        Parameters
        ----------
        indices : sequence of int
            Numbers of the columns, from 0.
        gaps_allowed : bool
            Whether a cell may be empty or NaN; it comes out as NaN.

        Raises
        ------
        UnreadableExportError
            If there is no row or too many, or a cell is not a finite number of sensible size.

        """
        self._check_size()
        if gaps_allowed and self._has_too_many_cells():
            raise UnreadableExportError(f"{self.name} is not a table of numbers", _AGAIN)
        text = io.TextIOWrapper(
            io.BytesIO(self._numerals(gaps_allowed)), encoding="utf-8", errors="replace"
        )
        try:
            values = np.loadtxt(
                text,
                delimiter=self.delimiter,
                usecols=indices,
                comments=None,
                quotechar='"',
                ndmin=2,
            )
        except ValueError:
            raise self._first_fault(indices, gaps_allowed) from None
        is_sensible = np.abs(values) < _LARGEST
        if not (is_sensible | (gaps_allowed & np.isnan(values))).all():
            raise self._first_fault(indices, gaps_allowed)
        return np.asarray(values, dtype=np.float64)

    def read_text(self, index: int) -> list[str]:
        """Return the cells of the column at this index, empty where a row is too short."""
        self._check_size()
        rows = (line.split(self.delimiter) for line in self._lines() if line)
        return [row[index].strip(' "') if len(row) > index else "" for row in rows]

    def _check_size(self) -> None:
        if not re.compile(rb"\S").search(self.content, self.body):
            raise UnreadableExportError(
                f"{self.name} holds no samples",
                "record again, and check that the app was allowed to",
            )
        if self.content.count(b"\n", self.body) > MAX_ROWS:
            raise UnreadableExportError(
                f"{self.name} holds more than {MAX_ROWS:,} rows", "cut it into shorter recordings"
            )
        if self._has_endless_line():
            raise UnreadableExportError(f"{self.name} is not a table of numbers", _AGAIN)

    def _has_too_many_cells(self) -> bool:
        """Tell whether rows have more cells than there are columns, which filling would swell."""
        n_rows = self.content.count(b"\n", self.body) + 1
        n_cuts = self.content.count(self.delimiter.encode(), self.body) if self.delimiter else 0
        return n_cuts > n_rows * len(self.columns)

    def _lines(self) -> list[str]:
        return self.content[self.body :].decode("utf-8", errors="replace").split("\n")

    def _numerals(self, gaps_allowed: bool) -> bytes:
        """Return the rows with decimal points, and with NaN for cells that may be empty."""
        rows = self.content[self.body :]
        if self.delimiter != ",":
            rows = rows.replace(b",", b".")
        if gaps_allowed and self.delimiter:
            cut = self.delimiter.encode()
            for _ in range(2):
                rows = rows.replace(cut + cut, cut + b"nan" + cut)
            rows = rows.replace(b"\n" + cut, b"\nnan" + cut).replace(cut + b"\n", cut + b"nan\n")
            rows = b"nan" * rows.startswith(cut) + rows + b"nan" * rows.endswith(cut)
        return rows

    def _has_endless_line(self) -> bool:
        """Tell whether a whole block has no line end; a row takes a few hundred bytes at most."""
        last_full_block = len(self.content) - _HEAD_BYTES
        return any(
            self.content.find(b"\n", start, start + _HEAD_BYTES) < 0
            for start in range(self.body, last_full_block, _HEAD_BYTES)
        )

    def _first_fault(self, indices: Sequence[int], gaps_allowed: bool) -> UnreadableExportError:
        """Find the line that could not be read: slow, but it happens once."""
        for number, line in enumerate(self._lines(), start=self.header_line + 1):
            if not line.strip():
                continue
            cells = line.split(self.delimiter)
            if len(cells) <= max(indices):
                problem = f"has {len(cells)} of {len(self.columns)} columns"
                return UnreadableExportError(f"Line {number} of {self.name} {problem}", _AGAIN)
            for index in indices:
                cell = cells[index].strip(' "')
                numeral = cell if self.delimiter == "," else cell.replace(",", ".")
                is_gap = gaps_allowed and numeral.lower() in ("", "nan")
                if not (is_gap or _is_sensible(numeral)):
                    problem = f"has {cell[:20]!r} for a number in column {self.columns[index]}"
                    return UnreadableExportError(f"Line {number} of {self.name} {problem}", _AGAIN)
        return UnreadableExportError(f"{self.name} is not a table of numbers", _AGAIN)


def _is_sensible(cell: str) -> bool:
    try:
        return abs(float(cell)) < _LARGEST
    except ValueError:
        return False


def first_lines(content: bytes) -> list[str]:
    """Return the lines in the first 64 KiB of a text file."""
    return content[:_HEAD_BYTES].decode("utf-8", errors="replace").split("\n")


def find_table(name: str, content: bytes, *columns: str) -> Table | None:
    """Find the line that names all these columns among the first, and the table below it."""
    return find_table_by(name, content, set(columns).issubset)


def find_table_by(
    name: str, content: bytes, is_header: Callable[[tuple[str, ...]], bool]
) -> Table | None:
    """Find the first line whose cells are the wanted header, and the table below it.

    Parameters
    ----------
    name : str
        Name of the file.
    content : bytes
        The whole file.
    is_header : callable
        Tells from the cells of a line whether they are the names of the columns.

    """
    body = 0
    head = content[:_HEAD_BYTES]
    for number, line in enumerate(head.split(b"\n", _HEAD_LINES)[:_HEAD_LINES], start=1):
        body += len(line) + 1
        if not _WORDS.search(line):
            continue
        delimiter, cells = _cells(line.decode("utf-8", errors="replace"))
        if is_header(cells):
            return Table(
                name=name,
                content=content,
                columns=cells,
                delimiter=delimiter,
                header_line=number,
                body=body,
            )
    return None


def _cells(line: str) -> tuple[str | None, tuple[str, ...]]:
    """Split a line by what stands most often outside its quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    delimiter = max(_DELIMITERS, key=bare.count)
    if delimiter not in bare:
        return None, tuple(cell.strip('"') for cell in line.split())
    if '"' in line:
        split = next(csv.reader([line.replace("\r", "")], delimiter=delimiter), [])
    else:
        split = line.split(delimiter)
    return delimiter, tuple(cell.strip(' "') for cell in split)
