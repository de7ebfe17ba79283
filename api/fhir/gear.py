"""Bands and steps in words that do not depend on a reader's language."""

import gettext
from typing import Final

from api.pages import words
from api.pages.language import Language

ENGLISH: Final = Language("en", gettext.NullTranslations())


def gear_words(told: object) -> str | None:
    """Describe what resisted or was stepped on, in English; None if it is open."""
    return words.gear(told, ENGLISH)
