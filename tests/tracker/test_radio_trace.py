import asyncio
import struct
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bumble import att, hci, l2cap

from tests.tracker.radio_builders import ADDRESS, NAME, WITMOTION, collecting
from tracker.btsnoop import MAX_BYTES, TraceWriter, UnreadableTraceError, read_trace
from tracker.cli import app
from tracker.radio_tap import RadioTap
from tracker.radio_trace import TraceFileError, trace_radio
from tracker.virtual_radio import run_virtually

BEGAN_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def writer(path, began_s=1000.0):
    return TraceWriter(path, BEGAN_AT, began_s)


def attribute_packets(packets):
    """What the ATT packets of a trace carry, read by another implementation of the standard."""
    found = []
    for packet in packets:
        parsed = hci.HCI_Packet.from_bytes(packet.data)
        if isinstance(parsed, hci.HCI_AclDataPacket):
            carried = l2cap.L2CAP_PDU.from_bytes(parsed.data)
            if carried.cid == att.ATT_CID:
                found.append(att.ATT_PDU.from_bytes(carried.payload))
    return found


def of_kind(kind, pdus):
    return [one for one in pdus if isinstance(one, kind)]


def test_the_bytes_of_a_trace_are_those_of_the_format(tmp_path):
    with writer(tmp_path / "t.btsnoop") as trace:
        trace.add(b"\x04\x0e\x01\x00", 1001.5, is_received=True)

    data = (tmp_path / "t.btsnoop").read_bytes()

    assert data[:16] == b"btsnoop\0\x00\x00\x00\x01\x00\x00\x03\xea"
    length, included, flags, drops, time_us = struct.unpack_from(">IIIIQ", data, 16)
    since_2000 = datetime(2026, 3, 2, 9, 0, 1, 500_000, tzinfo=UTC) - datetime(
        2000, 1, 1, tzinfo=UTC
    )
    assert (length, included, flags, drops) == (4, 4, 3, 0)
    assert time_us - 0x00E03AB44A676000 == since_2000.total_seconds() * 1e6
    assert data[40:] == b"\x04\x0e\x01\x00"


def test_sent_and_received_commands_and_data_are_told_apart(tmp_path):
    with writer(tmp_path / "t.btsnoop") as trace:
        trace.add(b"\x01\x03\x0c\x00", 1000.0, is_received=False)
        trace.add(b"\x02\x40\x00\x00\x00", 1000.0, is_received=True)

    command, data = read_trace((tmp_path / "t.btsnoop").read_bytes())

    assert (command.is_received, data.is_received) == (False, True)
    assert command.at == BEGAN_AT


@pytest.mark.parametrize("n_bytes", [0, 15, 20, 42])
def test_what_is_cut_short_is_no_trace(n_bytes, tmp_path):
    with writer(tmp_path / "t.btsnoop") as trace:
        trace.add(b"\x04\x0e\x01\x00", 1000.0, is_received=True)
    data = (tmp_path / "t.btsnoop").read_bytes()[:n_bytes]

    with pytest.raises(UnreadableTraceError):
        list(read_trace(data))


def test_a_trace_ends_at_its_limit_and_counts_what_is_left_out(tmp_path):
    packet = b"\x02" + bytes(2**20)

    with writer(tmp_path / "t.btsnoop") as trace:
        for _ in range(70):
            trace.add(packet, 1000.0, is_received=True)

    assert (tmp_path / "t.btsnoop").stat().st_size <= MAX_BYTES
    assert trace.n_packets + trace.n_dropped == 70
    assert trace.n_dropped >= 6


