"""One synthetic patient who lives with tempo90, and uses its pages by keyboard alone."""

import logging
import queue
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from playwright.sync_api import Browser

from tools.living.browsing import WatchedPage
from tools.living.camera import Camera
from tools.living.home import Home
from tools.living.keyboard_hand import KeyboardHand
from tools.living.moments import IsIt
from tools.living.other_days import train_elsewhere
from tools.living.watching import Happening, Moment, Watch
from tracker.training_plan import Leg

_log = logging.getLogger(__name__)

CALM: Final[Mapping[str, int]] = {"pain_before": 0, "soreness": 0, "painkiller": 0, "pain_worst": 0}
ENOUGH: Final = "enough"
OTHER_ANSWERS: Final[Mapping[str, int]] = {"rpe": 4, "band_tight": 1, "go_on": 1, "go_on_rest": 1}


class Patient:
    """What a patient can do, and what the programme has said.

    Parameters
    ----------
    home : Home
        The computer.
    browser : Browser
        Its browser.
    camera : Camera
        Who looks on.
    problems : list of str
        Takes what goes wrong.
    start_on : date
        Day 1 of the life.
    side : {"left", "right"}
        The injured leg.

    """

    def __init__(
        self,
        home: Home,
        browser: Browser,
        camera: Camera,
        problems: list[str],
        *,
        start_on: date,
        side: Leg,
    ) -> None:
        self.home, self.camera, self.start_on, self.side = home, camera, start_on, side
        self.watch = Watch(home)
        self.heard: set[str] = set()
        self.coached: set[tuple[int, str]] = set()
        self._problems = problems
        self._window = WatchedPage(
            browser, problems, locale="nl-NL", viewport={"width": 1024, "height": 800}
        )
        self.page = self._window.page
        self.hand = KeyboardHand(self.page, problems)

    # -- Where and when --------------------------------------------------------------------------

    def on(self, day: int) -> date:
        """Return the date of a day of this life, from 1."""
        return self.start_on + timedelta(days=day - 1)

    def be(self, day: int, hour: int) -> dict[str, Any]:
        """Go to a day and an hour; return what the programme says then."""
        self.home.calendar.move(self.on(day), hour)
        today = self.listen()
        _log.info("day %s, %s h: week %s, %s", day, hour, today["week"], today["kind"])
        return today

    def listen(self) -> dict[str, Any]:
        """Return the plan of today, and note which rules speak."""
        path = f"/patients/{self.home.profile.patient_id}/today"
        today: dict[str, Any] = self.home.uploader.get(path)
        self.heard |= {one["code"] for one in today["advice"]}
        return today

    def open(self, path: str = "/") -> None:
        """Open a page."""
        self._window.go(self.home.url + path)

    def look(self, name: str, path: str = "/") -> None:
        """Have pictures taken of a page."""
        self.camera.take(name, self.home.url + path)

    def leave(self) -> None:
        """Close the browser's window."""
        for name in self.watch.missed:
            self._problems.append(f"the moment {name} never came")
        self._window.close()

    # -- What is told on pages -------------------------------------------------------------------

    def begin(self, chosen: Mapping[str, str], dates: Mapping[str, date], **written: str) -> None:
        """Answer the questions of the first day."""
        self.open()
        self.hand.press(self.page.locator('main a.button[href$="/intake"]'))
        self.page.locator("#plan").wait_for()
        for name, value in chosen.items():
            self.hand.choose(self.page.locator(f'input[name="{name}"][value="{value}"]'))
        for name, on in dates.items():
            self.hand.write_date(self.page.locator(f"#{name}"), on)
        for name, text in written.items():
            self.hand.write(self.page.locator(f"#{name}"), text)
        self.hand.press(self.page.locator("form .button.big"))
        self.page.locator("#check").wait_for()

    def answer(self, question: str, *, is_yes: bool) -> None:
        """Answer a question of the programme on the page of today."""
        value = "yes" if is_yes else "no"
        form = f'form:has(input[name="question"][value="{question}"])'
        self.open()
        self._send(f'{form} button[value="{value}"]')

    def accept(self, code: str, answer: str = "accepted") -> None:
        """Accept an offer on the page of today, or say that it was seen."""
        form = f'form:has(input[name="key"][value^="{code}"])'
        self.open()
        self._send(f'{form} button[value="{answer}"]')

    def tell_leg(self, pain: int, soreness: int = 0, *, anti_inflammatory: bool = False) -> None:
        """Tell pain and soreness without a training."""
        self.open()
        form = self.page.locator('form[action$="/check-in"]')
        self.hand.press(form.locator("xpath=..").locator("> summary"))
        self.hand.choose(form.locator(f'input[name="pain"][value="{pain}"]'))
        self.hand.choose(form.locator(f'input[name="soreness"][value="{soreness}"]'))
        if anti_inflammatory:
            self.hand.tick(form.locator('input[name="anti_inflammatory"]'))
        self._send('form[action$="/check-in"] button.button')

    def start_sport(self, sport: str) -> None:
        """Begin with sport, with the clinician's consent."""
        self.open("/sport")
        for name, value in (("sport", sport), ("confirmed_by", "")):
            wanted = f'input[name="{name}"]' + (f'[value="{value}"]' if value else "")
            self.hand.choose(self.page.locator(wanted).first)
        self.hand.tick(self.page.locator('input[name="is_improved"]'))
        self._send('form[action$="/sport/start"] button')

    def play(
        self, what: str, pain: int, *, is_complete: bool = True, has_returned: bool = False
    ) -> None:
        """Write a line of the sport diary."""
        self.open("/sport")
        self.hand.pick(self.page.locator("#what"), what)
        self.hand.choose(self.page.locator(f'input[name="pain"][value="{pain}"]'))
        if not is_complete:
            self.hand.choose(self.page.locator('input[name="is_complete"][value="no"]'))
        if has_returned:
            self.hand.tick(self.page.locator('input[name="returned"]'))
        self._send('form[action$="/sport/diary"] button')

    def _send(self, button: str) -> None:
        """Press a button that sends its form, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.hand.press(self.page.locator(button))
        if self.page.locator(".wrong, .wrong-card").count():
            wrong = self.page.locator(".wrong, .wrong-card").first.inner_text()
            raise RuntimeError(f"{self.page.url} refused {button}: {wrong}")
        self.listen()

    # -- Training --------------------------------------------------------------------------------

    def train(
        self,
        *moments: Moment,
        exercise: str = "",
        is_short: bool = False,
        skips: frozenset[str] = frozenset(),
        until: IsIt | None = None,
        pictures: Mapping[str, str] | None = None,
        **answers: int,
    ) -> None:
        """Train what is due today through the page.

        Parameters
        ----------
        *moments : Moment
            To have pictures of.
        exercise : str
            In place of today's plan.
        is_short : bool
            Time is short.
        skips : frozenset of str
            Exercises that are told as done without the sensor.
        until : callable, optional
            Says of a moment that the patient stops there.
        pictures : mapping
            By question code or exercise id, the name of pictures of that question or card.
        **answers : int
            To the coach's questions, in place of the calm ones.

        """
        week = self.listen()["week"] or 0
        wanted = dict(pictures or {})
        self.watch.want(*moments)
        if until is not None:
            self.watch.want(Moment(ENOUGH, "set", until))
        self.open(f"/train?exercise={exercise}" if exercise else "/train")
        again = self.page.locator(".summary-again button")
        self.page.locator("#start").or_(again).filter(visible=True).wait_for()
        if again.is_visible():
            self.hand.press(again)
            if exercise:
                self.hand.pick(self.page.locator("#start-exercise"), exercise)
        if is_short:
            self.hand.tick(self.page.locator("#start-short"))
        self.hand.press(self.page.locator("#start button"))
        given = {**OTHER_ANSWERS, **CALM, **answers}
        while (happening := self._next()).kind != "over":
            if happening.kind == "asked":
                self._reply(happening.message, given, skips, wanted)
            elif happening.kind == "open_end":
                self.hand.press(self.page.locator("#do-next"))
                self.watch.go_on()
            elif happening.moment is not None:
                self._attend(happening.moment)
            else:
                raise RuntimeError(f"refused: {happening.message['text']}")
        summary = happening.message
        done = {one["exercise"] for one in summary["exercises"] if one["sets"]}
        self.coached |= {(week, exercise_id) for exercise_id in done}
        self.page.locator('#live[data-view="summary"]').wait_for()
        if (name := wanted.get("summary")) is not None:
            self.camera.take(name, f"{self.home.url}/train", view="summary")
        self.listen()

    def _next(self) -> Happening:
        try:
            return self.watch.next()
        except queue.Empty:
            shown = self.page.locator("#live").get_attribute("data-view")
            raise RuntimeError(f"the training is stuck; the page shows {shown}") from None

    def _reply(
        self,
        state: Mapping[str, Any],
        given: Mapping[str, int],
        skips: frozenset[str],
        wanted: dict[str, str],
    ) -> None:
        """Answer a question, or go on from a card."""
        self.watch.think()
        if state["state"] == "questions":
            code = state["question"]["code"]
            title = self.page.locator("#question-title", has_text=state["question"]["text"]["nl"])
            title.wait_for()
            self._take(wanted.pop(code, None), "question")
            answers = self.page.locator("#question .answer")
            self.hand.press(answers.nth(_place_of(state["question"], given[code])))
            return
        exercise_id = state["exercise"]
        view = self._view_of(state)
        self._take(wanted.pop(exercise_id if view == "intro" else state["state"], None), view)
        button = "#do-self" if exercise_id in skips else "#do-next"
        self.hand.press(self.page.locator(button))

    def _view_of(self, state: Mapping[str, Any]) -> str:
        """Wait until the page shows this state; return what it calls it."""
        is_intro = state["state"] == "intro"
        view = "intro" if is_intro else "message"
        self.page.locator(f'#live[data-view="{view}"]').wait_for()
        if is_intro:
            name = state["name"]["nl"]
            self.page.locator("#intro .intro-title", has_text=name).wait_for()
        return view

    def _attend(self, moment: Moment) -> None:
        """Look at a moment, or stop there."""
        if moment.name == ENOUGH:
            self.hand.press(self.page.locator("#do-stop"))
            self.hand.press(self.page.locator("#sure-yes"))
        else:
            self._take(moment.name, moment.view)
        self.watch.go_on()

    def _take(self, name: str | None, view: str) -> None:
        if name is not None:
            self.camera.take(name, f"{self.home.url}/train", view=view)

    def train_elsewhere(self, day: int, exercise_ids: list[str], **answers: int) -> None:
        """Train these exercises twice on a day, by the faster route; note what is said."""
        for hour in (8, 19):
            self.be(day, hour)
            told: dict[str, int | None] = {**CALM, **answers}
            train_elsewhere(self.home, exercise_ids, self.side, told)
        self.be(day, 22)


def _place_of(question: Mapping[str, Any], value: int) -> int:
    """Return which of the buttons of a question gives a value."""
    if question["kind"] == "yes_no":
        return 0 if value else 1
    if question["kind"] == "choice":
        return [one["value"] for one in question["choices"]].index(value)
    return value
