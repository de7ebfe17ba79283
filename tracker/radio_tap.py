"""What passes through `tracker.ble`, written down as the HCI packets that must have carried it.

Without the rights of an administrator no program sees the packets of a real adapter. But what
came and went is known: advertisements, links, notifications, commands. Here they are put back
into packets, so that the same tools read them. What is missing: link layer, timing below the
operating system, service discovery, security. Handles of attributes are the true ones.
"""

import struct
import uuid
from collections.abc import Callable, Sequence
from typing import Final

from tracker.btsnoop import DATA, EVENT, TraceWriter

_LE_META, _DISCONNECTED = 0x3E, 0x05
_CONNECTION_COMPLETE, _ADVERTISING_REPORT = 0x01, 0x02
_ATT_CHANNEL: Final = 4
_NOTIFICATION, _WRITE_REQUEST, _WRITE_COMMAND = 0x1B, 0x12, 0x52
_FIRST_FROM_HOST, _FIRST_FROM_CHIP = 0x0000, 0x2000
_LINK_ENDED: Final = 0x08
_UUIDS, _NAME = 0x07, 0x09
_MAX_ADVERTISED_BYTES: Final = 31
_MAX_LINKS: Final = 0x0EFF
_ADDRESS_BYTES: Final = 6


class RadioTap:
    """Write what is told to a trace.

    Parameters
    ----------
    trace : TraceWriter
        Where to.
    clock_s : callable
        The clock of the trace.

    """

    def __init__(self, trace: TraceWriter, clock_s: Callable[[], float]) -> None:
        self._trace = trace
        self._clock_s = clock_s

    def advertised(
        self, address: str, rssi_dbm: int, name: str | None, service_uuids: Sequence[str]
    ) -> None:
        """Take note of an advertisement that was heard."""
        fields = b"".join(_field(_UUIDS, uuid.UUID(one).bytes[::-1]) for one in service_uuids[:1])
        room = _MAX_ADVERTISED_BYTES - len(fields) - 2
        fields += _field(_NAME, name.encode()[:room]) if name else b""
        report = bytes((1, 0, 1)) + _address(address) + bytes((len(fields),)) + fields
        self._event(_LE_META, bytes((_ADVERTISING_REPORT,)) + report + struct.pack("b", rssi_dbm))

    def connected(self, link: int, address: str) -> None:
        """Take note of a link that was made; its interval is unknown, and given as 0."""
        head = struct.pack("<BBHBB", _CONNECTION_COMPLETE, 0, _handle(link), 0, 1)
        self._event(_LE_META, head + _address(address) + struct.pack("<HHHB", 0, 0, 0, 0))

    def disconnected(self, link: int) -> None:
        """Take note of a link that ended, for whatever reason."""
        self._event(_DISCONNECTED, struct.pack("<BHB", 0, _handle(link), _LINK_ENDED))

    def notified(self, link: int, attribute: int, data: bytes) -> None:
        """Take note of a notification."""
        self._att(link, struct.pack("<BH", _NOTIFICATION, attribute) + data, is_received=True)

    def written(self, link: int, attribute: int, data: bytes, *, with_response: bool) -> None:
        """Take note of a command that is sent."""
        kind = _WRITE_REQUEST if with_response else _WRITE_COMMAND
        self._att(link, struct.pack("<BH", kind, attribute) + data, is_received=False)

    def _att(self, link: int, data: bytes, *, is_received: bool) -> None:
        flags = _FIRST_FROM_CHIP if is_received else _FIRST_FROM_HOST
        channel = struct.pack("<HH", len(data), _ATT_CHANNEL)
        head = struct.pack("<BHH", DATA, _handle(link) | flags, len(channel) + len(data))
        self._trace.add(head + channel + data, self._clock_s(), is_received=is_received)

    def _event(self, code: int, data: bytes) -> None:
        packet = bytes((EVENT, code, len(data))) + data
        self._trace.add(packet, self._clock_s(), is_received=True)


def _handle(link: int) -> int:
    return link % _MAX_LINKS


def _field(kind: int, data: bytes) -> bytes:
    return bytes((len(data) + 1, kind)) + data


def _address(text: str) -> bytes:
    """Return an address, lowest byte first; Apple shows none, so what it shows is folded."""
    digits = text.replace(":", "").replace("-", "")
    try:
        return bytes.fromhex(digits)[:_ADDRESS_BYTES].rjust(_ADDRESS_BYTES, b"\0")[::-1]
    except ValueError:  # a name of the system's own
        return text.encode()[:_ADDRESS_BYTES].ljust(_ADDRESS_BYTES, b"\0")
