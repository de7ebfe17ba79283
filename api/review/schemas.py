"""The bodies of a review in the HTTP interface."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from api.review.rows import REMARK_LENGTH
from api.schemas import Body

MarkKind = Literal["discarded", "remarked"]
MarkReason = Literal["not_a_repetition", "other_movement", "helper", "signal", "other"]
VersionState = Literal["current", "proposed", "declined", "earlier"]
MARK: Final[dict[str, JsonValue]] = {
    "kind": "discarded",
    "reason": "not_a_repetition",
    "remark": "Turned over.",
}


class MarkPut(Body):
    """What a reader of the curve says of one repetition; the measured values stay as they are.

    `discarded`: it does not count in the second of the two counts. `remarked`: it counts.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [MARK]})

    kind: MarkKind
    reason: MarkReason
    remark: Annotated[str, Field(max_length=REMARK_LENGTH)] = ""


class MarkPublic(MarkPut):
    """A mark, as it is given back: of which repetition, by whom and when."""

    id: UUID
    set_number: int
    rep_number: int
    start_s: float
    end_s: float
    marked_by: str
    marked_at: AwareDatetime
    ended_by: str | None = None
    ended_at: AwareDatetime | None = None


class MarkList(Body):
    """The marks of one session, by set and repetition; those that were taken back come last."""

    marks: list[MarkPublic]


class ValueChange(Body):
    """A number that a new result says otherwise; null where one of the two does not know it."""

    name: str
    before: float | None = None
    after: float | None = None


class RepChange(Body):
    """A repetition that a new result sees otherwise; null where one of the two does not have it."""

    before: int | None = None
    after: int | None = None
    values: list[ValueChange]
    flags_gone: list[str]
    flags_added: list[str]


class SetChange(Body):
    """A set that a new result sees otherwise; null where one of the two does not have it."""

    exercise: str
    before: int | None = None
    after: int | None = None
    values: list[ValueChange]
    reps: list[RepChange]


class ResultPublic(Body):
    """One result of a session. `changes`: how many sets and repetitions it says otherwise."""

    number: int
    state: VersionState
    engine: str
    catalogue: str | None = None
    made_by: str
    made_at: AwareDatetime
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    n_changes: int


class ResultList(Body):
    """The results that a session has had, newest first; none while there is only the first."""

    results: list[ResultPublic]


class ResultComparison(ResultPublic):
    """One result against the current one."""

    differences: list[SetChange]
