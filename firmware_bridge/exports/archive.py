"""From what the user gave (a file, a folder, a zip) to plain files, within bounds.

Nothing is ever written to disk, so a name that climbs out of its folder could do no harm; an
archive with such a name is refused all the same, because no recording app makes one.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from firmware_bridge.errors import UnreadableExportError

# A day at 100 Hz is about 600 MB of text; a sitting is an hour or two.
MAX_BYTES: Final = 256 * 2**20
MAX_MEMBERS: Final = 500
_CHUNK: Final = 2**20
_ZIP_MAGIC: Final = b"PK\x03\x04"
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_PLAIN_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENDINGS: Final = (".csv", ".json", ".jsonl", ".txt", ".tsv", ".sbem")
_WORKBOOK: Final = "xl/workbook.xml"
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HEAD_BYTES: Final = 64 * 1024

_AGAIN: Final = "export the recording again, or unpack the archive and give its folder"


def open_files(given: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return plain files by their bare name, text without byte-order mark and with line feeds.

    Parameters
    ----------
    given : mapping of str to bytes
        One file or the files of a folder. A single zip archive is unpacked.

    Raises
    ------
    UnreadableExportError
        If there is nothing, too much, or an archive that is damaged or not to be trusted.

    """
    if not given:
        raise UnreadableExportError("There is no file to read", "give a recording or its folder")
    if sum(map(len, given.values())) > MAX_BYTES:
        raise _too_big("The recording")
    if len(given) == 1:
        ((_, content),) = given.items()
        if content.startswith(_ZIP_MAGIC):
            given = _unzip(content)
    return {bare: plain_text(content) for bare, content in _bare_names(given).items()}


def plain_text(content: bytes) -> bytes:
    """Return text as UTF-8 without byte-order mark, with line feeds alone; binary logs as is."""
    if b"\0" in content[:_HEAD_BYTES] and not content.startswith(_BYTE_ORDER_MARKS):
        return content
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", errors="replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content


def _bare_names(given: Mapping[str, bytes]) -> dict[str, bytes]:
    bare: dict[str, bytes] = {}
    for name, content in given.items():
        last = re.split(r"[/\\]", name)[-1]
        if last.startswith(".") or "__MACOSX" in name:
            continue
        if last in bare:
            raise UnreadableExportError(
                f"There are two files called {last}", "give the folder of one recording alone"
            )
        bare[last] = content
    return bare


def _unzip(content: bytes) -> dict[str, bytes]:
    # Counted before the directory is read, which would hold an object for each.
    if content.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
        raise UnreadableExportError(f"The archive holds more than {MAX_MEMBERS} files", _AGAIN)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _members(archive)
    except UnreadableExportError:
        raise
    except Exception:  # noqa: BLE001 - damaged archives make zipfile raise anything, even IndexError
        raise UnreadableExportError("The archive is damaged or cut short", _AGAIN) from None


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    left = MAX_BYTES
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise UnreadableExportError("The archive holds a file outside its folder", _AGAIN)
        if member.filename == _WORKBOOK:
            raise UnreadableExportError("This is an Excel workbook", "export as CSV instead")
        if member.is_dir() or path.suffix.lower() not in _ENDINGS:
            continue
        if member.flag_bits & 1:
            raise UnreadableExportError(
                "The archive is locked with a password", "export it without a password"
            )
        if member.compress_type not in _PLAIN_METHODS:
            raise UnreadableExportError("The archive is packed in an unusual way", _AGAIN)
        contents[member.filename] = _read(archive, member, left)
        left -= len(contents[member.filename])
    return contents


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Unpack a file in pieces: what an archive says about its sizes is not to be trusted."""
    pieces: list[bytes] = []
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            limit -= len(piece)
            if limit < 0:
                raise _too_big("The unpacked archive")
            pieces.append(piece)
    return b"".join(pieces)


def _too_big(what: str) -> UnreadableExportError:
    return UnreadableExportError(
        f"{what} is larger than {MAX_BYTES // 2**20} MB",
        "cut it into sittings of at most a few hours",
    )
