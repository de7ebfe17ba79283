import re
from pathlib import Path

import pytest
from typer.main import get_command

from analysis.exercise import load_catalogue
from analysis.feedback import load_feedback
from tracker.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DECISION_LINES = 40


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_to_a_file_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))

    missing = [target for target in targets if not (page.parent / target).exists()]

    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_on_a_page_exists(page):
    known = set(get_command(app).commands)
    used = set(re.findall(r"\btempo90 ([a-z]+)(?= |`|$)", code_of(page), flags=re.MULTILINE))

    assert used <= known


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_on_a_page_exists(page):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    used = set(re.findall(r"\bmake ([a-z-]+)", code_of(page)))

    assert used <= known


def code_of(page):
    """What stands in code blocks and between backticks."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return "\n".join([*blocks, *inline])


def test_the_readme_names_every_command_and_the_exercises_measured():
    readme = (ROOT / "README.md").read_text("utf-8")
    measured = [one.id for one in load_catalogue().exercises.values() if one.is_measurable]

    unnamed = [name for name in get_command(app).commands if f"tempo90 {name}" not in readme]

    assert set(unnamed) <= {"demo"}  # the README says `make demo`
    assert [name for name in measured if name not in readme] == []


def test_the_page_of_measures_lists_every_warning():
    page = (ROOT / "docs" / "reference" / "measures.md").read_text("utf-8")

    assert [code for code in load_feedback().warnings if f"| `{code}` |" not in page] == []


def test_decisions_are_numbered_short_and_listed():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")

    numbers = [int(path.name[:4]) for path in DECISIONS]
    too_long = [
        path.name
        for path in DECISIONS
        if len(path.read_text("utf-8").splitlines()) > DECISION_LINES
    ]

    assert numbers == list(range(1, len(DECISIONS) + 1))
    assert not too_long
    assert [path.name for path in DECISIONS if path.name not in index] == []
