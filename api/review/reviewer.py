"""Who decides something in a review and when, as it is kept beside the decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends

from api.deps import Now, Who

UNNAMED: Final = "tempo90"  # a local install whose owner gave no name


@dataclass(frozen=True, slots=True)
class Signature:
    """A name and a moment."""

    name: str
    at: datetime


def sign(who: Who, now: Now) -> Signature:
    """Return who sends this request, and when."""
    return Signature(who.name or UNNAMED, now)


Signed = Annotated[Signature, Depends(sign)]
