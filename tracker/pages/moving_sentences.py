"""The sentences of the backup pages that are chosen by the program, marked for translation."""

from typing import Final

from api.pages.language import N_

NO_ROOM: Final = N_("There is not enough room for it on this computer.")
NOT_WHOLE: Final = N_("The file did not arrive whole. Try it again.")
NOT_MADE: Final = N_("The backup could not be made.")
NOT_TAKEN: Final = N_("This file was not taken in. Nothing was changed.")
SESSIONS: Final = N_("sessions: %(n)s")
RECORDINGS: Final = N_("recordings: %(n)s")
SIZE: Final = N_("together %(size)s MB")
