"""The log file: what the sensor and the program did, for a report of a fault. No measurement.

It stands in the data folder, `log/tempo90.log`, and keeps some weeks. Nothing goes to the screen:
there the coach speaks.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 2**20
OLDER_FILES: Final = 3
LINE: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
QUIET: Final = ("bleak", "bumble", "httpx", "uvicorn.access")
"""They log each packet or request."""


@contextmanager
def open_logbook(folder: Path) -> Iterator[Path]:
    """Log to a file while the context lasts; where that cannot be written, log nowhere.

    Parameters
    ----------
    folder : Path
        Where the file goes; made if it is missing.

    """
    path = folder / "tempo90.log"
    handler: logging.Handler
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=MAX_BYTES, backupCount=OLDER_FILES, encoding="utf-8", delay=False
        )
    except OSError:  # a log is worth less than the session that it would be about
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter(LINE))
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield path
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    is_chatty = record.name.partition(".")[0] in QUIET or record.name in QUIET
    return record.levelno >= logging.WARNING or not is_chatty
