import pytest
from playwright.sync_api import expect

from tests.browser import open_page
from tests.flow.train_site import Training
from tests.flow.training_story import BAND, PAIN, PLAN, REFUSED, SUMMARY, WARNING, card, state


def test_a_training_is_started_with_the_exercise_and_the_sensor_that_were_chosen(training):
    training.page.get_by_label("Wat", exact=True).select_option("squat_single")
    training.page.get_by_label("Sensor", exact=True).select_option("sim")
    training.page.get_by_role("button", name="Begin", exact=True).click()

    start = {
        "do": "start",
        "exercise": "squat_single",
        "sensor": "sim",
        "short": False,
        "on": False,
    }
    assert training.wait_for_asked() == [start]


def test_without_a_choice_todays_exercises_start_with_the_sensor_that_is_known(training):
    training.page.get_by_role("button", name="Begin", exact=True).click()

    start = {"do": "start", "exercise": None, "sensor": None, "short": False, "on": False}
    assert training.wait_for_asked() == [start]


def test_the_band_is_asked_on_the_card_kept_at_once_and_said_in_a_few_words(training):
    training.tell(PLAN, state("intro", gear={"asks": "helped_band", "told": None}))
    training.page.get_by_label("Kleur of merk").fill("geel")
    training.page.get_by_label("Enkel of dubbel").select_option("yes")
    training.page.get_by_label("Helper op de weg terug").select_option("yes")
    told = {"colour": "geel", "is_double": True, "kind": None, "pre_stretch": None}
    told |= {"helper_presses": True}
    training.wait_for_last_asked({"do": "equip", "step": 2, "gear": told})
    training.tell(state("rest", gear={"asks": "helped_band", "told": told}))

    expect(training.page.locator(".gear-now")).to_have_text("geel, dubbel, helper duwt mee terug")


def test_a_step_is_told_by_its_height_and_a_page_that_looks_on_only_reads_it(training, site):
    gear = {"asks": "step", "told": {"stage": "springing", "height_cm": 20}}
    training.tell(PLAN, state("intro", "step_up", "steps", gear=gear))
    now = training.page.locator(".gear-now")
    expect(now).to_have_text("verend, 20 cm")

    training.page.goto(f"{site[0]}/live")

    expect(now).to_have_text("verend, 20 cm")
    assert training.page.locator("#gear select").count() == 0


def test_under_a_set_nothing_is_asked(training):
    gear = {"asks": "band", "told": None}
    training.tell(PLAN, state("set", gear=gear))
    training.wait_for_view("set")

    assert training.page.locator("#gear").is_hidden()


@pytest.mark.parametrize(
    ("name", "button", "command"),
    [
        ("intro", "Ik ben klaar", {"do": "next", "state": "intro"}),
        ("intro", "Overslaan", {"do": "skip", "state": "intro"}),
        ("connecting", "Zonder sensor", {"do": "self_report", "step": 2, "state": "connecting"}),
        ("set", "Serie afronden", {"do": "next", "state": "set"}),
        ("card", "Nog een serie", {"do": "again", "state": "card"}),
        ("rest", "Ga nu door", {"do": "next", "state": "rest"}),
        ("move_sensor", "Hij zit erom", {"do": "next", "state": "move_sensor"}),
    ],
)
def test_each_button_asks_for_one_thing_and_says_where_the_page_was(
    training, name, button, command
):
    training.tell(PLAN, state(name))

    training.page.get_by_role("button", name=button, exact=True).click()

    assert training.wait_for_asked() == [command]


def test_space_goes_on_and_escape_stops_but_only_when_one_is_sure(training):
    training.tell(PLAN, state("set"))
    training.wait_for_view("set")

    training.page.keyboard.press("Escape")
    training.page.get_by_role("dialog").get_by_role("button", name="Nee, ga door").click()
    training.page.locator("#live").click(position={"x": 5, "y": 5})
    training.page.keyboard.press("Space")
    training.wait_for_asked()
    training.page.keyboard.press("Escape")
    training.page.get_by_role("button", name="Ja, stop").click()

    assert [asked["do"] for asked in training.wait_for_asked(2)] == ["next", "stop"]


