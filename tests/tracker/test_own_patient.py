import asyncio
from dataclasses import replace
from urllib.request import Request, urlopen
from uuid import UUID

import httpx2

from tracker.live import LiveHub
from tracker.profile import Profile, load_profile, save_profile
from tracker.serving import LocalServer, own_patient
from tracker.session_store import SessionStore
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


def test_everything_goes_but_not_under_a_training_and_who_goes_on_stays_the_same(tmp_path):
    folder = DataFolder(tmp_path).make()
    save_profile(folder.profile, replace(PROFILE, name="Synthetic", side="left", band="yellow"))
    running = SessionStore(folder, UUID(int=1))
    running.keep({"patient_id": str(PROFILE.patient_id)})
    hub = LiveHub()
    hub.publish({"type": "state", "state": "done", "session": str(UUID(int=1))})

    async def act():
        async with LocalServer(folder, hub, port=0, profile=PROFILE) as server:
            return await asyncio.to_thread(delete_twice, server.url, folder, running)

    refused, page, is_there, fresh = asyncio.run(act())

    assert "a training is running" in refused
    assert "This is gone" in page
    assert not is_there
    assert fresh == Profile(patient_id=PROFILE.patient_id, name="Ik", language="nl")
    assert hub.snapshot()["messages"] == []


def delete_twice(url, folder, running):
    """Delete while a training runs, and after it; then tell something anew."""
    with httpx2.Client(base_url=url, headers={"Accept-Language": "en"}) as browser:
        patient = f"/api/v1/patients/{PROFILE.patient_id}"
        browser.put(patient, json={"name": "Synthetic"}).raise_for_status()
        refused = browser.post("/my-data/delete", data={"sure": "yes"})
        assert browser.delete(patient).status_code == 409
        assert folder.profile.exists()
        running.discard()
        page = browser.post("/my-data/delete", data={"sure": "yes"})
        is_there = folder.profile.exists()
        browser.put(patient, json={"name": "Me"}).raise_for_status()
    return refused.text, page.text, is_there, load_profile(folder.profile)


def test_the_service_knows_the_patient_of_the_profile():
    known = own_patient(PROFILE)

    assert (known.id, known.name, known.language) == (UUID(int=7), "Ik", "nl")
