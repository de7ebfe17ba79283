"""What a phone sent while it measured, kept as it came: one JSON object a line.

======================= ========================================================================
format                  lines
======================= ========================================================================
sensor-logger-push      the messages that Sensor Logger posts, in the order of arrival
phyphox-polls           ``{"request": "/get?...", "response": {answer of phyphox}}``
======================= ========================================================================

The layouts stand in `firmware_bridge/phone`. Messages of Sensor Logger do not tell whose signs they
follow: a file of JSON beside them may, as ``{"platform": "ios", "standardised": false}``.
"""

import json
from collections.abc import Iterable
from typing import Final, get_args

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream, paired_export
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.sensor_logger import ASSUMED_ANDROID
from firmware_bridge.packets import Decoded, ImuPacket
from firmware_bridge.phone.phyphox import PhyphoxPoll
from firmware_bridge.phone.platforms import PhonePlatform
from firmware_bridge.phone.reading_json import json_object
from firmware_bridge.phone.sensor_logger import SensorLoggerPush

_HEAD_BYTES: Final = 1024
_MESSAGE: Final = (b'"messageId"', b'"payload"')
_POLL: Final = (b'"request"', b'"response"')
_MAX_ABOUT: Final = 64 * 1024


def _lines(files: Files, marks: tuple[bytes, ...]) -> list[bytes]:
    """Return the lines of the one file whose first line has these marks."""
    contents = [content for content in files.values() if _has(content, marks)]
    if len(contents) > 1:
        raise UnreadableExportError(
            f"There are {len(contents)} recordings of phone messages", "give one of them alone"
        )
    return [line for line in contents[0].split(b"\n") if line.strip()]


def _has(content: bytes, marks: tuple[bytes, ...]) -> bool:
    head = content[:_HEAD_BYTES]
    return head.startswith(b"{") and all(mark in head for mark in marks)


def _recognise_push(files: Files) -> int:
    return 100 * any(_has(content, _MESSAGE) for content in files.values())


def _recognise_polls(files: Files) -> int:
    return 100 * any(_has(content, _POLL) for content in files.values())


def _read_push(files: Files) -> Export:
    platform = _platform(files)
    decoder = SensorLoggerPush(platform or "android")
    decoded = [one for line in _lines(files, _MESSAGE) for one in decoder.feed(line)]
    notes = [] if platform else [ASSUMED_ANDROID]
    return _export(SENSOR_LOGGER_PUSH.id, [*decoded, *decoder.finish()], notes)


def _platform(files: Files) -> PhonePlatform | None:
    for content in files.values():
        about = json_object(content) if len(content) <= _MAX_ABOUT else None
        if about and about.get("platform") in get_args(PhonePlatform):
            if about.get("standardised") is True:
                return "standardised"
            return "ios" if about["platform"] == "ios" else "android"
    return None


def _read_polls(files: Files) -> Export:
    decoder = PhyphoxPoll()
    decoded: list[Decoded] = []
    for line in _lines(files, _POLL):
        answer = (json_object(line) or {}).get("response")
        decoded += decoder.feed(json.dumps(answer).encode())
    return _export(PHYPHOX_POLLS.id, [*decoded, *decoder.finish()], [])


def _export(format_id: str, decoded: Iterable[Decoded], notes: list[str]) -> Export:
    listed = list(decoded)
    packets = [one for one in listed if isinstance(one, ImuPacket)]
    if not packets:
        raise UnreadableExportError(
            "The messages of the phone hold no samples with acceleration and angular rate",
            "switch on Accelerometer, Gravity and Gyroscope in the app",
        )
    if n_damaged := len(listed) - len(packets):
        notes.append(f"{n_damaged} messages or samples could not be used.")
    time_s = np.array([packet.device_time_s for packet in packets], dtype=np.float64)
    force, n_repeated = Stream.sorted(time_s, np.array([packet.acc_ms2 for packet in packets]))
    turning, _ = Stream.sorted(time_s, np.array([packet.gyr_rads for packet in packets]))
    if n_repeated:
        notes.append(f"{n_repeated} samples repeat a time and are left out.")
    return paired_export(format_id, force, turning, notes)


SENSOR_LOGGER_PUSH: Final = ExportReader(
    id="sensor-logger-push",
    title="saved messages of Sensor Logger",
    recognise=_recognise_push,
    read=_read_push,
)
PHYPHOX_POLLS: Final = ExportReader(
    id="phyphox-polls",
    title="saved answers of phyphox",
    recognise=_recognise_polls,
    read=_read_polls,
)
