"""The icon as PNG, for systems that take no SVG: drawn from its shapes, at any size.

Shapes are those of `icon.svg`, on a field of 32 units. Each pixel gets its share of a shape from
the distance to its edge, which is smooth at every size.
"""

import struct
import zlib
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float64]

FIELD: Final = 32.0
CORNER: Final = 8.0
GROUND: Final = (0x0B, 0x6B, 0x69)
WHITE: Final = (0xFF, 0xFF, 0xFF)
PALE: Final = (0x9F, 0xE0, 0xD6)
LEG: Final = ((8.0, 23.0), (16.0, 23.0), (16.0, 10.0))
LEG_WIDTH: Final = 3.4
ARC_FROM: Final = (21.0, 10.5)
ARC_TO: Final = (25.5, 20.0)
ARC_RADIUS: Final = 12.0
ARC_WIDTH: Final = 3.0
DOT: Final = (25.0, 23.3)
DOT_RADIUS: Final = 1.9
SAFE_SHARE: Final = 0.72
"""A system may cut a maskable icon to a circle of 80 % of its width."""


@cache
def draw_icon(size_px: int, *, is_maskable: bool = False) -> bytes:
    """Return the icon as a PNG file.

    Parameters
    ----------
    size_px : int
        Width and height.
    is_maskable : bool
        Whether the ground fills the square, with the drawing where no mask reaches it.

    """
    shrink = SAFE_SHARE if is_maskable else 1.0
    unit_px = size_px / FIELD * shrink
    at = (np.arange(size_px) + 0.5 - size_px / 2) / unit_px + FIELD / 2
    x, y = np.meshgrid(at, at)
    colours = np.empty((size_px, size_px, 3))
    colours[:] = GROUND
    for colour, distance in (
        (WHITE, _polyline(x, y, LEG) - LEG_WIDTH / 2),
        (PALE, _arc(x, y) - ARC_WIDTH / 2),
        (WHITE, np.hypot(x - DOT[0], y - DOT[1]) - DOT_RADIUS),
    ):
        share = _share(distance, unit_px)[..., None]
        colours = colours * (1 - share) + np.array(colour) * share
    alpha = np.ones_like(x) if is_maskable else _share(_rounded_square(x, y), unit_px)
    pixels = np.concatenate([colours, 255 * alpha[..., None]], axis=2)
    return _png(np.round(pixels).astype(np.uint8))


def _share(distance: Plane, unit_px: float) -> Plane:
    """How much of a pixel lies inside an edge at a distance, in units."""
    return np.asarray(np.clip(0.5 - distance * unit_px, 0.0, 1.0), dtype=np.float64)


def _polyline(x: Plane, y: Plane, points: tuple[tuple[float, float], ...]) -> Plane:
    nearest = np.full_like(x, np.inf)
    for (ax, ay), (bx, by) in pairwise(points):
        dx, dy = bx - ax, by - ay
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
        nearest = np.minimum(nearest, np.hypot(x - ax - along * dx, y - ay - along * dy))
    return nearest


def _arc(x: Plane, y: Plane) -> Plane:
    """Distance to the arc, taken clockwise on a field whose y points down."""
    (ax, ay), (bx, by) = ARC_FROM, ARC_TO
    half = np.hypot(bx - ax, by - ay) / 2
    depth = np.sqrt(ARC_RADIUS**2 - half**2)
    cx = (ax + bx) / 2 - depth * (by - ay) / (2 * half)
    cy = (ay + by) / 2 + depth * (bx - ax) / (2 * half)
    first, last = np.arctan2(ay - cy, ax - cx), np.arctan2(by - cy, bx - cx)
    angle = np.arctan2(y - cy, x - cx)
    on_ring = np.abs(np.hypot(x - cx, y - cy) - ARC_RADIUS)
    to_ends = np.minimum(np.hypot(x - ax, y - ay), np.hypot(x - bx, y - by))
    return np.where((angle >= first) & (angle <= last), on_ring, to_ends)


def _rounded_square(x: Plane, y: Plane) -> Plane:
    inner = FIELD / 2 - CORNER
    dx, dy = np.abs(x - FIELD / 2) - inner, np.abs(y - FIELD / 2) - inner
    outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
    return np.asarray(outside + np.minimum(np.maximum(dx, dy), 0) - CORNER, dtype=np.float64)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Write (height, width, 4) pixels as PNG (W3C, Portable Network Graphics, third edition)."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # filter 0: as they are
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
