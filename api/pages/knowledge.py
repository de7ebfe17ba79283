"""The texts of "Good to know": content, kept as data in both languages (knowledge.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "knowledge.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One subject, in one language."""

    id: str
    title: str
    paragraphs: tuple[str, ...]


@cache
def sections(code: str) -> tuple[Section, ...]:
    """Return all subjects in one language, in the order of reading.

    Raises
    ------
    KeyError
        If a subject has no words in that language.

    """
    entries = tomllib.loads((files("api.pages") / FILE).read_text("utf-8"))["sections"]
    return tuple(
        Section(id=entry["id"], title=entry["title"][code], paragraphs=tuple(entry[code]))
        for entry in entries
    )
