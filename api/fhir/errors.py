"""What can be wrong with a FHIR request; `api.outcomes` answers with an OperationOutcome."""

from http import HTTPStatus

from api.errors import ApiError


class BadSearchError(ApiError, ValueError):
    """A search parameter is not known, or its value cannot be read."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad-search"


class NotAcceptableError(ApiError, ValueError):
    """Only JSON is spoken here."""

    status = HTTPStatus.NOT_ACCEPTABLE
    code = "not-acceptable"
