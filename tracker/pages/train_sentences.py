"""The sentences of the training page that its modules say, beside those of the live view."""
# ruff: noqa: RUF001 (the sign of multiplication is meant)

from collections.abc import Mapping
from typing import Final

from api.pages.language import N_, Language

SENTENCES: Final[Mapping[str, str]] = {
    "state_intro": N_("Get ready"),
    "state_move_sensor": N_("Move the sensor"),
    "do_next_intro": N_("I am ready"),
    "do_next_move_sensor": N_("It is on"),
    "do_next_connecting": N_("Go on"),
    "do_next_calibrating": N_("Go now"),
    "do_next_ready": N_("End this set"),
    "do_next_set": N_("End this set"),
    "do_next_card": N_("To the rest"),
    "do_next_rest": N_("Go on now"),
    "do_next_questions": N_("Skip this question"),
    "do_again": N_("One set more"),
    "do_skip": N_("Skip this exercise"),
    "do_self_report": N_("Done without a sensor"),
    "do_stop": N_("Stop for today"),
    "stop_sure": N_("Stop now? Everything up to here is kept."),
    "do_stop_yes": N_("Yes, stop"),
    "do_stop_no": N_("No, go on"),
    "plan_title": N_("Today"),
    "plan_left": N_("about {minutes} min left"),
    "step_todo": N_("to do"),
    "step_doing": N_("now"),
    "step_done": N_("done"),
    "step_skipped": N_("skipped"),
    "step_self_reported": N_("done, not measured"),
    "step_sets_reps": N_("{sets} × {reps}"),
    "step_sets_hold": N_("{sets} × {seconds} s"),
    "step_goto": N_("Go to {name}"),
    "scale_0": N_("none"),
    "scale_3": N_("light"),
    "scale_6": N_("severe"),
    "scale_10": N_("worst"),
    "rest_hint_here": N_("A longer rest is fine."),
    "rpe_0": N_("very light"),
    "rpe_10": N_("as hard as can be"),
    "answer_yes": N_("Yes"),
    "answer_no": N_("No"),
    "hold_left": N_("of {target} s"),
    "hold_interruptions": N_("{n} × interrupted"),
    "hold_result": N_("Held for {seconds} s"),
    "card_held": N_("held, of {target} s"),
    "card_bout": N_("{kind}: {duration}, {cadence} a minute"),
    "card_bout_timed": N_("{kind}: {duration}"),
    "card_extra": N_("{n} more than asked: fine."),
    "card_not_measured": N_("By the clock: nothing was measured."),
    "card_wrong": N_("Count wrong?"),
    "card_correct": N_("You counted"),
    "card_correct_save": N_("Keep my count"),
    "card_corrected": N_("You counted {n}; measured were {measured}. Both are kept."),
    "interval_walk": N_("Walk briskly"),
    "interval_jog": N_("Jog easily"),
    "interval_walk_backward": N_("Walk backward"),
    "interval_jog_backward": N_("Jog backward"),
    "interval_backward": N_("Backward"),
    "interval_sprint": N_("Sprint"),
    "interval_run_up": N_("Run-up"),
    "interval_run_out": N_("Run-out"),
    "interval_rest": N_("Walk back, rest"),
    "interval_ride": N_("Ride"),
    "interval_round": N_("round {round} of {rounds}"),
    "interval_next": N_("then: {kind}"),
    "cadence_unit": N_("turns a minute"),
    "cadence_steps": N_("steps a minute"),
    "cadence_target": N_("more than {target}; on a climb less is fine"),
    "summary_title": N_("Done for now"),
    "summary_sets": N_("{sets} sets"),
    "summary_reps": N_("{n} repetitions"),
    "summary_in_tempo": N_("{n} in tempo"),
    "accept": N_("Yes, please"),
    "refused_lost": N_(
        "tempo90 cannot be reached at this moment. It goes on by itself; try again."
    ),
    "picture_stop": N_("Stop the picture"),
    "picture_go": N_("Move the picture"),
}


def train_sentences(language: Language) -> dict[str, str]:
    """Return all sentences by name, in one language."""
    return {name: language.say(sentence) for name, sentence in SENTENCES.items()}
