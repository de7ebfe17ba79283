"""The one thing an app does not tell: which phone it runs on. Asked once, then remembered."""

from typing import Final

from rich.console import Console
from rich.prompt import Prompt

from firmware_bridge import PhonePlatform
from tracker.phone_apps.app_settings import load_app_settings, remember_platform
from tracker.phone_apps.opening import PUSH, read_app_spec
from tracker.profile import Language
from tracker.settings import DataFolder
from tracker.words import Text

WHICH_PHONE: Final = Text(
    "Which phone runs Sensor Logger?\n"
    "  1  Android\n"
    "  2  iPhone\n"
    '  3  iPhone, with "Standardise Units & Frames" switched on',
    "Op welke telefoon draait Sensor Logger?\n"
    "  1  Android\n"
    "  2  iPhone\n"
    '  3  iPhone, met "Standardise Units & Frames" aan',
)
NUMBER: Final = Text("Number", "Nummer")
ANSWERS: Final[dict[str, PhonePlatform]] = {"1": "android", "2": "ios", "3": "standardised"}


def ask_platform(
    spec: str | None, folder: DataFolder, language: Language, console: Console
) -> None:
    """Ask which phone it is and remember it, where that matters and is not known."""
    app = read_app_spec(spec)
    if app is None or app.app != PUSH or app.platform or load_app_settings(folder).platform:
        return
    console.print(WHICH_PHONE.to(language), highlight=False)
    said = Prompt.ask(NUMBER.to(language), console=console, choices=list(ANSWERS))
    remember_platform(folder, ANSWERS[said])
