"""Drawn examples have no deadline: the first one pays for imports, and machines are shared."""

import pytest
from hypothesis import settings

from tests.api.builders import service

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture
def api():
    with service() as opened:
        yield opened


@pytest.fixture
def clinic(api):
    api.put_patient()
    return api