def test_the_trace_of_a_simulated_sensor_holds_the_packets_between_host_and_chip(tmp_path):
    path, said = tmp_path / "t.btsnoop", []

    traced = run_virtually(trace_radio("sim", path, seconds=5.0, say=said.append))

    packets = list(read_trace(path.read_bytes()))
    parsed = [hci.HCI_Packet.from_bytes(packet.data) for packet in packets]
    pdus = attribute_packets(packets)
    notified = of_kind(att.ATT_Handle_Value_Notification, pdus)
    assert traced.is_complete
    assert traced.n_packets == len(packets)
    assert said == ["scanning", "connecting", "starting", "streaming", "stopped"]
    assert len(notified) == pytest.approx(traced.n_samples, abs=5)
    assert all(bytes(one.attribute_value)[:1] == b"\x55" for one in notified)
    assert any("CREATE_CONNECTION" in getattr(one, "name", "") for one in parsed)
    assert of_kind(att.ATT_Write_Command, pdus) or of_kind(att.ATT_Write_Request, pdus)
    seconds = (packets[-1].at - packets[0].at).total_seconds()
    assert seconds == pytest.approx(5, abs=0.5)


def test_the_trace_of_a_real_adapter_is_rebuilt_from_what_passed(tmp_path):
    path = tmp_path / "t.btsnoop"

    async def use(trace, clock_s):
        async with collecting() as collected:
            tapped = replace(collected.radio.backend, tap=RadioTap(trace, clock_s))
            collected.collector._backend = tapped
            await collected.until("streaming")
            return collected

    async def main():
        clock_s = asyncio.get_running_loop().time
        with writer(path, clock_s()) as trace:
            return await use(trace, clock_s)

    collected = run_virtually(main(), limit_s=60)

    packets = list(read_trace(path.read_bytes()))
    parsed = [hci.HCI_Packet.from_bytes(packet.data) for packet in packets]
    [advertised, *_] = [p for p in parsed if isinstance(p, hci.HCI_LE_Advertising_Report_Event)]
    [connected] = [p for p in parsed if isinstance(p, hci.HCI_LE_Connection_Complete_Event)]
    [_] = [p for p in parsed if isinstance(p, hci.HCI_Disconnection_Complete_Event)]
    assert connected.peer_address.to_string(False) == ADDRESS
    assert advertised.reports[0].address.to_string(False) == ADDRESS
    assert NAME.encode() in b"".join(packet.data for packet in packets)
    pdus = attribute_packets(packets)
    written = [*of_kind(att.ATT_Write_Command, pdus), *of_kind(att.ATT_Write_Request, pdus)]
    sent = {bytes(one.attribute_value) for one in written}
    assert sent == {WITMOTION.ask_battery.data, *(command.data for command in WITMOTION.start)}
    notified = of_kind(att.ATT_Handle_Value_Notification, pdus)
    assert len(notified) >= len(collected.events) - 10
    assert {one.attribute_handle for one in notified} != {0}


def test_any_address_of_any_system_can_be_traced(tmp_path):
    with writer(tmp_path / "t.btsnoop") as trace:
        tap = RadioTap(trace, lambda: 1000.0)
        for address in (
            "C1:E5:00:00:00:01",
            "7D1E0A4C-0000-4000-8000-00000000000A",
            "hci0/dev",
            "",
        ):
            tap.connected(1, address)
            tap.advertised(address, -70, "Sensor with a name far too long to fit", [])

    packets = [
        hci.HCI_Packet.from_bytes(p.data) for p in read_trace((tmp_path / "t.btsnoop").read_bytes())
    ]

    assert len(packets) == 8
    assert packets[0].peer_address.to_string(False) == "C1:E5:00:00:00:01"


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(TraceFileError, match="name another file"):
        run_virtually(
            trace_radio("sim", tmp_path / "missing" / "t", seconds=1.0, say=lambda _: None)
        )


def test_the_command_writes_a_trace_and_says_what_it_holds(tmp_path, capsys):
    path = tmp_path / "t.btsnoop"

    app(
        ["doctor", "--trace", str(path), "--sensor", "sim", "--seconds", "1"],
        standalone_mode=False,
    )

    assert "packets (as they were)" in capsys.readouterr().out
    assert len(list(read_trace(path.read_bytes()))) > 50
