"""How many WebSockets each account holds open with this process: nobody takes up all there are."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from api.access.errors import TooManyLinesError
from api.access.identity import Identity

MOST_LINES: Final = 24  # pages left open in many tabs, phones, a computer at home


class OpenLines:
    """Counts the lines of each account; those that programs open for a patient by themselves."""

    def __init__(self) -> None:
        self._n_open: Counter[tuple[UUID | None, UUID | None]] = Counter()

    @contextmanager
    def one_more(self, identity: Identity) -> Iterator[None]:
        """Count a line for as long as it is open.

        Raises
        ------
        TooManyLinesError
            If this account holds as many as it may.

        """
        who = (identity.account_id, identity.patient_id)
        if self._n_open[who] >= MOST_LINES:
            raise TooManyLinesError(MOST_LINES)
        self._n_open[who] += 1
        try:
            yield
        finally:
            self._n_open[who] -= 1
            if not self._n_open[who]:
                del self._n_open[who]
