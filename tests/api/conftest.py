"""Drawn examples have no deadline: the first one pays for imports, and machines are shared."""

import pytest
from hypothesis import settings

from tests.api.builders import service
from tests.api.course_builders import enrolled_patient, local_install

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
