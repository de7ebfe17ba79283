"""Movesense: JSON of the Showcase app and of sbem2json, in all their shapes.

Sources: MovesenseShowcase-iOS (its own tests); files of sbem2json, older and newer.

================== ================================================================================
written by         shape
================== ================================================================================
sbem2json, older   ``{"Meas": {"IMU9": [{"Timestamp": ms, "ArrayAcc": [{x, y, z}, ...], ...}]}}``
sbem2json, newer   ``{"Samples": [{"MeasIMU9": {"MeasIMU9": {"Timestamp": ms},
                   "ArrayAcc": [{"x": [...], "y": [...], "z": [...]}], ...}}]}``, or
                   ``{"MeasAcc": {"Timestamp": ms, "ArrayAcc": [{x, y, z}, ...]}}``
Showcase           a line an event: ``{"acc": {"Timestamp": ms, "ArrayAcc": [...]}}``
================== ================================================================================

`ArrayAcc` is m/s², `ArrayGyro` deg/s, `ArrayMagn` is not used; the time is that of the first
sample. Since the shapes differ only in what stands around it, any object with one of these arrays
and a time, its own or that of an object right inside, is a packet.
"""

import json
from collections.abc import Iterator
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.movesense_packets import MovesensePacket, movesense_export
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files

_ACC: Final = "ArrayAcc"
_GYR: Final = "ArrayGyro"
_TIME: Final = "Timestamp"
_MARKS: Final = (b'"ArrayAcc"', b'"ArrayGyro"')
_HEAD_BYTES: Final = 64 * 1024
# A document is held as objects, some ten times its size.
MAX_BYTES: Final = 64 * 2**20
MAX_OBJECTS: Final = 2_000_000  # an hour at 104 Hz has a million

_AGAIN: Final = "the file seems cut short or edited: export it again"


def _recognise(files: Files) -> int:
    return 90 * any(_is_ours(content) for content in files.values())


def _is_ours(content: bytes) -> bool:
    head = content[:_HEAD_BYTES]
    return head.lstrip()[:1] in (b"{", b"[") and any(mark in head for mark in _MARKS)


def _read(files: Files) -> Export:
    packets: list[MovesensePacket] = []
    for name in sorted(files):
        if _is_ours(files[name]):
            found = [
                packet for document in _documents(name, files[name]) for packet in _walk(document)
            ]
            if any(_overlaps(found, packets, part) for part in ("acc_ms2", "gyr_dps")):
                raise UnreadableExportError(
                    f"There is a second Movesense recording in {name}",
                    "give the files of one sensor and one recording alone",
                )
            packets += found
    return movesense_export(MOVESENSE_JSON.id, packets)


def _overlaps(first: list[MovesensePacket], second: list[MovesensePacket], part: str) -> bool:
    return all(any(getattr(p, part) is not None for p in both) for both in (first, second))


def _documents(name: str, content: bytes) -> Iterator[object]:
    """Yield the JSON document of a file, or that of each line."""
    n_objects = content.count(b"{") + content.count(b"[")
    if len(content) > MAX_BYTES or n_objects > MAX_OBJECTS:
        raise UnreadableExportError(
            f"{name} is larger than {MAX_BYTES // 2**20} MB, or holds too many objects",
            "cut it into shorter recordings",
        )
    try:
        yield json.loads(content)
    except (ValueError, RecursionError):
        pass
    else:
        return
    for line in content.split(b"\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                raise UnreadableExportError(f"{name} is not whole JSON", _AGAIN) from None


def _walk(document: object) -> Iterator[MovesensePacket]:
    """Yield the packets in a document, in its order, however deep they stand."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if _ACC in node or _GYR in node:
                yield _packet(node)
            else:
                waiting += reversed(node.values())
        elif isinstance(node, list):
            waiting += reversed(node)


def _packet(node: dict[str, object]) -> MovesensePacket:
    inside = [value for value in node.values() if isinstance(value, dict)]
    times = [one[_TIME] for one in (node, *inside) if _TIME in one]
    time_ms = times[0] if times else None
    if not isinstance(time_ms, int):
        raise UnreadableExportError("A Movesense packet has no time", _AGAIN)
    return MovesensePacket(
        time_ms=time_ms, acc_ms2=_vectors(node.get(_ACC)), gyr_dps=_vectors(node.get(_GYR))
    )


def _vectors(items: object) -> Array | None:
    """Return (n, 3) from a list of vectors, or of one vector of lists."""
    if items is None or items == []:
        return None
    rows = items if isinstance(items, list) else []
    try:
        columns = [
            np.concatenate([np.ravel(np.asarray(row[axis], dtype=np.float64)) for row in rows])
            for axis in "xyz"
        ]
        return np.column_stack(columns)
    except (TypeError, KeyError, ValueError, OverflowError):
        raise UnreadableExportError("A Movesense packet holds no vectors", _AGAIN) from None


MOVESENSE_JSON: Final = ExportReader(
    id="movesense-json", title="Movesense JSON", recognise=_recognise, read=_read
)
