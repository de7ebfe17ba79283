"""Devices that talk text: a Puck.js at its prompt, and a sensor of a described format."""

import re
from abc import ABC, abstractmethod
from typing import ClassVar, Final

from firmware_bridge.device import GattCharacteristic, GattService, Sampled, Sent, SimulatedDevice
from firmware_bridge.text_format import TextFormat
from firmware_bridge.text_lines import encode_text
from firmware_bridge.uart import PUCK, encode_uart

_PUCK_RATES_HZ: Final = (1.6, 12.5, 26.0, 52.0, 104.0, 208.0)
_ON: Final = re.compile(r"Puck\.accelOn\((\d+(?:\.\d+)?)\)")
_WIDE: Final = "Puck.accelWr(0x11,Puck.accelRd(0x11)|12)"
_LISTEN: Final = "Puck.on('accel',a=>Bluetooth.println(JSON.stringify(a)))"
_END_TYPED: Final = b"\x03"
_NO_ECHO: Final = "\x10"
_MAX_TYPED: Final = 1024


def _uart_service(text_format: TextFormat) -> GattService:
    return GattService(
        text_format.service_uuid,
        (
            GattCharacteristic.of(text_format.notify_uuid, "notify"),
            GattCharacteristic.of(text_format.write_uuid, "write", "write-without-response"),
        ),
    )


class _TextDevice(SimulatedDevice, ABC):
    """What both have: lines come in pieces, and go out in pieces of what the link takes."""

    def __init__(self, text_format: TextFormat, name: str | None = None) -> None:
        super().__init__(name)
        self.services = (_uart_service(text_format),)
        self.advertised_uuids = (text_format.service_uuid,)
        self._format = text_format
        self._typed = bytearray()

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Take in what is typed, and obey every line that ends."""
        if characteristic != self._format.write_uuid:
            return super().write(characteristic, data, now_s)
        self._typed += data[-_MAX_TYPED:]
        self._typed = self._typed[self._typed.rfind(_END_TYPED) + 1 :]
        *lines, rest = self._typed.split(b"\n")
        self._typed = rest[-_MAX_TYPED:]
        said = b"".join(self._obey(line.decode("utf-8", "replace")) for line in lines)
        return self._sent(said, len(said) or 1)

    @abstractmethod
    def _obey(self, line: str) -> bytes:
        """Do what a line says; return what is printed."""

    def _sent(self, text: bytes, room: int) -> list[Sent]:
        return [
            Sent(self._format.notify_uuid, text[i : i + room]) for i in range(0, len(text), room)
        ]

    def link_ended(self) -> None:
        """Forget a line that was not ended."""
        self._typed.clear()


class SimulatedPuck(_TextDevice):
    """A Puck.js v2: obeys JavaScript, and prints a line for each sample."""

    factory_name: ClassVar[str] = "Puck.js 0000"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(PUCK, name)
        self.rate_hz = 12.5
        self._is_on = self._is_wide = self._is_listening = False

    def power_cycle(self) -> None:
        """Forget everything."""
        self.link_ended()
        self._is_on = self._is_wide = self._is_listening = False

    def _obey(self, line: str) -> bytes:
        echo = b"" if line.startswith(_NO_ECHO) else line.encode() + b"\r\n"
        for statement in line.removeprefix(_NO_ECHO).split(";"):
            on = _ON.fullmatch(statement)
            if on:
                asked_hz = float(on[1])
                self.rate_hz = min(_PUCK_RATES_HZ, key=lambda rate_hz: abs(rate_hz - asked_hz))
                self._is_on = True
            elif statement == "Puck.accelOff()":
                self._is_on = False
            elif statement == _WIDE:
                self._is_wide = True
            elif statement == _LISTEN:
                self._is_listening = True
            elif statement == "Puck.removeAllListeners('accel')":
                self._is_listening = False
        return echo + b"=undefined\r\n>" if echo else b""

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Print a sample; at the gyroscope's factory setting the same turn is more steps."""
        if not (self._is_on and self._is_listening):
            return []
        gain = 1.0 if self._is_wide else 0.07 / 0.00875
        gyr_rads = [rate * gain for rate in sampled.gyr_rads]
        return self._sent(encode_uart(sampled.acc_ms2, gyr_rads), sampled.room)


class SimulatedTextSensor(_TextDevice):
    """A sensor that somebody built: sends lines of a described format.

    Parameters
    ----------
    text_format : TextFormat
        Its lines. Where it has lines to start, it sends nothing before the last of them.
    name : str, optional
        The advertised name.

    """

    factory_name: ClassVar[str] = "tempo90 text"

    def __init__(self, text_format: TextFormat, name: str | None = None) -> None:
        super().__init__(text_format, name or text_format.name or None)
        self.rate_hz = text_format.rate_hz
        self._is_sending = not text_format.start
        self._number = 0

    def power_cycle(self) -> None:
        """Wait to be started again, where it is started at all."""
        self.link_ended()
        self._is_sending = not self._format.start
        self._number = 0

    def _obey(self, line: str) -> bytes:
        if self._format.start and line == self._format.start[-1]:
            self._is_sending = True
        elif self._format.stop and line == self._format.stop[-1]:
            self._is_sending = False
        return b""

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Send a line."""
        self._number += 1
        if not self._is_sending:
            return []
        line = encode_text(
            self._format,
            sampled.acc_ms2,
            sampled.gyr_rads,
            clock_s=sampled.clock_s,
            number=self._number,
        )
        return self._sent(line, sampled.room)
