"""The sentences of the practice page and the interval timer, as in `tracker.pages.sentences`."""

from collections.abc import Mapping
from typing import Final

from api.pages.language import N_, Language

SENTENCES: Final[Mapping[str, str]] = {
    "interval_walk_forward": N_("Brisk walk"),
    "interval_jog_forward": N_("Easy jog"),
    "interval_walk_backward": N_("Walk backward"),
    "interval_jog_backward": N_("Jog backward"),
    "interval_sprint": N_("Sprint: run-up {up} m, sprint {sprint} m, run-out {out} m"),
    "interval_walk_back": N_("Walk back"),
    "interval_rest": N_("Rest"),
    "interval_over": N_("Done. Well trained."),
    "interval_round": N_("Round {round} of {rounds}"),
    "interval_then": N_("Then: {what}"),
    "interval_pause": N_("Pause"),
    "interval_resume": N_("Go on"),
    "interval_stop": N_("Stop"),
    "interval_close": N_("Close"),
    "interval_minutes": N_("{minutes} minutes"),
    "interval_open": N_("at your own pace"),
    "practice_right": N_("This is 3 seconds: the tone ends when the leg arrives."),
    "practice_fast": N_("Too fast: the seconds sound higher."),
    "practice_slow": N_("Slower than needed: the seconds sound lower."),
    "practice_silent": N_("This browser has no sound to give. The picture shows the pace."),
}

DAY_NAMES: Final[Mapping[str, str]] = {
    "walk_jog": N_("Walk and jog"),
    "jog": N_("Jog"),
    "sprint": N_("Sprints"),
    "training": N_("Normal training"),
}


def ear_sentences(language: Language) -> dict[str, str]:
    """Return all sentences by name, in one language."""
    return {name: language.say(sentence) for name, sentence in SENTENCES.items()}
