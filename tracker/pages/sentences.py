"""The sentences of the live page that its modules say: by name, in English, marked for translation.

The page hands them to the modules in the reader's language, as a block of JSON. {Braces} are
filled in by the modules. Dutch: locale/nl/LC_MESSAGES/messages.po.
"""

from collections.abc import Mapping
from typing import Final

from api.pages.language import N_, Language

SENTENCES: Final[Mapping[str, str]] = {
    "state_idle": N_("No training is running"),
    "watched_by": N_("{names} looks on"),
    "state_connecting": N_("Looking for your sensor"),
    "state_calibrating": N_("Hold still"),
    "state_ready": N_("Go ahead"),
    "state_set": N_("Go ahead"),
    "state_card": N_("Set finished"),
    "state_rest": N_("Rest"),
    "state_questions": N_("Two short questions, in the other window"),
    "state_done": N_("Done for now. Well trained."),
    "phase_lift": N_("Helper lifts"),
    "phase_lift_seated": N_("Push down"),
    "phase_lift_other": N_("Lift"),
    "phase_concentric": N_("Tighten"),
    "phase_hold": N_("Let go"),
    "phase_hold_other": N_("Hold"),
    "phase_eccentric": N_("Lower slowly"),
    "phase_eccentric_seated": N_("Let it come back slowly"),
    "phase_eccentric_other": N_("Slowly back"),
    "pace_ahead": N_("a little slower"),
    "pace_on": N_("in tempo"),
    "pace_behind": N_("may be a little quicker"),
    "pace_rest": N_("aim for {target} s"),
    "pace_last": N_("last time; aim for {target} s"),
    "verdict_in_tempo": N_("in tempo"),
    "verdict_accepted": N_("nearly in tempo"),
    "verdict_too_fast": N_("too fast"),
    "verdict_too_slow": N_("may be a little quicker"),
    "verdict_counted": N_("counted"),
    "verdict_shallow": N_("not bent far enough"),
    "rep_result": N_("{n}: {seconds} s, {verdict}"),
    "rep_result_untimed": N_("{n}: {verdict}"),
    "rep_item": N_("Repetition {n}: {seconds} s, {verdict}"),
    "rep_item_untimed": N_("Repetition {n}: {verdict}"),
    "reps_of": N_("of {target}"),
    "set_of": N_("Set {set} of {sets}"),
    "side_left": N_("left leg"),
    "side_right": N_("right leg"),
    "card_in_tempo": N_("of them in tempo"),
    "card_mean": N_("on average, of {target} s"),
    "card_dose": N_("eccentric time, of {target} s"),
    "card_reps": N_("repetitions, of {target}"),
    "card_chart": N_("Seconds of each lowering, with the band that counts as in tempo"),
    "card_praise": N_("Went well"),
    "card_correction": N_("Try this"),
    "card_next": N_("Next"),
    "rest_left": N_("of rest left"),
    "rest_over": N_("Ready when you are"),
    "rest_hint": N_("A longer rest is fine. To go on now, press Enter in the other window."),
    "sensor_scanning": N_("Sensor: searching"),
    "sensor_connecting": N_("Sensor: connecting"),
    "sensor_starting": N_("Sensor: starting"),
    "sensor_streaming": N_("Sensor connected"),
    "sensor_stalled": N_("Sensor is silent"),
    "sensor_reconnecting": N_("Sensor lost, trying again"),
    "sensor_stopped": N_("Sensor off"),
    "battery": N_("battery {percent} %"),
    "sound_on": N_("This device sounds"),
    "sound_off": N_("This device is silent"),
    "sound_waiting": N_("Sounds after a tap anywhere on this page"),
    "sound_elsewhere": N_("The sound comes from another place"),
}


def live_sentences(language: Language) -> dict[str, str]:
    """Return all sentences by name, in one language."""
    return {name: language.say(sentence) for name, sentence in SENTENCES.items()}
