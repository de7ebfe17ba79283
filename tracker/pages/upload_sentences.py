"""The sentences of the upload page: those its module says, and why a file is refused.

The readers of files give their exact reason in English; a reader of the page gets what it comes
to in the own language first. Dutch: locale/nl/LC_MESSAGES/messages.po.
"""

from collections.abc import Mapping
from typing import Final

from api.pages.language import N_, Language

SENTENCES: Final[Mapping[str, str]] = {
    "sending": N_("Sending {name}"),
    "reading": N_("Reading the recording"),
    "analysing": N_("Analysing and storing"),
    "ready": N_("{duration}, {rate} samples a second"),
    "minutes": N_("{m} min {s} s"),
    "seconds": N_("{s} s"),
    "chart": N_("Tilt of the sensor over time, in degrees"),
    "stored": N_("Stored"),
    "stored_before": N_("This recording was stored before; nothing was stored twice."),
    "no_sets": N_("No repetitions were found. Is it the right exercise?"),
    "set": N_("Set {n}"),
    "reps": N_("Repetitions"),
    "holds": N_("Holds"),
    "bouts": N_("Bouts"),
    "in_tempo": N_("In tempo"),
    "mean": N_("Mean return"),
    "dose": N_("Eccentric time"),
    "lost": N_("The connection to tempo90 broke. Try again."),
    "too_large": N_("This is more than 256 MB: cut it into sittings of at most a few hours."),
}

_TOO_MUCH: Final = N_("This is too much for one recording. Cut it into shorter sittings.")
_UNKNOWN: Final = N_("This is not a recording that tempo90 knows.")
_NOTHING: Final = N_("There are no measurements in it. Does the app measure?")
_SENSOR_MISSING: Final = N_(
    "It lacks a sensor. Record acceleration with gravity together with the gyroscope."
)
_SHORT: Final = N_("This recording is too short.")
_REFUSALS: Final[tuple[tuple[str, str], ...]] = (
    ("Excel workbook", N_("This is an Excel workbook. Export the recording as CSV.")),
    ("password", N_("This archive is locked. Export it without a password.")),
    ("archive is damaged", N_("This archive is damaged. Export the recording again.")),
    ("larger than", _TOO_MUCH),
    ("too much", _TOO_MUCH),
    ("more than", _TOO_MUCH),
    ("too large", _TOO_MUCH),
    ("archive holds", N_("This archive does not come from a recording app.")),
    ("two files called", N_("Two files have the same name. Give those of one recording.")),
    ("holds no samples", _NOTHING),
    ("is empty", _NOTHING),
    ("cut short or edited", N_("This file is damaged or was edited. Export it again.")),
    ("too short", _SHORT),
    ("at least", _SHORT),
    (
        "raw notifications",
        N_("This is a capture of a sensor. Import it with tempo90 import and the option --sensor."),
    ),
    ("no longer there", N_("The upload is no longer there. Choose the file again.")),
    ("arrive", N_("The file did not arrive whole. Try again.")),
    (
        "Hz can be analysed",
        N_("It was measured too slowly or too fast. Set 100 samples a second in the app."),
    ),
    ("has no ", _SENSOR_MISSING),
    ("lacks ", _SENSOR_MISSING),
    ("without gravity alone", _SENSOR_MISSING),
    ("not a text file", _UNKNOWN),
    ("No known recording", _UNKNOWN),
)
_ANY_REFUSAL: Final = N_("This file cannot be used as a recording.")


def upload_sentences(language: Language) -> dict[str, str]:
    """Return all sentences of the module by name, in one language."""
    return {name: language.say(sentence) for name, sentence in SENTENCES.items()}


def refusal(reason: str, language: Language) -> str:
    """Say in the reader's language what an exact reason comes to."""
    for mark, sentence in _REFUSALS:
        if mark in reason:
            return language.say(sentence)
    return language.say(_ANY_REFUSAL)
