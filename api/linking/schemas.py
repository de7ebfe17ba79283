"""The body in which a clinic tells a patient's own computer what it ordered and wrote."""

from uuid import UUID

from api.care.schemas import ExtraWeekPublic
from api.care.writing import MessagePublic
from api.linking.programme import ProgrammeTold
from api.prescribing.schemas import VersionPublic
from api.schemas import Body


class FromClinic(Body):
    """What a clinic ordered and wrote, whole: what is not in it stands no more.

    `versions`: of the prescription, oldest first. `extra_weeks`: those of `programme`, the one
    that the patient follows here; null without one. `follows`: that programme in full. `messages`:
    those that stand; `withdrawn_messages`: those that the patient should no longer see.
    """

    patient_id: UUID
    versions: list[VersionPublic]
    programme: str | None
    follows: ProgrammeTold | None = None  # a clinic of before this was told leaves it out
    extra_weeks: list[ExtraWeekPublic]
    messages: list[MessagePublic]
    withdrawn_messages: list[UUID]
