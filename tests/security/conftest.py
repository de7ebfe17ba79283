"""A clinic to attack: two patients with a clinician each, and an administrator."""

import pytest

from api.access import Role
from tests.api.access.people import open_clinic


@pytest.fixture
def clinic():
    with open_clinic() as opened:
        yield opened


@pytest.fixture
def anna(clinic):
    return clinic.add(Role.PATIENT, "anna")


@pytest.fixture
def bert(clinic):
    return clinic.add(Role.PATIENT, "bert")


@pytest.fixture
def physio(clinic):
    return clinic.add(Role.CLINICIAN, "physio")


@pytest.fixture
def admin(clinic):
    return clinic.add(Role.ADMINISTRATOR, "admin")
