"""What the coach says, in English and Dutch: short, kind, in the voice of a physiotherapist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tracker.errors import Trouble
from tracker.profile import Language


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages."""

    en: str
    nl: str

    def to(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.nl if language == "nl" else self.en

    def as_json(self) -> dict[str, str]:
        """Return both, as the live page takes them."""
        return {"en": self.en, "nl": self.nl}

    def with_values(self, **values: object) -> "Text":
        """Fill the places in braces."""
        return Text(self.en.format(**values), self.nl.format(**values))


def in_language(value: float, digits: int, language: Language) -> str:
    """Write a number as the language does: 2.75, 2,75."""
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "nl" else text


CONNECTING: Final = Text("Looking for the sensor.", "Ik zoek de sensor.")
STARTING: Final = Text("Sensor found, starting.", "Sensor gevonden, ik start hem.")
RECONNECTING: Final = Text(
    "The sensor is away; just go on, I keep looking for it.",
    "De sensor is even weg; ga gewoon door, ik zoek hem.",
)
BACK: Final = Text("The sensor is back.", "De sensor is er weer.")
NO_SENSOR: Final = Text(
    "No sensor found. Is it charged, switched on and near?",
    "Geen sensor gevonden. Is hij opgeladen, aan en dichtbij?",
)
HOLD_STILL: Final = Text(
    "Take your time. I wait until you keep your leg still.",
    "Neem de tijd. Ik wacht tot je je been stil houdt.",
)
HOLD_STILL_PRONE: Final = Text(
    "Take your time. I wait until you lie still, leg straight.",
    "Neem de tijd. Ik wacht tot je stil ligt, been gestrekt.",
)
HOLD_STILL_SEATED: Final = Text(
    "Take your time. I wait until you sit still.", "Neem de tijd. Ik wacht tot je stil zit."
)
HOLD_STILL_STANDING: Final = Text(
    "Take your time. I wait until you stand still.", "Neem de tijd. Ik wacht tot je stil staat."
)
STILL_LONGER: Final = Text(
    "Hold still for two seconds, then we start.",
    "Houd je been twee seconden stil, dan beginnen we.",
)
GO: Final = Text("Go.", "Begin maar.")
GO_AGAIN: Final = Text("You can start.", "Je kunt beginnen.")
DONE_QUESTION: Final = Text(
    "Is this set done? Lie still, or just go on.",
    "Is deze serie klaar? Blijf stil liggen, of ga gewoon door.",
)
SET_DONE: Final = Text("Set finished.", "Serie klaar.")
NO_REPS: Final = Text("I saw no repetitions in this set.", "Ik zag in deze serie geen herhalingen.")
REST: Final = Text("Rest.", "Pauze.")
REST_OVER: Final = Text("Rest is over.", "De pauze is voorbij.")
SHORT_REST: Final = Text(
    "A rest of about a minute helps the next set.",
    "Een pauze van ongeveer een minuut helpt je volgende serie.",
)
FAST_DROP: Final = Text("Keep braking all the way.", "Blijf afremmen, je been viel terug.")
STOPPED: Final = Text("Stopped. All is kept.", "Gestopt. Alles is bewaard.")
WELL_DONE: Final = Text("That was it for now.", "Dat was het voor nu.")
NOT_WRITTEN: Final = Text(
    "{reason} Just go on: your repetitions are counted.",
    "{reason} Ga gewoon door: je herhalingen worden geteld.",
)
LOW_BATTERY: Final = Text(
    "The sensor's battery is at {value} %: charge it after this session.",
    "De batterij van de sensor is op {value} %: laad hem na deze sessie op.",
)
LOW_RATE: Final = Text(
    "The sensor sends only {value} samples a second: switch it off and on. "
    "Until then the tempo is less precise.",
    "De sensor stuurt maar {value} metingen per seconde: zet hem uit en weer aan. "
    "Tot dan is het tempo minder precies.",
)
OTHER_RATE: Final = Text(
    "The sensor sends {value} samples a second, not what it was told. That is taken care of.",
    "De sensor stuurt {value} metingen per seconde, anders dan gevraagd. Daar wordt rekening "
    "mee gehouden.",
)
TROUBLES: Final[Mapping[Trouble, Text]] = {
    Trouble.RADIO: Text(
        "Bluetooth hesitates: switch it off and on if this stays.",
        "Bluetooth hapert: zet het uit en weer aan als dit blijft.",
    ),
    Trouble.BLUETOOTH_OFF: Text(
        "Bluetooth is off or missing: switch it on.",
        "Bluetooth staat uit of ontbreekt: zet het aan.",
    ),
    Trouble.NOT_FOUND: Text(
        "The sensor is not heard: switch it on, bring it near, close its maker's app.",
        "De sensor is niet te horen: zet hem aan, leg hem dichtbij, sluit de app van de maker.",
    ),
    Trouble.NO_LINK: Text(
        "No connection with the sensor yet: bring it nearer.",
        "Nog geen verbinding met de sensor: breng hem dichterbij.",
    ),
    Trouble.LINK_LOST: Text(
        "The connection with the sensor broke: bring it nearer.",
        "De verbinding met de sensor is verbroken: breng hem dichterbij.",
    ),
    Trouble.REFUSED: Text(
        "The sensor refuses: is it of the chosen kind? Switch it off and on.",
        "De sensor weigert: is het de gekozen soort? Zet hem uit en weer aan.",
    ),
    Trouble.SILENT: Text(
        "Nothing comes from the sensor: bring it nearer, or switch it off and on.",
        "Er komt niets van de sensor: breng hem dichterbij, of zet hem uit en weer aan.",
    ),
}
SLEPT: Final = Text(
    "This computer slept in between. What you did before is kept; I close this session.",
    "Deze computer heeft tussendoor geslapen. Wat je ervoor deed is bewaard; "
    "ik sluit deze sessie af.",
)
CHARGE: Final = Text("Charge the sensor tonight.", "Laad de sensor vanavond op.")

PAIN_NOW: Final = Text(
    "How much pain do you have now? (0 none - 10 worst)",
    "Hoeveel pijn heb je nu? (0 geen - 10 ergste)",
)
SORENESS: Final = Text(
    "How much muscle soreness since last time? (0 - 10)",
    "Hoeveel spierpijn sinds de vorige keer? (0 - 10)",
)
PAIN_WORST: Final = Text(
    "What was the worst pain during the exercise? (0 - 10)",
    "Wat was de ergste pijn tijdens het oefenen? (0 - 10)",
)
WARNING_SIGNS: Final = Text(
    "Did you feel a snap, do you see a bruise, is your leg suddenly without strength, or do you"
    " have tingling or numbness? Then stop, and call your sports physician or general practitioner"
    " today. Is one of these so?",
    "Voelde je een knap, zie je een bloeduitstorting, is je been plots krachteloos, of heb je"
    " tintelingen of een doof gevoel? Stop en bel vandaag je sportarts of huisarts."
    " Is een van deze dingen zo?",
)
CALL_TODAY: Final = Text(
    "Stop, and call your sports physician or general practitioner today.",
    "Stop en bel vandaag je sportarts of huisarts.",
)
GO_ON_QUESTION: Final = Text("Do you want to go on now?", "Wil je nu toch doorgaan?")
BAND_QUESTION: Final = Text(
    "Was the band tight all the time?", "Stond het elastiek de hele tijd strak?"
)
LIGHTER: Final = Text(
    "Not heavier today; if needed a lighter band.",
    "Vandaag niet zwaarder, zo nodig een lichter elastiek.",
)
REST_DAYS: Final = Text(
    "With severe pain a few days of rest ({days}) can help; the choice is yours. In the first 3"
    " weeks more complaints are normal. Still no improvement: contact the sports physician.",
    "Bij erge pijn kunnen een paar rustdagen ({days}) helpen; jij kiest. In de eerste 3 weken zijn"
    " meer klachten normaal. Wordt het niet beter: neem contact op met de sportarts.",
)
UNANSWERED_SIGNS: Final = Text(
    "In case of a snap, a bruise, sudden loss of strength, tingling or numbness: stop, and call"
    " your sports physician or general practitioner today.",
    "Bij een knap, een bloeduitstorting, plots krachtverlies, tintelingen of een doof gevoel: stop"
    " en bel vandaag je sportarts of huisarts.",
)

HOLD_STILL_BY_POSTURE: Final = {
    "ecc_prone_helper": HOLD_STILL_PRONE,
    "iso_prone_raise": HOLD_STILL_PRONE,
    "ecc_seated_solo": HOLD_STILL_SEATED,
    "conc_seated": HOLD_STILL_SEATED,
    "iso_stand_ext": HOLD_STILL_STANDING,
    "squat_single": HOLD_STILL_STANDING,
    "step_up": HOLD_STILL_STANDING,
}


def hold_still(exercise_id: str) -> Text:
    """Return the request to hold still that fits the posture of an exercise."""
    return HOLD_STILL_BY_POSTURE.get(exercise_id, HOLD_STILL)
