"""The file that describes the lines of a sensor that somebody built."""

from pathlib import Path

from firmware_bridge import TextFormat, read_text_format
from tracker.errors import TrackerError


class FormatFileError(TrackerError, OSError):
    """The description of a sensor cannot be opened."""


def load_text_format(path: Path | None) -> TextFormat | None:
    """Read the description of a sensor; without a path there is none.

    Raises
    ------
    FormatFileError
        If the file cannot be opened.
    UnreadableFormatError
        If it does not describe a sensor; the message names the entry.

    """
    if path is None:
        return None
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise FormatFileError(f"{path} is no text: describe the sensor in TOML.") from error
    except OSError as error:
        raise FormatFileError(f"{path} cannot be read: {error.strerror}.") from error
    return read_text_format(text)
