"""Bumble's virtual controller with what real controllers do and it does not.

Mended here (Bumble 0.0.236): cancelling a connection attempt; a reset that forgets connections;
scan responses that carry their own data; signal strength per sensor.
"""

import asyncio
from typing import Any, Final, Protocol

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.link import LocalLink

DEFAULT_RSSI_DBM: Final = -55
UNKNOWN_CONNECTION: Final = 0x02
SUPERVISION_TIMEOUT: Final = 0x08
REMOTE_ENDED: Final = 0x13
HOST_ENDED: Final = 0x16
NOT_ESTABLISHED: Final = 0x3E


def address_key(address: hci.Address) -> str:
    """Return an address as text without its type, the form used for all fault tables."""
    return str(address.to_string(False))


class Air(Protocol):
    """What a controller needs of the air around it, beyond what Bumble's own link offers."""

    rssi_dbm: dict[str, int]

    def supervise_peer(self, connection: Connection) -> None:
        """Let the other side of a vanished connection notice after a while."""

    def scan_response(self, address: hci.Address) -> bytes:
        """Return what an advertiser answers to an active scan."""


class VirtualController(Controller):
    """One simulated Bluetooth chip, on the air of an `AirLink`."""

    def __init__(self, name: str, *, air: Air, link: LocalLink, **options: Any) -> None:
        super().__init__(name, link=link, **options)
        self._air = air

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up the pending attempt, and say so as a real chip does."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        ended = hci.HCI_LE_Connection_Complete_Event(
            status=UNKNOWN_CONNECTION,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=pending.peer_address.address_type,
            peer_address=pending.peer_address,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, ended)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_reset_command(
        self, _command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget everything: the peers find out when their supervision time is over."""
        for connection in list(self.le_connections.values()):
            self.le_connections.pop(connection.peer_address)
            self._air.supervise_peer(connection)
        self.pending_le_connection = None
        self.le_scan_enable = False
        self.le_legacy_advertiser.stop()
        return super().on_hci_reset_command(_command)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report an advertisement and its scan response, and connect where that was asked for."""
        if self.le_scan_enable:
            event = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
            legacy = event.LEGACY_ADVERTISING_PDU_USED | event.SCANNABLE_ADVERTISING
            answer = self._air.scan_response(pdu.advertiser_address)
            self._report(pdu, legacy | event.CONNECTABLE_ADVERTISING, pdu.data)
            self._report(pdu, legacy | event.SCAN_RESPONSE, answer)
        pending = self.pending_le_connection
        if pending is not None and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(self, pdu: ll.AdvInd | ll.AdvExtInd, event_type: int, data: bytes) -> None:
        advertiser = pdu.advertiser_address
        report = hci.HCI_LE_Extended_Advertising_Report_Event.Report(
            event_type=event_type,
            address_type=advertiser.address_type,
            address=advertiser,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=0,
            advertising_sid=0xFF,
            tx_power=127,
            rssi=self._air.rssi_dbm.get(address_key(advertiser), DEFAULT_RSSI_DBM),
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=data,
        )
        self.send_hci_packet(hci.HCI_LE_Extended_Advertising_Report_Event([report]))
