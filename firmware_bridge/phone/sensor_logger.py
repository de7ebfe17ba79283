"""Sensor Logger (Android, iOS): the messages that it posts while it measures.

Source: tszheichoi/awesome-sensor-logger, PUSHING.md, UNITS.md, CROSSPLATFORM.md.

Each body is one JSON object, over HTTP or MQTT alike::

    {"messageId": 7, "sessionId": "...", "deviceId": "...", "payload": [
        {"name": "gravity", "time": 1698501144401773000, "values": {"x": 0.1, "y": 0.2, "z": 9.8}},
        ...]}

=========================== =====================================================================
name                        values
=========================== =====================================================================
accelerometer               m/s², without gravity
gravity                     m/s²; specific force is the sum of these two
totalacceleration           m/s², with gravity
accelerometeruncalibrated   with gravity, m/s²; iOS in g
gyroscope                   rad/s; gyroscopeuncalibrated too
=========================== =====================================================================

`time` is in ns since 1970, which only whole numbers hold exactly. iPhones give accelerations with
the opposite sign, unless "Standardise Units & Frames" is on; angular rates never. No message tells
which phone it is from.

`messageId` counts up by one, and over HTTP one message may overtake another: they are put in
order again, and waited for until four later ones are in.
"""

import json
from collections import deque
from collections.abc import Mapping
from typing import Final

from firmware_bridge.packets import DamagedFrame, Decoded, Vector
from firmware_bridge.phone.joiner import SampleJoiner, Timed
from firmware_bridge.phone.platforms import PhonePlatform, force_sign
from firmware_bridge.phone.reading_json import json_object, vector
from firmware_bridge.units import STANDARD_GRAVITY_MS2

_FORCES: Final = (
    ("accelerometer", "gravity"),
    ("totalacceleration",),
    ("accelerometeruncalibrated",),
)
_TURNINGS: Final = (("gyroscope",), ("gyroscopeuncalibrated",))
_NAMES: Final = frozenset(name for group in (*_FORCES, *_TURNINGS) for name in group)
_NS: Final = 1e-9
_LAST_NS: Final = 1 << 63
_PATIENCE: Final = 4  # messages that may be ahead of a missing one
_MAX_WAITING: Final = 4096  # samples of a sensor whose partner has not begun
_GRAVITY_HOLE_S: Final = 0.1
_OLD_SESSIONS: Final = 8


