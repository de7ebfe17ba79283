"""The sentences of the page for a phone alone, as in `tracker.pages.sentences`."""

from collections.abc import Mapping
from typing import Final

from api.pages.language import N_, Language
from tracker.pages.phone_sentences import SENTENCES as PHONE_SENTENCES

OWN: Final[Mapping[str, str]] = {
    "alone_strap": N_("Strap the phone on and lie down. It begins by itself."),
    "alone_in": N_("It begins in {seconds} seconds."),
    "alone_lift": N_("Up"),
    "alone_hold": N_("Hold"),
    "alone_return": N_("Slowly back"),
    "alone_rest": N_("Rest"),
    "alone_done": N_("Done. Well kept up."),
    "alone_kept": N_("Kept on this phone. It is counted later, when tempo90 is in reach."),
    "alone_no_motion": N_("Paced without measuring: this browser gave no movement."),
    "alone_full": N_("This phone has no room left. What was measured so far is kept."),
    "alone_no_store": N_("This browser keeps nothing here, so nothing is measured. I do pace."),
    "alone_waiting": N_("Waits to be sent"),
    "alone_sending": N_("Is being sent: {percent} %"),
    "alone_counted": N_("Counted: {reps} repetitions, {tempo} in tempo"),
    "alone_nothing": N_("Counted: no repetition was found"),
    "alone_refused": N_("Cannot be counted. It stays on this phone."),
    "alone_unpaired": N_("Pair this phone with the computer once; then it can be sent."),
    "alone_away": N_("tempo90 is not in reach. Nothing is lost: I send it later."),
    "alone_cut_off": N_("cut off"),
    "alone_of": N_("{rep} of {reps}"),
}


def alone_sentences(language: Language) -> dict[str, str]:
    """Return every sentence by its name, in a language."""
    asked = {name: PHONE_SENTENCES[name] for name in PHONE_SENTENCES if name.startswith("allow_")}
    return {name: language.say(message) for name, message in {**OWN, **asked}.items()}
