"""Any recording there is, as samples: exports of apps, captures of a sensor, our own recordings."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis import ImuSamples
from firmware_bridge import (
    Capture,
    TextFormat,
    find_sensor,
    read_capture,
    read_export,
    uart_family,
)
from tracker.capture_decoding import DecodedCapture, decode_capture
from tracker.errors import TrackerError
from tracker.recording_file import read_mcap

MCAP_MAGIC: Final = b"\x89MCAP0\r\n"
MAX_FILES: Final = 200  # a folder with more is not one recording
MAX_BYTES: Final = 512 * 1024 * 1024


class RecordingFileError(TrackerError, OSError):
    """A file or folder that was named is not there, is too big, or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRecording:
    """Samples of a file, what kind of file it was, and what there is to know about it."""

    samples: ImuSamples
    format: str
    notes: tuple[str, ...] = ()


def load_recording(
    path: Path, *, sensor: str | None = None, text_format: TextFormat | None = None
) -> LoadedRecording:
    """Read a recording of any supported kind.

    Parameters
    ----------
    path : Path
        A file, a zip, or a folder with the files of one recording.
    sensor : str, optional
        The sensor of a capture, where its first line does not name it.
    text_format : TextFormat, optional
        What the lines mean that a capture holds.

    Raises
    ------
    RecordingFileError
        If it cannot be opened.
    UnreadableExportError, UnreadableCaptureError, UnknownSensorError, RecordingError
        If its content is not what it should be.

    """
    files = read_files(path)
    first = next(iter(files.values()))
    if len(files) == 1 and first.startswith(MCAP_MAGIC):
        return _load_own(path)
    named = sensor or (sensor_of_capture(first) if len(files) == 1 else None)
    if named is not None:
        decoded = load_capture(first, named, text_format=text_format)
        return LoadedRecording(samples=decoded.samples, format="capture", notes=decoded.notes)
    export = read_export(files)
    samples = ImuSamples(export.time_s, export.acc_ms2, export.gyr_rads)
    return LoadedRecording(samples=samples, format=export.format, notes=export.notes)


def load_capture(
    content: bytes, sensor: str, *, text_format: TextFormat | None = None
) -> DecodedCapture:
    """Decode the capture of a sensor, or of one whose lines are described."""
    family = find_sensor(sensor) if text_format is None else uart_family(text_format)
    return decode_capture(read_capture(content.decode("utf-8", "replace")), family)


def sensor_of_capture(content: bytes) -> str | None:
    """Return the sensor that the first line of a capture names, or None."""
    first_line = content.split(b"\n", 1)[0]
    try:
        capture: Capture = read_capture(first_line.decode("utf-8"))
    except (ValueError, json.JSONDecodeError):
        return None
    sensor = capture.settings.get("sensor")
    return sensor if isinstance(sensor, str) else None


def read_files(path: Path) -> Mapping[str, bytes]:
    """Read a file, or the files of a folder and of its folders, by name.

    Raises
    ------
    RecordingFileError
        If there is nothing, or too much.

    """
    try:
        paths = [path] if not path.is_dir() else sorted(p for p in path.rglob("*") if p.is_file())
        is_too_much = len(paths) > MAX_FILES or sum(p.stat().st_size for p in paths) > MAX_BYTES
        names = [path.name if p == path else p.relative_to(path).as_posix() for p in paths]
        contents = [] if is_too_much else [p.read_bytes() for p in paths]
    except FileNotFoundError:
        raise RecordingFileError(f"There is no file or folder {path}.") from None
    except OSError as error:
        raise RecordingFileError(f"{path} cannot be read: {error.strerror}.") from error
    if is_too_much:
        raise RecordingFileError(f"{path} is too much for one recording: name a single one.")
    files = dict(zip(names, contents, strict=True))
    if not files:
        raise RecordingFileError(f"The folder {path} is empty.")
    if not any(files.values()):
        raise RecordingFileError(f"{path.name} is empty: record again, and export it again.")
    return files


def _load_own(path: Path) -> LoadedRecording:
    recorded = read_mcap(path)
    notes = () if recorded.damage is None else (recorded.damage.reason,)
    return LoadedRecording(samples=recorded.samples, format="tempo90-mcap", notes=notes)
