"""What can go wrong in the service, each with its HTTP status and the code of its problem type."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID


class ApiError(Exception):
    """Base class; `api.problems` turns any of these into a problem document (RFC 9457)."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: ClassVar[str] = "internal"

    @property
    def headers(self) -> dict[str, str]:
        """Header fields that go with the answer."""
        return {}


class NotFoundError(ApiError, LookupError):
    """No stored object has the id that was asked for."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"


class NotEnrolledError(NotFoundError):
    """The patient follows no programme yet."""

    code = "not-enrolled"

    def __init__(self, patient_id: UUID) -> None:
        super().__init__(
            f"Patient {patient_id} follows no programme yet; begin one with "
            f"PUT /api/v1/patients/{patient_id}/enrolment."
        )


class NotOfferedError(ApiError, ValueError):
    """A piece of advice was answered that the programme does not give now."""

    status = HTTPStatus.CONFLICT
    code = "not-offered"


class InTrainingError(ApiError, RuntimeError):
    """A training of this patient runs: its data cannot be taken away now."""

    status = HTTPStatus.CONFLICT
    code = "in-training"

    def __init__(self) -> None:
        super().__init__("A training of this patient is running: end it first, then try again.")


class BadSpanError(ApiError, ValueError):
    """A span of days is empty or too long."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad-span"


class ContentConflictError(ApiError, ValueError):
    """Something else is already stored under this id, and stored results never change."""

    status = HTTPStatus.CONFLICT
    code = "content-conflict"


class ProgrammeChangedError(ApiError, ValueError):
    """A clinic has another programme of a patient than their computer knew of."""

    status = HTTPStatus.CONFLICT
    code = "programme-changed"


class StaleVersionError(ApiError, ValueError):
    """Somebody changed the same prescription in the meantime."""

    status = HTTPStatus.CONFLICT
    code = "stale-version"

    def __init__(self, based_on: int, standing: int) -> None:
        super().__init__(
            f"The change is based on version {based_on}, but version {standing} stands by now; "
            f"look at it, and send the change again with based_on {standing}."
        )
        self.based_on = based_on
        self.standing = standing


class BadOrderError(ApiError, ValueError):
    """An order cannot be carried out as it was written."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad-order"


class UploadOffsetError(ApiError, ValueError):
    """A piece of a recording does not start where the last one ended."""

    status = HTTPStatus.CONFLICT
    code = "upload-offset"

    def __init__(self, expected_bytes: int, got_bytes: int) -> None:
        super().__init__(
            f"The piece starts at byte {got_bytes}, but {expected_bytes} bytes have arrived; "
            f"send on from byte {expected_bytes}."
        )
        self.expected_bytes = expected_bytes
        self.got_bytes = got_bytes

    @property
    def headers(self) -> dict[str, str]:
        """Say where to go on."""
        return {"Upload-Offset": str(self.expected_bytes)}


class UploadBusyError(ApiError, RuntimeError):
    """Another request is sending the same recording at this moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "upload-busy"

    @property
    def headers(self) -> dict[str, str]:
        """Ask for a second of patience."""
        return {"Retry-After": "1"}


class DigestMissingError(ApiError, ValueError):
    """A recording came without a SHA-256 digest that can be read."""

    status = HTTPStatus.BAD_REQUEST
    code = "digest-missing"


class DigestMismatchError(ApiError, ValueError):
    """The bytes that arrived are not those that were sent."""

    status = HTTPStatus.BAD_REQUEST
    code = "digest-mismatch"


class BadHeaderError(ApiError, ValueError):
    """A header field of an upload cannot be read."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad-header"


class RangeError(ApiError, ValueError):
    """A range of bytes lies outside of what there is."""

    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    code = "bad-range"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(f"There are {size_bytes} bytes; the range lies outside.")
        self.size_bytes = size_bytes

    @property
    def headers(self) -> dict[str, str]:
        """Say how many bytes there are."""
        return {"Content-Range": f"bytes */{self.size_bytes}"}


class TooLargeError(ApiError, ValueError):
    """A body is larger than this service takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too-large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The body is larger than the {limit_bytes} bytes that are accepted.")
        self.limit_bytes = limit_bytes


class RecordingsFullError(ApiError, ValueError):
    """The recordings of a patient take all the room that this service keeps for them."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "recordings-full"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"The recordings of this patient take all the {limit_bytes / 1e6:,.0f} MB that this "
            "service keeps for them. Results are stored without; ask who runs the service for more."
        )
        self.limit_bytes = limit_bytes


class ClinicPrescribesError(ApiError, PermissionError):
    """A linked clinic prescribes; what it ordered is not changed on the patient's computer."""

    status = HTTPStatus.CONFLICT
    code = "clinic-prescribes"

    def __init__(self) -> None:
        super().__init__(
            "The clinic that this computer is linked to prescribes: ask there for a change."
        )


class SlowBodyError(ApiError, TimeoutError):
    """A body comes too slowly to be waited for."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "slow-body"

    def __init__(self) -> None:
        super().__init__("The body came too slowly and was not waited for; send it again.")


class MisdirectedRequestError(ApiError, ValueError):
    """The request names a host that this service does not answer to."""

    status = HTTPStatus.MISDIRECTED_REQUEST
    code = "misdirected"


class CrossSiteRequestError(ApiError, PermissionError):
    """A page of another site tried to write."""

    status = HTTPStatus.FORBIDDEN
    code = "cross-site"


class RecordingsUnavailableError(ApiError, RuntimeError):
    """The place where recordings are kept does not answer or takes nothing."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "recordings-unavailable"

    def __init__(self) -> None:
        super().__init__(
            "Recordings cannot be kept or read at the moment; what has been confirmed is safe. "
            "Try again in a moment."
        )

    @property
    def headers(self) -> dict[str, str]:
        """Ask for some seconds of patience: a full disk or a store that is down takes longer."""
        return {"Retry-After": "5"}


class UnstorableError(ApiError, ValueError):
    """A value has no place in the database."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid-body"


class DatabaseBusyError(ApiError, RuntimeError):
    """The database could not be reached or was locked for too long."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "database-unavailable"

    @property
    def headers(self) -> dict[str, str]:
        """Ask for a second of patience."""
        return {"Retry-After": "1"}


class NoRoomError(ApiError, RuntimeError):
    """The database cannot grow: its disk is full."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    code = "no-room"

    def __init__(self) -> None:
        super().__init__(
            "The disk of this service is full: nothing new can be stored, and what has been "
            "confirmed is safe. Whoever runs the service has to free some space."
        )

    @property
    def headers(self) -> dict[str, str]:
        """Ask for a minute of patience: somebody has to do something."""
        return {"Retry-After": "60"}
