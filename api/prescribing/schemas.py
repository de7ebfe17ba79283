"""The bodies about a patient's whole prescription."""

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, NonNegativeInt, StringConstraints

from api.examples import PRESCRIPTION
from api.prescribing.rows import REASON
from api.schemas import Body, OrderCreate, PrescriptionPublic

MOST_ORDERS: Final = 100
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=REASON)]
VERSION: Final[dict[str, Any]] = {
    "based_on": 0,
    "reason": "calmer, after a painful week",
    "orders": [
        {name: value for name, value in PRESCRIPTION.items() if name != "patient_id"}
        | {"reps": 12, "eccentric_s": 4.0, "tempo_tolerance_s": 0.5}
    ],
}


class VersionCreate(Body):
    """A patient's whole prescription, in place of the one that stands.

    `based_on`: the version that the writer saw; 0 where there was none. `reason` is read by the
    patient too.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION]})

    based_on: NonNegativeInt
    reason: Reason
    orders: list[OrderCreate] = Field(max_length=MOST_ORDERS)


class UndoCreate(Body):
    """The last change taken back. `based_on`: the version that the writer saw."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"based_on": 1, "reason": "wrong patient"}]}
    )

    based_on: NonNegativeInt
    reason: Reason


class VersionPublic(Body):
    """A patient's whole prescription from a moment on. `undoes`: the version it takes back.

    `ordered_at`: when a linked clinic ordered it; `made_at` is then when it arrived here.
    """

    id: UUID
    patient_id: UUID
    number: int
    made_at: AwareDatetime
    made_by: str
    reason: str
    undoes: int | None
    ordered_at: AwareDatetime | None = None
    orders: list[PrescriptionPublic]


class VersionList(Body):
    """All versions of a patient's prescription, newest first."""

    versions: list[VersionPublic]
