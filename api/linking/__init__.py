"""The link of a patient's own computer to a clinic: what has been sent there, and what waits."""

from api.linking.queue import (
    Item,
    Kind,
    LastOrder,
    Link,
    LinkState,
    Told,
    document_of,
    find_link,
    note_refused,
    note_sent,
    note_try,
    put_link,
    remove_link,
    state_of,
    try_refused_again,
    waiting,
)
from api.linking.rows import Trouble
from api.linking.schemas import FromClinic
from api.linking.taking import Taken, take

__all__ = [
    "FromClinic",
    "Item",
    "Kind",
    "LastOrder",
    "Link",
    "LinkState",
    "Taken",
    "Told",
    "Trouble",
    "document_of",
    "find_link",
    "note_refused",
    "note_sent",
    "note_try",
    "put_link",
    "remove_link",
    "state_of",
    "take",
    "try_refused_again",
    "waiting",
]
