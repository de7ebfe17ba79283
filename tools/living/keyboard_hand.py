"""A hand that has nothing but a keyboard: what it cannot reach, nobody without a mouse can.

It presses Tab until the thing that is wanted has the focus, looks whether the focus can be seen,
and then presses what a person would press.
"""

from datetime import date
from typing import Final

from playwright.sync_api import Locator, Page

MOST_CHOICES: Final = 50
IS_NOWHERE: Final = "() => Number(document.activeElement === document.body)"
WHOLE_ROUND: Final = 3
"""So often the focus is on nothing by then: at the start, and at the end of a part and a whole."""

IS_FOCUSED: Final = "e => e === document.activeElement"
IN_GROUP: Final = """e => {
  const at = document.activeElement;
  return at?.type === "radio" && at.name === e.name && at.form === e.form;
}"""
SHOWS_FOCUS: Final = """e => {
  const outlined = (one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return isOutlined || style.boxShadow !== "none";
  };
  return [e, e.nextElementSibling, e.closest("label")].some(outlined);
}"""


class UnreachableError(AssertionError):
    """Something cannot be had with the keyboard."""


class KeyboardHand:
    """Use a page by its keys.

    Parameters
    ----------
    page : Page
        Which page.
    problems : list of str
        Takes what had the focus and did not show it.

    """

    def __init__(self, page: Page, problems: list[str]) -> None:
        self._page = page
        self._problems = problems
        self.n_keys = 0

    def key(self, key: str) -> None:
        """Press a key."""
        self._page.keyboard.press(key)
        self.n_keys += 1

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Go to a button or a link, and press a key on it."""
        self._reach(wanted, IS_FOCUSED)
        self.key(key)

    def choose(self, wanted: Locator) -> None:
        """Choose one of several with the arrow keys."""
        self._reach(wanted, IN_GROUP)
        for _ in range(MOST_CHOICES):
            if wanted.evaluate(IS_FOCUSED):
                break
            self.key("ArrowDown")
        if not wanted.is_checked():
            self.key("Space")
        if not wanted.is_checked():
            raise UnreachableError(f"{wanted} cannot be chosen with the keyboard")

    def tick(self, wanted: Locator) -> None:
        """Tick a box."""
        self.press(wanted, "Space")

    def write(self, wanted: Locator, text: str) -> None:
        """Write into a field."""
        self._reach(wanted, IS_FOCUSED)
        self.key("Control+a")
        self._page.keyboard.type(text)
        self.n_keys += len(text)

    def write_date(self, wanted: Locator, on: date) -> None:
        """Write a day into a field for dates, day or month first, as this browser has it."""
        self._reach(wanted, IS_FOCUSED)
        for order in (f"{on:%m%d%Y}", f"{on:%d%m%Y}"):
            self._page.keyboard.type(order)
            if wanted.input_value() == on.isoformat():
                return
            for _ in range(2):
                self.key("Shift+Tab")
            self._reach(wanted, IS_FOCUSED)
        raise UnreachableError(f"the date {on} cannot be written: {wanted.input_value()}")

    def pick(self, wanted: Locator, value: str) -> None:
        """Pick from a list that folds out."""
        self._reach(wanted, IS_FOCUSED)
        for key in ("ArrowUp", "ArrowDown"):
            for _ in range(wanted.locator("option").count()):
                if wanted.input_value() == value:
                    return
                self.key(key)
        if wanted.input_value() != value:
            raise UnreachableError(f"{value} cannot be picked from {wanted}")

    def _reach(self, wanted: Locator, is_there: str) -> None:
        wanted.wait_for(state="attached")
        n_rounds = 0
        while not wanted.evaluate(is_there):
            n_rounds += self._page.evaluate(IS_NOWHERE)
            if n_rounds == WHOLE_ROUND:
                raise UnreachableError(f"Tab does not reach {wanted} on {self._page.url}")
            self.key("Tab")
        focused = self._page.locator(":focus")
        if not focused.evaluate(SHOWS_FOCUS):
            self._problems.append(f"{self._page.url}: the focus on {wanted} cannot be seen")
