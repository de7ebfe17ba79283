import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (V[\d., V]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
EVIDENCE = re.compile(r"`([\w/.-]+)(?:::(\w+))?`")
STATES = {"met", "partly", "not applicable", "open"}
ROWS = ROW.findall((ROOT / "docs/reference/asvs.md").read_text("utf-8"))


@pytest.mark.parametrize(
    ("state", "shown"), [row[2:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_each_line_of_the_checklist_names_evidence_that_exists(state, shown):
    named = [EVIDENCE.fullmatch(one) for one in shown.split(", ")]

    assert state in STATES
    assert state != "met" or all(named)
    for one in filter(None, named):
        text = (ROOT / one[1]).read_text("utf-8")
        assert one[2] is None or f"def {one[2]}(" in text


def test_the_checklist_has_its_lines():
    assert len(ROWS) >= 40
    assert len({number for number, *_ in ROWS}) == len(ROWS)
