"""Words, numbers and dates in the reader's language.

English is the language of the source; a translation is locale/<language>/LC_MESSAGES/messages.po,
read as it is: there is no compiled catalogue that could be older than its source.
"""

import gettext
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from math import floor
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE: Final = "en"
LOCALES: Final[Mapping[str, str]] = {"nl": "nl", "en": "en_GB"}
NAMES: Final[Mapping[str, str]] = {"nl": "Nederlands", "en": "English"}
NOTHING: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"


def N_(message: str) -> str:  # noqa: N802 (the customary name, which the extraction looks for)
    """Mark a message for translation where it stands; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Language:
    """One language: its messages and its way of writing numbers and dates.

    Parameters
    ----------
    code : str
        As in `<html lang>`.
    messages : gettext.NullTranslations
        Its catalogues.
    zone : tzinfo or None
        Zone in which times are shown; None: that of the machine.

    """

    code: str
    messages: gettext.NullTranslations
    zone: tzinfo | None = None

    @cached_property
    def locale(self) -> Locale:
        """Its rules for numbers and dates."""
        return Locale.parse(LOCALES[self.code])

    def say(self, message: str, /, **values: object) -> str:
        """Return a message with its values filled in."""
        text = self.messages.gettext(message)
        return text % values if values else text

    def count(self, one: str, several: str, n: int, /, **values: object) -> str:
        """Return the message for one thing or for several; `%(n)s` is their number."""
        return self.say(one if n == 1 else several, n=n, **values)

    def number(self, value: float, decimals: int = 1) -> str:
        """Write a number with its decimals; never a minus before zero."""
        rounded = round(value, decimals) + 0.0
        pattern = "0." + "0" * decimals if decimals else "0"
        return format_decimal(rounded, format=pattern, locale=self.locale).replace("-", MINUS)

    def seconds(self, value: float | None) -> str:
        """Write a duration to 0.1 s, which is as fine as it is known."""
        return NOTHING if value is None else f"{self.number(value)} s"

    def degrees(self, value: float | None) -> str:
        """Write an angle in whole degrees."""
        return NOTHING if value is None else f"{self.number(value, 0)}°"

    def percent(self, share: float | None) -> str:
        """Write a share of 1 in whole percents, rounded down: 99.8 % is not all."""
        return NOTHING if share is None else f"{self.number(floor(100 * share + 1e-9), 0)} %"

    def parts(
        self, done: float | None, due: float | None, *, decimals: int = 0, unit: str = ""
    ) -> tuple[str, str]:
        """Write what was done and, apart, of what was due: "12" and "of 15"."""
        if done is None:
            return NOTHING, ""
        if due is None:
            return self.number(done, decimals), unit
        rest = self.say(N_("of %(due)s"), due=self.number(due, decimals))
        return self.number(done, decimals), f"{rest} {unit}".rstrip()

    def day(self, at: datetime) -> str:
        """Write a date with its weekday."""
        return format_date(at.astimezone(self.zone), "EEEE d MMMM y", locale=self.locale)

    def calendar_day(self, on: date) -> str:
        """Write a date of the calendar with its weekday, without the year."""
        return format_date(on, "EEEE d MMMM", locale=self.locale)

    def day_title(self, on: date) -> str:
        """Write a date of the calendar as the beginning of a line."""
        words = self.calendar_day(on)
        return words[:1].upper() + words[1:]

    def short_date(self, on: date) -> str:
        """Write a date of the calendar for a small place."""
        return format_date(on, "d MMM", locale=self.locale).rstrip(".")

    def weekday(self, on: date) -> str:
        """Write the short name of a day of the week."""
        return format_date(on, "EEEEEE", locale=self.locale)

    def short_day(self, at: datetime) -> str:
        """Write a date for a table."""
        return format_date(at.astimezone(self.zone), "d MMM y", locale=self.locale)

    def time(self, at: datetime) -> str:
        """Write a time of the day."""
        return format_time(at.astimezone(self.zone), "HH:mm", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """Write a date and time in full."""
        return format_datetime(at.astimezone(self.zone), "d MMMM y HH:mm", locale=self.locale)


def read_messages(code: str, folders: Sequence[Path]) -> gettext.NullTranslations:
    """Read the messages of a language from locale folders; the first that knows one says it."""
    combined = gettext.NullTranslations()
    for folder in reversed(folders):
        source = folder / code / "LC_MESSAGES" / "messages.po"
        if code == SOURCE or not source.exists():
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=code)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        messages = gettext.GNUTranslations(compiled)
        messages.add_fallback(combined)
        combined = messages
    return combined


def choose_language(asked: str | None, remembered: str | None, accept: str | None) -> str:
    """Choose what to speak: asked for now, else chosen before, else what the browser prefers.

    Examples
    --------
    >>> choose_language(None, None, "fr, nl-BE;q=0.8, en;q=0.7")
    'nl'
    >>> choose_language("en", "nl", "nl")
    'en'

    """
    for code in (asked, remembered):
        if code is not None and code in LOCALES:
            return code
    return next((code for code in _preferred(accept or "") if code in LOCALES), SOURCE)


def _preferred(accept: str) -> list[str]:
    """Return the language codes of an Accept-Language field, the dearest first."""
    weighted: list[tuple[float, str]] = []
    for part in accept.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            weighted.append((weight, tag.partition("-")[0].lower()))
    return [code for _, code in sorted(weighted, key=lambda pair: -pair[0])]
