"""What a device says of itself before anybody connects to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertisement:
    """A name, services and makers, as heard on the air; each of them may be missing.

    Parameters
    ----------
    name : str
        Empty where none was heard: it often follows in a second message.
    service_uuids : frozenset of str
        In the 128-bit form, lower case.
    company_ids : frozenset of int
        The makers' numbers in the manufacturer data, as the Bluetooth SIG assigns them.

    """

    name: str = ""
    service_uuids: frozenset[str] = frozenset()
    company_ids: frozenset[int] = frozenset()

    @classmethod
    def heard(
        cls, name: str | None, service_uuids: Iterable[str], company_ids: Iterable[int] = ()
    ) -> Self:
        """Make one of what a scanner gives: perhaps no name, UUIDs in any case."""
        return cls(
            name=name or "",
            service_uuids=frozenset(uuid.lower() for uuid in service_uuids),
            company_ids=frozenset(company_ids),
        )


def short_uuid(number: int) -> str:
    """Return a 16-bit UUID of the Bluetooth SIG in its 128-bit form.

    Examples
    --------
    >>> short_uuid(0x180F)
    '0000180f-0000-1000-8000-00805f9b34fb'

    """
    return f"{number:08x}-0000-1000-8000-00805f9b34fb"
