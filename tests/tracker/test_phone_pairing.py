import pytest

from tracker.phone.pairing import ALPHABET, Pairing, PairingParams, Refusal, Tickets, new_code


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def a_pairing(**params):
    clock = Clock()
    return Pairing(clock, PairingParams(**params)), clock


def a_wrong(code):
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_a_code_opens_once():
    pairing, _ = a_pairing()
    code = pairing.code()

    first, second = pairing.use(code), pairing.use(code)

    assert (first, second) == (None, Refusal.USED)
    assert pairing.code() != code


def test_a_code_may_be_typed_as_people_do():
    pairing = Pairing(Clock(), make_code=lambda: "10V1ABCD")
    shown = pairing.code()

    opened = pairing.use(" iov1-abcd ")

    assert (shown, opened) == ("10V1ABCD", None)


def test_a_code_expires_after_five_minutes():
    pairing, clock = a_pairing()
    code = pairing.code()

    clock.now_s += 299.0
    is_same = pairing.code() == code
    clock.now_s += 1.0

    assert is_same
    assert pairing.use(code) is Refusal.EXPIRED
    assert pairing.code() != code


def test_five_wrong_codes_withdraw_the_right_one():
    pairing, _ = a_pairing(max_wrong=5)
    code = pairing.code()

    answers = [pairing.use(a_wrong(code)) for _ in range(5)]

    assert answers == [Refusal.WRONG] * 5
    assert pairing.use(code) is Refusal.WITHDRAWN
    assert pairing.code() != code


def test_four_wrong_codes_leave_the_right_one():
    pairing, _ = a_pairing(max_wrong=5)
    code = pairing.code()

    for _ in range(4):
        pairing.use(a_wrong(code))

    assert pairing.use(code) is None


@pytest.mark.parametrize("typed", ["", "-", "\x00", "é" * 8, "0" * 10_000])
def test_nothing_that_is_no_code_opens(typed):
    pairing, _ = a_pairing()
    pairing.code()

    assert pairing.use(typed) is Refusal.WRONG


def test_no_code_opens_before_one_was_shown():
    pairing, _ = a_pairing()

    assert pairing.use("") is Refusal.WRONG


def test_codes_are_of_letters_that_cannot_be_mistaken():
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_a_ticket_is_known_until_it_is_withdrawn():
    tickets = Tickets()
    ticket = tickets.give()

    before = tickets.is_known(ticket), tickets.is_known(ticket[:-1]), tickets.is_known("")
    tickets.withdraw()

    assert before == (True, False, False)
    assert not tickets.is_known(ticket)


def test_what_is_kept_of_a_ticket_does_not_open():
    tickets = Tickets()

    ticket = tickets.give()

    assert ticket not in repr(vars(tickets))
    assert len(ticket) >= 40
