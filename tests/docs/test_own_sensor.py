import re
from pathlib import Path

import numpy as np
import pytest

from firmware_bridge import ImuPacket, UartDecoder, read_text_format
from firmware_bridge.text_format import _KEYS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "connect-a-sensor-of-your-own.md"
TEXT = PAGE.read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n# (.*?), lines such as (.*?)\n(.*?)```", TEXT, flags=re.DOTALL)
G = 9.80665


@pytest.mark.parametrize(
    ("line", "toml"), [one[1:] for one in EXAMPLES], ids=[one[0] for one in EXAMPLES]
)
def test_each_example_reads_the_line_that_it_shows(line, toml):
    text_format = read_text_format(toml)

    (packet,) = UartDecoder(text_format).feed(line.encode() + b"\n")

    assert isinstance(packet, ImuPacket)
    assert np.linalg.norm(packet.acc_ms2) == pytest.approx(G, rel=0.01)
    assert np.degrees(np.abs(packet.gyr_rads)).max() < 1
    assert text_format.name


def test_there_is_an_example_for_every_kind_of_board():
    boards = " ".join(board for board, _, _ in EXAMPLES)

    assert all(one in boards for one in ("Nano 33", "XIAO", "Puck.js", "M5"))


def test_the_first_revision_of_the_nano_is_mended():
    revision_1 = next(toml for board, _, toml in EXAMPLES if "revision 1" in board)

    (packet,) = UartDecoder(read_text_format(revision_1)).feed(b"0,0,0,1000,1000000,0,0\n")

    assert np.degrees(packet.gyr_rads[0]) == pytest.approx(1146.88)


def test_every_key_is_described():
    assert [key for key in _KEYS if f"`{key}`" not in TEXT] == []
