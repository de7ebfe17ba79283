"""A phone trains over HTTPS, page and all, four times faster than the clock."""

import asyncio
import json
import re

import pytest

from tests.tracker.coach_builders import a_plan
from tests.tracker.phone_builders import (
    LOCAL,
    NOT_REACHED,
    RATE_HZ,
    PagePhone,
    a_console,
    async_browser,
    run_quickly,
)
from tests.tracker.training_builders import PROFILE
from tracker.hosting import HostingOptions, host
from tracker.settings import CoachSettings, DataFolder
from tracker.simulator import SimulatedPatient
from tracker.sitting import SittingOptions, run_sitting


def link_in(text):
    """What the terminal invites a phone to open."""
    page, code = re.search(r"(https://\S+/phone)", text), re.search(r"code (\S+)\.", text)
    return f"{page[1]}#{code[1]}"


async def until(is_so):
    while not is_so():  # noqa: ASYNC110  # a tenth of quick time
        await asyncio.sleep(0.1)


def listening(context_page, wrong):
    context_page.on("pageerror", lambda error: wrong.append(str(error)))
    context_page.on(
        "console",
        lambda one: (
            wrong.append(one.text) if one.type == "error" and NOT_REACHED not in one.text else None
        ),
    )


async def train_by_phone(folder, wrong):
    console, plan = a_console(), a_plan(sets=1, reps=2)
    options = SittingOptions(sensor="phone", is_quiet=True, port=0, phone_place=LOCAL)
    settings = CoachSettings(last_card_s=1.0)
    sitting = asyncio.ensure_future(
        run_sitting(plan, PROFILE, folder, options, console=console, settings=settings)
    )
    await until(lambda: "ca.pem" in console.file.getvalue())
    link = link_in(console.file.getvalue())
    patient = SimulatedPatient(plan.first.exercise.id, seed=5, rate_hz=RATE_HZ, tempo_s=2.8)
    lines = []

    async def pass_on(line):
        line.connect_to_server()
        lines.append(line)

    async with async_browser() as browser:
        context = await browser.new_context(
            viewport={"width": 390, "height": 844}, locale="nl-NL", ignore_https_errors=True
        )
        page = await context.new_page()
        listening(page, wrong)
        await page.route_web_socket("**/ws/phone", pass_on)
        await page.goto(link)
        async with PagePhone(page, patient.next_samples) as phone:
            await page.locator("#allow-button").click()
            await page.locator("#tone-heard").click()
            phone.is_on_leg = True
            await page.locator("#strap-button").click()
            await until(lambda: "Begin maar" in console.file.getvalue())
            patient.hear("go", reps=2)
            await until(lambda: re.search(r"^  1  ", console.file.getvalue(), re.MULTILINE))
            await lines[0].close()  # the Wi-Fi is gone for a moment, in mid-set
            await until(lambda: len(lines) > 1)
            await until(sitting.done)
            await page.get_by_text("2 van de 2 herhalingen").wait_for()
    return await sitting, patient, len(lines)


def test_a_phone_trains_over_https_through_a_break_to_a_stored_session(tmp_path):
    folder, wrong = DataFolder(tmp_path).make(), []

    outcome, patient, n_lines = run_quickly(train_by_phone(folder, wrong))

    stored = json.loads((folder.sent / f"{outcome.session_id}.json").read_text("utf-8"))
    reps = [rep for one in stored["exercise_sets"] for rep in one["reps"]]
    truth = [rep.eccentric_s for rep in patient.reps_done]
    # How accurate the engine is has tests of its own; here each repetition must be that one.
    assert [rep["eccentric_s"] for rep in reps] == pytest.approx(truth, abs=0.35)
    assert [rep for rep in reps if "gap" in rep["flags"]] == []
    assert stored["sensor"]["family"] == "phone"
    assert n_lines == 2
    assert wrong == []


async def serve_a_phone(folder, wrong):
    console = a_console()
    hosting = asyncio.ensure_future(host(folder, HostingOptions(port=0, place=LOCAL), console))
    await until(lambda: "ca.pem" in console.file.getvalue())
    link = link_in(console.file.getvalue())
    patient = SimulatedPatient("ecc_seated_solo", seed=6, rate_hz=RATE_HZ, tempo_s=2.8)
    async with async_browser() as browser:
        context = await browser.new_context(
            viewport={"width": 390, "height": 844}, locale="nl-NL", ignore_https_errors=True
        )
        page = await context.new_page()
        listening(page, wrong)
        await page.goto(link)
        async with PagePhone(page, patient.next_samples) as phone:
            await page.locator("#allow-button").click()
            await page.locator('[value="ecc_seated_solo"]').check()
            await page.locator('[name="side"][value="right"]').check()
            await page.locator("#choose-form button").click()
            await page.locator("#tone-heard").click()
            phone.is_on_leg = True
            await page.locator("#strap-button").click()
            await page.locator("#headline").get_by_text("Begin maar").wait_for()
            patient.hear("go", reps=1)
            await page.locator("#worn-count").get_by_text("1", exact=True).wait_for()
            await page.locator("#hold").evaluate("(button) => button.click()")
            await page.locator("#stop-button").click()
            await page.locator("#done-saved").wait_for()
    hosting.cancel()
    await asyncio.gather(hosting, return_exceptions=True)


def test_a_served_phone_chooses_trains_and_stops_and_the_session_is_stored(tmp_path):
    folder, wrong = DataFolder(tmp_path).make(), []

    run_quickly(serve_a_phone(folder, wrong))

    (path,) = folder.sent.glob("*.json")
    stored = json.loads(path.read_text("utf-8"))
    (only,) = stored["exercise_sets"]
    assert (only["exercise"], only["side"], len(only["reps"])) == ("ecc_seated_solo", "right", 1)
    assert wrong == []
