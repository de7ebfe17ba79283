"""The terminal as a view of a training: a live picture on a screen, plain lines anywhere else."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Protocol, Self

from rich.console import Console
from rich.live import Live

from tracker.profile import Language
from tracker.questions import Question
from tracker.screen import DOTS, SENSOR_STATES, Screen, card_lines, question_text, render
from tracker.words import Text, in_language

FRAMES_HZ: Final = 12.0


class View(Protocol):
    """What the runner needs of a view; each method returns at once."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def message(self, message: Mapping[str, Any]) -> None:
        """Show a live message."""

    def say(self, text: Text) -> None:
        """Show a sentence of the coach."""

    def ask(self, question: Question | None, typed: str = "") -> None:
        """Show a question and what was typed so far; None takes it away."""

    def resting_until(self, ends_s: float | None) -> None:
        """Show a countdown to a time of the coach's clock."""

    def draw(self) -> None:
        """Bring the picture up to date."""


class LiveView:
    """A picture that is drawn anew a dozen times a second."""

    def __init__(self, console: Console, language: Language, clock_s: Callable[[], float]) -> None:
        self._screen = Screen(language=language, has_unicode=speaks_unicode(console))
        self._console = console
        self._clock_s = clock_s
        self._live = Live(console=console, auto_refresh=False, transient=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def message(self, message: Mapping[str, Any]) -> None:
        """Fold a message into the picture; a card also stays above it, in the scroll-back."""
        self._screen.take(message)
        if message["type"] == "card":
            self._live.console.print(card_lines(message, self._screen), "")

    def say(self, text: Text) -> None:
        """Add a sentence."""
        self._screen.note(text)

    def ask(self, question: Question | None, typed: str = "") -> None:
        """Show or take away the question."""
        self._screen.question = question
        self._screen.typed = typed

    def resting_until(self, ends_s: float | None) -> None:
        """Set the countdown."""
        self._screen.rest_ends_s = ends_s

    def draw(self) -> None:
        """Draw the newest picture."""
        self._live.update(render(self._screen, self._clock_s()), refresh=True)


class PlainView:
    """One line for each thing that happens: for pipes, logs and screen readers."""

    def __init__(self, console: Console, language: Language) -> None:
        self._screen = Screen(language=language, has_unicode=speaks_unicode(console))
        self._console = console
        self._said: str | None = None
        self._sensor_line: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def message(self, message: Mapping[str, Any]) -> None:
        """Print what is worth a line."""
        self._screen.take(message)
        match message["type"]:
            case "rep":
                self._print(self._rep_line(message))
            case "card":
                self._console.print(card_lines(message, self._screen), highlight=False)
            case "sensor":
                self._print_sensor(message)

    def say(self, text: Text) -> None:
        """Print a sentence."""
        self._print(text.to(self._screen.language))

    def ask(self, question: Question | None, typed: str = "") -> None:
        """Print a question once."""
        if question is not None and not typed:
            self._print(question_text(question, self._screen.language))

    def resting_until(self, ends_s: float | None) -> None:
        """Leave out the countdown."""

    def draw(self) -> None:
        """Do nothing: lines stay."""

    def _print_sensor(self, message: Mapping[str, Any]) -> None:
        """Print a change of the sensor's state; battery and rate come with the same message."""
        advice = (message.get("advice") or {}).get(self._screen.language)
        told = f" ({advice})" if advice else ""
        line = SENSOR_STATES[message["state"]].to(self._screen.language) + told
        if line != self._sensor_line:
            self._sensor_line = line
            self._print(line)

    def _rep_line(self, message: Mapping[str, Any]) -> str:
        language = self._screen.language
        seconds = message["eccentric_s"]
        shown = "" if seconds is None else f"  {in_language(seconds, 1, language)} s"
        verdict = DOTS[message["verdict"]][3].to(language)
        return f"{message['n']:3d}{shown}  {message['peak_deg']:3d}°  {verdict}"

    def _print(self, line: str) -> None:
        """Print a line, but not the same one twice in a row."""
        if line != self._said:
            self._said = line
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def speaks_unicode(console: Console) -> bool:
    """Whether block characters can be written to this console."""
    return console.encoding.lower().replace("-", "").startswith("utf")


def open_view(console: Console, language: Language, clock_s: Callable[[], float]) -> View:
    """Return the live picture on a terminal, plain lines elsewhere."""
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveView(console, language, clock_s)
    return PlainView(console, language)
