"""Movesense: the binary log, SBEM, as it comes from the sensor's memory.

Sources: Movesense's sbem-tools; sokolmarek/movesense-commander, docs/sbem-format.md. All fields are
little endian.

====== ======= ================================================================================
offset size    field
====== ======= ================================================================================
0      8       ``SBEM0112``; then chunks to the end of the file:
+0     1 or 3  id; 0xFF means that it follows as u16
       1 or 5  length; 0xFF means that it follows as u32
       length  payload
====== ======= ================================================================================

A chunk with id 0 describes what another id means: u16 id, then lines of text. ``<PTH>`` names one
value and ``<FRM>`` its type, as `Samples.Array.MeasIMU9.ArrayAcc.y` and `float32`. ``<GRP>`` lists
the ids whose values follow each other; `[` and `]` are ids without bytes around the samples of an
array. So the layout of a packet is in the file: the time in ms of the first sample, then samples
of acceleration in m/s² and of angular rate in deg/s. Chunks that do not fit what was described of
them are passed over and counted.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.movesense_packets import MovesensePacket, movesense_export
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files

_MAGIC: Final = b"SBEM"
_HEADER_SIZE: Final = 8
_ESCAPE: Final = 0xFF
_DESCRIPTION: Final = 0
_FORMATS: Final = {
    "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I",
    "int64": "q", "uint64": "Q", "float32": "f", "float64": "d", "bool": "?",
}  # fmt: skip
# What a description may cost to follow; that of a packet of 8 samples takes 110 steps.
_MAX_STEPS: Final = 1024
_MAX_TEXT: Final = 4096
_MAX_DESCRIPTIONS: Final = 4096
MAX_CHUNKS: Final = 2_000_000  # 43 hours at 104 Hz
_ID_SIZE: Final = 2
_MAX_DIGITS: Final = 5
_WHOLE_NUMBERS: Final = "bBhHiIqQ"
_TAGGED: Final = re.compile(r"<(PTH|FRM|GRP)>([^\n\0]*)")
_MEASURED: Final = re.compile(
    r"Meas(?:IMU6|IMU9|Acc|Gyro)\.(?:Timestamp|Array(Acc|Gyro)\.([xyz]))$"
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the chunks of one id are packed, and which of their values are what."""

    packing: struct.Struct
    time: int
    acc: tuple[int, ...]
    gyr: tuple[int, ...]

    def packet(self, payload: bytes) -> MovesensePacket:
        values = self.packing.unpack(payload)
        return MovesensePacket(
            time_ms=values[self.time],
            acc_ms2=_vectors(values, self.acc),
            gyr_dps=_vectors(values, self.gyr),
        )


def _vectors(values: tuple[float, ...], places: tuple[int, ...]) -> Array | None:
    if not places:
        return None
    return np.array([values[place] for place in places], dtype=np.float64).reshape(-1, 3)


def _recognise(files: Files) -> int:
    return 100 * any(content.startswith(_MAGIC) for content in files.values())


def _read(files: Files) -> Export:
    logs = [name for name in sorted(files) if files[name].startswith(_MAGIC)]
    if len(logs) > 1:
        raise UnreadableExportError(
            f"There are {len(logs)} Movesense logs ({', '.join(logs)})", "give one of them alone"
        )
    packets, n_passed_over = _packets(files[logs[0]])
    notes = (
        [f"{n_passed_over} chunks that nothing describes are left out."] if n_passed_over else []
    )
    return movesense_export(MOVESENSE_SBEM.id, packets, notes)


