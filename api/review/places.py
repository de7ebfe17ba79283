"""Which set, and which repetition, an address is about."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path

from api.review.marks import RepPlace, SetPlace
from api.schemas import MAX_REPS, MAX_SETS

SetNumber = Annotated[int, Path(ge=1, le=MAX_SETS)]
RepNumber = Annotated[int, Path(ge=1, le=MAX_REPS)]


def set_place(session_id: UUID, number: SetNumber) -> SetPlace:
    """Return the set of an address."""
    return SetPlace(session_id, number)


def rep_place(session_id: UUID, number: SetNumber, rep_number: RepNumber) -> RepPlace:
    """Return the repetition of an address."""
    return RepPlace(session_id, number, rep_number)


InSet = Annotated[SetPlace, Depends(set_place)]
InRep = Annotated[RepPlace, Depends(rep_place)]
