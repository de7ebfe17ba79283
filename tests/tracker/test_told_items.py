from uuid import UUID

from tracker.told_items import corrections, self_reports

SESSION = UUID("00000000-0000-4000-8000-0000000000cc")
STRETCH = {"exercise": "stretch_hamstring", "sets": 2, "side": None}
KNEE = {"exercise": "mob_knee_chest", "sets": 2, "side": None, "sides": ["left", "right"]}


def a_document(*plan, timed=(), measured=(), told=()):
    return {
        "started_at": "2026-03-02T09:00:00+00:00",
        "plan": list(plan),
        "timed": [{"step": step, "exercise": plan[step - 1]["exercise"]} for step in timed],
        "exercise_sets": [{"step": step} for step in measured],
        "self_reported": list(told),
    }


def test_sets_by_the_clock_are_told_once_an_exercise():
    document = a_document(STRETCH, timed=[1, 1])

    [report] = self_reports(SESSION, document)

    assert (report["exercise"], report["sets"], report["reason"]) == (
        "stretch_hamstring", 2, "timed",
    )  # fmt: skip
    assert report["session_id"] == str(SESSION)


def test_where_the_legs_take_turns_a_set_is_both_of_them():
    by_clock = list(self_reports(SESSION, a_document(KNEE, timed=[1, 1])))
    one_leg_measured = list(self_reports(SESSION, a_document(KNEE, timed=[1], measured=[1])))

    assert [report["sets"] for report in by_clock] == [1]
    assert one_leg_measured == []


def test_telling_it_again_is_the_same_report():
    document = a_document(STRETCH, timed=[1], told=[STRETCH | {"step": 1, "reps": None}])

    first, again = (list(self_reports(SESSION, document)) for _ in range(2))

    assert first == again
    assert len({report["id"] for report in first}) == 2


def test_a_count_that_was_put_right_names_its_set_in_the_session():
    sets = [{"reps_by_patient": None}, {"reps_by_patient": 14}, {}]

    assert list(corrections({"exercise_sets": sets})) == [(2, 14)]
