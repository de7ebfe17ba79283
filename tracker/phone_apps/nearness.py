"""Which addresses are asked for a phone: those of the local network, and of no server elsewhere.

What is typed as a phone's address may come from a page or a message of somebody else. It is looked
at after the name was resolved, and the connection goes to the address that was looked at: a name
that stands for another one a moment later (DNS rebinding) leads nowhere else. Whatever way an
address is written in (decimal, octal, IPv4 within IPv6) it has been read by then. An answer that
sends on to another address is no answer: nothing follows it.
"""

import os
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from tracker.phone_apps.errors import PhoneAppSpecError, PhoneElsewhereError

Networks = Sequence[IPv4Network | IPv6Network]

SETTING: Final = "TEMPO90_PHONE_NETWORKS"
NEAR: Final[Networks] = (
    ip_network("10.0.0.0/8"),
    ip_network("172.16.0.0/12"),  # an iPhone's hotspot, for one
    ip_network("192.168.0.0/16"),
    ip_network("127.0.0.0/8"),  # a phone at the end of a cable, through a forwarded port
    ip_network("::1/128"),
    ip_network("fc00::/7"),
    ip_network("fe80::/10"),
)
"""Not among them: 169.254.0.0/16, where the machines of data centres answer about themselves."""


def near_addresses(addresses: Sequence[str], networks: Networks = NEAR) -> list[str]:
    """Return the addresses that may be asked, in their order.

    Parameters
    ----------
    addresses : sequence of str
        What a name stands for, as the resolver says.
    networks : sequence of networks
        Where a phone may be.

    Raises
    ------
    PhoneElsewhereError
        If none of them may.

    Examples
    --------
    >>> near_addresses(["192.168.1.20", "203.0.113.9", "::ffff:10.0.0.2"])
    ['192.168.1.20', '::ffff:10.0.0.2']

    """
    near = [one for one in addresses if _is_near(one, networks)]
    if not near:
        raise PhoneElsewhereError(", ".join(dict.fromkeys(addresses)) or "Nothing")
    return near


def allowed_networks() -> Networks:
    """Return where a phone may be: what the environment says, else the local networks.

    Raises
    ------
    PhoneAppSpecError
        If the environment names something that is no network.

    """
    given = os.environ.get(SETTING, "")
    try:
        named = [ip_network(one.strip()) for one in given.split(",") if one.strip()]
    except ValueError as error:
        raise PhoneAppSpecError(f"{SETTING} names no network: {error}.") from error
    return named or NEAR


def _is_near(address: str, networks: Networks) -> bool:
    read = ip_address(address)
    if isinstance(read, IPv6Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    return any(read.version == one.version and read in one for one in networks)
