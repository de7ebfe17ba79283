"""How a reader wants the pages to look: kept in a cookie, so that the first paint is right.

A choice is a class of `<html>`, which the style sheet answers; no script has a part in it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Self

COOKIE: Final = "look"
# By choice its values; the first is what the page does by itself and needs no class.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("normal", "large", "largest"),
    "contrast": ("normal", "more"),
    "motion": ("normal", "less"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """The choices of one reader."""

    text: str = "normal"
    contrast: str = "normal"
    motion: str = "normal"

    @classmethod
    def read(cls, cookie: str | None) -> Self:
        """Read a cookie; what it does not say well stays as the page does by itself.

        Examples
        --------
        >>> Appearance.read("text-large.motion-less.contrast-neon.x").classes
        'text-large motion-less'

        """
        return cls.of(dict(part.split("-", 1) for part in (cookie or "").split(".") if "-" in part))

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Self:
        """Take choices by name, and leave out what is no choice."""
        return cls(**{name: given[name] for name in CHOICES if given.get(name) in CHOICES[name]})

    @property
    def classes(self) -> str:
        """The classes of `<html>`."""
        return " ".join(self._chosen())

    @property
    def cookie(self) -> str:
        """What is kept in the browser."""
        return ".".join(self._chosen())

    def _chosen(self) -> list[str]:
        return [f"{name}-{value}" for name, value in asdict(self).items() if value != "normal"]
