import json
import re
from contextlib import contextmanager

import pytest

from tests.browser import accessibility_problems, open_browser, open_page, serve, wait_until
from tests.tracker.live_site import app_on, open_database
from tests.tracker.phone_builders import NOT_REACHED, SHAKE_FREE, a_desk, a_paired_phone
from tracker.phone.door import PhoneDoor

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


class Site:
    """The whole app with a door for phones, and what phones wished."""

    def __init__(self, engine, **options):
        self.wishes = []
        self.desk = a_desk(on_wish=self.wishes.append, side="left", **options)
        self.app = app_on(engine, self.desk.hub)
        PhoneDoor(desk=self.desk, listener=None).add_pages(self.app)
        self.address = ""

    def link(self):
        return f"{self.address}/phone#{self.desk.pairing.code()}"


@pytest.fixture(scope="module")
def browser():
    with open_browser(has_sensors=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def engine():
    with open_database() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(engine):
    site = Site(engine)
    with serve(site.app) as site.address:
        yield site


@pytest.fixture
def site(server):
    server.wishes.clear()
    server.desk.hub.publish({"type": "state", "state": "idle", "session": None})
    return server


def a_state(name, **changes):
    known = {
        "type": "state", "state": name, "exercise": "ecc_prone_helper", "set": 1, "sets": 3,
        "name": {"en": "Eccentric leg curl", "nl": "Excentrische training"}, "reps_target": 15,
        "rest_s": 60, "side": "left", "session": "a-session", "tempo_s": 3.0, "text": None,
    }  # fmt: skip
    return known | changes


def start(page, site):
    """Open the page by its code and allow it to measure; it lies still on a table."""
    page.goto(site.link())
    page.evaluate(SHAKE_FREE)
    page.locator("#allow-button").click()


def choose(page):
    page.locator("#choose-form button").click()


def strap_on(page):
    page.locator("#tone-button").click()
    page.locator("#tone-heard").click()
    page.locator("#strap-button").click()
    page.locator("#hold").wait_for()


# -- From the code to the ankle ------------------------------------------------------------------


def test_a_scanned_code_leads_to_the_ankle_in_five_taps(browser, site):
    with open_page(browser, width=390, height=844, locale="nl-NL") as page:
        start(page, site)
        choose(page)
        strap_on(page)

        assert page.locator("#phone").get_attribute("data-locked") == "true"
        assert page.evaluate("() => location.hash") == ""

    link = site.desk.link
    assert link.is_worn
    assert [(one.exercise, one.side) for one in site.wishes] == [("ecc_prone_helper", "left")]


def test_nothing_is_wrong_with_any_step_for_axe_nor_too_wide(browser, site):
    problems, too_wide = [], []

    def look(page):
        problems.extend(accessibility_problems(page))
        script = "() => document.documentElement.scrollWidth - innerWidth"
        too_wide.append(page.evaluate(script))

    with open_page(browser, width=360, height=740, locale="nl-NL", color_scheme="dark") as page:
        page.goto(f"{site.address}/phone")
        page.locator("#code-form").wait_for()
        look(page)
        page.goto("about:blank")
        start(page, site)
        page.locator("#choose-form button").wait_for()
        look(page)
        choose(page)
        page.locator("#tone-button").click()
        look(page)
        page.locator("#tone-heard").click()
        look(page)
        page.locator("#strap-button").click()
        look(page)
        site.desk.hub.publish(a_state("done"))
        page.get_by_text("Je kunt de telefoon losmaken").wait_for()
        look(page)

    assert problems == []
    assert max(too_wide) <= 0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: "0000-0000", "Dat is niet de code"),
        (
            lambda desk: (desk.pairing.code(), desk.pairing.use(desk.pairing.code()))[0],
            "al gebruikt",
        ),
    ],
)
def test_a_code_that_does_not_open_is_told_and_another_can_be_typed(browser, site, spoil, said):
    code = spoil(site.desk)

    with open_page(browser, width=390, locale="nl-NL") as page:
        page.goto(f"{site.address}/phone#{code}")
        page.evaluate(SHAKE_FREE)
        page.locator("#allow-button").click()
        page.get_by_role("alert").filter(has_text=said).wait_for()
        page.locator("#code-field").fill(site.desk.pairing.code().lower())
        page.locator("#code-form button").click()

        page.locator("#choose-form").wait_for()


