import asyncio
from urllib.request import Request, urlopen
from uuid import UUID

from tracker.live import LiveHub
from tracker.profile import Profile
from tracker.serving import LocalServer, own_patient
from tracker.settings import DataFolder

PROFILE = Profile(patient_id=UUID(int=7), name="Ik", language="nl")


def home_page(folder, profile):
    async def look():
        async with LocalServer(folder, LiveHub(), port=0, profile=profile) as server:
            asked = Request(f"{server.url}/", headers={"Accept-Language": "en"})  # noqa: S310
            return await asyncio.to_thread(lambda: urlopen(asked).read().decode())  # noqa: S310

    return asyncio.run(look())


def test_the_home_page_of_this_machine_is_the_day_of_its_patient(tmp_path):
    html = home_page(DataFolder(tmp_path).make(), PROFILE)

    assert "Shall we begin your programme?" in html
    assert 'href="/calendar"' in html


def test_without_a_profile_the_home_page_lists_sessions(tmp_path):
    html = home_page(DataFolder(tmp_path).make(), None)

    assert "No sessions yet" in html
    assert 'href="/calendar"' not in html


def test_the_service_knows_the_patient_of_the_profile():
    known = own_patient(PROFILE)

    assert (known.id, known.name, known.language) == (UUID(int=7), "Ik", "nl")
