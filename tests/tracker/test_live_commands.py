import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.live import LiveHub
from tracker.live_commands import CommandRefusedError, Deed, read_command
from tracker.words import Text

NEEDED = {
    "goto": {"step": 2},
    "answer": {"code": "soreness", "value": None},
    "correct": {"step": 1, "set": 2, "reps": 14},
    "self_report": {"step": 3},
    "accept": {"code": "rest_days"},
    "hands_free": {"on": True},
    "sound": {"page": "a-page", "on": True},
}


@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_can_be_said(deed):
    told = {"do": deed, **NEEDED.get(deed, {})}

    command = read_command(json.dumps(told))

    assert command.do is deed
    assert all(getattr(command, name) == value for name, value in told.items())


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "7", '"next"', "{", "{}", '{"do": 3}', '{"do": ["next"]}', '{"do": "fly"}',
        '{"do": "goto"}', '{"do": "goto", "step": "2"}', '{"do": "goto", "step": -1}',
        '{"do": "goto", "step": true}', '{"do": "correct", "step": 1}',
        '{"do": "start", "sensor": 5}', '{"do": "next", "state": {}}', "[" * 1900,
        '{"do": "next", "x": "' + "a" * 3000 + '"}',
    ],
)  # fmt: skip
def test_what_is_no_command_is_refused(text):
    with pytest.raises(CommandRefusedError):
        read_command(text)


ODD = st.none() | st.booleans() | st.integers(-5, 20_000) | st.sampled_from(["", "next", 0.5, []])


@given(st.dictionaries(st.sampled_from(["do", "step", "code", "value", "on"]), ODD))
def test_whatever_a_page_says_is_a_command_or_refused(told):
    text = json.dumps({"do": "next"} | told)
    n_refused = 0

    try:
        read_command(text)
    except CommandRefusedError:
        n_refused += 1

    assert n_refused in {0, 1}


def say(hub, **told):
    return asyncio.run(hub.take(json.dumps(told)))


def test_without_a_training_only_a_start_goes_to_whoever_can_start_one():
    hub, started = LiveHub(), []
    refused_before = say(hub, do="start")

    async def begin(command):
        started.append(command)

    hub.starter = begin

    answers = [say(hub, do="start", exercise="squat_single"), say(hub, do="stop")]

    assert refused_before["type"] == "refused"
    assert answers == [None, None]
    assert [command.exercise for command in started] == ["squat_single"]


def test_a_refusal_of_whoever_leads_is_the_answer_to_that_page():
    def refuse(_):
        raise CommandRefusedError(Text("No.", "Nee."))

    hub = LiveHub()
    hub.leader = refuse

    answer = say(hub, do="next")

    assert answer == {"type": "refused", "text": {"en": "No.", "nl": "Nee."}}
