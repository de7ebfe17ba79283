import pytest
from playwright.sync_api import expect

from tests.browser import accessibility_problems, open_page, wait_until
from tests.flow.train_site import Training
from tests.flow.training_story import (
    IDLE,
    PAIN,
    PLAN,
    REFUSED,
    SENSOR,
    SUMMARY,
    WARNING,
    card,
    frame,
    interval,
    rep,
    state,
)

STEPS_UP = state("set", "step_up", "steps", tempo_s=None)
STRETCH = state("set", "stretch_hamstring", "stillness", hold_s=30.0, tempo_s=None)
RUN = state("set", "run_intervals", "gait", tempo_s=None)
RIDE = state("set", "cycling", "cycling", tempo_s=None, cadence_target_per_min=85.0)
TWO_WAYS = state("set", "iso_stand_ext", concentric_s=3.0)
YELLOW = {"asks": "band", "told": {"colour": "geel", "is_double": True}}
VIEWS = {
    "start": [],
    "card of the exercise": [PLAN, state("intro", gear={"asks": "band", "told": None})],
    "looking for the sensor": [PLAN, SENSOR | {"state": "scanning"}, state("connecting")],
    "hold still": [
        PLAN,
        SENSOR,
        state("calibrating", text={"en": "Still.", "nl": "Lig stil."}),
        frame(still_s=1.2, still_of_s=2.0),
    ],
    "leg": [PLAN, SENSOR, state("set"), rep(1), frame(1.0, 60.0, "eccentric", 1.0, 1)],
    "figure": [PLAN, SENSOR, TWO_WAYS, frame(1.0, 9.0, "concentric", 1.0)],
    "steps": [PLAN, SENSOR, STEPS_UP, rep(1), rep(2), frame(1.0, 9.0, "concentric", 0.2, 2)],
    "stretch": [PLAN, STRETCH, frame(hold_s=17.4, is_still=False, interruptions=1)],
    "intervals": [PLAN, RUN, frame(cadence_per_min=112.0, interval=interval())],
    "cycling": [PLAN, RIDE, frame(cadence_per_min=92.0, interval=interval("ride"))],
    "card of the set": [PLAN, SENSOR, state("card"), card()],
    "rest": [PLAN, SENSOR, state("card"), card(), state("rest", gear=YELLOW)],
    "pain": [PLAN, state("questions", question=PAIN)],
    "warning signs": [PLAN, state("questions", question=WARNING)],
    "summary": [PLAN, state("done"), SUMMARY],
    "refused": [PLAN, state("intro"), REFUSED],
}
BOARD = ("kind", "round", "next", "cadence")


def test_the_exercise_of_a_link_is_chosen_already(browser, site):
    address, hub = site
    hub.publish(IDLE)

    with open_page(browser, locale="nl-NL") as page:
        page.goto(f"{address}/train?exercise=cycling")
        page.locator("#start").wait_for()

        assert page.locator("#start-exercise").input_value() == "cycling"


def test_the_card_of_an_exercise_shows_how_it_is_done(training):
    training.tell(PLAN, state("intro"))
    training.wait_for_view("intro")

    words = training.page.locator("#intro").inner_text()

    assert "Op je buik" in words
    assert "een hand boven de enkelknobbel" in words
    assert "Neem er 3 seconden voor" in words
    assert training.page.locator("#intro svg animateTransform").count() > 0


def test_the_ring_fills_while_the_leg_is_still_and_empties_when_it_moves(training):
    still = state("calibrating", text={"en": "Lie still.", "nl": "Lig stil."})
    ring = training.page.get_by_role("img", name="Hoe lang je been stil is")
    headline = training.page.locator("#headline")

    training.tell(PLAN, SENSOR, still, frame(still_s=0.0, still_of_s=2.0))
    ring.wait_for()
    begun = shares(ring), headline.inner_text()
    training.tell(frame(still_s=1.5, still_of_s=2.0))
    expect(headline).to_have_text("Goed, blijf zo")
    wait_until(lambda: shares(ring) == pytest.approx(0.75, abs=0.01))  # a frame after the words
    training.tell(frame(still_s=0.0, still_of_s=2.0))
    expect(headline).to_have_text("Je bewoog. Houd je been nog een keer stil.")

    assert begun == (pytest.approx(0.0), "Lig stil.")
    wait_until(lambda: shares(ring) == pytest.approx(0.0))


def shares(ring):
    filled, whole = ring.locator(".ring-filled").get_attribute("stroke-dasharray").split()
    return float(filled) / float(whole)


def test_the_moving_picture_can_be_stopped(training):
    training.tell(PLAN, state("intro"))
    training.wait_for_view("intro")

    training.page.get_by_role("button", name="Zet het plaatje stil").click()

    assert training.page.locator("#intro svg").evaluate("picture => picture.animationsPaused()")
    assert training.page.get_by_role("button", name="Laat het plaatje bewegen").is_visible()


