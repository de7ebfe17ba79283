"""What this computer is called, and where it is, on the local network."""

import ipaddress
import re
import socket
from typing import Final

DOCUMENTATION_ADDRESS: Final = ("192.0.2.1", 9)  # RFC 5737: belongs to nobody
LOOPBACK: Final = "127.0.0.1"
HOST_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def lan_address() -> str | None:
    """Return this computer's address on its network, or None without a network.

    A UDP socket that is "connected" sends nothing, but has chosen the interface it would use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(DOCUMENTATION_ADDRESS)
            address = str(probe.getsockname()[0])
        except OSError:
            return None
    found = ipaddress.ip_address(address)
    return None if found.is_loopback or found.is_unspecified else address


def local_name() -> str | None:
    """Return the name under which other devices may find this computer, such as `laptop.local`."""
    label = socket.gethostname().split(".")[0].lower()
    return f"{label}.local" if HOST_LABEL.fullmatch(label) and label != "localhost" else None
