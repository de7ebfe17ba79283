import json

import pytest

from tracker.watching.told import MAX_BOUTS, MAX_TEXT, Telling

REP = {"type": "rep", "n": 3, "eccentric_s": 2.9}


def read(*messages):
    telling = Telling()
    return [one for message in messages for one in telling.read(json.dumps(message))]


def test_the_messages_of_a_training_go_on_as_they_are():
    frame = {"type": "frame", "a": 42.0, "phase": "eccentric"}

    assert read(REP, frame) == [REP, frame]


def test_a_snapshot_is_told_message_by_message_without_its_ages():
    snapshot = {"type": "snapshot", "messages": [REP | {"age_s": 1.5}, {"type": "cue"}]}

    assert read(snapshot) == [REP]


def test_questions_and_their_answers_stay_with_the_patient():
    asked = {"type": "state", "state": "questions", "question": {"code": "pain_worst"}}

    assert read(asked) == [{"type": "state", "state": "questions"}]
    assert read({"do": "answer", "code": "pain_worst", "value": 7}) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "not json",
        '{"type": 5}',
        '{"type": "watched", "by": ["x"]}',
        '{"type": "rep"}',
        '{"type": "rep", "n": "3"}',
        '{"type": "rep", "n": true}',
        '{"type": "hold", "n": 0}',
        '{"type": "rep", "n": 1000000}',
        '{"type": "snapshot", "messages": 5}',
        '{"type": "snapshot", "messages": [[], 3, null]}',
        "[" * 100_000,
        '{"type": "card", "x": "' + "x" * MAX_TEXT + '"}',
    ],
)
def test_anything_else_is_nothing(text):
    assert Telling().read(text) == []


def test_bouts_without_end_are_cut_off_until_the_next_state():
    bouts = [{"type": "bout", "kind": "run"}] * (MAX_BOUTS + 5)

    assert len(read(*bouts)) == MAX_BOUTS
    assert len(read(*bouts, {"type": "state"}, bouts[0])) == MAX_BOUTS + 2
