"""Which characters the typeface of the reports has: what it lacks cannot be printed accessibly.

A TrueType file lists its tables at its start: tag, checksum, offset and length, 16 bytes each.
Its table "cmap" has subtables; one of format 12 maps all of Unicode, in groups of 12 bytes: first
character, last character, first glyph (OpenType 1.9, "cmap").
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

PACKAGE: Final = "fontpkg_noto_sans"
UPRIGHT: Final = "NotoSans["  # the italic's name goes on differently
WHOLE_UNICODE: Final = 12
STAND_IN: Final = "?"


def folder() -> Path:
    """Return where the files of the typeface are.

    Raises
    ------
    ModuleNotFoundError
        If its package is not installed.

    """
    return Path(str(files(PACKAGE))) / "files"


def printable(value: Any) -> Any:
    """Return a JSON value in which no text has a character that the typeface lacks."""
    if isinstance(value, str):
        composed = unicodedata.normalize("NFC", value)
        return "".join(one if _has(ord(one)) else STAND_IN for one in composed)
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [printable(one) for one in value]
    return value


def _has(code: int) -> bool:
    return any(first <= code <= last for first, last in _groups())


@cache
def _groups() -> tuple[tuple[int, int], ...]:
    path = next(one for one in sorted(folder().iterdir()) if one.name.startswith(UPRIGHT))
    return tuple(read_groups(path.read_bytes()))


def read_groups(font: bytes) -> Iterator[tuple[int, int]]:
    """Give the spans of characters that a TrueType font has, first and last.

    Raises
    ------
    LookupError
        If it has no table of all of Unicode.

    """
    (n_tables,) = struct.unpack_from(">H", font, 4)
    for number in range(n_tables):
        tag, _, table, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if tag == b"cmap":
            yield from _whole_unicode(font, table)
            return
    raise LookupError("The font has no table of its characters.")


def _whole_unicode(font: bytes, table: int) -> Iterator[tuple[int, int]]:
    (n_parts,) = struct.unpack_from(">H", font, table + 2)
    for number in range(n_parts):
        _, _, offset = struct.unpack_from(">HHL", font, table + 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", font, table + offset)
        if kind == WHOLE_UNICODE:
            (n_groups,) = struct.unpack_from(">L", font, table + offset + 12)
            for group in range(n_groups):
                first, last, _ = struct.unpack_from(">LLL", font, table + offset + 16 + 12 * group)
                yield first, last
            return
    raise LookupError("The font has no table of all of Unicode.")
