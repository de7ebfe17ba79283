"""The bodies of the weeks by which a block was made longer."""

from uuid import UUID

from pydantic import AwareDatetime

from api.schemas import Body


class ExtraWeekPublic(Body):
    """A week that a patient stays longer in a block: `after_week` is done once more."""

    id: UUID
    after_week: int
    added_at: AwareDatetime
    added_by: str


class ExtraWeekList(Body):
    """All such weeks of a patient's programme, oldest first."""

    extra_weeks: list[ExtraWeekPublic]
