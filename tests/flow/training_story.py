"""The messages of a training, as a server tells them to its pages."""

IDLE = {"type": "state", "state": "idle", "session": None}
PLAN = {
    "type": "plan",
    "session": "a-training",
    "at": 2,
    "minutes_left": 17,
    "steps": [
        {
            "n": 1,
            "exercise": "stretch_hamstring",
            "name": {"en": "Hamstring stretch", "nl": "Rekoefening hamstrings"},
            "movement": "stillness",
            "sets": 2,
            "reps": None,
            "hold_s": 30,
            "rest_s": 10,
            "side": "left",
            "is_measured": True,
            "minutes": 2.0,
            "state": "done",
        },
        {
            "n": 2,
            "exercise": "ecc_prone_helper",
            "name": {"en": "Eccentric leg curl", "nl": "Excentrische training"},
            "movement": "reps",
            "sets": 3,
            "reps": 15,
            "hold_s": None,
            "rest_s": 60,
            "side": "left",
            "is_measured": True,
            "minutes": 9.0,
            "state": "doing",
        },
        {
            "n": 3,
            "exercise": "squat_single",
            "name": {"en": "One-leg squat", "nl": "Kniebuiging op een been"},
            "movement": "reps",
            "sets": 2,
            "reps": 20,
            "hold_s": None,
            "rest_s": 60,
            "side": None,
            "is_measured": True,
            "minutes": 6.0,
            "state": "todo",
        },
    ],
}
SENSOR = {
    "type": "sensor",
    "state": "streaming",
    "battery_percent": 84,
    "rate_hz": 100.0,
    "reason": None,
    "advice": None,
}
PAIN = {
    "code": "pain_now",
    "kind": "scale",
    "text": {"en": "How much pain do you have now?", "nl": "Hoeveel pijn heb je nu?"},
    "choices": None,
}
WARNING = {
    "code": "warning_signs",
    "kind": "yes_no",
    "text": {"en": "Did you feel a snap?", "nl": "Voelde je een knap?"},
    "choices": None,
}
BAND = {
    "code": "band",
    "kind": "choice",
    "text": {"en": "Which band?", "nl": "Welk elastiek?"},
    "choices": [
        {"value": 1, "text": {"en": "The same", "nl": "Hetzelfde"}},
        {"value": 2, "text": {"en": "A heavier one", "nl": "Een zwaarder"}},
    ],
}
SUMMARY = {
    "type": "summary",
    "text": {"en": "Well trained.", "nl": "Goed getraind."},
    "exercises": [
        {
            "exercise": "ecc_prone_helper",
            "name": {"en": "Eccentric leg curl", "nl": "Excentrische training"},
            "sets": 3,
            "reps": 45,
            "in_tempo": 38,
            "state": "done",
        }
    ],
    "advice": [
        {
            "code": "rest_days",
            "kind": "offer",
            "text": {"en": "Shall we plan 3 rest days?", "nl": "Zullen we 3 rustdagen plannen?"},
            "offer": {"do": "rest_days"},
        }
    ],
}
REFUSED = {"type": "refused", "text": {"en": "Not now.", "nl": "Dat kan nu niet."}}


def state(name, exercise="ecc_prone_helper", movement="reps", **more):
    told = {
        "type": "state",
        "state": name,
        "step": 2,
        "exercise": exercise,
        "name": {"en": "Eccentric leg curl", "nl": "Excentrische training"},
        "movement": movement,
        "set": 1,
        "sets": 3,
        "reps_target": 15,
        "rest_s": 60,
        "side": "left",
        "session": "a-training",
        "tempo_s": 3.0,
        "tempo_band_s": [2.5, 3.5],
        "accepted_s": [2.0, 4.0],
        "peak_target_deg": None,
        "hold_s": None,
        "concentric_s": None,
        "cadence_target_per_min": None,
        "question": None,
        "text": None,
    }
    return told | more


def frame(t=0.0, angle_deg=None, phase=None, phase_s=None, reps=0, **more):
    told = {"type": "frame", "t": t, "a": angle_deg, "phase": phase}
    return told | {"phase_s": phase_s, "reps": reps} | more


def rep(n, eccentric_s=3.0, verdict="in_tempo", peak_deg=90):
    told = {"type": "rep", "n": n, "eccentric_s": eccentric_s}
    return told | {"peak_deg": peak_deg, "verdict": verdict, "flags": []}


def card(**more):
    told = {
        "type": "card",
        "step": 2,
        "exercise": "ecc_prone_helper",
        "movement": "reps",
        "set": 1,
        "reps": 16,
        "reps_target": 15,
        "extra_reps": 1,
        "reps_by_patient": None,
        "has_correction": False,
        "in_tempo": 14,
        "eccentric_mean_s": 2.9,
        "dose_s": 43.5,
        "dose_prescribed_s": 45.0,
        "praise": {"en": "14 times about 3 seconds.", "nl": "14 keer ongeveer 3 seconden."},
        "correction": None,
        "next_step": {"en": "Once more.", "nl": "Nog een keer zo."},
        "reps_list": [{"eccentric_s": 2.9, "verdict": "in_tempo"}] * 16,
        "is_measured": True,
        "holds": [],
        "bouts": [],
        "legs": None,
    }
    return told | more


def interval(kind="jog", left_s=47.0, **more):
    told = {"kind": kind, "left_s": left_s, "of_s": 60.0, "round": 2, "rounds": 3}
    return told | {"next": "walk_backward"} | more
