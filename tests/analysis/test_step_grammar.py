import pytest

from analysis.step_grammar import StepGrammar
from analysis.step_humps import Hump
from analysis.step_swings import Swing

BLOCK_S = 0.04


def hump(start, *, length=10, rise_deg=35.0, low_deg=0.0):
    middle, end = start + length // 2, start + length
    return Hump(start, middle, end, low_deg, low_deg + rise_deg, low_deg)


def swing(start, *, is_loaded, up_m, is_doubtful=False, **of_hump):
    one = hump(start, **of_hump)
    return Swing(one, is_loaded, up_m, one.low + 1, one.end, is_doubtful)


def up_swing(start, **known):
    return swing(start, is_loaded=False, up_m=0.2, **known)


def down_swing(start, **known):
    return swing(start, is_loaded=True, up_m=-0.2, **known)


def push(grammar, start, **known):
    return grammar.add_standing(hump(start, rise_deg=15.0), start + 1, **known)


def after_a_step():
    """Return a grammar that saw one whole step, its second swing from row 30 to 40."""
    grammar = StepGrammar(BLOCK_S)
    assert grammar.add(up_swing(0)) is None
    assert push(grammar, 11) is None
    assert grammar.add(down_swing(30)).is_led
    return grammar


def test_a_push_and_a_second_swing_are_a_step_when_the_first_swing_was_lost_in_a_hole():
    grammar = after_a_step()

    push(grammar, 52, is_holed=True)
    pair = grammar.add(down_swing(65))

    assert pair.is_led
    assert pair.first.is_doubtful
    assert (pair.first.hump.low, pair.first.hump.end) == (40, 52)


def test_a_second_swing_alone_is_a_step_when_all_before_it_was_lost_in_a_hole():
    grammar = after_a_step()

    pair = grammar.add(down_swing(65), is_holed=True)

    assert pair.is_led
    assert pair.second.hump.low == 65


def test_without_a_hole_a_second_swing_alone_waits_for_another():
    grammar = after_a_step()

    assert grammar.add(down_swing(65)) is None
    assert grammar.pending is not None


def test_nothing_is_made_up_for_a_hole_before_the_first_step():
    grammar = StepGrammar(BLOCK_S)

    assert push(grammar, 5, is_holed=True) is None
    assert grammar.add(down_swing(20), is_holed=True) is None


@pytest.mark.parametrize("known", [{"is_doubtful": True, "up_m": -0.1}, {"up_m": 0.2}])
def test_a_push_tells_a_first_swing_that_looks_loaded(known):
    grammar = after_a_step()

    grammar.add(swing(45, is_loaded=True, **known))
    push(grammar, 56)

    assert grammar.add(down_swing(75)).is_led


def test_upright_follows_a_vertical_that_leans_from_step_to_step():
    grammar = StepGrammar(BLOCK_S)
    pairs = []

    for n, low_deg in enumerate((-2.0, -9.0, -15.0, -20.0)):
        start = 60 * n
        grammar.add(up_swing(start, low_deg=low_deg))
        push(grammar, start + 11)
        pairs.append(grammar.add(down_swing(start + 30, low_deg=low_deg)))

    assert all(pair is not None for pair in pairs)


def test_a_heel_put_down_ahead_is_walking_and_drops_what_was_pending():
    grammar = after_a_step()
    grammar.add(up_swing(45))

    assert grammar.add(down_swing(75, low_deg=-20.0)) is None
    assert grammar.pending is None
