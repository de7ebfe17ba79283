"""A Thingy:52: ten samples a second from the factory, each a notification, without any clock."""

import struct
from typing import ClassVar, Final

from firmware_bridge.device import (
    BATTERY_SERVICE,
    GattCharacteristic,
    GattService,
    Sampled,
    Sent,
    SimulatedDevice,
)
from firmware_bridge.errors import WriteRefusedError
from firmware_bridge.thingy52 import (
    ADVERTISED_UUID,
    CONFIG_UUID,
    RAW_UUID,
    SERVICE_UUID,
    encode_thingy52,
)

_CONFIG: Final = struct.Struct("<4HB")
_FACTORY: Final = (500, 1000, 500, 10, 1)
# Lowest and highest: intervals of pedometer, temperature and compass in ms, rate in Hz, wake.
_LIMITS: Final = ((100, 5000), (100, 5000), (100, 1000), (5, 200), (0, 1))
_INVALID_LENGTH: Final = 0x0D
_INVALID_VALUE: Final = 0x80


class SimulatedThingy52(SimulatedDevice):
    """One Thingy."""

    factory_name: ClassVar[str] = "Thingy"
    services = (
        GattService(
            SERVICE_UUID,
            (
                GattCharacteristic.of(CONFIG_UUID, "read", "write"),
                GattCharacteristic.of(RAW_UUID, "notify"),
            ),
        ),
        BATTERY_SERVICE,
    )
    advertised_uuids = (ADVERTISED_UUID,)
    company_id = 0x0059

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self._config: tuple[int, ...] = _FACTORY
        self.rate_hz = float(_FACTORY[3])

    def read(self, characteristic: str) -> bytes:
        """Return the configuration, or the battery level."""
        if characteristic == CONFIG_UUID:
            return _CONFIG.pack(*self._config)
        return super().read(characteristic)

    def write(self, characteristic: str, data: bytes, now_s: float) -> list[Sent]:
        """Take in a configuration; one that is out of its limits is refused."""
        if characteristic != CONFIG_UUID:
            return super().write(characteristic, data, now_s)
        if len(data) != _CONFIG.size:
            raise WriteRefusedError(characteristic, _INVALID_LENGTH)
        config = _CONFIG.unpack(data)
        if not all(
            low <= value <= high for value, (low, high) in zip(config, _LIMITS, strict=True)
        ):
            raise WriteRefusedError(characteristic, _INVALID_VALUE)
        self._config = config
        self.rate_hz = float(config[3])
        return []

    def sample(self, sampled: Sampled) -> list[Sent]:
        """Send the raw values; nobody gets them who did not subscribe."""
        return [Sent(RAW_UUID, encode_thingy52(sampled.acc_ms2, sampled.gyr_rads))]
