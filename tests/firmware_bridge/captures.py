"""The recordings that lie beside the checkout; tests that need one are skipped without it."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "captures"


def content(*parts):
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} of the capture collection beside the checkout")
    return path.read_bytes()


def rows(*parts):
    lines = content(*parts).decode("utf-8").splitlines()
    return [[float(cell) for cell in row] for row in list(csv.reader(lines))[1:]]
