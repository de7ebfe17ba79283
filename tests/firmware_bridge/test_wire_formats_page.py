from pathlib import Path

from firmware_bridge import SENSORS
from firmware_bridge.exports import READERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "wire-formats.md"


def test_the_page_lists_what_can_be_read_and_nothing_else():
    rows = [
        line.split("|")[1].strip() for line in PAGE.read_text("utf-8").splitlines() if "|" in line
    ]

    listed = {row.strip("`") for row in rows if row.startswith("`")}

    assert listed == {*SENSORS, *(reader.id for reader in READERS)}
