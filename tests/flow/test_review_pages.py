"""A clinician reviews a session in a real browser: from the curve to a decision."""

import json

import pytest
from playwright.sync_api import expect
from websockets.sync.client import connect

from api.access import Role
from api.review.reanalysis import Reanalysed
from api.schemas import SetBody
from tests.api.access.people import PASSWORD, open_clinic
from tests.api.builders import digest, exercise_set, session, three_sets
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.watching.relay import channel_address

TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TARGETS = """() => [...document.querySelectorAll('nav a, .button, button, summary, select')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""
RECORDING = b"a recording"
FOUND_AGAIN = exercise_set((2.2, 2.4, 2.1, 2.6, 2.3))
EARLIER, LATER = "2026-05-12T08:30:00Z", "2026-05-19T08:30:00Z"
READERS = [
    {"width": 390, "locale": "nl-NL", "color_scheme": "dark"},
    {"width": 1440, "locale": "en-GB", "color_scheme": "light"},
]


class Site:
    def __init__(self, clinic, url):
        self.clinic, self.url = clinic, url
        self.anna = clinic.add(Role.PATIENT, "anna")
        self.physio = clinic.add(Role.CLINICIAN, "physio")
        clinic.treat(self.physio, self.anna)
        self.token = clinic.token(self.anna)
        self.first = self.store(three_sets(), EARLIER)
        self.second = self.store([exercise_set((2.2, 2.4, 2.1, 1.6))], LATER)
        self.send_recording(self.second)
        clinic.api.app.state.reanalyse = lambda *_: Reanalysed(
            engine="9.9.9", catalogue="9", sets=[SetBody.model_validate(FOUND_AGAIN)]
        )

    def store(self, sets, started_at):
        body = session(sets=sets, started_at=started_at, patient_id=str(self.anna.patient_id))
        session_id = f"00000000-0000-4000-8000-0000000000{'a' if started_at == EARLIER else 'b'}1"
        stored = self.anna.client.put(f"/api/v1/sessions/{session_id}", json=body)
        assert stored.status_code == 201, stored.text
        return session_id

    def send_recording(self, session_id):
        header = {"Content-Digest": digest(RECORDING), "Content-Type": "application/octet-stream"}
        path = f"/api/v1/sessions/{session_id}/recording"
        assert self.anna.client.put(path, content=RECORDING, headers=header).status_code == 201

    def teller(self):
        headers = {"Authorization": f"Bearer {self.token}"}
        return connect(channel_address(self.url), additional_headers=headers)

    @property
    def pages(self):
        return [
            f"{self.url}{path}"
            for path in (
                f"/sessions/{self.first}/review",
                f"/sessions/{self.second}/compare",
                f"/sessions/{self.second}/results",
                "/results",
                f"/sessions?patient_id={self.anna.patient_id}",
                f"/patients/{self.anna.patient_id}/live",
            )
        ]


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site():
    def make(engine, settings):
        return create_app(engine, settings, LiveHub())

    with open_clinic(make=make) as clinic, serve(clinic.api.app) as url:
        yield Site(clinic, url)


def log_in(page, site, login="physio", lang="en"):
    page.goto(f"{site.url}/log-in?lang={lang}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda address: "log-in" not in address)


def test_a_repetition_is_left_out_and_taken_back_beside_its_curve(browser, site):
    with open_page(browser, locale="en-GB") as page:
        log_in(page, site)
        page.goto(f"{site.url}/sessions/{site.first}")
        page.get_by_role("link", name="Look closer").click()
        first = page.locator(".review-set").first

        expect(first.locator(".rep-line")).to_have_count(15)
        expect(first.locator(".badge")).to_contain_text("Good signal")
        first.get_by_label("Choose repetition 3").check()
        first.get_by_label("Choose repetition 7").check()
        first.get_by_text("Mark the chosen repetitions").click()
        first.get_by_label("Reason").select_option(label="another movement")
        first.get_by_label("Remark (not needed)").fill("Scratched the knee.")
        first.get_by_role("button", name="Leave out").click()

        expect(first.locator("tr.left-out")).to_have_count(2)
        expect(first.locator(".figures dd").first).to_contain_text("13 of 15")
        expect(first.locator(".figures dd").first).to_contain_text("15 measured")
        expect(first.locator(".rep-line.left-out")).to_have_count(2)
        first.get_by_role("button", name="Undo the mark on repetition 7").click()
        expect(first.locator("tr.left-out")).to_have_count(1)
        expect(page.get_by_text("taken back by Synthetic physio")).to_be_visible()


def test_two_sessions_are_compared_and_say_what_can_be_said(browser, site):
    with open_page(browser, locale="en-GB") as page:
        log_in(page, site)
        page.goto(f"{site.url}/sessions/{site.second}/review")
        page.get_by_role("link", name="Compare with another session").click()

        row = page.locator(".compared tr").filter(has_text="Mean return")
        expect(row).to_contain_text("less")
        expect(page.locator(".compared tr").filter(has_text="Mean peak")).to_contain_text(
            "too close to call"
        )
        expect(page.locator(".rep-median")).to_have_count(2)


def test_a_newer_result_is_looked_at_before_it_is_taken(browser, site):
    with open_page(browser, locale="en-GB") as page:
        log_in(page, site)
        page.goto(f"{site.url}/sessions/{site.second}/review")
        page.get_by_role("link", name="Analyse again").click()
        page.get_by_role("button", name="Analyse the recording again").click()

        expect(page.get_by_role("heading", name="Result 2 waits")).to_be_visible()
        added = page.locator("tr").filter(has_text="Set 1, repetition 5")
        expect(added).to_contain_text("not found")
        page.get_by_role("button", name="Accept").click()
        expect(page.locator("tr").filter(has_text="9.9.9 / 9")).to_contain_text("current")
        page.get_by_role("button", name="Make current result 1").click()
        expect(page.locator("tr").filter(has_text="0.1.0 / 1")).to_contain_text("current")


def test_a_clinician_sees_the_leg_of_a_patient_who_trains(browser, site):
    state = {
        "type": "state", "state": "set", "step": 1, "exercise": "ecc_prone_helper",
        "name": {"en": "Leg curl", "nl": "Beenbuiging"}, "movement": "reps", "set": 1, "sets": 3,
        "reps_target": 15, "rest_s": 60, "side": "left", "session": "a", "tempo_s": 3.0,
        "tempo_band_s": [2.5, 3.5], "accepted_s": [2.0, 4.0], "peak_target_deg": 90,
        "hold_s": None, "concentric_s": None, "down_s": 3.0, "cadence_target_per_min": None,
        "text": None,
    }  # fmt: skip
    rep = {"type": "rep", "n": 1, "eccentric_s": 3.1, "peak_deg": 91, "verdict": "in_tempo"}
    with open_page(browser, locale="en-GB") as page, site.teller() as anna:
        log_in(page, site)
        page.goto(f"{site.url}/sessions?patient_id={site.anna.patient_id}")
        page.get_by_role("link", name="Look on while they train").click()
        expect(page.get_by_text("As soon as anna trains")).to_be_visible()

        for message in (state, rep | {"flags": []}):
            anna.send(json.dumps(message))

        expect(page.locator("#count-number")).to_have_text("1")
        expect(page.locator("#what-exercise")).to_have_text("Leg curl")
        expect(page.locator("#steer")).to_have_count(0)
        lookers = [json.loads(anna.recv(timeout=30))["by"] for _ in range(2)]
        assert lookers[-1] == ["Synthetic physio"]


@pytest.mark.parametrize("reader", READERS, ids=["phone", "desk"])
def test_every_page_is_sound_on_a_phone_and_on_a_desk(browser, site, reader):
    with open_page(browser, **reader) as page:
        log_in(page, site, lang=reader["locale"][:2])
        for address in site.pages:
            page.goto(address)
            for summary in page.locator("summary").all():
                summary.click()

            assert accessibility_problems(page) == [], address
            assert page.evaluate(TOO_WIDE) == 0, address
            assert page.evaluate(SMALL_TARGETS) == [], address
