import pytest

from tracker.whats_new.changelog import changes_between, parse_changelog, read_changelog

CHANGES = """# Changelog

What changed.

## [Unreleased]

### Added

- Not out yet.

## [0.10.0] - 2026-05-04

### Added

- `tempo90 sing` sings, and a line
  that goes on.

### Fixed

- A [fault](docs/x.md) is **gone**.

## [0.9.0] - 2026-04-01

- Older.
"""


def between(old, new):
    return changes_between(parse_changelog(CHANGES), old, new)


def test_each_release_has_its_lines_without_marks():
    releases = {one.version: one.lines for one in parse_changelog(CHANGES)}

    assert releases == {
        "Unreleased": ("Not out yet.",),
        "0.10.0": ("tempo90 sing sings, and a line that goes on.", "A fault is gone."),
        "0.9.0": ("Older.",),
    }


@pytest.mark.parametrize(
    ("old", "new", "firsts"),
    [
        ("0.9.0", "0.10.0", ["tempo90"]),
        ("0.8.1", "0.10.0", ["tempo90", "Older."]),
        ("0.8.1", "0.9.0", ["Older."]),
        ("0.10.0", "0.11.0", ["Not"]),
        ("0.10.0", "0.10.0", []),
        ("0.10.0", "0.9.0", []),
    ],
)
def test_what_is_new_is_what_lies_between_the_two_versions(old, new, firsts):
    words = [line.split()[0] for line in between(old, new)]

    assert list(dict.fromkeys(word for word in words if word != "A")) == firsts


def test_a_text_without_releases_has_no_news():
    assert parse_changelog("- A line of nothing.\n") == ()


def test_the_change_log_of_this_program_can_be_read():
    releases = parse_changelog(read_changelog())

    assert releases
    assert all(line and "`" not in line for one in releases for line in one.lines)
