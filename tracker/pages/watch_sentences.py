"""What the page of a clinician who looks on says besides its template."""

from typing import Final

from api.pages.language import N_

TITLE: Final = N_("Live: %(name)s")
NOT_NAMED: Final = N_("your patient")
