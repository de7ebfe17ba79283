import io
import json
from contextlib import closing
from uuid import UUID

import pytest
from rich.console import Console
from typer.testing import CliRunner

from analysis import ENGINE_VERSION
from tests.tracker.reanalysis.old_place import Place
from tracker.cli import app
from tracker.reanalysis import job
from tracker.reanalysis.report import ChangeReport
from tracker.reanalysis.telling import tell


@pytest.fixture
def place(tmp_path, sitting):
    with closing(Place(tmp_path, sitting)) as made:
        yield made


def run(place, *arguments):
    return CliRunner().invoke(app, ["reanalyse", "--data", str(place.folder.root), *arguments])


def test_the_command_shows_what_the_present_engine_says_otherwise_and_changes_nothing(place):
    session_id = place.add()

    answer = run(place, "--session", str(session_id), "--json")

    document = json.loads(answer.stdout)
    one = document["sessions"][0]
    assert answer.exit_code == 0
    assert document["engine"] == ENGINE_VERSION
    assert {"name": "reps", "before": 2.0, "after": 3.0} in one["differences"][0]["values"]
    assert [(rep["before"], rep["after"]) for rep in one["differences"][0]["reps"]] == [(None, 3)]
    assert (place.reps(session_id), place.states(session_id)) == (2, ["proposed", "current"])


def test_all_are_those_that_an_older_engine_measured_and_are_done_once(place):
    old, new = place.add(), place.add(engine=ENGINE_VERSION)

    first, second = (json.loads(run(place, "--all", "--json").stdout) for _ in range(2))

    assert [one["session"] for one in first["sessions"]] == [str(old)]
    assert second["sessions"] == []
    assert place.states(new) == []


def test_a_job_that_was_cut_off_goes_on_with_what_is_left(place):
    ids = {place.add() for _ in range(3)}
    again = place.job()
    done = next(again.run(again.outdated()))

    left = place.job().outdated()

    assert done.result is not None
    assert set(left) == ids - {done.session_id}


def test_what_is_accepted_on_the_command_line_is_current(place):
    session_id = place.add()

    answer = run(place, "--all", "--accept", "all")

    assert "1 accepted" in answer.stdout
    assert place.reps(session_id) == 3
    assert place.states(session_id) == ["current", "earlier"]


def test_accepting_what_is_the_same_leaves_a_difference_waiting(place):
    different = place.add()

    run(place, "--all", "--accept", "same")
    waiting = place.states(different)
    run(place, "--all", "--accept", "all")

    assert waiting == ["proposed", "current"]
    assert place.states(different) == ["current", "earlier"]


def test_a_session_without_its_recording_is_told_and_stops_no_other(place):
    gone, there = place.add(with_file=False), place.add()

    answer = run(place, "--session", str(gone), "--session", str(there))

    assert answer.exit_code == 1
    assert "its file is not there any more" in answer.stdout.replace("\n", " ")
    assert "1 analysed" in answer.stdout
    assert place.states(there) == ["proposed", "current"]


def test_it_has_to_be_said_which(place):
    assert run(place).exit_code == 2
    assert run(place, "--all", "--session", str(UUID(int=1))).exit_code == 2


def test_the_table_says_before_and_after_of_each_change(place):
    place.add()
    again = place.job()
    out = Console(file=io.StringIO(), width=100)

    report = ChangeReport()
    for one in again.run(again.outdated()):
        report.add(one)
    tell(out, report)

    text = out.file.getvalue()
    assert "reps" in text
    assert "found" in text
    assert "1 wait" in text


def test_a_run_adds_up_what_changed_by_exercise_and_names_the_largest(place):
    old = [place.add() for _ in range(2)]

    document = json.loads(run(place, "--all", "--json").stdout)

    counts = document["counts"]
    [exercise] = document["exercises"].values()
    assert (counts["analysed"], counts["changed"], counts["failed"]) == (2, 2, 0)
    assert (exercise["n_sets"], exercise["n_changed"], exercise["reps_added"]) == (4, 2, 2)
    assert exercise["of_set"]["reps"] == {"n": 2, "mean": 1.0, "largest": 1.0}
    assert {one["session"] for one in document["largest"]} == {str(one) for one in old}
    assert document["sessions_left_out"] == 0


def test_broken_recordings_are_counted_with_the_reason_and_stop_no_other(place):
    gone, broken, empty, good = place.add(with_file=False), place.add(), place.add(), place.add()
    place.path(broken).write_bytes(place.recording.read_bytes()[:200])
    place.path(empty).write_bytes(b"")

    answer = run(place, "--all", "--json")

    reasons = json.loads(answer.stdout)["reasons"]
    assert answer.exit_code == 1
    assert {code: one["n"] for code, one in reasons.items()} == {
        "recording-gone": 1,
        "unreadable-recording": 2,
    }
    assert reasons["recording-gone"]["examples"][0]["session"] == str(gone)
    assert place.states(good) == ["proposed", "current"]


def test_ids_are_read_in_pages_and_none_is_given_twice(place, monkeypatch):
    monkeypatch.setattr(job, "PAGE", 2)
    ids = [place.add() for _ in range(5)]

    given = list(place.job().outdated())

    assert sorted(given) == sorted(ids)


def test_a_session_that_another_run_did_meanwhile_is_left_as_it_is(place):
    session_id = place.add()
    first, second = place.job(), place.job()
    found = [*first.outdated()]
    assert [one.result is not None for one in first.run(found, is_once=True)] == [True]

    [done] = second.run(found, is_once=True)

    assert (done.is_repeat, done.result) == (True, None)
    assert place.states(session_id) == ["proposed", "current"]


def test_a_session_that_is_not_there_is_told(place):
    done = list(place.job().run([UUID(int=7)]))

    assert done[0].result is None
    assert "There is no session" in done[0].reason