def test_with_less_motion_the_picture_stands_still(browser, site):
    address, hub = site
    with open_page(browser, locale="nl-NL", reduced_motion="reduce") as page:
        training = Training(page, hub, address)
        training.tell(PLAN, state("intro"))
        training.wait_for_view("intro")

        assert page.locator("#intro .move-still").is_visible()
        assert not page.locator("#intro .move-run").is_visible()


def test_todays_list_says_what_was_done_and_any_step_can_be_gone_to(training):
    training.tell(PLAN, state("intro"))
    training.wait_for_view("intro")

    done = training.page.get_by_role("button", name="Ga naar Rekoefening hamstrings, gedaan")
    now = training.page.locator('#plan [aria-current="step"]').inner_text()
    training.page.get_by_role("button", name="Ga naar Kniebuiging").click()

    assert done.is_visible()
    assert now.startswith("▶\nExcentrische training")
    assert "nog ongeveer 17 min" in training.page.locator("#plan-title").inner_text()
    assert training.wait_for_asked() == [{"do": "goto", "step": 3}]


def test_a_two_way_tempo_is_paced_on_the_way_out_and_on_the_way_back(training):
    training.tell(TWO_WAYS, frame(1.0, 2.0, "concentric", 0.0))
    training.page.get_by_text("Aanspannen").wait_for()
    strip = training.page.locator(".strip-pacer")

    out = [float(strip.get_attribute("cx"))]
    training.page.wait_for_timeout(200)
    out.append(float(strip.get_attribute("cx")))
    training.tell(frame(4.0, 25.0, "concentric", 3.0), frame(4.1, 25.0, "eccentric", 0.0))
    training.page.get_by_text("Langzaam terug").wait_for()
    back = [float(strip.get_attribute("cx"))]
    training.page.wait_for_timeout(200)
    back.append(float(strip.get_attribute("cx")))

    assert out[1] > out[0]
    assert back[1] < back[0]


def test_a_squat_is_paced_on_its_way_down(training):
    training.tell(state("set", "squat_single"), frame(1.0, 1.0, "eccentric", 0.0))

    training.page.get_by_role("status").filter(has_text="Langzaam zakken").wait_for()

    training.page.locator(".strip-pacer").wait_for()
    assert training.page.locator("#hint").inner_text() == "streef naar 3\u00a0s"
    assert not training.page.locator("#leg").is_visible()


def test_steps_are_counted_with_a_cadence_and_no_tempo_to_aim_for(training):
    training.tell(STEPS_UP, rep(1, None, "accepted"))
    training.tell(frame(2.0, 3.0, None, None, 1, cadence_per_min=24.0))

    training.page.locator("#seconds", has_text="24").wait_for()
    assert training.page.locator("#hint").inner_text() == "passen per minuut"
    assert training.page.locator("#count-number").inner_text() == "1"
    assert not training.page.locator(".strip").is_visible()


def test_a_short_hold_is_counted_in_tenths(training):
    training.tell(state("set", "iso_prone_raise", hold_s=2.0), frame(1.0, 20.0, "hold", 1.2))
    training.page.locator("#hold").wait_for()

    assert training.page.locator("#hold").inner_text().endswith(" / 2 s")


def test_a_stretch_fills_a_ring_and_says_when_its_time_waits(training):
    training.tell(*VIEWS["stretch"])

    expect(training.page.locator(".ring-number")).to_have_text("17")
    drawn, around = (
        float(part)
        for part in training.page.locator(".ring-filled").get_attribute("stroke-dasharray").split()
    )

    assert drawn / around == pytest.approx(17.4 / 30, abs=0.01)
    words = training.page.locator("#hold").inner_text()
    assert words == "De tijd wacht tot je stil bent · 1 \N{MULTIPLICATION SIGN} onderbroken"


def test_intervals_say_what_to_do_now_how_long_and_what_comes_next(training):
    training.tell(*VIEWS["intervals"])
    training.page.locator(".board-kind").wait_for()

    words = [training.page.locator(f".board-{name}").inner_text() for name in BOARD]
    left = training.page.locator(".board .ring-number").text_content()
    told = training.page.get_by_role("status").filter(has_text="Rustig dribbelen, 47 s")

    assert words == [
        "Rustig dribbelen",
        "ronde 2 van 3",
        "daarna: Achteruit wandelen",
        "112 passen per minuut",
    ]
    assert 44 <= int(left.split()[0]) <= 47
    assert told.count() == 1