class SensorLoggerPush:
    """Read the messages of one phone, each fed as it came.

    Parameters
    ----------
    platform : {"android", "ios", "standardised"}
        Whose signs and units the phone follows.

    Notes
    -----
    `device_time_s` of the packets counts from the first sample of the first message; when that
    was is in `origin_ns`. A new session of the app goes on in the same count.

    """

    def __init__(self, platform: PhonePlatform = "android") -> None:
        self._sign = force_sign(platform)
        self._raw_unit = STANDARD_GRAVITY_MS2 if platform == "ios" else 1.0
        self._session: str | None = None
        self._old_sessions: deque[str] = deque(maxlen=_OLD_SESSIONS)
        self._origin_ns: int | None = None
        self._begin_session()

    @property
    def origin_ns(self) -> int | None:
        """When `device_time_s` was 0, in ns since 1970; None before the first sample."""
        return self._origin_ns

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in a message and return the samples that are settled by it, oldest first."""
        message = json_object(data)
        number = message.get("messageId") if message else None
        payload = message.get("payload") if message else None
        if not message or not isinstance(number, int) or not isinstance(payload, list):
            return [DamagedFrame.of("not a message of Sensor Logger", data)]
        session = str(message.get("sessionId"))
        if session in self._old_sessions:
            return [DamagedFrame.of("a message of an earlier session", data)]
        out: list[Decoded] = []
        if self._session not in (None, session):
            out += self.finish()
            self._old_sessions.append(self._session or "")
            self._begin_session()
        self._session = session
        if number in self._early or (self._next is not None and number < self._next):
            return [*out, DamagedFrame.of("a message that came twice or too late", data)]
        self._early[number] = payload
        return out + self._take_in_order()

    def finish(self) -> list[Decoded]:
        """Return what still waits, as at the end of a recording."""
        out: list[Decoded] = []
        for number in sorted(self._early):
            out += self._take(number)
        return out + self._joiner.finish()

    def _begin_session(self) -> None:
        self._early: dict[int, list[object]] = {}
        self._next: int | None = None
        self._held: dict[str, deque[Timed]] = {name: deque(maxlen=_MAX_WAITING) for name in _NAMES}
        self._force: tuple[str, ...] = ()
        self._turning: tuple[str, ...] = ()
        self._gravity_before: Timed | None = None
        self._joiner = SampleJoiner()

    def _take_in_order(self) -> list[Decoded]:
        """Read the messages whose turn it is."""
        out: list[Decoded] = []
        # The first that comes may have overtaken another, unless it is the first there is.
        if self._next is None and (len(self._early) > 1 or min(self._early) <= 1):
            self._next = min(self._early)
        while self._next is not None and self._early:
            is_missing = self._next not in self._early
            if is_missing and len(self._early) < _PATIENCE:
                break
            number = min(self._early)
            if is_missing:
                out.append(DamagedFrame(reason="messages are missing", dropped=b""))
            out += self._take(number)
        return out

    def _take(self, number: int) -> list[Decoded]:
        """Read one message."""
        self._next = number + 1
        n_damaged = sum(not self._hold(entry) for entry in self._early.pop(number))
        damage = DamagedFrame(reason="a sample without time or numbers", dropped=b"")
        self._choose_sensors()
        out: list[Decoded] = [damage] * n_damaged
        if self._force and self._turning:
            turning = self._drain(self._turning[0])
            out += self._joiner.add(acc=self._forces(), gyr=turning)
        return out

    def _hold(self, entry: object) -> bool:
        """Keep a sample of a sensor that may be used; False if it cannot be read."""
        if not isinstance(entry, dict):
            return False
        name, time_ns = str(entry.get("name")).lower(), entry.get("time")
        if name not in _NAMES:
            return True
        values = vector(entry.get("values"))
        if not isinstance(time_ns, int) or not 0 <= time_ns < _LAST_NS or values is None:
            return False
        if self._origin_ns is None:
            self._origin_ns = time_ns
        self._held[name].append(((time_ns - self._origin_ns) * _NS, values))
        return True

    def _choose_sensors(self) -> None:
        """Settle which of the sensors are used as soon as all it takes are there."""
        have = {name for name, held in self._held.items() if held}
        self._force = self._force or next((group for group in _FORCES if have >= {*group}), ())
        self._turning = self._turning or next((one for one in _TURNINGS if have >= {*one}), ())

    def _drain(self, name: str) -> list[Timed]:
        samples = sorted(self._held[name])
        self._held[name].clear()
        return samples

    def _forces(self) -> list[Timed]:
        """Return the specific forces that are complete."""
        unit = self._sign * (self._raw_unit if self._force == _FORCES[2] else 1.0)
        if self._force != _FORCES[0]:
            return [(time_s, _sum(values, unit)) for time_s, values in self._drain(self._force[0])]
        linear, gravity = (deque(sorted(self._held[name])) for name in _FORCES[0])
        out: list[Timed] = []
        while linear and gravity and linear[0][0] <= gravity[-1][0]:
            time_s, values = linear.popleft()
            while gravity[0][0] < time_s:
                self._gravity_before = gravity.popleft()
            pull = _between(self._gravity_before, gravity[0], time_s)
            if pull is not None:
                out.append((time_s, _sum(values, unit, pull)))
        for name, left in zip(_FORCES[0], (linear, gravity), strict=True):
            self._held[name] = deque(left, maxlen=_MAX_WAITING)
        return out


def _between(before: Timed | None, behind: Timed, time_s: float) -> Vector | None:
    """Return gravity at a time, None where it was not measured: it changes slowly."""
    if behind[0] == time_s:
        return behind[1]
    if before is None or behind[0] - before[0] > _GRAVITY_HOLE_S:
        return None
    part = (time_s - before[0]) / (behind[0] - before[0])
    x, y, z = (a + part * (b - a) for a, b in zip(before[1], behind[1], strict=True))
    return x, y, z


def _sum(values: Vector, unit: float, other: Vector = (0.0, 0.0, 0.0)) -> Vector:
    x, y, z = ((a + b) * unit for a, b in zip(values, other, strict=True))
    return x, y, z


def encode_sensor_logger(
    message_id: int, samples: Mapping[str, list[tuple[int, Vector]]], *, session_id: str = "1"
) -> bytes:
    """Build a message as the app posts it.

    Parameters
    ----------
    message_id : int
        Running number.
    samples : mapping of str to list of (int, 3 floats)
        By name of the sensor: time in ns since 1970 and values in the unit of the app.
    session_id : str
        Name of the recording.

    """
    payload = [
        {"name": name, "time": time_ns, "values": dict(zip("xyz", values, strict=True))}
        for name, listed in samples.items()
        for time_ns, values in listed
    ]
    message = {
        "messageId": message_id,
        "sessionId": session_id,
        "deviceId": "simulated",
        "payload": payload,
    }
    return json.dumps(message, separators=(",", ":")).encode()
