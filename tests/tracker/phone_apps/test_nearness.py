"""A phone's address leads into the local network and nowhere else."""

import asyncio
import socket
from ipaddress import ip_network

import pytest

from tracker.phone_apps.errors import PhoneAppSpecError, PhoneAwayError, PhoneElsewhereError
from tracker.phone_apps.http_line import HttpLine
from tracker.phone_apps.nearness import NEAR, SETTING, allowed_networks, near_addresses

ELSEWHERE = (
    "169.254.169.254",  # where the machines of data centres tell their secrets
    "8.8.8.8",
    "0.0.0.0",  # noqa: S104  # refused
    "255.255.255.255",
    "100.64.0.1",
    "::ffff:8.8.8.8",
    "::ffff:169.254.169.254",
    "2001:db8::1",
    "::",
    "64:ff9b::a9fe:a9fe",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_outside_of_the_local_network_is_refused(address):
    with pytest.raises(PhoneElsewhereError):
        near_addresses([address])


@pytest.mark.parametrize(
    "address",
    ["192.168.1.20", "10.0.0.2", "172.20.10.1", "127.0.0.1", "::1", "fe80::1", "::ffff:10.0.0.2"],
)
def test_addresses_of_a_home_a_hotspot_and_this_computer_are_near(address):
    assert near_addresses(["8.8.8.8", address]) == [address]


@pytest.mark.parametrize("host", ["134744072", "0x08080808", "010.010.010.010", "[::ffff:8.8.8.8]"])
def test_no_way_of_writing_an_address_leads_elsewhere(host):
    asked = HttpLine(host.strip("[]"), 80, limit_s=2.0).get("/config")

    with pytest.raises(PhoneAwayError):
        asyncio.run(asked)


def test_a_name_is_connected_to_at_the_address_that_was_looked_at(monkeypatch):
    near = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 9))
    far = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 9))
    resolved, connected = iter([[far], [far, near]]), []

    async def resolve(*_, **__):
        return next(resolved)

    async def connect(address, port):
        connected.append((address, port))
        raise ConnectionRefusedError

    async def ask_twice():
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
        monkeypatch.setattr(asyncio, "open_connection", connect)
        line = HttpLine("phone.example", 9)
        errors = []
        for _ in range(2):
            with pytest.raises(PhoneAwayError) as caught:
                await line.get("/config")
            errors.append(type(caught.value))
        return errors

    errors = asyncio.run(ask_twice())

    assert errors == [PhoneElsewhereError, PhoneAwayError]
    assert connected == [("127.0.0.1", 9)]


def test_an_answer_that_sends_on_elsewhere_is_followed_nowhere():
    n_asked = 0

    async def send_on(_, writer):
        nonlocal n_asked
        n_asked += 1
        writer.write(
            b"HTTP/1.1 302 Found\r\nLocation: http://8.8.8.8/\r\nContent-Length: 0\r\n\r\n"
        )
        await writer.drain()
        writer.close()

    async def ask():
        async with await asyncio.start_server(send_on, "127.0.0.1", 0) as server:
            line = HttpLine("127.0.0.1", server.sockets[0].getsockname()[1])
            answer = await line.get("/config")
            line.close()
            return answer

    answer = asyncio.run(ask())

    assert (answer.is_ok, n_asked) == (False, 1)


def test_the_environment_names_other_networks(monkeypatch):
    monkeypatch.setenv(SETTING, "203.0.113.0/24, 2001:db8::/32")
    named = allowed_networks()
    monkeypatch.setenv(SETTING, "everything")
    with pytest.raises(PhoneAppSpecError):
        allowed_networks()
    monkeypatch.delenv(SETTING)

    assert list(named) == [ip_network("203.0.113.0/24"), ip_network("2001:db8::/32")]
    assert allowed_networks() is NEAR
