"""What the service says of itself: how it is, and what went wrong."""

from typing import Literal

from pydantic import BaseModel

from api.schemas import Body


class Health(Body):
    """How the service is. `revision`: that of the tables."""

    status: Literal["ok"] = "ok"
    version: str
    revision: str


class ReadyCheck(Body):
    """One thing that the service needs. `found` names no address, no account and no person."""

    name: str
    is_well: bool
    found: str


class Readiness(Body):
    """Whether the service can take requests, and what it looked at."""

    is_ready: bool
    version: str
    checks: list[ReadyCheck]


class Problem(BaseModel):
    """What went wrong (RFC 9457). `errors`: which fields of the body, as JSON pointers."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] | None = None
