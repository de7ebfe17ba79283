from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from analysis import (
    Enrolment,
    History,
    SessionRecord,
    SetRecord,
    SportRecord,
    advise,
    load_programme,
    plan_today,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HAMSTRING = load_programme()
START = datetime(2026, 3, 2, 8, 0, tzinfo=AMSTERDAM)  # a Monday, four weeks before summer time
ENROLLED = Enrolment(start_on=START.date())
RUNNER = Enrolment(
    start_on=START.date(), sport_id="running", sport_from=START.date() + timedelta(days=42)
)


def morning(day, hour=8):
    return (START + timedelta(days=day - 1)).replace(hour=hour)


def core(n_sets=3, *, reps=15, accepted=15, eccentric_s=45.0, exercise_id="ecc_prone_helper"):
    one = SetRecord(
        exercise_id=exercise_id, reps_done=reps, reps_accepted=accepted, eccentric_s=eccentric_s
    )
    return (one,) * n_sets


def session(day, hour=8, *, pain=0, soreness=0, worst=None, sets=None, **answers):
    return SessionRecord(
        at=morning(day, hour),
        sets=core() if sets is None else sets,
        pain_start=pain,
        soreness_start=soreness,
        pain_worst=pain if worst is None else worst,
        **answers,
    )


def sport(day, day_id="walk_jog", **record):
    return SportRecord(at=morning(day, 12), day_id=day_id, **({"pain_worst": 0} | record))


def plan(day, history=None, enrolment=ENROLLED, *, hour=20, programme=HAMSTRING):
    now = morning(day, hour).astimezone(UTC)
    return plan_today(programme, enrolment, history or History(), now, AMSTERDAM)


def said(day, history=None, enrolment=ENROLLED, *, hour=20, programme=HAMSTRING):
    now = morning(day, hour).astimezone(UTC)
    advice = advise(programme, enrolment, history or History(), now, AMSTERDAM)
    return {one.rule.code for one in advice}
