"""phyphox (Android, iOS): its remote interface, asked again and again over HTTP.

Sources: phyphox for Android, RemoteServer.java; the maker's page on the remote interface.

======================================== =======================================================
request                                  answer
======================================== =======================================================
``/config``                              the experiment: `inputs`, each with `source` and the
                                         names of its buffers in `outputs`
``/control?cmd=start``                   begins to measure
``/get?B=full``                          all values of buffer B
``/get?T=12.5&B=12.5|T``                 values of T above 12.5, and those of B that lie beside them
======================================== =======================================================

An answer to ``/get``::

    {"buffer": {"accX": {"size": 0, "updateMode": "partial", "buffer": [0.1, null, ...]}, ...},
     "status": {"session": "a1b2c3", "measuring": true, ...}}

Source `accelerometer` is m/s² with gravity, `gyroscope` rad/s, `t` s since the start; signs are
those of Android on all phones. Values have seven digits, and what is not finite is null.

An experiment that is begun again shows in a new `session`, in times that went back, or in a
silence while it measures, as its new times are below what was asked for: all of it is asked again.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote

from firmware_bridge.errors import UnusableExperimentError
from firmware_bridge.packets import DamagedFrame, Decoded
from firmware_bridge.phone.joiner import SampleJoiner, Timed
from firmware_bridge.phone.reading_json import json_object, number

_ACC: Final = "accelerometer"
_GYR: Final = "gyroscope"
_OUTPUTS: Final = ("t", "x", "y", "z")
_SILENT_ANSWERS: Final = 5
_MAX_NAME: Final = 256

_GONE: Final = DamagedFrame(reason="the experiment was begun again", dropped=b"")
_NULL: Final = DamagedFrame(reason="a sample without a number", dropped=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhyphoxBuffers:
    """Names of the buffers of an experiment: time, x, y, z of each sensor."""

    acc: tuple[str, str, str, str] = ("acc_time", "accX", "accY", "accZ")
    gyr: tuple[str, str, str, str] = ("gyr_time", "gyrX", "gyrY", "gyrZ")

    @classmethod
    def of_config(cls, body: bytes) -> Self:
        """Read the answer to ``/config``.

        Raises
        ------
        UnusableExperimentError
            If it is none, or the experiment lacks acceleration with gravity or angular rate.

        """
        config = json_object(body)
        inputs = config.get("inputs") if config else None
        if not isinstance(inputs, list):
            raise UnusableExperimentError("The answer is not that of phyphox")
        found = {
            str(one.get("source")): _names(one.get("outputs"))
            for one in inputs
            if isinstance(one, dict)
        }
        acc, gyr = found.get(_ACC), found.get(_GYR)
        if acc is None:
            raise UnusableExperimentError("The experiment lacks acceleration with gravity")
        if gyr is None:
            raise UnusableExperimentError("The experiment lacks the angular rate")
        return cls(acc=acc, gyr=gyr)


def _names(outputs: object) -> tuple[str, str, str, str] | None:
    """Return the buffers of an input, None if one of the four is missing."""
    names: dict[str, str] = {}
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            names |= {
                key: name
                for key, name in output.items()
                if isinstance(name, str) and len(name) <= _MAX_NAME
            }
    if not set(_OUTPUTS) <= set(names):
        return None
    time, x, y, z = (names[key] for key in _OUTPUTS)
    return time, x, y, z


class PhyphoxPoll:
    """Ask for what is new, and read the answers; the caller owns the connection.

    Ask for `next_path`, `feed` the body of the answer, and so on, some times a second. An answer
    that never came is simply asked for again.

    Parameters
    ----------
    buffers : PhyphoxBuffers, optional
        Names of the buffers, from ``/config``; without it, those of a simple experiment.

    Examples
    --------
    >>> PhyphoxPoll(PhyphoxBuffers(acc=("t", "ax", "ay", "az"), gyr=("t", "x", "y", "z"))).next_path
    '/get?t=full&ax=full&ay=full&az=full&x=full&y=full&z=full'

    """

    config_path: Final = "/config"
    start_path: Final = "/control?cmd=start"

    def __init__(self, buffers: PhyphoxBuffers | None = None) -> None:
        self._buffers = buffers or PhyphoxBuffers()
        self._session: object = None
        self._is_measuring = False
        self._n_silent = 0
        self._begin()

    @property
    def is_measuring(self) -> bool:
        """Whether the last answer said that it measures; if not, ask for `start_path`."""
        return self._is_measuring

    @property
    def next_path(self) -> str:
        """What to ask for next: all there is, or what is newer than all that came."""
        asked: dict[str, str] = {}
        for names in (self._buffers.acc, self._buffers.gyr):
            last_s = None if self._asks_all else self._last_s.get(names[0])
            time, *others = (quote(name, safe="") for name in names)
            since = "full" if last_s is None else repr(last_s)
            asked.setdefault(time, since)
            for name in others:
                asked[name] = since if last_s is None else f"{since}|{time}"
        return "/get?" + "&".join(f"{name}={since}" for name, since in asked.items())

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in the body of an answer and return the samples settled by it, oldest first."""
        answer = json_object(data) or {}
        buffers, status = answer.get("buffer"), answer.get("status")
        if not isinstance(buffers, dict) or not isinstance(status, dict):
            return [DamagedFrame.of("not an answer of phyphox", data)]
        self._is_measuring = status.get("measuring") is True
        if self._has_new_session(status.get("session")):
            return self._restart()
        out: list[Decoded] = []
        fresh: list[list[Timed]] = []
        newest_s: dict[str, float] = {}
        for time, *axes in (self._buffers.acc, self._buffers.gyr):
            rows = _rows(buffers, time, axes)
            whole = [row for row in rows if row is not None]
            out += [_NULL] * (len(rows) - len(whole))
            # Rounding may bring the last sample back once more.
            last_s = self._last_s.get(time, -math.inf)
            fresh.append([row for row in whole if row[0] > last_s])
            if whole:
                newest_s[time] = min(max(whole)[0], newest_s.get(time, math.inf))
        if any(time_s < self._last_s.get(time, time_s) for time, time_s in newest_s.items()):
            return self._restart()
        self._last_s |= newest_s
        self._asks_all = False
        self._n_silent = 0 if any(fresh) or not self._is_measuring else self._n_silent + 1
        if self._n_silent >= _SILENT_ANSWERS:
            self._n_silent, self._asks_all = 0, True
        acc, gyr = fresh
        return out + self._joiner.add(acc=acc, gyr=gyr)

    def finish(self) -> list[Decoded]:
        """Return what still waits for an angular rate, as at the end of a recording."""
        return self._joiner.finish()

    def _begin(self) -> None:
        self._joiner = SampleJoiner()
        self._last_s: dict[str, float] = {}
        self._n_silent = 0
        self._asks_all = False

    def _restart(self) -> list[Decoded]:
        out = self.finish()
        self._begin()
        return [*out, _GONE]

    def _has_new_session(self, session: object) -> bool:
        is_new = self._session not in (None, session)
        self._session = session
        return is_new and bool(self._last_s)


