"""The bodies of the list by need."""

from datetime import date
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, model_validator

from api.needs.listing import Counts, Group, Listed
from api.needs.marks import MarkKind
from api.needs.rows import NOTE
from api.schemas import Body
from api.today_schemas import Words

MARK: Final[dict[str, JsonValue]] = {"kind": "handled", "note": "Called; goes on with less band."}


class NeedPublic(Body):
    """One reason to look at a patient, and from when on it is new. `silent`: nothing arrives."""

    code: str
    since: AwareDatetime
    is_new: bool
    words: Words


class NeedPatient(Body):
    """A patient of the list by need; the most urgent reason stands first."""

    id: UUID
    name: str
    is_synthetic: bool
    group: Group
    is_new: bool
    needs: list[NeedPublic]
    heard_at: AwareDatetime | None
    facts: dict[str, float]


class NeedCounts(Body):
    """How many patients stand where. `new`: with something that the reader has not seen."""

    new: int
    attention: int
    silent: int
    aside: int
    on_schedule: int
    idle: int

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """Return the counts as a body."""
        return cls(new=counts.new, **{group.value: n for group, n in counts.groups.items()})


class NeedList(Body):
    """A page of the list by need. `next`: address of the next one; null at the end."""

    counts: NeedCounts
    patients: list[NeedPatient]
    next: str | None = None


class NeedMarkCreate(Body):
    """What a reader does with a patient of the list.

    `handled` sets aside what is known now, until something new arises; `snoozed` does so until
    the morning of a day.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [MARK]})

    kind: MarkKind
    until: date | None = None
    note: Annotated[str, Field(max_length=NOTE)] | None = None

    @model_validator(mode="after")
    def _has_an_end_only_when_snoozed(self) -> Self:
        if (self.kind is MarkKind.SNOOZED) != (self.until is not None):
            raise ValueError("snoozed, and nothing else, has until")
        return self


class NeedMarkPublic(Body):
    """The id by which a mark is taken back."""

    id: UUID


class ThresholdsPublic(Body):
    """The thresholds that hold in this clinic, by name."""

    thresholds: dict[str, float]


def need_patient(listed: Listed, words: dict[str, Words]) -> NeedPatient:
    """Return a patient of the list as a body; `words` by the code of the reason."""
    needs = [
        NeedPublic(
            code=need.code,
            since=need.since,
            is_new=need.code in listed.new_codes,
            words=words[need.code],
        )
        for need in listed.needs
    ]
    if listed.silent_from is not None:
        silent = {"code": "silent", "since": listed.silent_from, "is_new": listed.is_new}
        needs.append(NeedPublic.model_validate(silent | {"words": words["silent"]}))
    return NeedPatient(
        id=listed.id,
        name=listed.name,
        is_synthetic=listed.is_synthetic,
        group=listed.group,
        is_new=listed.is_new,
        needs=needs,
        heard_at=listed.heard_at,
        facts=dict(listed.detail.get("facts", {})),
    )
