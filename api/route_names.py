"""What a request is called in logs and figures: its route, as the gate found it, without any id.

An address holds ids of people, and may hold anything that somebody typed.
"""

from typing import Final

from starlette.types import Scope

ROUTE: Final = "route_name"
"""Where the gate leaves the name of the route, "GET /sessions/{session_id}", in the state."""
IDS: Final = "route_ids"
"""Where it leaves the ids of the address, as they were written."""
NOWHERE: Final = "none"  # the route of a request that reached none


def route_of(scope: Scope) -> str:
    """Return the route of a request without its method, "none" where there is none."""
    name: str | None = scope.get("state", {}).get(ROUTE)
    return NOWHERE if name is None else name.partition(" ")[2]
