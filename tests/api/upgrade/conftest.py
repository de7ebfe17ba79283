import pytest

from tests.api.builders import POSTGRES, SQLITE
from tests.api.upgrade.old_database import old_databases


@pytest.fixture(scope="session", params=[SQLITE, POSTGRES])
def old(request):
    with old_databases(request.param) as opened:
        yield opened
