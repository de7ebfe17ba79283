import asyncio
import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console
from websockets.asyncio.client import connect

from tests.tracker.training_builders import PROFILE
from tracker.after_training import advice_without_a_course
from tracker.course_here import (
    NOT_ENROLLED,
    WarningSignError,
    course_here,
    ordered_here,
    todays_sitting,
)
from tracker.live import LiveHub
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.page_sittings import PageSittings
from tracker.phone_training import failed
from tracker.profile import simulated
from tracker.serving import LocalServer
from tracker.settings import DataFolder
from tracker.today_plan import SittingWishes
from tracker.uploader import Uploader

NOW = datetime.now(UTC)
EPISODE = "00000000-0000-4000-8000-00000000000b"
INJURY = {"side": "right", "cause": "overload"}


async def serving(tmp_path, act, **options):
    """Serve as `tempo90 serve` does, and let pages act."""
    folder, hub = DataFolder(tmp_path).make(), LiveHub()
    async with LocalServer(folder, hub, port=0) as server:
        sittings = PageSittings(folder, PROFILE, hub, Console(file=io.StringIO()), **options)
        sittings.url = server.url
        hub.starter = sittings.take
        try:
            return await act(server, sittings)
        finally:
            await sittings.close()


class Page:
    """A page on the live channel."""

    def __init__(self, line):
        self._line = line
        self.told = []

    async def say(self, **command):
        await self._line.send(json.dumps(command))

    async def until(self, kind, **values):
        async with asyncio.timeout(20):
            while True:
                message = json.loads(await self._line.recv())
                for one in message.get("messages", [message]):
                    self.told.append(one)
                    if one["type"] == kind and values.items() <= one.items():
                        return one


def page_on(server):
    return connect(f"{server.url.replace('http', 'ws')}/ws/live", origin=server.url)


def enrol(server, sittings):
    """Begin the programme today, with the right leg."""
    uploader = Uploader(server.url, sittings._folder)
    uploader.introduce(PROFILE)
    patient = f"/patients/{PROFILE.patient_id}"
    put(uploader, f"{patient}/injury-episodes/{EPISODE}", INJURY)
    body = {"start_on": str(NOW.date()), "time_zone": "UTC", "injury_episode_id": EPISODE}
    put(uploader, f"{patient}/enrolment", body)


def put(uploader, path, body):
    uploader._put(path, json.dumps(body).encode(), "application/json")


def test_a_page_starts_todays_sitting_and_a_second_page_sees_and_leads_the_same(tmp_path):
    async def act(server, sittings):
        async with page_on(server) as one, page_on(server) as other:
            first, second = Page(one), Page(other)
            await first.say(do="start", sensor="sim", on=True)
            await first.say(do="start", sensor="sim")
            plan = await second.until("plan")
            asked = await second.until("state", state="questions")
            await second.say(do="answer", code=asked["question"]["code"], value=2)
            await second.say(do="answer", code="soreness", value=0)
            await second.say(do="answer", code="painkiller", value=0)
            intro = await first.until("state", state="intro")
            await first.say(do="goto", step=99)
            refused = await first.until("refused")
            await second.say(do="stop")
            summary = await first.until("summary")
            return plan, asked, intro, refused, summary, len(sittings.outcomes)

    plan, asked, intro, refused, summary, n_trained = asyncio.run(
        serving(tmp_path, act, allows_simulated=True)
    )

    assert [step["exercise"] for step in plan["steps"]][:2] == [
        "stretch_hamstring", "stretch_adductor",
    ]  # fmt: skip
    assert asked["question"]["text"]["nl"] == "Hoeveel pijn heb je nu?"
    assert intro["text"]["nl"]
    assert intro["hands_free"] is True
    assert refused["text"]["en"]
    assert summary["text"]["nl"] == "Deze keer is er niets gedaan."
    assert n_trained == 1


def test_a_simulated_leg_is_refused_where_people_train(tmp_path):
    sittings = PageSittings(
        DataFolder(tmp_path).make(), PROFILE, LiveHub(), Console(file=io.StringIO())
    )

    with pytest.raises(CommandRefusedError, match="demo"):
        asyncio.run(sittings.take(Command(do=Deed.START, sensor="sim")))
    with pytest.raises(CommandRefusedError):
        asyncio.run(sittings.take(Command(do=Deed.START, exercise="juggling", sensor="C6:90")))


def test_the_plan_of_today_follows_the_patients_own_course(tmp_path):
    async def act(server, sittings):
        await asyncio.to_thread(enrol, server, sittings)
        return await asyncio.to_thread(
            todays_sitting, sittings._folder, PROFILE, SittingWishes(side="left"), now=NOW
        )

    due = asyncio.run(serving(tmp_path, act))

    assert NOT_ENROLLED not in due.notes
    assert {step.side for step in due.plan.steps if step.needs_sensor} == {"right"}


