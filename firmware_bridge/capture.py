"""Captures: the notifications of a sensor as they arrived, one JSON object a line.

An optional first line tells the settings that the bytes do not carry::

    {"capture": {"sensor": "witmotion", "rate_hz": 100}}
    {"t": 0.0, "char": "0000ffe4-0000-1000-8000-00805f9a34fb", "hex": "5561..."}
    {"t": 0.0101, "char": "0000ffe4-0000-1000-8000-00805f9a34fb", "hex": "5561..."}

`t` is the host's clock at arrival, in seconds. Answers to commands are part of a capture.
"""

import json
from dataclasses import dataclass, field
from typing import Final

from firmware_bridge.decoder import Settings
from firmware_bridge.errors import UnreadableCaptureError

_LAST_S: Final = 1e12  # far beyond any clock, and not so large that a float cannot hold it


@dataclass(frozen=True, slots=True)
class CapturedNotification:
    """One notification: when it arrived (host clock, s), on which characteristic, its bytes."""

    t_s: float
    characteristic: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a capture holds.

    Parameters
    ----------
    notifications : tuple of CapturedNotification
        In the order of the file, which is the order of arrival.
    settings : mapping
        The first line, empty without one.
    is_cut_short : bool
        Whether the last line breaks off, as it does when a recording program is killed.

    """

    notifications: tuple[CapturedNotification, ...]
    settings: Settings = field(default_factory=dict)
    is_cut_short: bool = False


def read_capture(text: str) -> Capture:
    """Read a capture.

    Parameters
    ----------
    text : str
        The content of the file. Blank lines are skipped. A last line that breaks off is left out
        and noted in the result.

    Raises
    ------
    UnreadableCaptureError
        If another line is not a notification.

    """
    settings: Settings = {}
    notifications: list[CapturedNotification] = []
    is_cut_short = False
    lines = text.removeprefix("\ufeff").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = _fields(number, line)
        except UnreadableCaptureError:
            if number < len(lines) or number == 1:
                raise
            is_cut_short = True
            break
        header = fields.get("capture") if number == 1 else None
        if isinstance(header, dict):
            settings = header
        else:
            notifications.append(_notification(number, fields))
    return Capture(notifications=tuple(notifications), settings=settings, is_cut_short=is_cut_short)


def _fields(number: int, line: str) -> dict[str, object]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise UnreadableCaptureError(number, "is not JSON") from None
    if not isinstance(fields, dict):
        raise UnreadableCaptureError(number, "is not a JSON object")
    return fields


def _notification(number: int, fields: dict[str, object]) -> CapturedNotification:
    t_s, characteristic, hex_data = (fields.get(key) for key in ("t", "char", "hex"))
    if isinstance(t_s, bool) or not isinstance(t_s, int | float) or not abs(t_s) <= _LAST_S:
        raise UnreadableCaptureError(number, 'has no number "t"')
    if not isinstance(characteristic, str):
        raise UnreadableCaptureError(number, 'has no text "char"')
    if not isinstance(hex_data, str):
        raise UnreadableCaptureError(number, 'has no text "hex"')
    try:
        data = bytes.fromhex(hex_data)
    except ValueError:
        raise UnreadableCaptureError(number, 'has no hexadecimal bytes in "hex"') from None
    return CapturedNotification(float(t_s), characteristic.lower(), data)


def capture_header(sensor: str, *, rate_hz: float, **settings: object) -> str:
    """Return the first line of a capture, without its line end.

    Parameters
    ----------
    sensor : str
        Id of the sensor family.
    rate_hz : float
        The rate that was asked of the sensor.
    **settings
        What else the bytes do not tell, as `acc_range_g`, `gyr_range_dps`, `path` or `mode`.

    """
    return json.dumps({"capture": {"sensor": sensor, "rate_hz": rate_hz, **settings}})


def capture_line(notification: CapturedNotification) -> str:
    """Return the line of a notification, without its line end; times are kept to 0.1 ms."""
    fields = {
        "t": round(notification.t_s, 4),
        "char": notification.characteristic,
        "hex": notification.data.hex(),
    }
    return json.dumps(fields)
