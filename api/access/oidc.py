"""Logging in with a log-in service of others: OpenID Connect, code flow with PKCE.

    1  `begin`   state, nonce and verifier are made; the browser keeps them in a cookie and is sent
                 to the service
    2  `finish`  the browser comes back with a code; the state must be that of its own cookie; the
                 code is changed for a signed ID token, of which signature, issuer, audience, time
                 and nonce are checked

Nobody gets an account by it: the verified mail address must be the log-in name of one that an
invitation made, and its second step is asked for as after a password.
"""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.access.codes import new_token
from api.access.errors import ElsewhereError
from api.access.settings import OidcSettings

DISCOVERY: Final = "/.well-known/openid-configuration"
SIGNED_BY: Final = ("RS256", "ES256", "PS256", "EdDSA")
TIMEOUT_S: Final = 10.0
LARGEST_BYTES: Final = 1024 * 1024
LEEWAY_S: Final = 60  # two clocks differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What one try needs until the browser comes back."""

    state: str
    nonce: str
    verifier: str

    def as_cookie(self) -> str:
        """Write it as the value of a cookie."""
        return f"{self.state}.{self.nonce}.{self.verifier}"

    @classmethod
    def from_cookie(cls, value: str) -> "Begun":
        """Read what `as_cookie` wrote.

        Raises
        ------
        ElsewhereError
            If it is anything else.

        """
        parts = value.split(".")
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004  # as many as it has fields
            raise ElsewhereError("This log-in was not begun here; begin it again.")
        return cls(state=parts[0], nonce=parts[1], verifier=parts[2])


class Elsewhere:
    """A log-in service of others.

    Parameters
    ----------
    settings : OidcSettings
        Which, and who we are to it.
    back : str
        The address of this service that it sends browsers back to.

    """

    def __init__(self, settings: OidcSettings, back: str) -> None:
        self._settings = settings
        self._back = back

    def begin(self) -> tuple[str, Begun]:
        """Return where to send a browser, and what to keep meanwhile.

        Raises
        ------
        ElsewhereError
            If the service cannot be reached.

        """
        begun = Begun(state=new_token(), nonce=new_token(), verifier=new_token())
        challenge = hashlib.sha256(begun.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._back,
            "scope": "openid email",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        endpoint = self._discover()["authorization_endpoint"]
        joint = "&" if "?" in endpoint else "?"
        return endpoint + joint + urllib.parse.urlencode(query), begun

    def finish(self, begun: Begun, *, state: str, code: str, now: datetime) -> str:
        """Return the verified mail address of whoever came back.

        Raises
        ------
        ElsewhereError
            If the state is not that of this browser, the service refuses the code, or its token
            is not right in every respect.

        """
        if not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise ElsewhereError("This log-in was not begun here; begin it again.")
        known = self._discover()
        told = _fetch(
            known["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._back,
                "code_verifier": begun.verifier,
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret.get_secret_value(),
            },
        )
        claims = self._check(str(told.get("id_token", "")), known, begun.nonce, now)
        mail = claims.get("email")
        if not isinstance(mail, str) or claims.get("email_verified") is not True:
            raise ElsewhereError("The log-in service did not verify a mail address.")
        return mail

    def _discover(self) -> Mapping[str, Any]:
        known = _fetch(self._settings.issuer.rstrip("/") + DISCOVERY)
        if known.get("issuer") != self._settings.issuer:
            raise ElsewhereError("The log-in service calls itself by another name.")
        return known

    def _check(
        self, token: str, known: Mapping[str, Any], nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        """Return the claims of an ID token that is right (OpenID Connect Core 3.1.3.7)."""
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            keys = KeySet.import_key_set(_fetch(known["jwks_uri"]))  # type: ignore[arg-type]
            claims = jwt.decode(token, keys, algorithms=list(SIGNED_BY)).claims
            rules.validate(claims)
        except (JoseError, ValueError, KeyError) as error:
            raise ElsewhereError("The token of the log-in service is not right.") from error
        return claims


def _fetch(url: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """Return a JSON object of the log-in service; a redirect of a POST is not followed."""
    if not url.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
        raise ElsewhereError("The log-in service is not reached over HTTPS.")
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(url, data, {"Accept": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            found = json.loads(answer.read(LARGEST_BYTES))
    except (OSError, ValueError) as error:
        raise ElsewhereError("The log-in service did not answer as it should.") from error
    if not isinstance(found, dict):
        raise ElsewhereError("The log-in service did not answer as it should.")
    return found
