import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (V[\d., V]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
STATES = {"met", "partly", "not applicable", "open"}
ROWS = ROW.findall((ROOT / "docs/reference/asvs.md").read_text("utf-8"))


@pytest.mark.parametrize(
    ("state", "shown"), [row[2:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_each_line_of_the_checklist_names_evidence_that_exists(state, shown):
    named = re.fullmatch(r"`([\w/.-]+)(?:::(\w+))?`", shown)

    assert state in STATES
    assert state != "met" or named
    if named:
        text = (ROOT / named[1]).read_text("utf-8")
        assert named[2] is None or f"def {named[2]}(" in text


def test_the_checklist_has_its_lines():
    assert len(ROWS) >= 40
    assert len({number for number, *_ in ROWS}) == len(ROWS)