def test_an_iphone_is_asked_for_leave_and_its_turned_signs_are_found(browser, site):
    with open_page(browser, width=390, locale="nl-NL", user_agent=IPHONE) as page:
        page.add_init_script(
            "window.asked = 0; DeviceMotionEvent.requestPermission = "
            "async () => { window.asked += navigator.userActivation.isActive; return 'granted'; };"
        )
        page.goto(site.link())
        page.evaluate(SHAKE_FREE)
        page.evaluate("() => { window.pose.a = [0, 0, -9.8]; }")
        page.locator("#allow-button").click()
        page.locator("#choose-form").wait_for()
        asked = page.evaluate("() => window.asked")

    assert asked == 1
    assert site.desk.link.checked.platform == "ios"
    assert site.desk.link.checked.is_as_expected


def test_signs_that_contradict_the_platform_are_asked_about(browser, site):
    with open_page(browser, width=390, locale="nl-NL") as page:
        page.goto(site.link())
        page.evaluate(SHAKE_FREE)
        page.evaluate("() => { window.pose.a = [0, 0, -9.8]; }")
        page.locator("#allow-button").click()
        page.get_by_text("Ligt het scherm echt naar boven?").wait_for()
        page.locator("#flat-up").click()
        page.locator("#choose-form").wait_for()

    assert (site.desk.link.checked.platform, site.desk.link.checked.is_as_expected) == (
        "ios",
        False,
    )


def test_leave_that_is_not_given_is_told_with_what_to_do(browser, site):
    with open_page(browser, width=390, locale="nl-NL") as page:
        page.add_init_script("DeviceMotionEvent.requestPermission = async () => 'denied';")
        page.goto(site.link())
        page.locator("#allow-button").click()

        page.get_by_role("alert").filter(has_text="mag je beweging niet meten").wait_for()


def test_without_javascript_the_page_says_what_to_do(browser, site):
    with open_page(browser, java_script_enabled=False, locale="nl-NL") as page:
        page.goto(f"{site.address}/phone")

        assert page.get_by_text("heeft daar JavaScript voor nodig").is_visible()


# -- On the ankle --------------------------------------------------------------------------------


@contextmanager
def a_worn_phone(browser, site, *, sounds=False, prepare=None, **options):
    """A page that was paired, checked and strapped on before, and is loaded again."""
    before = a_paired_phone(site.desk)
    before.lie_flat()
    memory = {"tempo90-ticket": before.ticket, "tempo90-worn": "" if sounds else "yes"}
    with open_page(browser, width=390, height=844, locale="nl-NL", **options) as page:
        page.add_init_script(f"Object.assign(sessionStorage, {json.dumps(memory)});")
        page.add_init_script(LISTEN_TO_SPEECH)
        if prepare is not None:
            prepare(page)
        page.goto(f"{site.address}/phone")
        page.evaluate(SHAKE_FREE)
        page.locator("#allow-button").click()
        if sounds:
            choose(page)
            page.locator('[name="sound"][value="here"]').check()
            strap_on(page)
        page.locator("#hold").wait_for()
        yield page


def hold(page, milliseconds):
    box = page.locator("#hold").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(milliseconds)
    page.mouse.up()


def test_the_lock_opens_by_two_seconds_and_by_nothing_less(browser, site):
    with a_worn_phone(browser, site) as page:
        hold(page, 300)
        page.locator("#hold").click()
        after_touches = page.locator("#stop-button").is_visible()
        hold(page, 2200)
        page.locator("#stop-button").wait_for()

    assert not after_touches


def test_the_phone_tells_on_its_screen_and_aloud_where_the_set_is(browser, site):
    with a_worn_phone(browser, site, sounds=True) as page:
        hub = site.desk.hub
        hub.publish(a_state("ready", text={"en": "Go.", "nl": "Begin maar."}))
        page.get_by_text("Begin maar.").wait_for()
        before = page.evaluate("() => window.tones")
        hub.publish({"type": "cue", "cue": "go", "at": 1.0})
        page.wait_for_function("before => window.tones === before + 1", arg=before)
        hub.publish(a_state("set"))
        hub.publish({"type": "rep", "n": 1, "eccentric_s": 1.5, "peak_deg": 90,
                     "verdict": "too_fast", "flags": []})  # fmt: skip
        page.locator("#worn-count").get_by_text("1", exact=True).wait_for()
        for rank, dutch in (("count", "1, te snel"), ("result", "Mooi rustig.")):
            hub.publish({"type": "say", "rank": rank, "text": {"en": "", "nl": dutch},
                         "cue": None})  # fmt: skip
        page.wait_for_function("() => window.said.includes('Mooi rustig.')")
        said = page.evaluate("() => window.said")
        place = hub.sounding.page

        hub.sounding.ask("another page", object(), on=True)
        before = page.evaluate("() => window.tones")
        hub.publish({"type": "cue", "cue": "go", "at": 9.0})
        hub.publish({"type": "rep", "n": 2, "eccentric_s": 3.0, "peak_deg": 90,
                     "verdict": "in_tempo", "flags": []})  # fmt: skip
        page.locator("#worn-count").get_by_text("2", exact=True).wait_for()
        n_more = page.evaluate("() => window.tones") - before
        hub.sounding.ask("another page", None, on=False)

    assert said == ["1, te snel", "Mooi rustig."]
    assert place == "phone"
    assert n_more == 0