def _packets(content: bytes) -> tuple[list[MovesensePacket], int]:
    """Return the packets of a log, and how many chunks did not fit their description."""
    descriptions: dict[int, Mapping[str, str]] = {}
    layouts: dict[int, _Layout | None] = {}
    packets: list[MovesensePacket] = []
    n_passed_over = 0
    for n_chunks, (chunk_id, payload) in enumerate(_chunks(content)):
        if n_chunks > MAX_CHUNKS:
            raise UnreadableExportError(
                f"The log holds more than {MAX_CHUNKS:,} chunks", "fetch it from the sensor again"
            )
        if chunk_id == _DESCRIPTION:
            if len(descriptions) < _MAX_DESCRIPTIONS:
                text = payload[_ID_SIZE:_MAX_TEXT].decode("utf-8", errors="replace")
                described = int.from_bytes(payload[:_ID_SIZE], "little")
                descriptions[described] = dict(_TAGGED.findall(text))
            continue
        if chunk_id in descriptions and chunk_id not in layouts:
            layouts[chunk_id] = _layout(chunk_id, descriptions)
        layout = layouts.get(chunk_id)
        if layout and layout.packing.size == len(payload):
            packets.append(layout.packet(payload))
        elif layout or chunk_id not in descriptions:
            n_passed_over += 1
    return packets, n_passed_over


def _chunks(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield id and payload of each whole chunk; one cut short at the end is left out."""
    at = _HEADER_SIZE
    while at < len(content):
        chunk_id, at = _escaped(content, at, 2)
        length, at = _escaped(content, at, 4)
        if at + length <= len(content):
            yield chunk_id, content[at : at + length]
        at += length


def _escaped(content: bytes, at: int, size: int) -> tuple[int, int]:
    """Return a number of one byte, or of more behind the escape, and where the next begins."""
    if content[at : at + 1] == bytes((_ESCAPE,)):
        return int.from_bytes(content[at + 1 : at + 1 + size], "little"), at + 1 + size
    return int.from_bytes(content[at : at + 1], "little"), at + 1


def _layout(chunk_id: int, descriptions: Mapping[int, Mapping[str, str]]) -> _Layout | None:
    """Return how chunks of an id are packed; None if they are no packets of ours."""
    leaves = _leaves(chunk_id, descriptions)
    if leaves is None:
        return None
    time: int | None = None
    places: dict[str, list[tuple[int, str]]] = {"Acc": [], "Gyro": []}
    for place, (path, code) in enumerate(leaves):
        measured = _MEASURED.search(path)
        if measured is None:
            continue
        if measured[1]:
            places[measured[1]].append((place, measured[2]))
        elif code in _WHOLE_NUMBERS:
            time = place
    acc, gyr = (_in_threes(places[part]) for part in ("Acc", "Gyro"))
    if time is None or acc is None or gyr is None or not (acc or gyr):
        return None
    packing = struct.Struct("<" + "".join(code for _, code in leaves))
    return _Layout(packing, time, acc, gyr)


def _in_threes(places: list[tuple[int, str]]) -> tuple[int, ...] | None:
    """Return the places of vectors, None if x, y, z do not follow each other."""
    axes = "".join(axis for _, axis in places)
    return tuple(place for place, _ in places) if axes == "xyz" * (len(axes) // 3) else None


def _leaves(
    chunk_id: int, descriptions: Mapping[int, Mapping[str, str]]
) -> list[tuple[str, str]] | None:
    """Return path and type of each value below an id, in order; None if that is not known."""
    leaves: list[tuple[str, str]] = []
    waiting = [chunk_id]
    for _ in range(_MAX_STEPS):
        if not waiting:
            return leaves
        tags = descriptions.get(waiting.pop(), {})
        path = tags.get("PTH", "").replace("+", ".")
        code = _FORMATS.get(tags.get("FRM", "").split(",")[0])
        if "GRP" in tags:
            ids = tags["GRP"].split(",")
            if not all(part.isdecimal() and len(part) <= _MAX_DIGITS for part in ids):
                return None
            waiting += map(int, reversed(ids))
        elif code:
            leaves.append((path, code))
        elif path not in ("[", "]"):
            return None
    return None


MOVESENSE_SBEM: Final = ExportReader(
    id="movesense-sbem", title="Movesense SBEM log", recognise=_recognise, read=_read
)
