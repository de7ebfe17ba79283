"""A simulated WitMotion BLE 5 sensor, with the habits of the real one.

It leaves the factory at 10 Hz and always streams. A command counts only within ten seconds after
the unlock command; a changed rate survives switching off only if it was saved. The wire format
stands in firmware_bridge/witmotion.py.
"""

import asyncio
from typing import Final

from bumble import att
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_bridge import encode_register_reply, encode_witmotion, find_sensor
from tracker.virtual_radio.air import AirLink
from tracker.virtual_radio.peripheral import Motion, MotionFeed, Peripheral

_RATES_HZ: Final = {
    0x01: 0.2, 0x02: 0.5, 0x03: 1.0, 0x04: 2.0, 0x05: 5.0, 0x06: 10.0,
    0x07: 20.0, 0x08: 50.0, 0x09: 100.0, 0x0B: 200.0,
}  # fmt: skip
_FACTORY_RATE: Final = 0x06
_UNLOCK: Final = bytes.fromhex("ffaa6988b5")
_UNLOCKED_S: Final = 10.0
_SAVE, _RATE, _READ, _BATTERY = 0x00, 0x03, 0x27, 0x64
_COMMAND_BYTES: Final = 5
_WRITE_NOT_PERMITTED: Final = 0x03


class VirtualWitMotion(Peripheral):
    """One simulated sensor; `commands` keeps every command it was sent."""

    def __init__(
        self, link: AirLink, name: str, address: str, feed: MotionFeed, *, clock_ppm: float = 0.0
    ) -> None:
        super().__init__(link, name, address, feed, clock_ppm=clock_ppm)
        self.commands: list[bytes] = []
        self.battery_v = 3.94
        self._rate_code = self._saved_rate_code = _FACTORY_RATE
        self._unlocked_until_s = 0.0
        family = find_sensor("witmotion")
        properties = Characteristic.Properties
        self._notify: Characteristic[bytes] = Characteristic(
            UUID(family.notify_uuid), properties.NOTIFY, Characteristic.READABLE
        )
        write: Characteristic[bytes] = Characteristic(
            UUID(family.write_uuid),
            properties.WRITE | properties.WRITE_WITHOUT_RESPONSE,
            Characteristic.WRITEABLE,
            CharacteristicValue(write=self._on_write),
        )
        service_uuid = UUID(family.service_uuid)
        self.advertise_as([Service(service_uuid, [self._notify, write])], service_uuid)

    def power_cycle(self) -> None:
        """Forget what was not saved."""
        self._set_rate(self._saved_rate_code)
        self._unlocked_until_s = 0.0

    async def send(self, motion: Motion) -> None:
        """Send a sample frame; the fused angle is left at zero."""
        frame = encode_witmotion(motion.acc_ms2.tolist(), motion.gyr_rads.tolist())
        await self.device.notify_subscribers(self._notify, frame)

    def _on_write(self, _connection: Connection, value: bytes) -> None:
        if self.refuses_writes:
            raise att.ATT_Error(_WRITE_NOT_PERMITTED)
        command = bytes(value)
        self.commands.append(command)
        if len(command) == _COMMAND_BYTES and command[:2] == b"\xff\xaa":
            self._obey(command)

    def _obey(self, command: bytes) -> None:
        now_s = asyncio.get_running_loop().time()
        register, value = command[2], int.from_bytes(command[3:], "little")
        if command == _UNLOCK:
            self._unlocked_until_s = now_s + _UNLOCKED_S
        elif register == _READ:
            self._reply(value)
        elif now_s > self._unlocked_until_s:
            return  # the real sensor ignores it without a word
        elif register == _RATE and value in _RATES_HZ:
            self._set_rate(value)
        elif register == _SAVE and value == 0:
            self._saved_rate_code = self._rate_code

    def _set_rate(self, code: int) -> None:
        self._rate_code = code
        self.rate_hz = _RATES_HZ[code]

    def _reply(self, register: int) -> None:
        values = {_BATTERY: [round(self.battery_v * 100)], _RATE: [self._rate_code]}
        frame = encode_register_reply(register, values.get(register, []))
        self._spawn(self.device.notify_subscribers(self._notify, frame))
