"""Damage, as radios, phones, editors and strangers do it.

An input is a tuple of named parts: the notifications of a sensor, the messages of a phone, or the
files of a folder.
"""

import random
import re
from collections.abc import Callable, Sequence

Input = tuple[tuple[str, bytes], ...]

# Small inputs are quick, and reach the same lines.
MAX_PART = 8 * 1024
MAX_PARTS = 32
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_SEPARATORS = b',;\t\n" .'
_NUMBERS = (
    b"", b"NaN", b"null", b"-1", b"0", b"1e999", b"-1E-9", b"4294967295", b"9223372036854775808",
    b"9" * 400, b"true", b'"7"', b"0,5", b"1_0", b"\xd9\xa3",
)  # fmt: skip
_BYTES = (0x00, 0x01, 0x0A, 0x0D, 0x22, 0x2C, 0x55, 0x61, 0x7F, 0x80, 0xFE, 0xFF)
_WORDS = (
    b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\x00\x00\xc0\x7f", b"\x00\x00\x80\x7f",
    b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"SBEM", b"{" * 40, b"[" * 2000, b"x," * 500,
)  # fmt: skip


def mutate(rng: random.Random, corpus: Sequence[Input]) -> Input:
    """Return one of the inputs, changed in some places; parts of another may come in."""
    parts = list(rng.choice(corpus))
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        if parts and rng.random() < 0.8:  # noqa: PLR2004 - mostly inside a part
            at = rng.randrange(len(parts))
            name, content = parts[at]
            content = rng.choice(_CHANGES)(rng, bytearray(content))
            parts[at] = name, bytes(content[:MAX_PART])
        else:
            _rearrange(rng, parts, rng.choice(corpus))
    return tuple(parts[:MAX_PARTS])


def _rearrange(rng: random.Random, parts: list[tuple[str, bytes]], other: Input) -> None:
    """Drop, repeat, exchange, cut or join parts, or take one from another input."""
    choice = rng.randrange(5)
    at = rng.randrange(len(parts)) if parts else 0
    if choice == 0 and other:
        parts.insert(at, rng.choice(other))
    elif not parts:
        return
    elif choice == 1:
        del parts[at]
    elif choice == 2:  # noqa: PLR2004 - the choices are numbered
        parts.insert(rng.randrange(len(parts)), parts[at])
    elif choice == 3:  # noqa: PLR2004
        name, content = parts[at]
        cut = rng.randint(0, len(content))
        parts[at : at + 1] = [(name, content[:cut]), (name, content[cut:])]
    elif other:
        name, content = parts[at]
        parts[at] = name, (content + rng.choice(other)[1])[:MAX_PART]


def _flip(rng: random.Random, content: bytearray) -> bytearray:
    for _ in range(rng.choice((1, 1, 4))):
        if content:
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return content


def _overwrite(rng: random.Random, content: bytearray) -> bytearray:
    if content:
        content[rng.randrange(len(content))] = rng.choice(_BYTES)
    return content


def _insert(rng: random.Random, content: bytearray) -> bytearray:
    at = rng.randint(0, len(content))
    content[at:at] = rng.choice((rng.randbytes(rng.randint(1, 8)), rng.choice(_WORDS)))
    return content


def _delete(rng: random.Random, content: bytearray) -> bytearray:
    begin, end = _span(rng, content)
    del content[begin:end]
    return content


def _repeat(rng: random.Random, content: bytearray) -> bytearray:
    begin, end = _span(rng, content)
    content[end:end] = content[begin:end] * rng.choice((1, 2, 16))
    return content


def _truncate(rng: random.Random, content: bytearray) -> bytearray:
    return content[: rng.randint(0, len(content))]


def _renumber(rng: random.Random, content: bytearray) -> bytearray:
    found = list(_NUMBER.finditer(content))
    if found:
        match = rng.choice(found)
        content[match.start() : match.end()] = rng.choice(_NUMBERS)
    return content


def _separate(rng: random.Random, content: bytearray) -> bytearray:
    old, new = rng.choice(_SEPARATORS), rng.choice(_SEPARATORS)
    if rng.random() < 0.3:  # noqa: PLR2004 - all of them, sometimes
        return content.replace(bytes((old,)), bytes((new,)))
    at = content.find(old, rng.randint(0, len(content)))
    if at >= 0:
        content[at] = new
    return content


def _span(rng: random.Random, content: bytearray) -> tuple[int, int]:
    begin = rng.randint(0, len(content))
    return begin, min(len(content), begin + rng.choice((1, 2, 4, 20, 100, 1000)))


_CHANGES: tuple[Callable[[random.Random, bytearray], bytearray], ...] = (
    _flip,
    _overwrite,
    _insert,
    _delete,
    _repeat,
    _truncate,
    _renumber,
    _separate,
)
