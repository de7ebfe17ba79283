"""Which version somebody knows, and so what is new to them.

Who starts for the first time has nothing new. After an update the home page tells the changes until
they are put away, and the terminal tells them once.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from tracker.settings import DataFolder
from tracker.whats_new.changelog import changes_between, parse_changelog, read_changelog

FILE: Final = "whats-new.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new in this version since the one that was known."""

    version: str
    lines: tuple[str, ...]


class NewsDesk:
    """Tell what is new, and remember that it was told.

    Parameters
    ----------
    folder : DataFolder
        Where it is remembered.
    installed : str, optional
        The version of this program.
    changelog : str, optional
        Its change log.

    """

    def __init__(
        self, folder: DataFolder, *, installed: str | None = None, changelog: str | None = None
    ) -> None:
        self._path = folder.root / FILE
        self._installed = installed or version("tempo90")
        self._changelog = changelog

    def begin(self) -> None:
        """Note that somebody starts with this version, unless an earlier one is known."""
        known = self._known()
        for mark in {"seen", "told"} - known.keys():
            self._remember(mark)

    def on_page(self) -> News | None:
        """Return what the home page has to tell; None when that was put away."""
        return self._since("seen")

    def in_terminal(self) -> News | None:
        """Return what the terminal has to tell, once."""
        news = self._since("told")
        self._remember("told")
        return news

    def put_away(self) -> None:
        """Do not tell these changes again."""
        self._remember("seen")

    def _since(self, mark: str) -> News | None:
        known = self._known()
        if known.get(mark, self._installed) == self._installed:  # at a first start nothing is new
            return None
        text = read_changelog() if self._changelog is None else self._changelog
        lines = changes_between(parse_changelog(text), known[mark], self._installed)
        return News(version=self._installed, lines=lines) if lines else None

    def _known(self) -> dict[str, str]:
        with suppress(OSError, ValueError):
            known = json.loads(self._path.read_text("utf-8"))
            if isinstance(known, dict):
                return {name: one for name, one in known.items() if isinstance(one, str)}
        return {}

    def _remember(self, mark: str) -> None:
        """Note the version; where nothing can be written it is told again, which does no harm."""
        known = self._known()
        if known.get(mark) == self._installed:
            return
        with suppress(OSError):
            draft = self._path.with_suffix(".draft")
            draft.write_text(json.dumps(known | {mark: self._installed}) + "\n", "utf-8")
            draft.replace(self._path)
