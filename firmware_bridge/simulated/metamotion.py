"""A MetaMotion: registers that outlive the link, and accelerations apart from angular rates."""

from typing import ClassVar, Final

from firmware_bridge.device import GattCharacteristic, GattService, Sampled, Sent, SimulatedDevice
from firmware_bridge.metamotion import (
    ACC,
    BATTERY,
    BMI270,
    COMMAND_UUID,
    GYR,
    GYR_CONFIG,
    NOTIFY_UUID,
    SERVICE_UUID,
    Chip,
    encode_metamotion,
    encode_metamotion_battery,
)

_START, _ENABLE, _CONFIG = 0x01, 0x02, 0x03
_READ: Final = 0x80
_FULL_PACK: Final = 3

Registers = dict[tuple[int, int], bytes]


class SimulatedMetaMotion(SimulatedDevice):
    """One board.

    Parameters
    ----------
    name : str, optional
        The advertised name.
    chip : Chip, optional
        Its inertial chip; a board of None has an accelerometer alone.
    revision : int
        Of the chip's module; before 1 it sends single samples only.

    """

    factory_name: ClassVar[str] = "MetaWear"
    services = (
        GattService(
            SERVICE_UUID,
            (
                GattCharacteristic.of(COMMAND_UUID, "write", "write-without-response"),
                GattCharacteristic.of(NOTIFY_UUID, "notify"),
            ),
        ),
    )
    advertised_uuids = (SERVICE_UUID,)

    def __init__(
        self, name: str | None = None, *, chip: Chip | None = BMI270, revision: int = 1
    ) -> None:
        super().__init__(name)
        self._chip = chip
        self._revision = revision
        self._registers: Registers = {}
        self._acc: list[list[float]] = []
        self._gyr: list[list[float]] = []

    def power_cycle(self) -> None:
        """Forget all settings."""
        self._registers.clear()

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Set a register, or answer a question."""
        if characteristic != COMMAND_UUID or len(data) < 2:  # noqa: PLR2004 - module and register
            return super().write(characteristic, data, now_s)
        module, register = data[0], data[1]
        if data == BATTERY:
            return [Sent(NOTIFY_UUID, encode_metamotion_battery(self.battery_percent))]
        if register == _READ:
            chip = b"" if self._chip is None else bytes((self._chip.number, self._revision))
            return [Sent(NOTIFY_UUID, data[:2] + (chip if module == GYR else b"\x04\x00"))]
        self._registers[module, register] = data[2:]
        return []

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Send single samples or threes, of what was configured, subscribed to and started."""
        chip = self._chip
        if chip is None or not self._is_running(chip):
            self._acc.clear()
            self._gyr.clear()
            return []
        self._acc.append(list(sampled.acc_ms2))
        self._gyr.append(list(sampled.gyr_rads))
        is_packed = self._revision > 0 and self._has(chip.packed)
        if not is_packed and not self._has(chip.single):
            return []
        if is_packed and len(self._acc) < _FULL_PACK:
            return []
        sent = encode_metamotion(self._acc, self._gyr, chip=chip)
        self._acc.clear()
        self._gyr.clear()
        return [Sent(NOTIFY_UUID, data) for data in sent]

    def _is_running(self, chip: Chip) -> bool:
        asked = {
            (ACC, _CONFIG): chip.acc_config, (GYR, _CONFIG): GYR_CONFIG,
            (ACC, _ENABLE): b"\x01\x00", (GYR, _ENABLE): b"\x01\x00",
            (ACC, _START): b"\x01", (GYR, _START): b"\x01",
        }  # fmt: skip
        has_subscriber = self._has(chip.single) or self._has(chip.packed)
        return has_subscriber and asked.items() <= self._registers.items()

    def _has(self, registers: tuple[int, int]) -> bool:
        acc_register, gyr_register = registers
        wanted = ((ACC, acc_register), (GYR, gyr_register))
        return all(self._registers.get(one) == b"\x01" for one in wanted)
