"""The life of a runner: a torn hamstring, a helper, twelve weeks, and back to playing football."""

from datetime import timedelta
from typing import Final

from tools.living.moments import at_frame, at_rep, in_state, on_the_way_back
from tools.living.patient import Patient
from tools.living.watching import Moment

STRETCHES: Final = frozenset(
    {"stretch_hamstring", "stretch_adductor", "mob_knee_chest", "mob_knee_across"}
)
OPENING: Final = frozenset({"stretch_hamstring", "stretch_adductor", "squat_single", "step_up"})
CORE: Final = ["ecc_prone_helper"]
LAST_BLOCK: Final = [*CORE, "conc_seated", "step_up"]
LAST_BLOCK_FROM: Final = 5
LAST_WEEK_OF_EXERCISES: Final = 6
NO_SIGNS: Final = {"warning_signs_start": 0, "warning_signs_end": 0}


def live_as_a_runner(patient: Patient) -> None:
    """Live from the tear to the last week and beyond."""
    first_days(patient)
    pain_and_rest(patient)
    day = next_blocks(patient, 17)
    day = walking_and_jogging(patient, day)
    sprinting(patient, day)


def first_days(patient: Patient) -> None:
    """Rest after the tear, the first training, and the first days that go easily."""
    patient.home.calendar.move(patient.on(1), 9)
    patient.look("01-welcome")
    patient.look("02-intake", "/intake")
    patient.begin(
        {
            "warning_signs": "no",
            "complete_tear": "no",
            "side": patient.side,
            "cause": "tear",
            "site": "muscle_tendon",
            "baseline": "6",
            "variant": "ecc_prone_helper",
        },
        {"injured_on": patient.on(1) - timedelta(days=2)},
        band="geel, enkel",
        sport="voetbal",
    )
    patient.listen()
    patient.look("03-rest-after-a-tear")
    patient.be(4, 8)
    patient.look("04-first-day")
    patient.train(
        Moment("06-calibrating", "message", in_state("calibrating", "ecc_prone_helper")),
        Moment("07-stretch", "set", at_frame("stretch_hamstring", hold_s=12), moves=True),
        Moment("08-live-set", "set", on_the_way_back("ecc_prone_helper", 5), moves=True),
        Moment("09-set-card", "card", in_state("card", "ecc_prone_helper")),
        Moment("10-rest", "card", in_state("rest", "ecc_prone_helper")),
        Moment("11-live-raise", "set", on_the_way_back("iso_prone_raise", 4), moves=True),
        pictures={
            "pain_before": "12-pain-question",
            "ecc_prone_helper": "05-exercise-card",
            "summary": "13-summary",
        },
        pain_before=2,
        pain_worst=3,
        soreness=2,
    )
    patient.be(4, 22)
    patient.look("14-first-evening")
    for day in range(5, 10):
        patient.train_elsewhere(day, ["ecc_prone_helper"])
    patient.be(9, 22)
    patient.look("15-may-be-heavier")
    patient.accept("heavier_band", "seen")


def pain_and_rest(patient: Patient) -> None:
    """Let pain rise, look for warning signs, and rest."""
    patient.train_elsewhere(10, CORE, pain_before=2, pain_worst=3, **NO_SIGNS)
    patient.be(11, 9)
    patient.tell_leg(pain=5)
    patient.look("16-first-weeks-hurt-more")
    patient.be(12, 8)
    patient.train(
        pictures={"warning_signs_end": "17-warning-signs"},
        is_short=True,
        skips=STRETCHES | {"iso_prone_raise"},
        pain_before=5,
        pain_worst=7,
        warning_signs_end=0,
    )
    patient.be(12, 20)
    patient.tell_leg(pain=7)
    patient.look("18-signs-asked")
    patient.answer("warning_signs", is_yes=False)
    patient.look("19-rest-days-offered")
    patient.accept("rest_days")
    patient.be(13, 9)
    patient.look("20-rest-day")
    patient.train_elsewhere(16, CORE, pain_before=6, pain_worst=6, **NO_SIGNS)
    patient.look("21-see-your-physician")
    patient.be(16, 21)
    patient.play("other", pain=2)
    patient.look("22-sport-hurts")