def test_while_a_warning_sign_stands_no_sitting_is_due_and_it_is_said_why(tmp_path):
    async def act(server, sittings):
        await asyncio.to_thread(enrol, server, sittings)
        uploader = Uploader(server.url, sittings._folder)
        body = {"id": EPISODE, "at": NOW.isoformat(), "question": "warning_signs", "is_yes": True}
        path = f"/patients/{PROFILE.patient_id}/answers"
        await asyncio.to_thread(uploader.post, path, body)
        texts = []
        for exercise in (None, "ecc_prone_helper"):
            with pytest.raises(CommandRefusedError) as refused:
                await sittings.take(Command(do=Deed.START, sensor="C6:90", exercise=exercise))
            texts.append(refused.value.text)
        with pytest.raises(WarningSignError) as stopped:
            ordered_here(sittings._folder, PROFILE, "ecc_prone_helper", NOW)
        return *texts, failed(stopped.value)["text"]

    sitting, single, phone = asyncio.run(serving(tmp_path, act))

    assert sitting == single
    assert phone == sitting.as_json()
    assert sitting.nl == "Stop nu en bel vandaag je sportarts of huisarts."
    assert sitting.en.startswith("Stop now")


def test_without_a_programme_it_is_week_1_and_that_is_said(tmp_path):
    folder = DataFolder(tmp_path).make()

    due = todays_sitting(folder, PROFILE, SittingWishes(side="left"), now=NOW)
    alone = todays_sitting(folder, PROFILE, SittingWishes(side="left"), now=NOW, is_alone=True)

    assert course_here(folder, PROFILE, NOW) is None
    assert due.notes == (NOT_ENROLLED,)
    assert "ecc_prone_helper" in [step.exercise.id for step in due.plan.steps]
    assert "ecc_seated_solo" in [step.exercise.id for step in alone.plan.steps]


def test_the_band_that_a_page_tells_is_in_the_session_and_in_the_next_training(tmp_path):
    told = {"kind": "training_band", "colour": "geel", "is_double": True}
    helped = told | {"helper_presses": True}

    async def act(server, sittings):
        async with page_on(server) as line:
            page = Page(line)
            await page.say(do="start", exercise="ecc_prone_helper", sensor="sim")
            await page.until("state", state="questions")
            await page.say(do="equip", step=1, gear=helped)
            known = await page.until("state", gear={"asks": "helped_band", "told": helped})
            await page.say(do="self_report", step=1)
            await page.say(do="stop")
            await page.until("state", state="done")
            await page.until("summary")
            await page.say(do="start", exercise="ecc_seated_solo", sensor="sim")
            again = await page.until("state", exercise="ecc_seated_solo")
        return known, again, sittings

    known, again, sittings = asyncio.run(serving(tmp_path, act, allows_simulated=True))

    assert known["exercise"] == "ecc_prone_helper"
    assert sittings.outcomes[0].document["plan"][0]["band"] == helped
    assert again["gear"] == {"asks": "band", "told": told}


def test_severe_pain_leads_to_an_offer_that_a_page_can_accept(tmp_path):
    session = {
        "patient_id": str(PROFILE.patient_id),
        "started_at": NOW.isoformat(),
        "exercise_sets": [],
        "engine": "0.1.0",
        "pain": {"before": 2, "worst": 7},
        "warning_signs_end": False,
    }

    async def act(server, sittings):
        uploader = Uploader(server.url, sittings._folder)
        await asyncio.to_thread(enrol, server, sittings)
        path = "/sessions/00000000-0000-4000-8000-0000000000aa"
        await asyncio.to_thread(put, uploader, path, session)
        async with page_on(server) as line:
            page = Page(line)
            await page.say(do="accept", code="rest_days")
            await page.say(do="accept", code="rest_days")
            await page.say(do="accept", code="heavier_band")
            refused = await page.until("refused")
        rested = await asyncio.to_thread(uploader.get, f"/patients/{PROFILE.patient_id}/rest-days")
        return refused, rested["rest_days"]

    refused, rest_days = asyncio.run(serving(tmp_path, act))

    assert refused["text"]["nl"] == "Er is niets om mee akkoord te gaan."
    assert len(rest_days) == 3


def test_the_rules_speak_to_one_session_of_somebody_without_a_programme():
    document = {
        "patient_id": str(simulated(PROFILE).patient_id),
        "started_at": NOW.isoformat(),
        "exercise_sets": [{"exercise": "ecc_prone_helper", "side": "left", "reps": [{}] * 15}],
        "pain": {"before": 1, "worst": 7},
        "soreness": 0,
        "warning_signs_end": False,
    }

    advice = {one["code"]: one for one in advice_without_a_course(document)}

    assert advice["rest_days"]["offer"] is None
    assert advice["rest_days"]["kind"] == "offer"
    assert "rustdagen" in advice["rest_days"]["text"]["nl"]