def test_space_passes_over_no_question_and_the_next_one_has_the_focus(training):
    training.tell(PLAN, state("questions", question=PAIN))
    training.wait_for_view("question")

    training.page.keyboard.press("Space")
    training.page.locator(".answer").nth(3).focus()
    training.page.keyboard.press("Enter")
    asked = training.wait_for_asked()
    training.tell(state("questions", question=BAND))
    training.page.get_by_text("Welk elastiek?").wait_for()

    assert asked == [{"do": "answer", "code": "pain_now", "value": 3}]
    assert training.page.evaluate("() => document.activeElement.textContent") == "Welk elastiek?"


def test_space_on_a_button_presses_that_button_alone(training):
    training.tell(PLAN, state("rest"))
    again = training.page.get_by_role("button", name="Nog een serie")
    again.wait_for()

    again.focus()
    training.page.keyboard.press("Space")

    assert [asked["do"] for asked in training.wait_for_asked()] == ["again"]


def test_pain_is_asked_in_eleven_large_buttons_with_words(training):
    training.tell(PLAN, state("questions", question=PAIN))
    training.wait_for_view("question")
    answers = training.page.locator(".answer")

    names = answers.all_inner_texts()
    smallest = min(box["height"] for box in (one.bounding_box() for one in answers.all()))
    answers.nth(6).click()

    assert [name.split("\n")[0] for name in names] == [str(n) for n in range(11)]
    assert [name.split("\n")[1] for name in names if "\n" in name] == [
        "geen", "licht", "erg", "ergst",
    ]  # fmt: skip
    assert smallest >= 60
    assert training.wait_for_asked() == [{"do": "answer", "code": "pain_now", "value": 6}]


@pytest.mark.parametrize(
    ("question", "button", "value"), [(WARNING, "Ja", 1), (WARNING, "Nee", 0), (BAND, "Een zw", 2)]
)
def test_other_questions_have_a_button_for_each_answer(training, question, button, value):
    training.tell(PLAN, state("questions", question=question))
    training.wait_for_view("question")

    training.page.locator("#question").get_by_role("button", name=button).click()

    asked = {"do": "answer", "code": question["code"], "value": value}
    assert training.wait_for_asked() == [asked]


def test_a_wrong_count_is_corrected_and_both_numbers_stay(training):
    training.tell(state("card"), card())
    training.page.get_by_text("1 meer dan gevraagd: prima.").wait_for()

    training.page.get_by_text("Klopt het aantal niet?").click()
    training.page.get_by_label("Jij telde").fill("15")
    training.page.get_by_role("button", name="Bewaar mijn aantal").click()
    asked = training.wait_for_asked()
    training.tell(card(reps_by_patient=15, has_correction=True))

    training.page.get_by_text("Jij telde er 15, gemeten zijn er 16.").wait_for()
    assert asked == [{"do": "correct", "step": 2, "set": 1, "reps": 15}]


def test_an_offer_of_the_summary_is_accepted_with_one_button(training):
    training.tell(PLAN, state("done"), SUMMARY)
    training.wait_for_view("summary")
    words = training.page.locator("#summary").inner_text()

    training.page.get_by_role("button", name="Ja, graag").click()

    assert "3 series · 45 herhalingen · 38 in tempo" in words
    assert training.wait_for_asked() == [{"do": "accept", "code": "rest_days"}]


def test_what_is_refused_is_said_until_the_next_state(training):
    training.tell(PLAN, state("intro"), REFUSED)
    said = training.page.get_by_role("alert").filter(has_text="Dat kan nu niet.")
    said.wait_for()

    training.tell(state("set"))
    training.wait_for_view("set")

    assert not said.is_visible()


def test_without_a_line_a_command_is_said_not_to_arrive(browser, site):
    address, hub = site
    with open_page(browser, locale="nl-NL") as page:
        training = Training(page, hub, address)
        training.tell(PLAN, state("intro"))
        training.wait_for_view("intro")
        page.evaluate("WebSocket.prototype.send = () => {}")
        training.line.close()
        page.locator("#lost").wait_for()

        page.get_by_role("button", name="Overslaan").click()

        told = page.get_by_role("alert").filter(has_text="even niet bereikbaar")
        told.wait_for()