def test_before_a_run_begins_its_picture_stands_still_in_place_of_an_empty_board(training):
    training.tell(PLAN, state("calibrating", "run_intervals", "gait", tempo_s=None))
    training.wait_for_view("message")

    training.page.locator("#drawn .move-still").wait_for()

    assert not training.page.locator("#drawn .move-run").is_visible()
    assert training.page.locator(".board").count() == 0


def test_the_time_of_an_interval_goes_on_without_messages(training):
    training.tell(*VIEWS["intervals"])
    left = training.page.locator(".board .ring-number")
    left.wait_for()
    before = left.text_content()

    training.page.wait_for_function(
        "before => document.querySelector('.board .ring-number').textContent !== before", arg=before
    )

    assert int(left.text_content().split()[0]) < int(before.split()[0])


def test_a_slow_cadence_is_shown_but_is_no_alarm(training):
    training.tell(RIDE, frame(cadence_per_min=70.0, interval=interval("ride")))

    expect(training.page.locator(".dial-number")).to_have_text("70")
    hand_deg = training.page.locator(".dial-hand").get_attribute("transform")

    assert hand_deg.startswith("rotate(96.9")
    assert training.page.locator(".dial-mark").text_content() == "85"
    assert training.page.get_by_role("alert").count() == 0


def test_the_curve_of_a_set_is_drawn_when_it_is_asked_for(training):
    training.tell(state("set"))
    for k in range(50):  # one by one: of frames that wait, a page gets the newest alone
        training.tell(frame(k / 10, 90.0 - k, "eccentric", k / 10, 0))
        training.page.wait_for_timeout(15)
    training.tell(state("card"), card())
    curve = training.page.locator("#card .curve")
    training.page.get_by_text("Toon de curve").wait_for()
    before = curve.count()

    training.page.get_by_text("Toon de curve").click()
    curve.wait_for()

    assert before == 0
    assert "L" in curve.get_attribute("d")


def test_a_stretch_and_a_run_have_cards_of_their_own(training):
    held = [{"held_s": 31.2, "interruptions": 0}]
    training.tell(state("card", "stretch_hamstring", "stillness", hold_s=30.0))
    training.tell(card(reps=0, reps_list=[], holds=held, extra_reps=0))
    training.page.get_by_text("vastgehouden, van 30\u00a0s").wait_for()
    first = training.page.locator("#card .card-value").inner_text()
    bouts = [{"kind": "jog", "cadence_per_min": 160.0, "duration_s": 61.0}]
    training.tell(state("card", "run_intervals", "gait", set=2))
    training.tell(card(set=2, reps=0, reps_list=[], bouts=bouts, extra_reps=0, is_measured=False))

    training.page.get_by_text("Rustig dribbelen: 1:01, 160 per minuut").wait_for()
    assert first == "31"
    assert training.page.get_by_text("er is niets gemeten").is_visible()


def test_two_pages_show_the_same_and_only_the_one_for_training_has_buttons(training, site):
    address, _ = site
    second = training.page.context.new_page()
    second.goto(f"{address}/live")
    training.tell(PLAN, state("set"), rep(1), frame(2.0, 30.0, "lift", 0.2, 1))

    counts = []
    for page in (training.page, second):
        page.locator("#dots .rep-in_tempo").wait_for()
        counts.append(page.locator("#count-number").inner_text())

    assert counts == ["1", "1"]
    assert second.locator("#steer").count() == 0


def test_a_page_loaded_again_shows_the_same_question(training):
    training.tell(PLAN, state("questions", question=PAIN))
    training.wait_for_view("question")

    training.page.reload()
    training.wait_for_view("question")

    assert training.page.locator("#question").inner_text().startswith("Hoeveel pijn")


def test_after_the_summary_the_next_training_can_be_chosen_by_keyboard(training):
    training.tell(PLAN, state("done"), SUMMARY)
    training.wait_for_view("summary")

    training.page.get_by_role("button", name="Nog een keer trainen").press("Enter")
    training.page.keyboard.press("Tab")
    training.page.keyboard.press("Tab")
    training.page.keyboard.press("Tab")
    training.page.keyboard.press("Enter")

    assert training.wait_for_asked()[0]["do"] == "start"
    assert not training.page.locator("#summary").is_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(390, "light", "nl-NL"), (1440, "dark", "en-GB")]
)
def test_no_view_has_a_fault_for_axe_or_is_wider_than_the_screen(
    browser, site, width, scheme, locale
):
    address, hub = site
    problems = []
    with open_page(browser, width=width, locale=locale, color_scheme=scheme) as page:
        for name, messages in VIEWS.items():
            training = Training(page, hub, address)
            training.tell(*messages)
            page.wait_for_timeout(80)
            problems += [(name, problem) for problem in accessibility_problems(page)]
            if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                problems.append((name, "too wide"))

    assert problems == []
