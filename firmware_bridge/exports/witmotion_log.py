"""WitMotion WT901SDCL: the log on its memory card, a `.TXT` file that holds no text.

It is the stream of 28-byte frames that the sensor sends, one after the other, with the sensor's
calendar in each; their layout stands in `firmware_bridge/witmotion.py`. A log of 20-byte frames has
no time of any kind and is refused.
"""

from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream, paired_export
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.packets import ImuPacket
from firmware_bridge.witmotion import WitMotionDecoder
from firmware_bridge.witmotion_frames import LONG, SAMPLE, SHORT, START

_HEADER: Final = bytes((START, SAMPLE))
_HEAD_BYTES: Final = 4096
MAX_BYTES: Final = 64 * 2**20  # 6 hours at 100 Hz
_SURE: Final = 95
_WITHOUT_CLOCK: Final = 30


def _frame_size(content: bytes) -> int | None:
    """Return the distance at which three headers follow each other near the beginning."""
    at = content.find(_HEADER, 0, _HEAD_BYTES)
    while at >= 0:
        for size in (LONG, SHORT):
            if all(content.startswith(_HEADER, at + size * k) for k in (1, 2)):
                return size
        at = content.find(_HEADER, at + 1, _HEAD_BYTES)
    return None


def _recognise(files: Files) -> int:
    sizes = {_frame_size(content) for content in files.values()}
    return _SURE if LONG in sizes else _WITHOUT_CLOCK * (SHORT in sizes)


def _read(files: Files) -> Export:
    logs = [name for name in sorted(files) if _frame_size(files[name]) == LONG]
    if not logs:
        raise UnreadableExportError(
            "The WitMotion log has no times", "record with the time of each sample switched on"
        )
    if len(logs) > 1:
        raise UnreadableExportError(
            f"There are {len(logs)} WitMotion logs ({', '.join(logs)})", "give one of them alone"
        )
    if len(files[logs[0]]) > MAX_BYTES:
        raise UnreadableExportError(
            f"{logs[0]} is larger than {MAX_BYTES // 2**20} MB", "cut it into shorter recordings"
        )
    decoded = WitMotionDecoder(frame_size=LONG).feed(files[logs[0]])
    samples = [packet for packet in decoded if isinstance(packet, ImuPacket)]
    timed = [packet for packet in samples if packet.device_time_s is not None]
    if not timed:
        raise UnreadableExportError(
            "The clock of the WitMotion log does not run", "set the clock of the sensor"
        )
    notes: list[str] = []
    if n_damaged := len(decoded) - len(samples):
        notes.append(f"{n_damaged} stretches of the log are no samples.")
    if n_untimed := len(samples) - len(timed):
        notes.append(f"{n_untimed} samples without a time that advances are left out.")
    time_s = np.array([packet.device_time_s for packet in timed], dtype=np.float64)
    acc_ms2 = np.array([packet.acc_ms2 for packet in timed])
    gyr_rads = np.array([packet.gyr_rads for packet in timed])
    return paired_export(WITMOTION_LOG.id, Stream(time_s, acc_ms2), Stream(time_s, gyr_rads), notes)


WITMOTION_LOG: Final = ExportReader(
    id="witmotion-log", title="WitMotion log of 28-byte frames", recognise=_recognise, read=_read
)
