"""One process has one patient's sitting: who has it, and taking it.

In a service of one process a set does. With several, each claim is a lock in the database that
goes with the connection of its holder (`tracker.processes.postgres_bus`).
"""

from typing import Protocol
from uuid import UUID


class Claims(Protocol):
    """Which patients' sittings this process has."""

    async def take(self, patient_id: UUID) -> bool:
        """Take a sitting; False while another process has it."""
        ...

    async def release(self, patient_id: UUID) -> None:
        """Give a sitting up."""
        ...

    async def holder(self, patient_id: UUID) -> str | None:
        """Return the name of the process that has a sitting."""
        ...


class OwnClaims:
    """Of a process that serves alone: nobody else can have anything."""

    async def take(self, patient_id: UUID) -> bool:  # noqa: ARG002  # as every claim
        """Take a sitting."""
        return True

    async def release(self, patient_id: UUID) -> None:
        """Give a sitting up."""

    async def holder(self, patient_id: UUID) -> str | None:  # noqa: ARG002
        """Return nobody: what is not here is nowhere."""
        return None