def next_blocks(patient: Patient, day: int) -> int:
    """Train weeks 2 to 6, the first day of each block through the coach; return the day after."""
    weeks_coached: set[int] = set()
    has_looked = False
    while (week := patient.be(day, 8)["week"]) <= LAST_WEEK_OF_EXERCISES:
        if week in BLOCK_MOMENTS and week not in weeks_coached:
            weeks_coached.add(week)
            patient.train(*BLOCK_MOMENTS[week], pictures=BLOCK_CARDS[week])
        else:
            patient.train_elsewhere(day, LAST_BLOCK if week >= LAST_BLOCK_FROM else CORE)
        if week == LAST_WEEK_OF_EXERCISES and not has_looked:
            has_looked = True
            patient.look("26-calendar-in-week-6", "/calendar")
            patient.look("27-heavier-and-higher")
        day += 1
    return day


def walking_and_jogging(patient: Patient, day: int) -> int:
    """Pass the gate to sport, and go its first steps up and down; return the day after."""
    patient.look("28-clearly-less")
    patient.answer("improved", is_yes=True)
    patient.look("29-sport-gate", "/sport")
    patient.start_sport("running")
    patient.look("30-sport-started", "/sport/running/walk_jog")
    times = ((1, False), (2, True), (5, False), (1, False))
    for n, (pain, has_returned) in enumerate(times):
        patient.be(day, 8)
        patient.tell_leg(pain=0, anti_inflammatory=n == len(times) - 1)
        if n == 0:
            moment = Moment(
                "31-intervals", "set", at_frame("run_intervals", elapsed_s=20), moves=True
            )
            patient.train(moment, skips=OPENING)
        patient.be(day, 18)
        patient.play("day:walk_jog", pain, has_returned=has_returned)
        patient.be(day + 1, 8)
        patient.tell_leg(pain=0)
        offered = {one["code"] for one in patient.listen()["advice"]}
        if n == 1:
            patient.look("32-one-step-back")
            patient.look("33-diary", "/sport")
        for code in ("sport_next_step", "sport_step_back"):
            if code in offered:
                patient.accept(code)
        day += 2
    return day


def sprinting(patient: Patient, day: int) -> None:
    """Jog, sprint, train again, and stay well after week 12."""
    trained: set[str] = set()
    while (today := patient.be(day, 8))["kind"] != "finished":
        sport_day = (today["sport"] or {}).get("day")
        if sport_day not in {None, "walk_jog"} and sport_day not in trained:
            trained.add(sport_day)
            patient.look(f"34-{sport_day}-day", f"/sport/running/{sport_day}")
            patient.train(*SPORT_MOMENTS.get(sport_day, ()), skips=OPENING)
            patient.be(day, 18)
            patient.play(f"day:{sport_day}", pain=0)
            patient.look(f"35-{sport_day}-done")
        elif today["kind"] == "training":
            patient.train_elsewhere(day, CORE)
        day += 1
    patient.look("37-the-programme-is-complete")
    patient.accept("prevention", "seen")
    patient.look("38-prevention", "/sport")
    patient.look("39-calendar-of-a-life", "/calendar")
    patient.look("40-good-to-know", "/good-to-know")
    patient.look("41-sessions", "/sessions")


BLOCK_MOMENTS: Final = {
    3: (
        Moment("23-standing", "set", on_the_way_back("iso_stand_ext", 3), moves=True),
        Moment("24-squat", "set", on_the_way_back("squat_single", 3), moves=True),
        Moment("24-plank", "set", on_the_way_back("plank_leg_raise", 3), moves=True),
    ),
    5: (
        Moment("25-concentric", "set", on_the_way_back("conc_seated", 3), moves=True),
        Moment("25-bridge", "set", on_the_way_back("bridge_leg_raise", 3), moves=True),
        Moment("25-step", "set", at_rep("step_up", 5), moves=True),
    ),
}
BLOCK_CARDS: Final = {
    3: {"squat_single": "23-squat-card", "move_sensor": "24-move-the-sensor"},
    5: {"bridge_leg_raise": "25-bridge-card", "step_up": "25-step-card"},
}
SPORT_MOMENTS: Final = {
    "sprint": (Moment("36-sprint", "set", at_frame("sprint_sets", elapsed_s=3), moves=True),),
}
