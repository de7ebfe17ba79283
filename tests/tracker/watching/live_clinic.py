"""A clinic on a real port: anna trains, her physiotherapist may look on, another one may not."""

import asyncio
import json
from contextlib import contextmanager, suppress

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api.access import Role, Scope
from api.access.cookies import LOGIN_COOKIE
from tests.api.access.people import open_clinic
from tests.browser import serve
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.watching.relay import channel_address

STATE = {"type": "state", "state": "set", "set": 1, "session": "a-session"}
REP = {"type": "rep", "n": 1, "eccentric_s": 3.0}
LONG_S = 30.0


class Site:
    """The clinic, and the lines that people open to it."""

    def __init__(self, clinic, url):
        self.clinic, self.url = clinic, url
        self.anna = clinic.add(Role.PATIENT, "anna")
        self.physio = clinic.add(Role.CLINICIAN, "physio")
        self.other = clinic.add(Role.CLINICIAN, "other")
        clinic.treat(self.physio, self.anna)
        clinic.treat(self.other, self.anna, (Scope.RESULTS, Scope.RECORDINGS))
        self.token = clinic.token(self.anna)

    @property
    def rooms(self):
        return self.clinic.api.app.state.live_rooms

    def looker(self, person, **options):
        """The channel of a page, as a browser opens it."""
        address = self.url.replace("http", "ws") + f"/ws/patients/{self.anna.patient_id}/live"
        cookie = f"{LOGIN_COOKIE}={person.client.cookies[LOGIN_COOKIE]}"
        headers = {"Cookie": cookie, "Origin": self.url}
        return connect(address, additional_headers=headers, **options)

    def teller(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return connect(channel_address(self.url), additional_headers=headers)


@contextmanager
def open_site(*, extend=lambda _app: None):
    """The clinic, served; `extend` adds to its app."""

    def make(engine, settings):
        app = create_app(engine, settings, LiveHub())
        extend(app)
        return app

    with open_clinic(make=make) as clinic, serve(clinic.api.app) as url:
        clinic.api.app.state.live_rooms.check_every_s = 0.02
        yield Site(clinic, url)


def run(work):
    async def within():
        async with asyncio.timeout(LONG_S):
            await work

    asyncio.run(within())


async def heard(line, kind):
    """The next message of a kind."""
    async for text in line:
        message = json.loads(text)
        if message["type"] == kind:
            return message
    raise AssertionError(f"The line ended before any {kind} came.")


async def close_code(line):
    """How a line ends, whatever comes before."""
    with suppress(ConnectionClosed):
        while True:
            await line.recv()
    return line.close_code


async def told(line, *messages):
    for message in messages:
        await line.send(json.dumps(message))


async def until(is_so):
    while not is_so():  # noqa: ASYNC110  # of another thread, which sends no event
        await asyncio.sleep(0.01)


class Notices(LiveHub):
    """A hub that remembers who it was told looks on."""

    def __init__(self):
        super().__init__()
        self.lookers = []

    def publish(self, message):
        if message["type"] == "watched":
            self.lookers.append(message["by"])
        super().publish(message)
