"""What the training page, the live page and the settings are heard by, in a real browser."""

import pytest

from tests.browser import accessibility_problems, open_browser, open_page, serve, wait_until
from tests.flow.sound_recorder import Sounding
from tests.flow.training_story import IDLE, frame, state
from tests.tracker.live_site import app_on, open_database
from tracker.live import LiveHub

GO_HZ, LET_GO_HZ = 880, 1320
SWITCHED_ON = (660, 660)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def site():
    hub = LiveHub()
    with open_database() as engine, serve(app_on(engine, hub)) as address:
        yield address, hub


@pytest.fixture
def at(browser, site):
    """Open a page of the site whose sound is written down."""
    address, hub = site
    hub.sounding.terminal_sounds(on=False)
    hub.publish(IDLE)
    with open_page(browser, locale="nl-NL") as page:

        def go(path, **how):
            sounding = Sounding(page, **how)
            page.goto(f"{address}{path}")
            page.locator('#live[data-link="open"]').wait_for()
            return sounding

        yield go, hub


def cue(name):
    return {"type": "cue", "cue": name, "at": 1.0}


def say(rank, dutch, instead=None):
    return {"type": "say", "rank": rank, "text": {"en": "", "nl": dutch}, "cue": instead}


def is_on(page):
    return page.locator("#sound").get_attribute("aria-pressed") == "true"


def test_the_training_page_sounds_with_the_first_tap_and_plays_the_coachs_cues(at):
    go, hub = at
    heard = go("/train")
    heard.page.locator("#start-exercise").click()
    heard.wait_for_pitches(*SWITCHED_ON)

    hub.publish(cue("go"))
    heard.wait_for_pitches(*SWITCHED_ON, GO_HZ)
    hub.publish(cue("pace_ahead"))
    hub.publish(cue("pace"))
    hub.publish(cue("pace_behind"))

    heard.wait_for_pitches(GO_HZ, 698, 440, 294)
    assert is_on(heard.page)


def test_the_falling_tone_goes_with_the_slow_return_and_can_be_left_out(at):
    go, hub = at
    heard = go("/train")
    heard.page.locator("#sound").click()
    heard.wait_for_pitches(*SWITCHED_ON)
    hub.publish(state("set"))
    hub.publish(frame(1.0, 90.0, "lift", 0.9))
    hub.publish(frame(1.1, 89.0, "eccentric", 0.0))
    heard.wait_for_pitches(523)
    hub.publish(frame(4.1, 0.0, None, None))

    heard.page.locator("#sound-more summary").click()
    heard.page.get_by_label("Een dalende toon").uncheck()
    hub.publish(frame(5.0, 90.0, "lift", 0.9))
    hub.publish(frame(5.1, 89.0, "eccentric", 0.0))
    hub.publish(cue("let_go"))
    heard.wait_for_pitches(LET_GO_HZ)

    assert heard.heard("pitches").count(523) == 1


def test_a_voice_says_the_newest_count_and_lets_the_result_wait(at):
    go, hub = at
    heard = go("/train")
    heard.page.locator("#sound").click()

    hub.publish(say("guide", "Begin maar."))
    heard.wait_for_said("Begin maar.")
    for number in ("1", "2", "3"):
        hub.publish(say("count", number))
    hub.publish(say("result", "Mooi rustig."))
    hub.publish(cue("rep"))
    heard.wait_for_pitches(990)
    heard.finish_speaking()
    heard.wait_for_said("Begin maar.", "3")
    heard.finish_speaking()

    heard.wait_for_said("Begin maar.", "3", "Mooi rustig.")


def test_tones_are_softer_while_the_voice_speaks(at):
    go, hub = at
    heard = go("/train")
    heard.page.locator("#sound").click()
    heard.wait_for_pitches(*SWITCHED_ON)

    hub.publish(say("guide", "Begin maar."))
    heard.wait_for_said("Begin maar.")
    during = heard.heard("gains")[-1]
    heard.finish_speaking()
    after = heard.heard("gains")[-1]

    assert 0 < during < after / 2


def test_without_a_voice_tones_take_the_place_of_words(at):
    go, hub = at
    heard = go("/train", voices="[]")
    heard.page.locator("#sound").click()
    heard.wait_for_pitches(*SWITCHED_ON)

    hub.publish(say("count", "Nog twee", "left_2"))
    heard.wait_for_pitches(1175, 1175)
    hub.publish(say("result", "Mooi rustig.", "result_good"))
    heard.wait_for_pitches(659, 880, 1047)
    heard.page.locator("#sound-more summary").click()

    assert heard.heard("said") == []
    assert heard.page.get_by_text("Deze browser heeft geen stem").is_visible()


@pytest.mark.parametrize(
    ("choice", "said"),
    [("all", ["Stil.", "4"]), ("counts", ["4"]), ("off", [])],
)
def test_the_voice_says_as_much_as_was_chosen(at, choice, said):
    go, hub = at
    heard = go("/train")
    heard.page.locator("#sound").click()
    heard.page.locator("#sound-more summary").click()
    heard.page.locator(f'[name="speech"][value="{choice}"]').check()

    hub.publish(say("guide", "Stil."))
    hub.publish(cue("go"))
    heard.wait_for_pitches(GO_HZ)
    if heard.heard("said"):
        heard.finish_speaking()
    hub.publish(say("count", "4"))
    hub.publish(cue("let_go"))
    heard.wait_for_pitches(LET_GO_HZ)

    assert heard.heard("said") == said


