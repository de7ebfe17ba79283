"""Bodies about access: who one is, the audit log, and what an erasure removed."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from api.access import Role


class Me(BaseModel):
    """Who a request is from, as the service understands it."""

    role: Role
    name: str
    patient_id: UUID | None = None


class AuditLine(BaseModel):
    """Who did what with whose data, and when. `route` names it as the permission table does."""

    id: int
    at: datetime
    name: str
    role: str
    action: str
    route: str
    object_id: UUID | None
    patient_id: UUID | None
    is_allowed: bool


class AuditList(BaseModel):
    """Lines of the audit log, newest first; `next` is the address of older ones."""

    lines: list[AuditLine]
    next: str | None = None


class ErasureReport(BaseModel):
    """What an erasure removed."""

    rows: dict[str, int]
    recordings: int
