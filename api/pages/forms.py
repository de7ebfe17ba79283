"""Reading what a person filled in: values, and for each field that will not do a sentence."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from api.pages.language import N_, Language
from api.schemas import FIRST_DAY, LAST_DAY

SCALE_MAX: Final = 10
YES_NO: Final[Mapping[str, bool]] = {"yes": True, "no": False}


class Form:
    """The fields of one form; `errors` gathers what is wrong, by the name of the field.

    Parameters
    ----------
    fields : mapping
        What was sent; a field that is not there counts as empty.
    language : Language
        Of the sentences.

    """

    def __init__(self, fields: Mapping[str, str], language: Language) -> None:
        self.fields = fields
        self.errors: dict[str, str] = {}
        self._language = language

    def given(self, name: str) -> str:
        """Return a field as it was filled in, without spaces around it."""
        return self.fields.get(name, "").strip()

    def refuse(self, name: str, message: str, **values: object) -> None:
        """Note what is wrong with a field; the first thing counts."""
        self.errors.setdefault(name, self._language.say(message, **values))

    def text(self, name: str, *, longest: int = 80) -> str | None:
        """Return words, or None when there are none."""
        words = self.given(name)
        if len(words) > longest:
            self.refuse(name, N_("Use at most %(n)s characters."), n=longest)
            return None
        return words or None

    def choice(self, name: str, allowed: Collection[str], *, is_needed: bool = True) -> str | None:
        """Return one of the allowed values; None, and perhaps an error, for anything else."""
        value = self.given(name)
        if value in allowed:
            return value
        if value or is_needed:
            self.refuse(name, N_("Choose one of these."))
        return None

    def yes_no(self, name: str, *, is_needed: bool = True) -> bool | None:
        """Return yes or no."""
        value = self.choice(name, YES_NO, is_needed=is_needed)
        return None if value is None else YES_NO[value]

    def whole(self, name: str, low: int, high: int, *, is_needed: bool = False) -> int | None:
        """Return a whole number between two limits, both included."""
        value = self.given(name)
        if not value and not is_needed:
            return None
        is_number = value.isascii() and value.isdecimal() and len(value) <= len(str(high))
        if not is_number or not low <= int(value) <= high:
            self.refuse(
                name, N_("Give a whole number from %(low)s to %(high)s."), low=low, high=high
            )
            return None
        return int(value)

    def score(self, name: str, *, is_needed: bool = False) -> int | None:
        """Return a number from 0 to 10."""
        return self.whole(name, 0, SCALE_MAX, is_needed=is_needed)

    def day(self, name: str, *, is_needed: bool = False) -> date | None:
        """Return a date, as browsers send it: 2026-05-04."""
        value = self.given(name)
        if not value and not is_needed:
            return None
        with suppress(ValueError):
            on = date.fromisoformat(value)
            if FIRST_DAY <= on <= LAST_DAY:
                return on
        self.refuse(name, N_("Give a date, such as 2026-05-04."))
        return None

    def id(self, name: str = "id") -> UUID:
        """Return the id that the form was given when it was shown, so that twice is once."""
        try:
            return UUID(self.given(name))
        except ValueError:
            return uuid4()
