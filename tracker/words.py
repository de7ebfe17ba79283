"""What the coach says, in English and Dutch: short, kind, in the voice of a physiotherapist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis import Exercise, Movement
from tracker.errors import Trouble
from tracker.profile import Language
from tracker.training_plan import SPORTS, Interval, Leg


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

NO_HOLD: Final = Text("I saw no hold.", "Ik zag geen houding.")
HELD: Final = Text("Well done.", "Goed zo.")
TAKE_POSE: Final = Text("Take the pose.", "Neem de houding aan.")
TAKE_POSE_LEG: Final = {
    "left": Text("Take the pose with your left leg.", "Neem de houding aan met je linkerbeen."),
    "right": Text("Take the pose with your right leg.", "Neem de houding aan met je rechterbeen."),
}
TAKE_POSE_OTHER: Final = Text(
    "Take the pose with your other leg.", "Neem de houding aan met je andere been."
)
HOLD_THIS: Final = Text("Hold this.", "Houd dit vast.")
HALFWAY: Final = Text("Halfway.", "Halverwege.")
FIVE_LEFT: Final = Text("Five more seconds.", "Nog vijf seconden.")
NEXT_SET: Final = Text(
    "Ten more seconds. Then set {number} of {sets}.",
    "Nog tien seconden. Dan serie {number} van {sets}.",
)
BACK_TO_POSE: Final = Text("Go back into the pose.", "Ga terug in de houding.")
SWITCH_LEG: Final = Text("Switch legs.", "Wissel van been.")
MOVE_SENSOR: Final = {
    "left": Text("The sensor round your left ankle?", "Sensor om je linkerenkel?"),
    "right": Text("The sensor round your right ankle?", "Sensor om je rechterenkel?"),
}
INTERVALS: Final = {
    "walk": Text("Walk briskly.", "Stevig wandelen."),
    "jog": Text("Jog easily.", "Rustig joggen."),
    "walk_backward": Text("Walk backward.", "Achteruit wandelen."),
    "jog_backward": Text("Jog backward.", "Achteruit joggen."),
    "sprint": Text("Run-up, sprint, run-out.", "Aanloop, sprint, uitloop."),
    "rest": Text("Walk back.", "Wandel terug."),
    "ride": Text("Cycle.", "Fietsen."),
    "warm_up": Text("Warm up for your sport.", "Warming-up van je sport."),
}
SPRINT_COURSE: Final = Text(
    "Run-up {up:.0f}, sprint {sprint:.0f}, run-out {out:.0f} metres.",
    "Aanloop {up:.0f}, sprint {sprint:.0f}, uitloop {out:.0f} meter.",
)
GET_READY: Final = Text("Get ready. First: {first}", "Maak je klaar. Eerst: {first}")
FASTER_CADENCE: Final = Text(
    "A lighter gear: above 85 turns a minute. On a climb it may be less.",
    "Lichter schakelen: boven de 85 omwentelingen. Op een klim mag het minder.",
)
GO_ON_REST_QUESTION: Final = Text(
    "You stopped earlier today. Go on with what is left?",
    "Je bent vandaag eerder gestopt. Verder met wat er nog over is?",
)
PAINKILLER_QUESTION: Final = Text(
    "Did you take a painkiller today?", "Heb je vandaag een pijnstiller genomen?"
)
PAINKILLERS: Final = (
    Text("No", "Nee"),
    Text("Paracetamol", "Paracetamol"),
    Text(
        "Anti-inflammatory (ibuprofen, naproxen, diclofenac, aspirin)",
        "Ontstekingsremmer (ibuprofen, naproxen, diclofenac, aspirine)",
    ),
    Text("Both", "Allebei"),
)
RPE_QUESTION: Final = Text("How hard was it? (0 - 10)", "Hoe zwaar was het? (0 - 10)")

NOTHING_DONE: Final = Text("Nothing was done this time.", "Deze keer is er niets gedaan.")
NOTHING_DUE: Final = Text("Nothing is due today.", "Vandaag hoef je niets te doen.")
NO_SIMULATION: Final = Text(
    "A simulated leg is only there in the demo.", "Een nagebootst been is er alleen in de demo."
)
NOT_UNDERSTOOD: Final = Text(
    "That was not understood: load the page again.", "Dat begreep ik niet: laad de pagina opnieuw."
)
IN_TRAINING: Final = Text("A training is running already.", "Er loopt al een training.")
NO_TRAINING: Final = Text("No training is running.", "Er loopt geen training.")
NOT_STARTED_HERE: Final = Text(
    "Start a training in the terminal: tempo90 train.",
    "Start een training in de terminal: tempo90 train.",
)
NOT_NOW: Final = Text("That is not possible now.", "Dat kan nu niet.")
NOT_IN_A_SET: Final = Text(
    "First end this set: press next.", "Sluit eerst deze serie af: kies verder."
)
NO_SUCH_EXERCISE: Final = Text(
    "There is no such exercise in this session.", "Die oefening zit niet in deze sessie."
)
NO_SUCH_SET: Final = Text("That set was not done yet.", "Die serie is nog niet gedaan.")
NO_ANSWER: Final = Text("That is not one of the answers.", "Dat is geen van de antwoorden.")
NOTHING_OFFERED: Final = Text(
    "There is nothing to agree to.", "Er is niets om mee akkoord te gaan."
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


def take_pose(side: Leg | None, *, is_other_leg: bool) -> Text:
    """Return the request to take the pose of a stretch, with the leg where it has one."""
    if side is not None:
        return TAKE_POSE_LEG[side]
    return TAKE_POSE_OTHER if is_other_leg else TAKE_POSE


def interval(one: Interval) -> Text:
    """Return what to do in an interval."""
    if one.course_m is None:
        return INTERVALS[one.kind]
    run_up_m, sprint_m, run_out_m = one.course_m
    return SPRINT_COURSE.with_values(up=run_up_m, sprint=sprint_m, out=run_out_m)


def sport_starts(first: Interval) -> Text:
    """Return the call to get ready."""
    said = interval(first)
    return Text(GET_READY.en.format(first=said.en), GET_READY.nl.format(first=said.nl))


def introduction(exercise: Exercise) -> Text:
    """Return what comes now, and in which posture."""
    return Text(
        f"{exercise.name_en}: {exercise.posture_en}.", f"{exercise.name_nl}: {exercise.posture_nl}."
    )


def after_set(movement: Movement, *, is_empty: bool) -> Text:
    """Return what is said at the end of a set."""
    if movement is Movement.STILLNESS:
        return NO_HOLD if is_empty else HELD
    if movement in SPORTS:
        return SET_DONE
    return NO_REPS if is_empty else SET_DONE


def summary(n_exercises: int, n_reps: int) -> Text:
    """Return what a sitting came to, in one sentence."""
    if not n_exercises:
        return NOTHING_DONE
    many = (
        Text("1 exercise", "1 oefening")
        if n_exercises == 1
        else Text("{n} exercises", "{n} oefeningen").with_values(n=n_exercises)
    )
    if not n_reps:
        return Text(f"Done: {many.en}.", f"Gedaan: {many.nl}.")
    reps = Text("{n} repetitions", "{n} herhalingen").with_values(n=n_reps)
    return Text(f"Done: {many.en}, {reps.en}.", f"Gedaan: {many.nl}, {reps.nl}.")
