"""What the service says of itself: how it is, and what went wrong."""

from typing import Literal

from pydantic import BaseModel

from api.schemas import Body


class Health(Body):
    """How the service is. `revision`: that of the tables."""

    status: Literal["ok"] = "ok"
    version: str
    revision: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). `errors`: which fields of the body, as JSON pointers."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] | None = None