def test_release_end_of_the_return_and_end_of_the_set_can_be_felt(at):
    go, hub = at
    heard = go("/train")
    heard.page.locator("#sound").click()

    for name in ("let_go", "pace", "pace_end", "set_end"):
        hub.publish(cue(name))
    heard.wait_for_pitches(660, 784, 988)
    n_felt = len(heard.heard("vibrated"))
    heard.page.locator("#sound-more summary").click()
    heard.page.get_by_label("Ook trillen").uncheck()
    hub.publish(cue("let_go"))
    heard.wait_for_pitches(LET_GO_HZ)

    assert n_felt == 3  # the seconds are heard, not felt
    assert len(heard.heard("vibrated")) == n_felt


def test_of_two_pages_one_sounds_and_the_other_is_told(browser, at):
    go, _ = at
    first = go("/train")
    first.page.locator("#sound").click()
    first.wait_for_pitches(*SWITCHED_ON)

    with open_page(browser, locale="nl-NL") as page:  # another device: it shares no storage
        second = Sounding(page)
        page.goto(first.page.url.replace("/train", "/live"))
        page.locator('#sound[data-state="elsewhere"]').wait_for()
        page.locator("#live").click()
        was_on = is_on(page)
        page.locator("#sound").click()
        second.wait_for_pitches(*SWITCHED_ON)
        first.page.locator('#sound[data-state="elsewhere"]').wait_for()

        assert not was_on
        assert not is_on(first.page)
    first.page.locator('#sound[data-state="on"]').wait_for()  # the other page is gone


def test_a_page_leaves_the_sound_to_the_terminal_until_it_is_asked(at):
    go, hub = at
    hub.sounding.terminal_sounds(on=True)
    heard = go("/train")
    heard.page.locator('#sound[data-state="elsewhere"]').wait_for()
    heard.page.locator("#start-exercise").click()
    was_on = is_on(heard.page)

    heard.page.locator("#sound").click()
    heard.wait_for_pitches(*SWITCHED_ON)

    assert not was_on
    wait_until(lambda: not hub.sounding.is_terminal)  # a page sounds first, then tells


def test_a_page_whose_line_drops_goes_on_to_sound_when_it_is_back(browser, site):
    address, hub = site
    hub.sounding.terminal_sounds(on=True)
    hub.publish(IDLE)
    lines = []

    def pass_on(line):
        line.connect_to_server()
        lines.append(line)

    with open_page(browser, locale="nl-NL") as page:
        page.route_web_socket("**/ws/live", pass_on)
        heard = Sounding(page)
        page.goto(f"{address}/train")
        page.locator('#live[data-link="open"]').wait_for()
        page.locator("#sound").click()
        heard.wait_for_pitches(*SWITCHED_ON)
        lines[0].close()
        page.locator('#live[data-link="lost"]').wait_for()
        page.locator('#live[data-link="open"]').wait_for()
        page.locator('#sound[data-state="on"]').wait_for()
        page.wait_for_function("heard.pitches.length >= 4")  # silenced in between, and on again

        assert len(lines) == 2
        wait_until(lambda: not hub.sounding.is_terminal)
    hub.sounding.terminal_sounds(on=False)


def test_what_was_chosen_is_remembered_and_silence_too(at):
    go, _ = at
    heard = go("/train")
    heard.page.locator("#sound").click()
    heard.page.locator("#sound").click()
    heard.page.locator("#sound-more summary").click()
    heard.page.get_by_label("Volume", exact=True).fill("40")

    heard.page.reload()
    heard.page.locator('#live[data-link="open"]').wait_for()
    heard.page.locator("#live").click()
    heard.page.locator("#sound-more summary").click()

    assert heard.page.locator("#sound").get_attribute("data-state") == "off"
    assert heard.page.get_by_label("Volume", exact=True).input_value() == "40"
    assert heard.heard("pitches") == []


def test_the_switch_and_its_fields_are_reached_by_keyboard(at):
    go, _ = at
    heard = go("/live")
    page = heard.page

    page.locator("#sound").focus()
    page.keyboard.press("Enter")
    heard.wait_for_pitches(*SWITCHED_ON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    reached = page.evaluate("() => document.activeElement.name")
    problems = accessibility_problems(page)
    page.keyboard.press("Escape")

    assert reached == "volume"
    assert problems == []
    assert not page.get_by_label("Volume", exact=True).is_visible()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_settings_have_the_sound_of_this_device(browser, site, language):
    address, _ = site
    with open_page(browser, width=390, locale="nl-NL") as page:
        page.goto(f"{address}/settings?lang={language}")
        page.locator('[name="volume"]').fill("20")
        page.locator('[name="speech"][value="counts"]').check()
        problems = accessibility_problems(page)
        page.reload()

        assert problems == []
        assert page.locator('[name="volume"]').input_value() == "20"
        assert page.locator('[name="speech"][value="counts"]').is_checked()
