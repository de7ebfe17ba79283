"""People of a clinic on PostgreSQL, and their lines to whichever process of it."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api import open_engine, transaction
from api.access import AccessSettings, Role, Scope, Stage, accounts, consents, logins
from api.access.cookies import LOGIN_COOKIE
from api.models import PatientRow
from firmware_bridge import encode_device_motion
from tracker.phone.numbering import encode_numbered

FIT = {"platform": "android", "rate_hz": 60.0, "is_as_expected": True}
HELLO = {"type": "hello", "stream": "a-page", "platform": "android", "fit": FIT, "worn": True}


class People:
    """Anna, who trains, and her physiotherapist, who may look on; both are logged in."""

    def __init__(self, url):
        engine, now, settings = open_engine(url), datetime.now(UTC), AccessSettings()
        self.patient_id = uuid4()
        with transaction(engine, writes=True) as db:
            db.add(PatientRow(id=self.patient_id, name="Synthetic anna", created_at=now))
            db.flush()
            anna = self._account(db, Role.PATIENT, "anna", self.patient_id, now)
            physio = self._account(db, Role.CLINICIAN, "physio", None, now)
            consents.start_care(db, physio.id, self.patient_id, tuple(Scope), now=now)
            self.anna, self.physio = (
                logins.start(db, one, Stage.FULL, agent="", settings=settings, now=now)
                for one in (anna, physio)
            )
        engine.dispose()

    def _account(self, db, role, login, patient_id, now):
        return accounts.add_account(
            db,
            role=role,
            login=login,
            name=f"Synthetic {login}",
            password_hash=None,
            patient_id=patient_id,
            now=now,
        )

    def phone(self, host):
        return self._line(host, "/ws/phone", self.anna)

    def looker(self, host):
        return self._line(host, f"/ws/patients/{self.patient_id}/live", self.physio)

    def _line(self, host, path, token):
        headers = {"Cookie": f"{LOGIN_COOKIE}={token}", "Origin": f"http://{host}"}
        return connect(f"ws://{host}{path}", additional_headers=headers, open_timeout=60)


async def say(line, **message):
    await line.send(json.dumps(message))


async def greet(line, ticket=""):
    """Say hello; gives the welcome."""
    await say(line, **HELLO, ticket=ticket)
    return await heard(line, "welcome")


async def heard(line, *kinds):
    """The next message of some kinds."""
    async for text in line:
        message = json.loads(text)
        if message["type"] in kinds:
            return message
    raise AssertionError(f"The line ended ({line.close_code}) before any {kinds} came.")


async def send_samples(line, first, n):
    """Samples of a phone that lies on a table."""
    samples = [((first + k) / 60.0, (0.0, 0.0, 9.81), (0.0, 0.0, 0.0)) for k in range(n)]
    data = b"".join(encode_device_motion([one], platform="android") for one in samples)
    await line.send(encode_numbered(first, data))


async def close_code(line):
    try:
        while True:
            await line.recv()
    except ConnectionClosed:
        return line.close_code
