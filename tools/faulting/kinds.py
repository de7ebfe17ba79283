"""All kinds of fault that are tried, in the order of the table."""

from tools.faulting import (
    failing_disks,
    failing_servers,
    killed_commands,
    killed_service,
    linked_homes,
    power_cut,
)
from tools.faulting.trials import Kind

KINDS: tuple[Kind, ...] = (
    *killed_service.KINDS,
    *killed_commands.KINDS,
    *linked_homes.KINDS,
    *failing_disks.KINDS,
    *failing_servers.KINDS,
    *power_cut.KINDS,
)
