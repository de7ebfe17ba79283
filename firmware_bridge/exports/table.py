"""Tables of numbers in text files, as every recording app writes them."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.recording import Array

MAX_ROWS: Final = 5_000_000  # 13 hours at 100 Hz
_LARGEST: Final = 1e20  # nanoseconds since 1970 are below; beyond, squares could overflow
_HEAD_BYTES: Final = 64 * 1024
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
    delimiter : str
        What stands between two cells.
    header_line : int
        Number of the line with the names, from 1.
    body : int
        Where the rows begin in `content`.

    """

    name: str
    content: bytes
    columns: tuple[str, ...]
    delimiter: str
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
        indices = [self.columns.index(column) for column in columns]
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8", errors="replace")
        text.seek(self.body)
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
            raise self._first_fault(indices) from None
        if not (np.abs(values) < _LARGEST).all():
            raise self._first_fault(indices)
        return np.asarray(values, dtype=np.float64)

    def _has_endless_line(self) -> bool:
        """Tell whether a whole block has no line end; a row takes a few hundred bytes at most."""
        last_full_block = len(self.content) - _HEAD_BYTES
        return any(
            self.content.find(b"\n", start, start + _HEAD_BYTES) < 0
            for start in range(self.body, last_full_block, _HEAD_BYTES)
        )

    def _first_fault(self, indices: Sequence[int]) -> UnreadableExportError:
        """Find the line that could not be read: slow, but it happens once."""
        lines = self.content[self.body :].split(b"\n")
        for number, line in enumerate(lines, start=self.header_line + 1):
            cells = line.decode("utf-8", errors="replace").split(self.delimiter)
            if not line.strip():
                continue
            if len(cells) <= max(indices):
                problem = f"has {len(cells)} of {len(self.columns)} columns"
                return UnreadableExportError(f"Line {number} of {self.name} {problem}", _AGAIN)
            for index in indices:
                cell = cells[index].strip(' "')
                if not _is_sensible(cell):
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
    body = 0
    for number, line in enumerate(content[:_HEAD_BYTES].split(b"\n"), start=1):
        body += len(line) + 1
        text = line.decode("utf-8", errors="replace")
        delimiter = max(_DELIMITERS, key=text.count)
        cells = tuple(cell.strip(' "') for cell in text.split(delimiter))
        if set(columns) <= set(cells):
            return Table(
                name=name,
                content=content,
                columns=cells,
                delimiter=delimiter,
                header_line=number,
                body=body,
            )
    return None
