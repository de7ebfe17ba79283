"""Reads CHANGELOG.md: releases, and in each the lines of what changed, as plain text.

The form is that of Keep a Changelog: `## [1.2.0] - 2026-05-04`, `### Added`, `- A line.`
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

NAME: Final = "CHANGELOG.md"
UNRELEASED: Final = "Unreleased"
RELEASE: Final = re.compile(r"## \[?(?P<version>[^\]\s]+)\]?")
LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARKS: Final = re.compile(r"[`*]")


@dataclass(frozen=True, slots=True)
class Release:
    """One release and its lines, in the order of the file."""

    version: str
    lines: tuple[str, ...]


def read_changelog() -> str:
    """Return the change log that came with the program; empty where there is none.

    In an installed program it stands in the package, in a checkout beside it.
    """
    package = Path(str(files("tracker")))
    found = (path for path in (package / NAME, package.parent / NAME) if path.is_file())
    path = next(found, None)
    return "" if path is None else path.read_text("utf-8")


def parse_changelog(text: str) -> tuple[Release, ...]:
    r"""Return the releases of a change log, newest first as it lists them.

    Examples
    --------
    >>> parse_changelog("## [1.0.0] - 2026-05-04\n- A `tone`,\n  and a [voice](x).\n")
    (Release(version='1.0.0', lines=('A tone, and a voice.',)),)

    """
    releases: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if (found := RELEASE.match(line)) is not None:
            releases.append((found["version"], []))
        elif releases and line.startswith("- "):
            releases[-1][1].append(line[2:])
        elif releases and releases[-1][1] and line.startswith("  ") and line.strip():
            releases[-1][1][-1] += f" {line.strip()}"
    return tuple(Release(version, tuple(_plain(lines))) for version, lines in releases)


def changes_between(releases: Sequence[Release], old: str, new: str) -> tuple[str, ...]:
    """Return what changed after one version up to another, newest first.

    What is not released yet counts as the newest version where that has no heading of its own, as
    in a program that is run from a checkout.
    """
    after, upto = version_key(old), version_key(new)
    named = {one.version for one in releases}
    lines: list[str] = []
    for one in releases:
        version = new if one.version == UNRELEASED and new not in named else one.version
        if version != UNRELEASED and after < version_key(version) <= upto:
            lines += one.lines
    return tuple(lines)


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are compared by; what is no number counts as 0.

    Examples
    --------
    >>> version_key("0.10.0") > version_key("0.9.3")
    True

    """
    digits = (re.match(r"\d+", part) for part in version.split("."))
    return tuple(0 if found is None else int(found[0]) for found in digits)


def _plain(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield MARKS.sub("", LINK.sub(r"\1", line)).strip()
