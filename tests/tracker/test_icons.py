import struct
import zlib

import numpy as np
import pytest

from tracker.icons import GROUND, draw_icon


def pixels(png):
    """Read back what was written, (height, width, 4)."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    (n_bytes,) = struct.unpack(">I", png[start - 4 : start])
    rows = zlib.decompress(png[start + 4 : start + 4 + n_bytes])
    return (
        np.frombuffer(rows, np.uint8)
        .reshape(height, 1 + 4 * width)[:, 1:]
        .reshape(height, width, 4)
    )


@pytest.mark.parametrize("size_px", [32, 180, 512])
def test_an_icon_has_the_size_asked_for_and_its_checksums(size_px):
    png = draw_icon(size_px)

    assert pixels(png).shape == (size_px, size_px, 4)
    at = 8
    while at < len(png):
        (n_bytes,) = struct.unpack(">I", png[at : at + 4])
        (told,) = struct.unpack(">I", png[at + 8 + n_bytes : at + 12 + n_bytes])
        assert zlib.crc32(png[at + 4 : at + 8 + n_bytes]) == told
        at += 12 + n_bytes


def test_the_leg_is_white_the_corner_clear_and_the_ground_green():
    drawn = pixels(draw_icon(320))

    assert tuple(drawn[230, 120]) == (255, 255, 255, 255)
    assert drawn[0, 0, 3] == 0
    assert tuple(drawn[60, 60]) == (*GROUND, 255)


def test_the_pale_arc_lies_between_the_leg_and_the_edge():
    drawn = pixels(draw_icon(320)).astype(int)

    is_pale = (np.abs(drawn[..., :3] - (0x9F, 0xE0, 0xD6)) < 3).all(axis=2)
    rows, columns = np.nonzero(is_pale)

    assert columns.min() > 190
    assert columns.max() < 275
    assert rows.min() == pytest.approx(90, abs=8)
    assert rows.max() == pytest.approx(215, abs=8)


def test_what_a_mask_may_cut_off_holds_nothing_but_the_ground():
    drawn = pixels(draw_icon(200, is_maskable=True))
    y, x = np.mgrid[0:200, 0:200] - 99.5

    beyond = drawn[np.hypot(x, y) > 0.4 * 200]

    assert (beyond == (*GROUND, 255)).all()
