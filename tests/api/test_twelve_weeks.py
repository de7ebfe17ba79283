"""Whole programmes, lived day by day through the interface and the pages, with the clock moved."""

from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from analysis import load_programme
from tests.api.builders import exercise_set
from tests.api.course_builders import INJURY_ID, at, local_install

# Week 5 holds the night on which the clocks of Europe go back: a day of 25 hours.
START = date(2026, 9, 21)
ZONES = ("Europe/Amsterdam", "Pacific/Auckland", "America/St_Johns")
CORE = frozenset({"ecc_prone_helper"})
EVERY_RULE = {rule.code for rule in load_programme().rules}


def light_set(planned):
    """A set as it is measured when all goes well, without its single repetitions."""
    reps = planned["reps"] or 1
    one = exercise_set((), exercise=planned["exercise"], trace=False)
    dose_s = reps * (planned["eccentric_s"] or 0)
    return one | {
        "side": None,
        "quality": {"reps": reps, "in_tempo": reps, "accepted": reps, "dose_s": dose_s},
    }


class Life:
    """One patient's twelve weeks; `heard` is what the programme said, `done` what was trained."""

    def __init__(self, patient, zone):
        self.patient, self.zone = patient, ZoneInfo(zone)
        self.heard, self.trained, self.days = set(), set(), {}

    def on(self, n):
        return START + timedelta(days=n - 1)

    def move(self, n, hour):
        self.patient.move(at(self.on(n), hour, zone=self.zone))
        return self.listen()

    def listen(self):
        today = self.patient.today()
        self.heard |= {one["code"] for one in today["advice"]}
        return today

    def begin(self, **told):
        self.patient.move(at(START, 7, zone=self.zone))
        form = {
            "id": str(INJURY_ID),
            "warning_signs": "no",
            "complete_tear": "no",
            "side": "left",
            "cause": "overload",
            "baseline": "6",
            "variant": "ecc_prone_helper",
            "start_on": str(START),
            "time_zone": str(self.zone),
        }
        answer = self.patient.send("/intake", **form | told)
        assert answer.url.path == "/"

    def live(self, n, exercises=None, **answers):
        """Train twice on day n if training is due: all exercises, or only those that are named."""
        given = {"pain": {"before": 0, "worst": 0}, "soreness": 0} | answers
        today = self.move(n, 8)
        due = [
            one for one in today["exercises"] if exercises is None or one["exercise"] in exercises
        ]
        sets = [light_set(one) for one in due for _ in range(one["sets"])]
        for hour in (8, 19) if sets else ():
            self.patient.move(at(self.on(n), hour, zone=self.zone))
            self.patient.train(exercise_sets=sets, **given)
        self.trained |= {one["exercise"] for one in due}
        self.days[n] = self.move(n, 22)

    def accept(self, key):
        assert self.patient.answer(key).status_code == 201, key


@pytest.mark.parametrize("zone", ZONES)
def test_who_trains_twice_a_day_has_84_days_in_any_time_zone(zone):
    with local_install() as patient:
        life = Life(patient, zone)
        life.begin()

        for n in range(1, 85):
            life.live(n, CORE if n % 7 else None)
            if n % 14 == 0:
                assert patient.open("/", "nl").status_code == 200
                assert patient.open("/calendar").status_code == 200
        after = life.move(85, 9)

        days = patient.get("calendar").json()["days"]

    assert [life.days[n]["day"] for n in range(1, 85)] == list(range(1, 85))
    assert {(day["sessions_due"], day["sessions_done"]) for day in days} == {(2, 2)}
    assert {day["dose"]["percent"] for day in days} == {100.0}
    assert life.days[84]["streak_days"] == 84
    assert after["kind"] == "finished"
    assert life.trained == {
        name for block in load_programme().blocks for slot in block.slots for name in slot[:1]
    }


def test_a_torn_hamstring_comes_back_to_running_by_the_rules():
    with local_install() as patient:
        life = Life(patient, "Europe/Amsterdam")
        life.begin(cause="tear", injured_on=str(START - timedelta(days=2)))
        resting = life.days[1] = life.move(1, 9)
        for n in range(4, 10):
            life.live(n, CORE)
        life.live(10, pain={"before": 2, "worst": 4}, warning_signs_end=False)
        patient.check_in(pain=5)
        life.listen()
        life.live(13, pain={"before": 5, "worst": 7})
        patient.reply("warning_signs", is_yes=False)
        life.listen()
        life.accept("rest_days")
        for n in (14, 15, 16):
            assert life.move(n, 9)["kind"] == "rest"
        life.live(17, pain={"before": 6, "worst": 6}, warning_signs_end=False)
        patient.play(sport="swimming", pain_worst=2)
        for n in range(18, 50):
            life.live(n, CORE | {"conc_seated", "step_up"})
        first_sport_n = 1 + (date.fromisoformat(_first_day_of_week(patient, 7)) - START).days
        for n in range(50, first_sport_n):
            life.live(n, CORE)
        life.move(first_sport_n, 8)
        patient.reply("improved", is_yes=True)
        life.listen()
        patient.enrol(start_on=str(START), sport="running", sport_from=str(life.on(first_sport_n)))
        _return_to_sport(life, first_sport_n)

    never = {"warning_signs", "keep_going", "ask_physician_at_the_end", "quiet_after_injection"}
    assert resting["kind"] == "rest_after_tear"
    assert life.heard == EVERY_RULE - never


def test_whose_complaints_stay_is_told_to_go_on_and_then_to_see_a_physician():
    with local_install() as patient:
        life = Life(patient, "America/St_Johns")
        life.begin(injected_on=str(START - timedelta(days=3)))
        life.live(1)
        for n in (43, 50, 57, 85):
            life.move(n, 9)
            patient.reply("improved", is_yes=False)
            life.listen()
        patient.check_in(pain=8)
        life.listen()
        patient.reply("warning_signs", is_yes=True)
        stopped = patient.advice()

    assert {"quiet_after_injection", "keep_going", "ask_physician_at_the_end"} <= life.heard
    assert set(stopped) == {"warning_signs"}


def _first_day_of_week(patient, week):
    days = patient.get("calendar").json()["days"]
    return next(day["on"] for day in days if day["week"] == week)


def _return_to_sport(life, first_n):
    """Two weeks of walking and jogging with their ups and downs, then on to the last week."""
    patient = life.patient
    told = [
        {"pain_worst": 1},
        {"pain_worst": 2, "has_returned_complaints": True},
        {"pain_worst": 5},
        {"pain_worst": 1},
    ]
    level = 0
    for k, answers in enumerate(told):
        today = life.move(first_n + 2 * k, 8)
        assert today["sport"]["day"] == "walk_jog"
        patient.check_in(pain=0, took_anti_inflammatory=k == 3)
        life.listen()
        life.move(first_n + 2 * k, 18)
        patient.play(day="walk_jog", level=level, **answers)
        life.listen()
        life.move(first_n + 2 * k + 1, 8)
        patient.check_in(pain=0)
        offered = {one["code"] for one in life.listen()["advice"]}
        for code, step in (("sport_next_step", 1), ("sport_step_back", -1)):
            if code in offered:
                life.accept(code)
                level += step
    assert life.move(first_n + 14, 9)["sport"]["day"] == "jog"
    last = life.move(first_n + 34, 9)
    assert (last["sport_week"], last["sport"]["day"]) == (11, "training")
    assert life.move(first_n + 42, 9)["kind"] == "finished"
    assert patient.answer("prevention", "seen", uuid4()).status_code == 201
