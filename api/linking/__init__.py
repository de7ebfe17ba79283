"""The link of a patient's own computer to a clinic: what has been sent there, and what waits."""

from api.linking.queue import (
    Item,
    Kind,
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

__all__ = [
    "Item",
    "Kind",
    "Link",
    "LinkState",
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
    "try_refused_again",
    "waiting",
]
