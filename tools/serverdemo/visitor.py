"""A person at the clinic's pages without a browser: cookies, forms, and what a page shows."""

import http.client
import re
from collections.abc import Mapping
from html import unescape
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

import pyotp

PASSWORD: Final = "four plain words here"  # noqa: S105  # of people who do not exist
FORM: Final = "application/x-www-form-urlencoded"
TIMEOUT_S: Final = 60.0
MOVED: Final = frozenset({HTTPStatus.SEE_OTHER, HTTPStatus.FOUND, HTTPStatus.TEMPORARY_REDIRECT})


class PageError(Exception):
    """A page did not answer as it should."""


class Visitor:
    """Somebody whose requests come through the proxy, a new connection each.

    Parameters
    ----------
    url : str
        Where the service listens.
    host : str
        The name by which the clinic is known, as the proxy passes it on.

    """

    def __init__(self, url: str, host: str) -> None:
        self._at = urlsplit(url).netloc
        self._fields = {
            "Host": host,
            "Origin": f"https://{host}",
            "X-Forwarded-Proto": "https",
            "Accept-Language": "en",
        }
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> bytes:
        """Return a page or a file."""
        return self._ask("GET", path)

    def post(self, path: str, form: Mapping[str, str | list[str]]) -> str:
        """Send a form; returns the page that it leads to."""
        return self._ask("POST", path, urlencode(form, doseq=True)).decode()

    def take_invitation(self, code: str, login: str, **more: list[str]) -> None:
        """Make an account with a code, and set up the second step where it is asked for."""
        self.post("/invitation", {"code": code})
        told = {"code": code, "login": login, "name": f"Synthetic {login}", "password": PASSWORD}
        page = self.post("/invitation/accept", told | more)
        if "second-factor" in page:
            self._set_up_second_step()

    def invite(self, role: str) -> str:
        """Invite somebody; returns the code that the page shows once."""
        return shown(r'class="secret">([^<]+)<', self.post("/invitations", {"role": role}))

    def make_key(self) -> str:
        """Make a key for the computer at home; returns it."""
        return shown(r'class="secret">([^<]+)<', self.post("/account/tokens", {"label": "home"}))

    def _set_up_second_step(self) -> None:
        page = self.get("/account/second-factor").decode()
        secret = shown(r'name="secret" value="([^"]+)"', page)
        digits = pyotp.TOTP(secret).now()
        form = {"secret": secret, "code": digits, "password": PASSWORD}
        self.post("/account/second-factor", form)

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        fields = self._fields | ({"Content-Type": FORM} if body is not None else {})
        if self._cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection = http.client.HTTPConnection(self._at, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", ()):
            self._cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        if answer.status in MOVED:
            return self._ask("GET", answer.headers["Location"])
        if answer.status != HTTPStatus.OK:
            said = unescape(re.sub(r"<[^>]*>|\s+", " ", told.decode(errors="replace")))
            raise PageError(f"{method} {path} answered {answer.status}: {said.strip()[:300]}")
        return told


def shown(pattern: str, page: str) -> str:
    """Return what a pattern finds on a page.

    Raises
    ------
    PageError
        If it finds nothing.

    """
    found = re.search(pattern, page)
    if found is None:
        raise PageError(f"the page shows no {pattern}")
    return unescape(found.group(1)).strip()
