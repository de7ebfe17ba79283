import pytest

from tests.api.builders import service


@pytest.fixture
def api():
    with service() as opened:
        yield opened


@pytest.fixture
def clinic(api):
    api.put_patient()
    return api
