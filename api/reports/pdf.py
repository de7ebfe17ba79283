"""A report as a PDF that screen readers can read (PDF/UA-1).

It is set by typst, which is an extra of the installation: without it everything else works. The
typeface comes from an installed package, never from the machine, so that every machine makes the
same pages.
"""

import json
from http import HTTPStatus
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Final

from api.errors import ApiError
from api.reports import typeface

TEMPLATE: Final = str(files("api.reports") / "report.typ")
STANDARD: Final = "ua-1"
EXTRA: Final = "tempo90[clinic]"


class PrintingMissingError(ApiError, RuntimeError):
    """The installation lacks what makes a PDF."""

    status = HTTPStatus.NOT_IMPLEMENTED
    code = "printing-missing"

    def __init__(self) -> None:
        super().__init__(
            f"PDF needs an extra that is not installed: pip install '{EXTRA}'. "
            "The same numbers are there as CSV."
        )


def can_print() -> bool:
    """Whether this installation can make a PDF."""
    return find_spec("typst") is not None and find_spec(typeface.PACKAGE) is not None


def print_report(content: dict[str, Any]) -> bytes:
    """Return a report as a PDF.

    Parameters
    ----------
    content : dict
        From `api.reports.content`.

    Raises
    ------
    PrintingMissingError
        If the extra with typst is not installed.

    """
    try:
        import typst  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise PrintingMissingError from error
    try:
        fonts = str(typeface.folder())
    except ModuleNotFoundError as error:
        raise PrintingMissingError from error
    printed: bytes = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=[fonts],
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
        sys_inputs={"data": json.dumps(typeface.printable(content), ensure_ascii=False)},
    )
    return printed
