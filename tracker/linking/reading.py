"""Reading what the clinic ordered and wrote, after what waited for it was sent."""

from dataclasses import replace
from typing import Final

from api import ApiError, transaction
from api.linking import Trouble, note_try, take
from tracker.linking.errors import KeyRefusedError, LinkError, NotReachedError, NotTempo90Error
from tracker.linking.sending import Round, Sender

TROUBLES: Final = (
    (KeyRefusedError, Trouble.KEY_REFUSED),
    (NotTempo90Error, Trouble.NOT_TEMPO90),
    (NotReachedError, Trouble.UNREACHABLE),
)


def read_orders(sender: Sender, came_to: Round) -> Round:
    """Keep here what the clinic tells; whatever fails, what is known here goes on to count.

    Parameters
    ----------
    sender : Sender
        Whose clinic is asked.
    came_to : Round
        What sending came to.

    Returns
    -------
    Round
        With what was new, or with why nothing could be read.

    """
    link = sender.link
    try:
        told = sender.clinic.orders(link.clinic_patient_id)
        if told is None:
            return came_to
        with transaction(sender.engine, writes=True) as db:
            return replace(came_to, taken=take(db, link, told, now=sender.now()))
    except (LinkError, ApiError) as error:
        found = next((one for kind, one in TROUBLES if isinstance(error, kind)), None)
        trouble = found or Trouble.NOT_TEMPO90
        with transaction(sender.engine, writes=True) as db:
            note_try(db, link, now=sender.now(), trouble=trouble, reason=str(error))
        return replace(came_to, trouble=trouble, reason=str(error))
