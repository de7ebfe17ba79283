from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.phone.numbering import (
    MAX_MESSAGE_BYTES,
    MAX_SAMPLES,
    SAMPLE_BYTES,
    Numbering,
    encode_numbered,
)


def sample(number):
    return number.to_bytes(4, "little") * (SAMPLE_BYTES // 4)


def samples(first, end):
    return b"".join(sample(number) for number in range(first, end))


def a_message(first, end):
    return encode_numbered(first, samples(first, end))


def taken(messages):
    numbering = Numbering()
    fresh = [one for one in map(numbering.take, messages) if one is not None]
    return numbering, b"".join(one.data for one in fresh)


@given(
    cuts=st.sets(st.integers(1, 99)),
    again=st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30))),
    noise=st.lists(st.binary(max_size=80), max_size=5),
)
def test_what_comes_in_does_not_depend_on_cuts_repeats_or_noise(cuts, again, noise):
    edges = [0, *sorted(cuts), 100]
    messages = []
    for start, end in pairwise(edges):
        messages.append(a_message(start, end))
        messages += [a_message(min(at, end), min(at + n, end)) for at, n in again if at < end]
        messages += [one for one in noise if (len(one) - 4) % SAMPLE_BYTES or len(one) <= 4]

    numbering, data = taken(messages)

    assert data == samples(0, 100)
    assert (numbering.next, numbering.n_lost) == (100, 0)


def test_a_message_that_is_half_known_gives_its_new_half():
    numbering, data = taken([a_message(0, 10), a_message(5, 15)])

    assert data == samples(0, 15)
    assert numbering.n_doubled == 5


def test_what_the_page_gave_up_is_counted_as_lost():
    numbering, data = taken([a_message(0, 10), a_message(25, 30)])

    assert data == samples(0, 10) + samples(25, 30)
    assert (numbering.n_lost, numbering.next) == (15, 30)


def test_a_message_of_too_many_samples_is_not_taken():
    numbering, data = taken([encode_numbered(0, bytes((MAX_SAMPLES + 1) * SAMPLE_BYTES))])

    assert (data, numbering.next) == (b"", 0)
    assert len(encode_numbered(0, bytes(MAX_SAMPLES * SAMPLE_BYTES))) == MAX_MESSAGE_BYTES


@given(message=st.binary(max_size=200))
def test_any_bytes_are_taken_or_left(message):
    fresh = Numbering().take(message)

    assert fresh is None or (len(fresh.data) % SAMPLE_BYTES == 0 and fresh.data)
