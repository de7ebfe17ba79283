"""A sender over real HTTP that lets every failure through, for services that are harmed."""

import base64
import hashlib
import http.client
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

TIMEOUT_S = 20.0
API = "/api/v1"


class AnswerError(Exception):
    """An answer that is no confirmation; `status` and the sentence of the problem."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status
        self.sentence = sentence


class Line:
    """A way to one service, a new connection for each request."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname or "", urlsplit(url).port

    def put(self, path: str, document: Mapping[str, Any]) -> int:
        """Store a document."""
        body = json.dumps(document).encode()
        return self._ask("PUT", path, body, {"Content-Type": "application/json"})[0]

    def piece(self, session_id: UUID, offset: int, until: bytes, *, is_last: bool) -> None:
        """Send a recording from a place up to the end of `until`."""
        headers = {"Content-Type": "application/octet-stream", "Upload-Offset": str(offset)}
        if is_last:
            digest = base64.b64encode(hashlib.sha256(until).digest()).decode()
            headers |= {"Upload-Complete": "?1", "Repr-Digest": f"sha-256=:{digest}:"}
        self._ask("PATCH", f"/sessions/{session_id}/recording", until[offset:], headers)

    def offset(self, session_id: UUID) -> int:
        """Return how much of a recording has arrived."""
        _, headers = self._ask("HEAD", f"/sessions/{session_id}/recording", None, {})
        return int(headers["upload-offset"])

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str]]:
        connection = http.client.HTTPConnection(self._host, self._port or 80, timeout=TIMEOUT_S)
        try:
            connection.request(method, API + path, body, dict(headers))
            answer = connection.getresponse()
            read = answer.read()
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise AnswerError(answer.status, _sentence(read))
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()


def _sentence(body: bytes) -> str:
    try:
        return str(json.loads(body).get("detail", ""))
    except ValueError:
        return ""
