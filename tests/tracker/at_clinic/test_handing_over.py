import shutil

import pytest

from tests.tracker.at_clinic.ward import AnklePhone, a_ward, an_ankle, until
from tracker.at_clinic.sitting import SERVICE_RESTART
from tracker.settings import DataFolder
from tracker.virtual_radio import run_virtually

REPS = 2
LIMIT_S = 200.0


@pytest.fixture
def ward():
    with a_ward() as opened:
        yield opened


class Register:
    """Claims of several processes in one place, as the database keeps them."""

    def __init__(self):
        self.held = {}

    def of(self, name):
        return Claims(self, name)


class Claims:
    def __init__(self, register, name):
        self._held, self._name = register.held, name

    async def take(self, patient_id):
        return self._held.setdefault(patient_id, self._name) == self._name

    async def release(self, patient_id):
        assert self._held.pop(patient_id) == self._name

    async def holder(self, patient_id):
        return self._held.get(patient_id)


def reps_of(session):
    return [len(one.reps) for one in session.exercise_sets]


async def in_state(sitting, *states):
    """Wait until the coach says it is somewhere."""

    def is_there():
        told = [one for one in sitting.hub.snapshot()["messages"] if one["type"] == "state"]
        return bool(told) and told[-1]["state"] in states

    await until(is_there)


def copy_as_it_is(folder, left):
    """Copy what a killed process leaves; drafts come and go in a thread, and count for nothing."""
    shutil.copytree(folder.sittings, left.sittings, ignore=shutil.ignore_patterns(".*.draft"))


async def begin(phone, sitting, sets=2):
    assert phone.hello() is None
    await phone.put_on_and_train(sets=sets, reps=REPS)
    await until(lambda: sitting.is_running)


async def go_on(ward, process, phone):
    """Come back at another process as the page does, and train to the end."""
    async with process.line(ward.who(ward.anna)) as sitting:
        phone.connect(sitting.desk)
        async with an_ankle(phone, sitting.hub, reps=REPS):
            phone.wish(sets=2, reps=REPS, again=True)
            await until(lambda: sitting.is_running or phone.wire.of("done"))
            await until(lambda: not sitting.is_running)


def test_a_set_that_runs_may_end_and_the_rest_is_done_at_the_other_process(ward):
    async def story():
        register = Register()
        one, other = (ward.process(claims=register.of(name)) for name in ("one", "other"))
        async with one.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            async with an_ankle(phone, sitting.hub, reps=REPS):
                await begin(phone, sitting)
                await in_state(sitting, "set")
                await one.drain(60.0)
            assert phone.wire.closed == SERVICE_RESTART
            assert phone.wire.of("summary") == []
        assert reps_of(ward.sessions(ward.anna)[0]) == [REPS]
        await go_on(ward, other, phone)
        await other.close()

    run_virtually(story(), limit_s=LIMIT_S)

    first, second = ward.sessions(ward.anna)
    assert reps_of(second) == [REPS]
    assert second.model_dump()["plan"][0]["sets_done"] == 1
    assert first.exercise_sets[0].side == second.exercise_sets[0].side == "left"


def test_between_sets_it_is_handed_over_at_once(ward):
    async def story():
        sittings = ward.process()
        async with sittings.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            async with an_ankle(phone, sitting.hub, reps=REPS):
                await begin(phone, sitting)
                await in_state(sitting, "rest")
                await sittings.drain(0.0)
        assert reps_of(ward.sessions(ward.anna)[0]) == [REPS]

    run_virtually(story(), limit_s=LIMIT_S)


def test_a_set_that_does_not_end_in_time_is_kept_as_far_as_it_came(ward):
    async def story():
        sittings = ward.process()
        async with sittings.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            async with an_ankle(phone, sitting.hub, reps=REPS):
                await begin(phone, sitting)
                messages = sitting.hub.snapshot
                await until(lambda: any(one["type"] == "rep" for one in messages()["messages"]))
                await sittings.drain(0.0)
        (kept,) = ward.sessions(ward.anna)
        assert reps_of(kept) in ([1], [2])
        assert ward.recording_of(kept) is not None

    run_virtually(story(), limit_s=LIMIT_S)


def test_what_a_killed_process_left_behind_is_stored_and_gone_on_with(ward):
    async def story():
        doomed = ward.process()
        async with doomed.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            async with an_ankle(phone, sitting.hub, reps=REPS):
                await begin(phone, sitting)
                await in_state(sitting, "rest")
                left = DataFolder(ward.folder.root.with_name("left behind"))
                copy_as_it_is(ward.folder, left)
            phone.drop()
            ward.folder = left
            other = ward.process()
            await go_on(ward, other, phone)
            await other.close()

    run_virtually(story(), limit_s=LIMIT_S)

    sessions = ward.sessions(ward.anna)
    assert [reps_of(one) for one in sessions] == [[REPS], [REPS]]


def test_the_next_process_stores_what_was_left_behind_by_itself(ward):
    async def story():
        doomed = ward.process()
        async with doomed.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            async with an_ankle(phone, sitting.hub, reps=REPS):
                await begin(phone, sitting)
                await in_state(sitting, "rest")
                left = DataFolder(ward.folder.root.with_name("left behind"))
                copy_as_it_is(ward.folder, left)
            ward.folder = left
            assert await ward.process().store_left_over() == 1
            assert await ward.process().store_left_over() == 0
        assert [reps_of(one) for one in ward.sessions(ward.anna)] == [[REPS]]

    run_virtually(story(), limit_s=LIMIT_S)


def test_while_one_process_has_a_sitting_another_one_has_not(ward):
    async def story():
        register = Register()
        one, other = (ward.process(claims=register.of(name)) for name in ("one", "other"))
        async with one.line(ward.who(ward.anna)), other.line(ward.who(ward.anna)) as second:
            assert second is None
            assert await other.claims.holder(ward.anna.patient_id) == "one"
        await one.close()
        assert register.held == {}
        async with other.line(ward.who(ward.anna)) as second:
            assert second is not None

    run_virtually(story(), limit_s=LIMIT_S)


def test_when_all_was_done_before_the_line_broke_the_phone_is_told_so(ward):
    async def story():
        sittings = ward.process()
        async with sittings.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            async with an_ankle(phone, sitting.hub, reps=REPS):
                await begin(phone, sitting, sets=1)
                await until(lambda: not sitting.is_running)
                phone.wish(sets=1, reps=REPS, again=True)
                await until(lambda: phone.wire.of("done"))
                phone.wish(sets=1, reps=REPS)
                await until(lambda: sitting.is_running)
        await sittings.close()

    run_virtually(story(), limit_s=LIMIT_S)
