"""The air between virtual controllers: connection events, and everything that goes wrong in it.

Real radios move data at connection events, a few packets at a time, in order, and repeat what
was not acknowledged: interference is seen as delay, and as loss only when the sender's buffer
runs over or the supervision time ends the link. The same happens here.
"""

import asyncio
import random
import zlib
from dataclasses import dataclass
from typing import Any, Final

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink

from tracker.virtual_radio.controller import (
    NOT_ESTABLISHED,
    SUPERVISION_TIMEOUT,
    address_key,
)

ATT_OPCODE_AT: Final = 4
ATT_NOTIFICATION: Final = 0x1B
FAILED_EVENTS: Final = 6
"""A connection attempt has failed when this many connection events went unanswered."""

Route = tuple[str, str]
Pdu = tuple[Controller, hci.Address, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class AirParams:
    """How the air behaves when nothing is wrong; the defaults suit a laptop in the same room."""

    interval_ms: float = 15.0
    pdus_per_event: int = 6
    supervision_s: float = 2.0
    buffered_pdus: int = 24
    seed: int = 0


class _InOrder(dict[Controller, None]):
    """A set that keeps the order of arrival, so that runs can be repeated exactly."""

    def add(self, item: Controller) -> None:
        self[item] = None

    def remove(self, item: Controller) -> None:
        del self[item]


class AirLink(LocalLink):
    """Carry packets between controllers with the timing and the faults of a radio."""

    def __init__(self, params: AirParams | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.params = params or AirParams()
        self.controllers: Any = _InOrder()
        self.interval_s = self.params.interval_ms / 1000.0
        self.rssi_dbm: dict[str, int] = {}
        self.loss: dict[str, float] = {}
        self.refused: set[str] = set()
        self._silent: dict[str, int] = {}
        self._silences = 0
        self._random = random.Random(self.params.seed)  # noqa: S311 - faults, not secrets
        self._queues: dict[Route, list[Pdu]] = {}
        self._timers: dict[Route, asyncio.Handle] = {}

    # Data: queued until the next connection event of its link, so the order is kept.

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,  # noqa: ARG002 - the signature is Bumble's
        data: bytes,
    ) -> None:
        """Queue a packet for the next connection event."""
        connection = sender_controller.le_connections.get(destination_address)
        target = self.find_le_controller(destination_address)
        if connection is None or target is None:
            return
        route = address_key(connection.self_address), address_key(destination_address)
        if self._is_lost(route, data):
            return
        queue = self._queues.setdefault(route, [])
        if self._is_cut(route):
            if len(queue) < self.params.buffered_pdus:
                queue.append((target, connection.self_address, data))
            return
        queue.append((target, connection.self_address, data))
        if route not in self._timers:
            self._arm(route)

    def _is_lost(self, route: Route, data: bytes) -> bool:
        # Only notifications: a lost request would stall the link for 30 s, which no radio does.
        fraction = self.loss.get(route[0], 0.0)
        is_notification = len(data) > ATT_OPCODE_AT and data[ATT_OPCODE_AT] == ATT_NOTIFICATION
        return is_notification and fraction > 0 and self._random.random() < fraction

    def _is_cut(self, route: Route) -> bool:
        return route[0] in self._silent or route[1] in self._silent

    def _arm(self, route: Route) -> None:
        loop = asyncio.get_running_loop()
        if self.interval_s <= 0:
            self._timers[route] = loop.call_soon(self._connection_event, route)
            return
        # Every link has its own phase, so that two sensors do not move in step.
        phase_s = zlib.crc32(route[0].encode()) % 997 / 997 * self.interval_s
        n = int((loop.time() - phase_s) / self.interval_s) + 1
        self._timers[route] = loop.call_at(
            n * self.interval_s + phase_s, self._connection_event, route
        )

    def _connection_event(self, route: Route) -> None:
        self._timers.pop(route)
        if self._is_cut(route):
            return  # the link layer repeats: end_silence() goes on
        queue = self._queues.get(route, [])
        now, queue[: self.params.pdus_per_event] = queue[: self.params.pdus_per_event], []
        for target, source, data in now:
            target.on_link_acl_data(source, PhysicalTransport.LE, data)
        if queue:
            self._arm(route)

    # Advertising and connecting.

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Spread an advertisement, or a request to connect, unless a fault forbids it."""
        if not isinstance(packet, ll.AdvInd | ll.AdvExtInd | ll.ConnectInd):
            return
        key = address_key(packet.advertiser_address)
        if isinstance(packet, ll.ConnectInd) and (key in self.refused or key in self._silent):
            wait_s = max(FAILED_EVENTS * self.interval_s, 0.05)
            asyncio.get_running_loop().call_later(
                wait_s,
                self.end_one_side,
                sender_controller,
                packet.advertiser_address,
                NOT_ESTABLISHED,
            )
        elif key not in self._silent:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(
        self,
        sender_address: hci.Address,
        receiver_address: hci.Address,
        packet: ll.ControlPdu,
    ) -> None:
        """Carry a control packet of the link layer, unless one side is out of reach."""
        if self._is_cut((address_key(sender_address), address_key(receiver_address))):
            return
        if self.find_le_controller(receiver_address):
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def scan_response(self, address: hci.Address) -> bytes:
        """Return what the advertiser at an address answers to an active scan."""
        peer = self.find_le_controller(address)
        if peer is None:
            return b""
        for advertising in peer.advertising_sets.values():
            if advertising.address == address:
                return bytes(advertising.scan_response_data)
        return bytes(peer.le_legacy_advertiser.scan_response_data.rstrip(b"\0"))

    # Faults.

    def end_one_side(self, controller: Controller, peer: hci.Address, reason: int) -> None:
        """End a connection on one side only, as if that chip had noticed something."""
        connection = controller.le_connections.get(peer)
        if connection is not None:
            controller.on_le_disconnected(connection, reason)

    def supervise_peer(self, connection: Connection) -> None:
        """Let the other side of a vanished connection notice after its supervision time."""
        other = self.find_le_controller(connection.peer_address)
        if other is not None:
            asyncio.get_running_loop().call_later(
                self.params.supervision_s,
                self.end_one_side,
                other,
                connection.self_address,
                SUPERVISION_TIMEOUT,
            )

    def begin_silence(self, address: str) -> None:
        """Put a sensor out of reach; its links end when the supervision time is over."""
        self._silences += 1
        self._silent[address] = self._silences
        asyncio.get_running_loop().call_later(
            self.params.supervision_s, self._supervise, address, self._silences
        )

    def end_silence(self, address: str) -> None:
        """Bring a sensor back within reach: what it could buffer arrives now."""
        self._silent.pop(address, None)
        for route, queue in self._queues.items():
            if queue and address in route and route not in self._timers:
                self._arm(route)

    def _supervise(self, address: str, silence: int) -> None:
        if self._silent.get(address) == silence:
            self.end_links_of(address, SUPERVISION_TIMEOUT)

    def pull_out(self, address: str) -> None:
        """Take a chip away: its host knows at once, its peers after their supervision time."""
        for controller in list(self.controllers):
            for connection in list(controller.le_connections.values()):
                if address_key(connection.self_address) == address:
                    self.supervise_peer(connection)
                    controller.on_le_disconnected(connection, SUPERVISION_TIMEOUT)
        self._forget_queues_of(address)

    def end_links_of(self, address: str, reason: int) -> None:
        """End every link of one chip, on both sides, and forget what was on its way."""
        for controller in list(self.controllers):
            for connection in list(controller.le_connections.values()):
                ends = address_key(connection.self_address), address_key(connection.peer_address)
                if address in ends:
                    controller.on_le_disconnected(connection, reason)
        self._forget_queues_of(address)

    def _forget_queues_of(self, address: str) -> None:
        for route, queue in self._queues.items():
            if address in route:
                queue.clear()
