"""The sentences of the page on the phone that its modules say, as in `tracker.pages.sentences`."""

from collections.abc import Mapping
from typing import Final

from api.pages.language import N_, Language

MENU: Final = N_("Phone")

SENTENCES: Final[Mapping[str, str]] = {
    "allow_denied": N_(
        "The browser did not give leave to measure movement. Allow it in the settings of this "
        "page, load the page again and tap once more."
    ),
    "allow_missing": N_(
        "This browser has no motion sensor to give. Use Safari on an iPhone, or Chrome on Android."
    ),
    "allow_insecure": N_(
        "Browsers measure movement only on a secure page: open the address that begins with https."
    ),
    "allow_silent": N_(
        "The phone gives leave, but no movement comes. Are motion sensors switched off for this "
        "page, or is this no phone?"
    ),
    "refused_wrong_code": N_("That is not the code. Look at the screen of the computer."),
    "refused_expired_code": N_("That code is too old. The computer shows a new one."),
    "refused_used_code": N_("That code was used before. The computer shows a new one."),
    "refused_withdrawn_code": N_(
        "That code was withdrawn after too many wrong ones. The computer shows a new one."
    ),
    "refused_replaced": N_("Another phone, or another window of this one, has taken over."),
    "check_waiting": N_("I wait for the first measurements."),
    "check_moving": N_("Let go of it, and do not touch the table."),
    "check_not_flat": N_("Not flat yet: put it on a table or on the floor, screen up."),
    "check_unsure": N_("Is the screen really up?"),
    "check_fit": N_("Good, it measures."),
    "check_no_gyroscope": N_(
        "This phone has no gyroscope: it cannot measure an exercise. Use another phone or a sensor."
    ),
    "check_wrong_unit": N_(
        "What this browser says of movement cannot be right. Try another browser or phone."
    ),
    "check_too_slow": N_(
        "This browser measures too seldom. Switch power saving off, or use another browser."
    ),
    "choose_amount": N_("{sets} x {reps}"),
    "worn_wait": N_("Lie or sit down. It starts by itself."),
    "quiet_now": N_("No movement is measured at this moment: is a call or another app in between?"),
    "quiet_back": N_("I was away for a moment. Just go on."),
    "done_card": N_("{reps} of {target} repetitions, {seconds} s of eccentric time."),
    "done_aloud": N_("Done. You can take the phone off."),
}


def phone_sentences(language: Language) -> dict[str, str]:
    """Return all sentences by name, in one language."""
    return {name: language.say(sentence) for name, sentence in SENTENCES.items()}
