"""The HTTP interface of a clinic, as a computer that sends to it uses it.

Every request may be repeated: ids are made here, and the answer to a repeat says that it was one.
A recording goes in pieces, on from where the clinic says that the last ones ended. The key goes to
the linked address alone: no redirect is followed.
"""

import base64
import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError

from api.linking import FromClinic
from tracker.linking.errors import (
    KeyRefusedError,
    LinkError,
    NotReachedError,
    NotTempo90Error,
    RefusedError,
)

API: Final = "/api/v1"
TIMEOUT_S: Final = 30.0
PIECE_BYTES: Final = 1024 * 1024
LONGEST_WAIT_S: Final = 60.0  # of what a clinic may ask for
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
JSON: Final = {"Content-Type": "application/json"}
BYTES: Final = {"Content-Type": "application/octet-stream"}
AGAIN: Final = frozenset({"upload-offset", "digest-mismatch"})  # ask where to go on, and go on
Read = Callable[[int, int], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, header fields in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """Return the body as JSON; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording to be sent; `read` gives the bytes from one place up to another."""

    session_id: UUID
    size_bytes: int
    sha256: str
    read: Read

    @property
    def digest(self) -> str:
        """The field that says which bytes these are (RFC 9530)."""
        return f"sha-256=:{base64.b64encode(bytes.fromhex(self.sha256)).decode()}:"


def check_address(url: str) -> str:
    """Return the address of a clinic without a path behind it.

    Raises
    ------
    LinkError
        If it is none, or a key would travel in the open.

    """
    parts = urlsplit(url)
    is_here = parts.hostname in LOOPBACK
    if parts.scheme not in ({"http", "https"} if is_here else {"https"}) or not parts.hostname:
        raise LinkError(f"{url!r} is no address of a clinic: it begins with https://.")
    if parts.path not in {"", "/"} or parts.query or parts.username:
        raise LinkError(
            "Give the address of the clinic alone, such as https://tempo.clinic.example."
        )
    return f"{parts.scheme}://{parts.netloc}"


class Clinic:
    """One clinic, spoken to with one key.

    Parameters
    ----------
    url : str
        From `check_address`.
    token : str
        The key of this computer.
    timeout_s : float
        How long one step of a request may take.
    piece_bytes : int
        How much of a recording goes in one request.

    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_s: float = TIMEOUT_S,
        piece_bytes: int = PIECE_BYTES,
    ) -> None:
        self._url = url
        self._token = token
        self._timeout_s = timeout_s
        self._piece_bytes = piece_bytes
        direct = [urllib.request.ProxyHandler({})] if urlsplit(url).hostname in LOOPBACK else []
        self._opener = urllib.request.build_opener(_NoRedirect, *direct)

    def patient_id(self) -> UUID:
        """Return as whom this key sends there.

        Raises
        ------
        LinkError
            If nobody answers, the key does not count, or it is not one of an app.

        """
        found = self._ask("GET", "/me").document()
        if found.get("role") != "app" or not found.get("patient_id"):
            raise NotTempo90Error(f"{self._url} does not answer as a clinic's tempo90.")
        return UUID(str(found["patient_id"]))

    def orders(self, patient_id: UUID) -> FromClinic | None:
        """Return what the clinic ordered and wrote; None from one that does not tell.

        Raises
        ------
        LinkError
            If nobody answers, the key does not count, or the answer makes no sense.

        """
        try:
            found = self._ask("GET", f"/patients/{patient_id}/from-clinic").document()
        except RefusedError:  # a clinic of before this was told
            return None
        try:
            told = FromClinic.model_validate(found, extra="ignore")
        except ValidationError as error:
            raise NotTempo90Error(f"{self._url} does not answer as a clinic's tempo90.") from error
        if told.patient_id != patient_id:
            raise NotTempo90Error(f"{self._url} answered about somebody else.")
        return told

    def put(self, path: str, document: Mapping[str, Any]) -> None:
        """Store a document under its id."""
        self._store("PUT", path, json.dumps(document).encode(), JSON)

    def post(self, path: str, document: Mapping[str, Any]) -> None:
        """Store a document that carries its id."""
        self._store("POST", path, json.dumps(document).encode(), JSON)

    def see(self, patient_id: UUID, message_id: UUID) -> None:
        """Tell that the patient has seen a message; one that was withdrawn needs no answer."""
        try:
            answer = self._ask("PUT", f"/patients/{patient_id}/messages/{message_id}/seen")
        except RefusedError:
            return
        if answer.status != HTTPStatus.NO_CONTENT:
            raise NotTempo90Error(f"{self._url} does not answer as a clinic's tempo90.")

    def send(self, recording: Recording) -> None:
        """Send a recording, on from where it was broken off.

        Raises
        ------
        NotReachedError
            If the connection broke; what arrived stays there.
        RefusedError
            If the clinic has another recording of this session.

        """
        path = f"/sessions/{recording.session_id}/recording"
        known = self._ask("HEAD", path)
        begins = int(known.headers.get("upload-offset", "0"))
        if known.headers.get("upload-complete") == "?1":
            if known.headers.get("repr-digest") != recording.digest:
                raise RefusedError("The clinic has another recording of this session.")
            return
        if begins > recording.size_bytes:  # of something else: the whole starts over
            whole = b"".join(recording.read(0, recording.size_bytes))
            self._store("PUT", path, whole, BYTES | {"Content-Digest": recording.digest})
            return
        is_last = False
        while not is_last:
            ends = min(begins + self._piece_bytes, recording.size_bytes)
            is_last = ends == recording.size_bytes
            headers = BYTES | {"Upload-Offset": str(begins)}
            if is_last:
                headers |= {"Upload-Complete": "?1", "Repr-Digest": recording.digest}
            send = self._store if is_last else self._ask
            send("PATCH", path, b"".join(recording.read(begins, ends)), headers)
            begins = ends

    def _store(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send what the clinic confirms in its own words; any other answer counts for nothing."""
        if not self._ask(method, path, body, headers).document():
            raise NotTempo90Error(f"{self._url} does not answer as a clinic's tempo90.")

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        request = urllib.request.Request(  # noqa: S310  # checked: https, or this computer
            f"{self._url}{API}{path}",
            data=body,
            headers={"Authorization": f"Bearer {self._token}", **(headers or {})},
            method=method,
        )
        try:
            with self._opener.open(request, timeout=self._timeout_s) as reply:
                fields = {name.lower(): value for name, value in reply.headers.items()}
                return Answer(reply.status, fields, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                _raise_for(error, method)
        except (OSError, http.client.HTTPException, ssl.SSLError) as error:
            reason = getattr(error, "reason", None) or str(error) or type(error).__name__
            raise NotReachedError(f"{self._url} does not answer ({reason}).") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the answer is told as it is."""


def _raise_for(error: urllib.error.HTTPError, method: str) -> NoReturn:
    """Tell apart what a later try can mend, what a new key can, and what nothing can."""
    try:
        problem = Answer(error.code, {}, error.read()).document()
    except (OSError, http.client.HTTPException):
        problem = {}
    code = str(problem.get("type", "")).rpartition(":")[2]
    sentence = str(problem.get("detail") or error.reason)
    if error.code == HTTPStatus.UNAUTHORIZED:
        raise KeyRefusedError("The clinic does not know this key, or no longer.") from error
    if error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or code in AGAIN:
        raise NotReachedError(sentence, _wait(error.headers.get("Retry-After"))) from error
    if error.code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT}:
        raise NotReachedError(sentence, _wait(error.headers.get("Retry-After"))) from error
    if not problem and method != "HEAD":
        raise NotTempo90Error(
            f"What answers there is no tempo90 ({error.code} {error.reason})."
        ) from error
    raise RefusedError(f"The clinic refused ({error.code}): {sentence}") from error


def _wait(field: str | None) -> float:
    is_number = field is not None and field.isascii() and field.isdecimal()
    return min(float(field or 0), LONGEST_WAIT_S) if is_number else 0.0