def test_a_hidden_page_tells_the_coach_and_says_that_it_is_back(browser, site):
    with a_worn_phone(browser, site) as page:
        page.evaluate(HIDE)
        wait_until(lambda: site.desk.link.is_hidden)
        page.evaluate(SHOW)
        page.get_by_text("Ik was even weg").wait_for()
        wait_until(lambda: not site.desk.link.is_hidden)


def test_events_that_stop_in_view_are_told(browser, site):
    with a_worn_phone(browser, site) as page:
        page.evaluate("() => clearInterval(window.feeder)")  # what a call does

        page.get_by_text("zit er een oproep of een andere app tussen?").wait_for()


def test_a_line_that_drops_is_told_and_everything_is_sent_afterwards(browser, site):
    lines = []

    def pass_on(line):
        line.connect_to_server()
        lines.append(line)

    def watch(page):
        page.route_web_socket("**/ws/phone", pass_on)

    with a_worn_phone(browser, site, prepare=watch, allowed=(NOT_REACHED,)) as page:
        before = site.desk.link.next_number
        lines[0].close()
        page.get_by_text("Even geen verbinding").wait_for()
        page.get_by_text("Even geen verbinding").wait_for(state="hidden")
        wait_until(lambda: site.desk.link.next_number > before)

    assert site.desk.link.n_lost == 0


def test_a_line_that_is_full_is_not_filled_further_and_catches_up(browser, site):
    with a_worn_phone(browser, site) as page:
        page.evaluate(FILL_THE_LINE)
        page.wait_for_timeout(800)
        before = site.desk.link.next_number
        page.wait_for_timeout(600)
        while_full = site.desk.link.next_number
        page.evaluate("() => { window.isFull = false; }")
        wait_until(lambda: site.desk.link.next_number >= before + 40)

        assert while_full == before
    assert site.desk.link.n_lost == 0


def test_a_page_loaded_again_on_the_ankle_goes_on_after_one_tap(browser, site):
    with a_worn_phone(browser, site) as page:
        n_before = site.desk.link.n_streams
        page.reload()
        page.evaluate(SHAKE_FREE)
        page.locator("#allow-button").click()
        page.locator("#hold").wait_for()

        wait_until(lambda: site.desk.link.is_worn)
    assert site.desk.link.n_streams == n_before + 1


# -- The page with the code ----------------------------------------------------------------------


def test_the_computer_shows_the_code_and_then_that_a_phone_came(browser, site):
    with (
        open_page(browser, locale="nl-NL") as shown,
        open_page(browser, width=390, locale="nl-NL") as phone,
    ):
        shown.goto(f"{site.address}/pair")
        shown.locator("#pair-letters").wait_for()
        letters = shown.locator("#pair-letters").inner_text()
        problems = accessibility_problems(shown)
        is_drawn = shown.evaluate("() => document.getElementById('pair-picture').naturalWidth > 0")
        phone.goto(f"{site.address}/phone#{letters}")
        phone.evaluate(SHAKE_FREE)
        phone.locator("#allow-button").click()
        shown.get_by_text("De telefoon is gekoppeld").wait_for()

    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", letters)
    assert is_drawn
    assert problems == []


LISTEN_TO_SPEECH = """
window.said = []; window.tones = 0;
speechSynthesis.getVoices = () => [{ lang: "nl-NL" }];
const voice = Object.getOwnPropertyDescriptor(SpeechSynthesisUtterance.prototype, "voice");
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { ...voice, set() {} });
speechSynthesis.speak = (one) => {
  window.said.push(one.text);
  setTimeout(() => one.dispatchEvent(new Event("end")));
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones++;
  return start.apply(this, when);
};
"""
FILL_THE_LINE = """() => {
  window.isFull = true;
  Object.defineProperty(WebSocket.prototype, "bufferedAmount", {
    get: () => (window.isFull ? 1e6 : 0),
  });
}"""
HIDE = """() => {
  clearInterval(window.feeder);
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOW = f"""() => {{
  delete document.visibilityState;
  document.dispatchEvent(new Event("visibilitychange"));
  ({SHAKE_FREE})();
}}"""
