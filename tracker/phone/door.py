"""The way in for phones while something runs: desk, listener, and the code in the terminal."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal

import segno
from fastapi import FastAPI
from rich.console import Console

from analysis import Exercise
from api.pages import Link, Pages
from tracker.live import LiveHub
from tracker.pages.phone_sentences import MENU
from tracker.phone.desk import PhoneDesk, Wish
from tracker.phone.listener import PhoneListener, Place
from tracker.phone.pairing import written
from tracker.phone.web import (
    CA_PATH,
    OWN,
    PAIR_PATH,
    PHONE_PATH,
    add_pairing_page,
    add_phone_page,
    phone_link,
)
from tracker.profile import Language
from tracker.settings import DataFolder
from tracker.terminal import speaks_unicode
from tracker.words import Text

LOOK_EVERY_S: Final = 1.0

SCAN: Final = Text(
    "Scan this with the phone, or open {page} on it and type the code {code}.\n"
    "Phone and computer must be on the same network. The phone warns that it does not know this "
    "computer: go on, or install {authority} first (SHA-256 {fingerprint}).",
    "Scan dit met de telefoon, of open daarop {page} en typ de code {code}.\n"
    "Telefoon en computer moeten op hetzelfde netwerk zitten. De telefoon waarschuwt dat hij deze "
    "computer niet kent: ga door, of installeer eerst {authority} (SHA-256 {fingerprint}).",
)
NEW_CODE: Final = Text(
    "That code no longer works. The new one: {code}", "Die code werkt niet meer. De nieuwe: {code}"
)
PAIRED: Final = Text(
    "The phone is paired. Follow the page on it.",
    "De telefoon is gekoppeld. Volg de pagina op de telefoon.",
)
CHECKED: Final = Text(
    "The phone measures, {rate:.0f} times a second. Now strap it on.",
    "De telefoon meet, {rate:.0f} keer per seconde. Maak hem nu vast.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDoor:
    """Where phones come in.

    Parameters
    ----------
    desk : PhoneDesk
        Who may come in.
    listener : PhoneListener, optional
        Where, on the local network; without it at the app itself.

    """

    desk: PhoneDesk
    listener: PhoneListener | None

    def add_pages(self, app: FastAPI) -> None:
        """Add the phone's page, and the page with the code, to the app of this computer."""
        pages: Pages = app.state.pages
        pages.extend(templates=OWN / "templates", links=(Link(PAIR_PATH, MENU),))
        add_phone_page(app, pages, self.desk)
        address = None if self.listener is None else self.listener.url
        add_pairing_page(app, pages, self.desk, address)

    async def invite(self, console: Console, language: Language) -> None:
        """Show the code, and each new one, until a phone is paired and fit to measure."""

        def tell(text: Text) -> None:
            console.print(text.to(language), markup=False, highlight=False, soft_wrap=True)

        shown = ""
        is_paired = False
        while self.desk.link.checked is None:
            if self.desk.link.is_connected and not is_paired:
                tell(PAIRED)
            is_paired = self.desk.link.is_connected
            if self.desk.is_free and (code := self.desk.pairing.code()) != shown:
                self._draw(code, console)
                tell(self._words_with(code, is_first=not shown))
                shown = code
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self.desk.wait_checked()
            except TimeoutError:
                continue
        tell(CHECKED.with_values(rate=self.desk.link.checked.rate_hz))

    def _draw(self, code: str, console: Console) -> None:
        """Draw the square, in colours of its own: a scanner wants light on dark."""
        if console.is_terminal and speaks_unicode(console):
            picture = terminal_picture(phone_link(self._base, code))
            console.print(picture, style="bright_white on black", markup=False, highlight=False)

    def _words_with(self, code: str, *, is_first: bool) -> Text:
        if not is_first or self.listener is None or self.listener.certificates is None:
            return NEW_CODE.with_values(code=written(code))
        return SCAN.with_values(
            page=f"{self._base}{PHONE_PATH}",
            code=written(code),
            authority=f"{self._base}{CA_PATH}",
            fingerprint=self.listener.certificates.fingerprint,
        )

    @property
    def _base(self) -> str:
        return "" if self.listener is None else self.listener.url


@asynccontextmanager
async def open_door(
    folder: DataFolder,
    hub: LiveHub,
    place: Place | None,
    *,
    exercises: Sequence[Exercise],
    side: Literal["left", "right"] | None = None,
    on_wish: Callable[[Wish], None] | None = None,
    key: str | None = None,
    extend: Callable[[FastAPI, Pages], None] | None = None,
) -> AsyncIterator[PhoneDoor]:
    """Let phones in for as long as the context lasts.

    Parameters
    ----------
    folder : DataFolder
        Where the certificates are kept.
    hub : LiveHub
        What the coach tells.
    place : Place, optional
        Where to listen on the local network; without it phones come to the app itself.
    exercises, side, on_wish, key
        As for `PhoneDesk`.
    extend : callable, optional
        Adds pages for phones to the listener.

    Raises
    ------
    ServingError, CertificateError
        If the listener cannot be had.

    """
    desk = PhoneDesk(
        hub,
        asyncio.get_running_loop().time,
        exercises=exercises,
        side=side,
        on_wish=on_wish,
        key=key,
    )
    if place is None:
        yield PhoneDoor(desk=desk, listener=None)
        return
    async with PhoneListener(folder, desk, place, extend) as listener:
        yield PhoneDoor(desk=desk, listener=listener)


def terminal_picture(link: str) -> str:
    """Draw a QR code with half blocks, two modules in the height of a letter."""
    out = io.StringIO()
    segno.make(link, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()
