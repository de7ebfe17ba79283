"""Sending finished sessions over the public HTTP interface: first to disk, then to the service.

A session is a JSON file in the outbox, with its recording beside it under the same name. What the
service confirms moves to `sent`; whatever fails stays for the next time. Ids are made here and
every request may be repeated, so that a power cut between any two steps does no harm.
"""

import base64
import hashlib
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tracker.errors import TrackerError
from tracker.part_file import sync_folder
from tracker.profile import Profile
from tracker.settings import DataFolder
from tracker.told_items import corrections, self_reports

TIMEOUT_S: Final = 30.0
API: Final = "/api/v1"
DRAFT_SUFFIX: Final = ".draft"


class UploadError(TrackerError, OSError):
    """The service refused a session or could not be reached; the session stays in the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """What became of the outbox."""

    sent: tuple[UUID, ...] = ()
    failed: tuple[tuple[UUID, str], ...] = ()


def write_durably(path: Path, document: Mapping[str, Any]) -> None:
    """Write JSON so that after a power cut the old file or the whole new one is there."""
    draft = path.with_name(f".{path.name}{DRAFT_SUFFIX}")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def remove_drafts(folder: Path) -> None:
    """Remove what a program that died in `write_durably` left half written."""
    for draft in folder.glob(f".*{DRAFT_SUFFIX}"):
        draft.unlink(missing_ok=True)


def move_durably(path: Path, folder: Path) -> Path:
    """Move a file to another folder of the same data folder; it has a name at any moment.

    A rename changes two folders; a power cut may keep the one change and lose the other. So the
    file gets its new name first, and loses the old one when that is safe.
    """
    target = folder / path.name
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(path)
    except OSError:  # a file system without links
        path.replace(target)
    sync_folder(folder)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
    return target


class Uploader:
    """Send what is in the outbox to one service.

    Parameters
    ----------
    base_url : str
        Address of the service, without a path.
    folder : DataFolder
        Where the outbox is.
    timeout_s : float
        How long one request may take.

    """

    def __init__(self, base_url: str, folder: DataFolder, *, timeout_s: float = TIMEOUT_S) -> None:
        self._base_url = base_url.rstrip("/")
        self._folder = folder
        self._timeout_s = timeout_s
        is_local = urllib.parse.urlsplit(base_url).hostname in {"localhost", "127.0.0.1", "::1"}
        # A proxy that the machine is set to use cannot reach this machine's own service.
        proxies = [urllib.request.ProxyHandler({})] if is_local else []
        self._opener = urllib.request.build_opener(*proxies)

    def introduce(self, profile: Profile, *, is_synthetic: bool = False) -> None:
        """Tell the service who the patient is.

        Raises
        ------
        UploadError
            If it cannot be reached, or refuses.

        """
        body = {"name": profile.name, "language": profile.language, "is_synthetic": is_synthetic}
        self._put(f"/patients/{profile.patient_id}", json.dumps(body).encode(), "application/json")

    def enrol(
        self, patient_id: UUID, injury: Mapping[str, Any], enrolment: Mapping[str, Any]
    ) -> None:
        """Tell the service of an injury of the patient, and of the programme for it.

        Parameters
        ----------
        patient_id : UUID
            Somebody the service knows.
        injury, enrolment : mapping
            As docs/reference/http.md has them; the enrolment names the injury's id.

        Raises
        ------
        UploadError
            If it cannot be reached, or refuses.

        """
        base = f"/patients/{patient_id}"
        for path, body in (
            (f"{base}/injury-episodes/{enrolment['injury_episode_id']}", injury),
            (f"{base}/enrolment", enrolment),
        ):
            self._put(path, json.dumps(dict(body)).encode(), "application/json")

    def send_all(self) -> SendReport:
        """Send every session of the outbox; what fails stays there, and is reported."""
        sent: list[UUID] = []
        failed: list[tuple[UUID, str]] = []
        for path in sorted(self._folder.outbox.glob("*.json")):
            try:
                session_id = UUID(path.stem)
            except ValueError:  # not one of ours
                continue
            try:
                self.send(session_id)
                sent.append(session_id)
            except (UploadError, OSError, ValueError) as error:
                failed.append((session_id, str(error)))
        return SendReport(sent=tuple(sent), failed=tuple(failed))

    def send(self, session_id: UUID) -> Path:
        """Send one session and its recording; return where its JSON is now.

        Raises
        ------
        UploadError
            If the service cannot be reached, or refuses.

        """
        path = self._folder.outbox / f"{session_id}.json"
        body = path.read_bytes()
        self._put(f"/sessions/{session_id}", body, "application/json")
        self._tell(session_id, json.loads(body))
        recording = path.with_suffix(".mcap")
        if recording.exists():
            data = recording.read_bytes()
            self._put(f"/sessions/{session_id}/recording", data, "application/octet-stream")
        arrived = move_durably(path, self._folder.sent)
        recording.unlink(missing_ok=True)  # the service has it; its digest was checked there
        return arrived

    def _tell(self, session_id: UUID, document: Mapping[str, Any]) -> None:
        """Send what a session tells beside its measured sets."""
        patient = f"/patients/{document['patient_id']}"
        for report in self_reports(session_id, document):
            self.post(f"{patient}/self-reports", report)
        for number, reps in corrections(document):
            told = json.dumps({"reps": reps}).encode()
            self._put(f"/sessions/{session_id}/sets/{number}/correction", told, "application/json")

    def post(self, path: str, document: Mapping[str, Any]) -> None:
        """Send a document to a path of the interface.

        Raises
        ------
        UploadError
            If the service cannot be reached, or refuses.

        """
        headers = {"Content-Type": "application/json"}
        self._ask(path, json.dumps(document).encode(), headers, "POST")

    def get(self, path: str) -> Any:
        """Return the document at a path of the interface; raises as `post`."""
        return json.loads(self._ask(path, None, {}, "GET"))

    def _put(self, path: str, body: bytes, media_type: str) -> None:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Content-Type": media_type, "Content-Digest": f"sha-256=:{digest}:"}
        self._ask(path, body, headers, "PUT")

    def _ask(self, path: str, body: bytes | None, headers: Mapping[str, str], method: str) -> bytes:
        request = urllib.request.Request(  # noqa: S310  # our own address, http or https
            self._base_url + API + path, data=body, headers=dict(headers), method=method
        )
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise UploadError(_refusal(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise UploadError(
                f"The service at {self._base_url} cannot be reached ({error}); "
                "the session stays here and is sent next time."
            ) from error


def _refusal(error: urllib.error.HTTPError) -> str:
    """Say in a sentence why the service refused."""
    try:
        problem = json.loads(error.read())
        detail = str(problem.get("detail") or problem.get("title") or "")
    except (ValueError, OSError, AttributeError):
        detail = ""
    return f"The service refused ({error.code} {error.reason}): {detail or 'it gave no reason'}"
