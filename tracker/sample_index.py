"""The sensor's own seconds of each sample, from a counter or a clock that wraps and restarts."""

from typing import Final

from firmware_bridge import ImuPacket

RESTART_AFTER: Final = 8
"""So many samples in a row that seem late mean that the sensor has begun to count anew. Radio
links never reorder; a single one is a double delivery."""

MAX_LEAP_S: Final = 5.0
"""A device clock that leaps ahead of the host's by so much has been set anew."""


class SensorRestartedError(Exception):
    """The sensor counts anew: what follows needs a new clock."""


class CounterUnwrap:
    """Turn a counter of a few bits into a number that only grows.

    Arrival times decide how often the counter went round during a silence.

    Parameters
    ----------
    n_bits : int
        Width of the counter.
    rate_hz : float
        Nominal sampling rate.

    """

    def __init__(self, n_bits: int, rate_hz: float) -> None:
        self._modulus = 1 << n_bits
        self._rate_hz = rate_hz
        self._last: int | None = None
        self._arrival_s = 0.0
        self._n_late = 0

    def add(self, counter: int, arrival_s: float) -> int | None:
        """Return the number of a sample, or None for one that came before.

        Raises
        ------
        SensorRestartedError
            If the sensor began to count anew.

        """
        if self._last is None:
            self._last, self._arrival_s = counter, arrival_s
            return counter
        step = (counter - self._last) % self._modulus
        expected = (arrival_s - self._arrival_s) * self._rate_hz
        step += self._modulus * round((expected - step) / self._modulus)
        if step <= 0:
            self._n_late += 1
            if self._n_late >= RESTART_AFTER:
                raise SensorRestartedError
            return None
        if step - expected > MAX_LEAP_S * self._rate_hz:
            raise SensorRestartedError
        self._n_late = 0
        self._last += step
        self._arrival_s = arrival_s
        return self._last


class DeviceSeconds:
    """Tell the sensor's own time of each packet of one connection.

    Parameters
    ----------
    index : str
        `counter8`, `counter15`, `counter16`, `counter32`, ... or `device_time`, as in
        `SensorFamily.index`.
    rate_hz : float
        Nominal sampling rate.

    """

    def __init__(self, index: str, rate_hz: float) -> None:
        self._period_s = 1.0 / rate_hz
        self._unwrap: CounterUnwrap | None = None
        if index.startswith("counter"):
            self._unwrap = CounterUnwrap(int(index.removeprefix("counter")), rate_hz)
        self._last_s: float | None = None
        self._arrival_s = 0.0
        self._n_late = 0

    def add(self, packet: ImuPacket, arrival_s: float) -> float | None:
        """Return the sensor's time of a packet in s, or None for one that came before.

        Raises
        ------
        SensorRestartedError
            If the sensor's counter or clock began anew.

        """
        if self._unwrap is not None:
            if packet.counter is None:
                return None
            number = self._unwrap.add(packet.counter, arrival_s)
            return None if number is None else number * self._period_s
        return self._device_time_s(packet, arrival_s)

    def _device_time_s(self, packet: ImuPacket, arrival_s: float) -> float | None:
        device_s = packet.device_time_s
        if self._last_s is None:
            if device_s is None:
                return None
        elif device_s is None:
            device_s = self._last_s + self._period_s
        elif device_s <= self._last_s:
            self._n_late += 1
            if self._n_late >= RESTART_AFTER or device_s < self._last_s - MAX_LEAP_S:
                raise SensorRestartedError
            return None
        elif (device_s - self._last_s) - (arrival_s - self._arrival_s) > MAX_LEAP_S:
            raise SensorRestartedError
        self._n_late = 0
        self._last_s, self._arrival_s = device_s, arrival_s
        return device_s
