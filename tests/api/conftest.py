"""Services for the tests, on both databases where a file asks for it.

    pytestmark = pytest.mark.both_databases

runs every test of a file that uses a service once on SQLite and once on PostgreSQL; elsewhere,
and where a single test is marked `sqlite_only`, they run on SQLite.

Drawn examples have no deadline: the first one pays for imports, and machines are shared.
"""

import pytest
from hypothesis import settings

from tests.api.builders import POSTGRES, SQLITE, service
from tests.api.course_builders import enrolled_patient, local_install

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


def pytest_configure(config):
    config.addinivalue_line("markers", "both_databases: also on PostgreSQL")
    config.addinivalue_line("markers", "sqlite_only: about SQLite itself")


def pytest_generate_tests(metafunc):
    if "database" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    is_both = "both_databases" in marks and "sqlite_only" not in marks
    metafunc.parametrize("database", [SQLITE, POSTGRES] if is_both else [SQLITE], indirect=True)


@pytest.fixture
def database(request):
    """The name of the kind of database that services of this test have."""
    return request.param


@pytest.fixture
def api(database):
    with service(database=database) as opened:
        yield opened


@pytest.fixture
def clinic(api):
    api.put_patient()
    return api


@pytest.fixture
def patient():
    """The person of this machine, with a programme."""
    with enrolled_patient(is_own=True) as enrolled:
        yield enrolled


@pytest.fixture
def newcomer():
    """The person of this machine, who told nothing yet."""
    with local_install() as one:
        yield one
