"""All kinds of fault that are tried, in the order of the table."""

from tools.faulting import killed_commands
from tools.faulting.trials import Kind

KINDS: tuple[Kind, ...] = (*killed_commands.KINDS,)
