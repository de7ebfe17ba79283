"""Where a training is heard: in the terminal, or on one of the pages, never on two by accident.

The page that somebody switched sound on for last is the one that sounds; all others, and the
terminal, are told and keep quiet. When it goes away the terminal sounds again.
"""

from collections.abc import Callable, Mapping
from typing import Any

Publish = Callable[[Mapping[str, Any]], None]


class SoundingPlace:
    """Keep which place sounds, and tell every page when it changes.

    Parameters
    ----------
    publish : callable
        Hands a message to all pages.

    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._line: object = None
        self._has_terminal = False
        self.page: str | None = None
        """The page that sounds, by the name it gave itself; None: no page does."""

    @property
    def is_terminal(self) -> bool:
        """Whether the terminal is the place: no page has taken the sound."""
        return self.page is None

    def terminal_sounds(self, *, on: bool) -> None:
        """Take note that a terminal sounds, so that pages wait until they are asked."""
        if on != self._has_terminal:
            self._has_terminal = on
            self._tell()

    def ask(self, page: str, line: object, *, on: bool) -> None:
        """Give a page the sound, or take it away from that page.

        Parameters
        ----------
        page : str
            The page.
        line : object
            Its connection: when that closes, nobody listens there any more.
        on : bool
            Whether it wants to sound.

        """
        if on:
            self._line = line
            self._set(page)
        elif page == self.page:
            self._set(None)

    def line_closed(self, line: object) -> None:
        """Take the sound from a page that went away."""
        if self.page is not None and line is self._line:
            self._set(None)

    def _set(self, page: str | None) -> None:
        if page != self.page:
            self.page = page
            self._tell()

    def _tell(self) -> None:
        self._publish({"type": "sound", "page": self.page, "terminal": self._has_terminal})
