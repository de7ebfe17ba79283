"""A clinic with people in it, each in a browser of their own."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyotp
from fastapi.testclient import TestClient

from api import create_app
from api.access import AccessSettings, Role, Scope, accounts, app_tokens, consents, invitations
from api.access.rows import AccountRow
from api.access.settings import Argon2Cost
from api.db import transaction
from api.models import PatientRow
from tests.api.builders import SQLITE, service, session

HTTPS = "https://localhost"
ORIGIN = {"Origin": HTTPS, "Sec-Fetch-Site": "same-origin"}
PASSWORD = "four plain words here"  # noqa: S105 (of people who do not exist)
CHEAP = Argon2Cost(memory_kib=8, passes=1, lanes=1)
NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
EVERYTHING = tuple(Scope)


@dataclass
class Person:
    """Somebody with an account: a browser, and what it was made of."""

    client: TestClient
    login: str
    account_id: object
    patient_id: object = None

    def log_in(self, password=PASSWORD):
        form = {"login": self.login, "password": password}
        return self.client.post("/log-in", data=form, follow_redirects=False)


@dataclass
class Clinic:
    """A service that everybody has to log in to, and a clock that tests move."""

    api: object
    now: datetime = NOON
    people: list = field(default_factory=list)

    @property
    def engine(self):
        return self.api.app.state.engine

    def later(self, **span):
        self.now += timedelta(**span)

    def browser(self):
        return TestClient(
            self.api.app, base_url=HTTPS, headers=ORIGIN, raise_server_exceptions=False
        )

    def invite(self, role, *, by=None, name="Synthetic person", lasts_s=3600):
        with transaction(self.engine, writes=True) as db:
            return invitations.invite(
                db,
                role=role,
                name=name,
                invited_by=by and by.account_id,
                lasts_s=lasts_s,
                now=self.now,
            )

    def add(self, role, login, *, is_in=True):
        """Somebody with an account, logged in."""
        hashed = self.api.app.state.access.passwords.hash(PASSWORD, login=login)
        with transaction(self.engine, writes=True) as db:
            patient_id = uuid4() if role is Role.PATIENT else None
            if patient_id is not None:
                db.add(PatientRow(id=patient_id, name=login, created_at=self.now))
                db.flush()
            row = accounts.add_account(
                db,
                role=role,
                login=login,
                name=f"Synthetic {login}",
                password_hash=hashed,
                patient_id=patient_id,
                now=self.now,
            )
            person = Person(self.browser(), login, row.id, patient_id)
        if is_in:
            assert person.log_in().status_code == 303
        return person

    def treat(self, clinician, patient, scopes=EVERYTHING):
        with transaction(self.engine, writes=True) as db:
            consents.start_care(db, clinician.account_id, patient.patient_id, scopes, now=self.now)

    def token(self, patient):
        with transaction(self.engine, writes=True) as db:
            return app_tokens.add_token(db, patient.patient_id, "Synthetic app", now=self.now)

    def app(self, patient):
        """A program that sends the sessions of a patient."""
        headers = {"Authorization": f"Bearer {self.token(patient)}"}
        return TestClient(
            self.api.app, base_url=HTTPS, headers=headers, raise_server_exceptions=False
        )

    def session_of(self, person, client=None):
        session_id = uuid4()
        body = session(patient_id=str(person.patient_id))
        answer = (client or person.client).put(f"/api/v1/sessions/{session_id}", json=body)
        assert answer.status_code == 201, answer.text
        return session_id

    def account(self, person):
        with transaction(self.engine, writes=False) as db:
            row = db.get_one(AccountRow, person.account_id)
            db.expunge(row)
            return row

    def digits(self, secret):
        return pyotp.TOTP(secret).at(self.now)


@contextmanager
def open_clinic(*, make=create_app, database=SQLITE, factor_roles=frozenset(), **access):
    settings = AccessSettings(argon2=CHEAP, factor_roles=factor_roles, **access)
    opened = service(make=make, database=database, is_loopback_only=False, access=settings)
    with opened as api:
        clinic = Clinic(api)
        api.app.state.clock = lambda: clinic.now
        yield clinic


def code_on(page):
    """The code that a page shows once."""
    return re.search(r'class="secret">([^<]+)<', page.text).group(1)


def heading(answer):
    return re.search(r"<h1>([^<]*)</h1>", answer.text).group(1)