def _rows(buffers: Mapping[str, object], time: str, axes: Sequence[str]) -> list[Timed | None]:
    """Return the samples of a sensor, None for each that lacks a number.

    Buffers are filled one after the other, so one may be ahead by a sample.
    """
    columns = [_values(buffers.get(name)) for name in (time, *axes)]
    rows: list[Timed | None] = []
    for raw in zip(*columns, strict=False):
        time_s, x, y, z = map(number, raw)
        if time_s is None or x is None or y is None or z is None:
            rows.append(None)
        else:
            rows.append((time_s, (x, y, z)))
    return rows


def _values(buffer: object) -> list[object]:
    values = buffer.get("buffer") if isinstance(buffer, dict) else None
    return values if isinstance(values, list) else []


def encode_phyphox(
    values: Mapping[str, Sequence[float]], *, session: str = "1", is_measuring: bool = True
) -> bytes:
    """Build the answer to ``/get`` with these values by name of the buffer.

    Values are rounded to seven digits, as phyphox does; what is not finite becomes null.
    """
    buffers = {
        name: {
            "size": 0,
            "updateMode": "partial",
            "buffer": [float(f"{v:.7g}") if math.isfinite(v) else None for v in listed],
        }
        for name, listed in values.items()
    }
    status = {"session": session, "measuring": is_measuring, "timedRun": False, "countDown": 0}
    return json.dumps({"buffer": buffers, "status": status}).encode()
