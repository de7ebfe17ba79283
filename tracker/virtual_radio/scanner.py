"""bleak's scanner interface on a virtual adapter."""

import uuid
from typing import Any, ClassVar

from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bumble import core
from bumble.device import Advertisement

from tracker.virtual_radio.adapter import VirtualAdapter

# Types of advertising data, Bluetooth Assigned Numbers section 2.3.
_UUID_BYTES = {2: 2, 3: 2, 4: 4, 5: 4, 6: 16, 7: 16}
_SERVICE_DATA_BYTES = {0x16: 2, 0x20: 4, 0x21: 16}
_NAMES = (0x08, 0x09)
_TX_POWER = 0x0A
_MANUFACTURER = 0xFF


def uuid_text(value: core.UUID) -> str:
    """Return a UUID as 128-bit lower-case text; Bumble keeps the bytes in reverse."""
    return str(uuid.UUID(bytes=bytes(value.to_bytes(force_128=True))[::-1]))


class VirtualScanner(BaseBleakScanner):
    """Scan the virtual air; a subclass names its adapter."""

    adapter: ClassVar[VirtualAdapter]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **_platform_options: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._is_active = scanning_mode != "passive"

    async def start(self) -> None:
        """Start to report advertisements."""
        self.adapter.check_power()
        self.seen_devices = {}
        await self.adapter.listen(self._on_advertisement, is_active=self._is_active)

    async def stop(self) -> None:
        """Stop; the devices seen stay known."""
        await self.adapter.unlisten(self._on_advertisement)

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        data = read_advertisement(advertisement)
        if self.is_allowed_uuid(data.service_uuids):
            address = str(advertisement.address.to_string(False))
            device = self.create_or_update_device(
                address, address, data.local_name, advertisement.address, data
            )
            self.call_detection_callbacks(device, data)


def read_advertisement(advertisement: Advertisement) -> AdvertisementData:
    """Turn Bumble's advertisement (with its scan response) into bleak's."""
    uuids: list[str] = []
    service_data: dict[str, bytes] = {}
    manufacturer_data: dict[int, bytes] = {}
    name, tx_power = None, None
    for kind, raw in advertisement.data.ad_structures:
        if kind in _UUID_BYTES:
            n = _UUID_BYTES[kind]
            parts = [raw[i : i + n] for i in range(0, len(raw), n)]
            uuids += [uuid_text(core.UUID.from_bytes(part)) for part in parts]
        elif kind in _NAMES:
            name = raw.decode("utf-8", "replace")
        elif kind == _TX_POWER:
            tx_power = int.from_bytes(raw[:1], "little", signed=True)
        elif kind in _SERVICE_DATA_BYTES:
            n = _SERVICE_DATA_BYTES[kind]
            service_data[uuid_text(core.UUID.from_bytes(raw[:n]))] = bytes(raw[n:])
        elif kind == _MANUFACTURER:
            manufacturer_data[int.from_bytes(raw[:2], "little")] = bytes(raw[2:])
    return AdvertisementData(
        name,
        manufacturer_data,
        service_data,
        list(dict.fromkeys(uuids)),
        tx_power,
        advertisement.rssi,
        (advertisement,),
    )
