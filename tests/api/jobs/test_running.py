"""Each item is done once, whatever happens to whoever works on it."""

import logging

import pytest

from api.db import transaction
from api.errors import NotFoundError
from api.jobs import queue
from api.jobs.errors import NothingToDoError, QueueFullError
from api.jobs.queue import CLAIM, MOST_OPEN, PAUSES, Asked
from api.jobs.running import UNEXPECTED

pytestmark = pytest.mark.both_databases


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


class Writer:
    """Writes the name of each item, and counts how often it did."""

    def __init__(self, *, before=lambda _number: None):
        self.written, self._before = [], before

    def __call__(self, _place, _job, item):
        self._before(item.number)

        def write(_db, row):
            row.file_name = f"{row.number}.pdf"
            self.written.append(row.number)

        return write


def raising(error, at):
    def before(number):
        if number == at:
            raise error

    return before


def test_every_item_is_done_and_the_job_ends(desk):
    job_id, work = desk.ask(3), Writer()

    desk.run(job_id, work)

    job = desk.job(job_id)
    assert (job.state, job.n_done, job.n_failed, job.problem) == ("done", 3, 0, "")
    assert desk.files(job_id) == ["1.pdf", "2.pdf", "3.pdf"]


def test_the_end_of_a_job_is_a_line_of_the_log_with_its_id_and_nobody_in_it(desk, caplog):
    caplog.set_level(logging.INFO, "api.jobs.running")
    job_id = desk.ask(2)

    desk.run(job_id, Writer(before=raising(ValueError("Synthetic anna"), at=2)))

    fault, ended = caplog.records
    assert [one.job_id for one in caplog.records] == [str(job_id)] * 2
    assert ended.getMessage() == "a job of reports has ended: 1 done, 1 failed"
    assert "anna" not in fault.getMessage()


def test_a_worker_that_is_killed_in_mid_job_leaves_it_to_another_and_nothing_is_done_twice(desk):
    job_id = desk.ask(4)
    first, second = Writer(before=raising(Killed(), at=3)), Writer()
    with pytest.raises(Killed):
        desk.run(job_id, first)
    desk.run(job_id, second)
    assert second.written == [], "it is held still"

    desk.later(CLAIM.total_seconds() + 1)
    desk.run(job_id, second)

    assert (first.written, second.written) == ([1, 2], [3, 4])
    assert (desk.job(job_id).state, desk.job(job_id).n_done) == ("done", 4)


def test_who_was_stopped_for_so_long_that_another_took_over_writes_nothing(desk):
    job_id, second = desk.ask(2), Writer()

    def fall_asleep(number):
        if number == 1:
            desk.later(CLAIM.total_seconds() + 1)
            desk.run(job_id, second)

    first = Writer(before=fall_asleep)
    desk.run(job_id, first)

    assert (first.written, second.written) == ([], [1, 2])
    assert desk.job(job_id).n_done == 2


def test_a_server_that_is_away_is_tried_again_ever_later_and_then_given_up(desk):
    job_id, work = desk.ask(1), Writer(before=raising(OSError("no"), at=1))

    waits_s = []
    for _ in PAUSES:
        desk.run(job_id, work)
        job = desk.job(job_id)
        assert job.state == "waiting"
        waits_s.append((job.not_before - desk.clinic.now).total_seconds())
        desk.run(job_id, Writer())  # too early: nothing happens
        desk.later(waits_s[-1])
    desk.run(job_id, work)

    job = desk.job(job_id)
    assert waits_s == [10, 60, 300, 1800]
    assert (job.state, job.problem) == ("failed", "There was no answer from the disk.")


def test_a_job_that_failed_is_tried_again_by_hand_and_does_what_is_left(desk):
    job_id = desk.ask(3)
    desk.run(job_id, Writer(before=raising(NotFoundError("It is gone."), at=2)))
    assert (desk.job(job_id).state, desk.job(job_id).n_failed) == ("done", 1)
    assert desk.job(job_id).problem == "It is gone."

    answer, again = desk.step(job_id, "again"), Writer()
    desk.run(job_id, again)

    assert answer.status_code == 303
    assert again.written == [2]
    assert (desk.job(job_id).n_done, desk.job(job_id).problem) == (3, "")


def test_a_fault_of_the_program_fails_one_item_and_tells_no_secret(desk, caplog):
    job_id = desk.ask(2)

    desk.run(job_id, Writer(before=raising(ZeroDivisionError("of anna"), at=1)))

    assert desk.reasons(job_id) == [UNEXPECTED]
    assert desk.job(job_id).n_done == 1
    assert "An item of a job failed" in caplog.text


def test_a_job_all_of_whose_items_failed_has_failed(desk):
    job_id = desk.ask(1)

    desk.run(job_id, Writer(before=raising(NotFoundError("It is gone."), at=1)))

    assert (desk.job(job_id).state, desk.job(job_id).problem) == ("failed", "It is gone.")


def test_a_job_that_is_stopped_keeps_what_was_done_and_does_no_more(desk):
    job_id = desk.ask(3)

    def stop(number):
        if number == 2:
            assert desk.step(job_id, "cancel").status_code == 303

    work = Writer(before=stop)
    desk.run(job_id, work)

    assert work.written == [1]
    assert (desk.job(job_id).state, desk.job(job_id).n_done) == ("cancelled", 1)


def test_an_erasure_takes_items_along_and_the_job_ends_without_them(desk):
    job_id = desk.ask(2)

    def erase(number):
        if number == 1:
            path = f"/api/v1/patients/{desk.anna.patient_id}"
            assert desk.anna.client.delete(path).status_code == 200

    work = Writer(before=erase)
    desk.run(job_id, work)

    assert work.written == []
    assert desk.job(job_id).state == "done"


def test_nobody_fills_the_queue(desk):
    for _ in range(MOST_OPEN):
        desk.ask(1)

    with pytest.raises(QueueFullError, match="wait for one to end"):
        desk.ask(1)


def test_a_job_about_nothing_is_refused(desk):
    with transaction(desk.clinic.engine, writes=True) as db, pytest.raises(NothingToDoError):
        queue.ask(db, Asked("reports", desk.who, desk.clinic.now), [])
