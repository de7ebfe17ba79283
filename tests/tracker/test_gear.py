from uuid import UUID

import pytest

from analysis import load_catalogue
from tests.tracker.coach_builders import Person, a_sitting
from tracker.coach_commands import PageCommands
from tracker.coach_cues import CoachState, Keep, Kept, Key
from tracker.gear import GearError, GearKind, gear_kind, read_gear
from tracker.gear_memory import GearMemory, with_gear
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.planning import make_plan
from tracker.settings import CoachSettings, DataFolder

ME, OTHER = UUID(int=1), UUID(int=2)
YELLOW = {"kind": "training_band", "colour": "yellow", "is_double": False, "pre_stretch": "more"}
STAIR = {"stage": "faster", "height_cm": 20}


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path).make()


def test_a_band_belongs_to_what_it_pulls_at_and_a_step_to_the_step_up():
    kinds = {name: gear_kind(one) for name, one in load_catalogue().exercises.items()}

    assert {name for name, kind in kinds.items() if kind is GearKind.BAND} == {
        "ecc_seated_solo", "iso_stand_ext", "conc_seated",
    }  # fmt: skip
    assert {name for name, kind in kinds.items() if kind is GearKind.HELPED_BAND} == {
        "ecc_prone_helper"
    }
    assert {name for name, kind in kinds.items() if kind is GearKind.STEP} == {"step_up"}


@pytest.mark.parametrize("kind", GearKind)
def test_everything_may_stay_open(kind):
    assert read_gear({}, kind) == {}
    assert read_gear({"stage": None} if kind is GearKind.STEP else {"colour": "  "}, kind) == {}


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"kind": "rope"}, GearKind.BAND),
        ({"kind": ["training_band"]}, GearKind.BAND),
        ({"colour": "y" * 41}, GearKind.BAND),
        ({"colour": 7}, GearKind.BAND),
        ({"is_double": "yes"}, GearKind.BAND),
        ({"height_cm": 20}, GearKind.BAND),
        ({"helper_presses": True}, GearKind.BAND),
        ({"helper_presses": "a little"}, GearKind.HELPED_BAND),
        ({"height_cm": 0}, GearKind.STEP),
        ({"height_cm": 101}, GearKind.STEP),
        ({"height_cm": 20.5}, GearKind.STEP),
        ({"height_cm": True}, GearKind.STEP),
    ],
)
def test_what_cannot_be_is_refused(told, kind):
    with pytest.raises(GearError):
        read_gear(told, kind)


def test_gear_is_remembered_for_each_exercise_of_each_person(folder):
    GearMemory(folder, ME).remember("ecc_prone_helper", YELLOW)
    GearMemory(folder, ME).remember("step_up", STAIR)
    GearMemory(folder, OTHER).remember("step_up", {"height_cm": 40})
    sitting = a_sitting(("ecc_prone_helper", "left"), ("conc_seated", "left"), ("step_up", "left"))

    curl, seated, step_up = with_gear(sitting, folder, ME, "inner tube").steps

    assert curl.band == YELLOW | {"pre_stretch": "same"}
    assert seated.band == "inner tube"
    assert step_up.band == STAIR


def test_alone_or_with_a_helper_it_is_the_same_band(folder):
    GearMemory(folder, ME).remember("ecc_prone_helper", YELLOW)

    assert GearMemory(folder, ME).of("ecc_seated_solo") == YELLOW


def test_what_is_told_empty_or_forgotten_is_asked_again(folder):
    GearMemory(folder, ME).remember("step_up", STAIR)
    GearMemory(folder, OTHER).remember("step_up", STAIR)

    GearMemory(folder, ME).remember("step_up", {})
    GearMemory(folder, OTHER).forget()

    assert [GearMemory(folder, one).of("step_up") for one in (ME, OTHER)] == [None, None]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 3}'])
def test_a_memory_that_cannot_be_read_is_begun_anew(folder, text):
    folder.gear.write_text(text, "utf-8")

    GearMemory(folder, ME).remember("step_up", STAIR)

    assert GearMemory(folder, ME).of("step_up") == STAIR


def told_by_page(person, step, gear):
    commands = PageCommands(person.coach, CoachSettings())
    command = Command(do=Deed.EQUIP, step=step, gear=gear)
    person.take(outputs := commands.take(command, person.now_s))
    return outputs


def test_a_page_tells_the_band_and_every_page_and_the_next_set_know_it():
    person = Person(of=a_sitting(("conc_seated", "left"), ("conc_seated", "right"))).start()

    outputs = told_by_page(person, 1, YELLOW)

    kept = [one.item for one in outputs if isinstance(one, Keep) and one.what is Kept.GEAR]
    assert kept == [{"exercise": "conc_seated", "gear": YELLOW}]
    assert person.coach.state_message()["gear"] == {"asks": "band", "told": YELLOW}
    assert [step.band for step in person.coach.plan.steps] == [YELLOW, YELLOW]
    assert person.coach.step.band == YELLOW


def test_a_page_asks_nothing_where_nothing_resists():
    person = Person(of=a_sitting(("squat_single", "left"))).start()

    with pytest.raises(CommandRefusedError):
        told_by_page(person, 1, {})
    assert person.coach.state_message()["gear"] is None


@pytest.mark.parametrize(("step", "gear"), [(3, YELLOW), (1, {"kind": "rope"})])
def test_what_is_wrong_is_refused_and_changes_nothing(step, gear):
    person = Person(of=a_sitting(("conc_seated", "left"))).start()

    with pytest.raises(CommandRefusedError):
        told_by_page(person, step, gear)
    assert person.coach.step.band is None


def test_what_is_told_under_a_set_counts_from_the_next_one_on():
    person = Person(of=make_plan("conc_seated", has_questions=False)).start().connect()

    told_by_page(person, 1, YELLOW)
    person.key(Key.NEXT)

    assert person.coach.state is CoachState.READY
    assert person.coach.step.band == YELLOW
