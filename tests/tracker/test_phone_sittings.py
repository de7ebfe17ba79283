import asyncio

import pytest

from tests.tracker.phone_builders import a_console, a_desk, a_paired_phone, run_quickly
from tests.tracker.training_builders import PROFILE, Messages
from tracker.coach_cues import CoachState
from tracker.phone.desk import Wish
from tracker.phone.door import PhoneDoor
from tracker.phone.family import check_ankle
from tracker.phone_training import PhoneSittings, exercises_for_phones, patient_settings
from tracker.settings import CoachSettings, DataFolder


def test_what_a_phone_may_choose_can_be_measured_and_suits_the_ankle():
    offered = exercises_for_phones()

    assert {"ecc_prone_helper", "ecc_seated_solo"} <= {one.id for one in offered}
    assert all(one.is_measurable for one in offered)
    for one in offered:
        check_ankle(one)


def test_who_straps_a_phone_on_is_waited_for_longer():
    settings = patient_settings(CoachSettings(last_card_s=1.0))

    assert settings.connect_give_up_s == 900.0
    assert settings.last_card_s == 1.0


async def wishing(tmp_path, *wishes, is_checked=True, spoil=None):
    """Wish for trainings one after the other; gives what was told and to whom."""
    folder, hub, console = DataFolder(tmp_path).make(), Messages(), a_console()
    desk = a_desk(hub, now_s=asyncio.get_running_loop().time)
    phone = a_paired_phone(desk)
    if is_checked:
        phone.lie_flat()
    sittings = PhoneSittings(folder, PROFILE, hub, console)
    sittings.door, sittings.url = PhoneDoor(desk=desk, listener=None), "http://127.0.0.1:9"
    if spoil is not None:
        spoil(folder)
    for wish in wishes:
        sittings.wish(wish)
        while sittings.is_running and not hub.of("state"):  # noqa: ASYNC110 (a thread ends first)
            await asyncio.sleep(0.05)
    await sittings.close()
    return phone, hub, console.file.getvalue()


def test_a_wish_begins_a_training_and_a_second_one_meanwhile_does_nothing(tmp_path):
    wishes = Wish(exercise="ecc_prone_helper", side="left"), Wish(exercise="ecc_seated_solo")

    _, hub, _ = run_quickly(wishing(tmp_path, *wishes))

    states = hub.of("state")
    assert {one["exercise"] for one in states} == {"ecc_prone_helper"}
    assert [one["state"] for one in states] == [CoachState.CONNECTING, CoachState.DONE]


def test_a_wish_of_a_phone_that_was_not_checked_does_nothing(tmp_path):
    wish = Wish(exercise="ecc_prone_helper")

    _, hub, _ = run_quickly(wishing(tmp_path, wish, is_checked=False))

    assert hub.told == []


@pytest.mark.parametrize("exercise", ["step_up", "no_such_exercise"])
def test_a_training_that_cannot_be_done_is_told_here_and_on_the_phone(tmp_path, exercise):
    phone, _, said = run_quickly(wishing(tmp_path, Wish(exercise=exercise)))

    assert phone.wire.of("failed") == [{"type": "failed"}]
    assert said.strip()


def test_a_folder_that_cannot_be_written_is_told_here_and_on_the_phone(tmp_path):
    def spoil(folder):
        folder.unfinished.rmdir()
        folder.unfinished.write_text("in the way")

    wish = Wish(exercise="ecc_prone_helper")

    phone, _, said = run_quickly(wishing(tmp_path, wish, spoil=spoil))

    assert phone.wire.of("failed")
    assert "unfinished" in said
