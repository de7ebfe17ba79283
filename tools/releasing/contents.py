"""What must lie in a wheel and in a source archive, and what must not.

The measure is the repository: every file of the four packages is to be shipped, and nothing that
is not in it. The kinds are named besides, so that one that moved elsewhere is missed.
"""

from collections.abc import Collection, Iterator, Mapping
from email import message_from_string
from fnmatch import fnmatch
from typing import Final

PACKAGES: Final = ("tracker/", "firmware_bridge/", "analysis/", "api/")
RECORDINGS: Final = ("sample_data/", "tracker/recordings/")
CHANGELOG: Final = ("CHANGELOG.md", "tracker/CHANGELOG.md")
# By what they are: at least one file of each has to be there.
NEEDED: Final[Mapping[str, str]] = {
    "migrations": "api/migrations/versions/0*.py",
    "static files": "api/pages/static/*",
    "static files of training": "tracker/pages/static/*",
    "templates": "api/pages/templates/*.html",
    "templates of training": "tracker/pages/templates/*.html",
    "Dutch": "api/pages/locale/nl/*/messages.po",
    "Dutch of training": "tracker/pages/locale/nl/*/messages.po",
    "exercises": "analysis/catalogue/exercises.toml",
    "programme": "analysis/catalogue/programme.toml",
    "sample recording": "tracker/recordings/prone_good.csv",
    "list of the samples": "tracker/recordings/MANIFEST.toml",
    "types": "analysis/py.typed",
    "changelog": "tracker/CHANGELOG.md",
    "licence": "*.dist-info/licenses/LICENSE",
    "command": "*.dist-info/entry_points.txt",
}
IN_SOURCES: Final = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile")
ADDED_TO_SOURCES: Final = frozenset({"PKG-INFO", ".gitignore"})
FIELDS: Final = (
    *("Name", "Version", "Summary", "License-Expression", "Requires-Python", "Requires-Dist"),
    *("Description-Content-Type", "Classifier", "Keywords"),
)


def wrong_in_wheel(names: Collection[str], tracked: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the files of a wheel.

    Parameters
    ----------
    names : collection of str
        Of the files in it.
    tracked : collection of str
        Of the files in the repository.

    """
    shipped = {name for name in names if ".dist-info/" not in name}
    wanted = {_in_wheel(name) for name in tracked} - {None}
    for name in sorted(wanted - shipped, key=str):
        yield f"wheel: {name} is missing"
    for name in sorted(shipped - wanted, key=str):
        yield f"wheel: {name} does not belong there"
    for what, pattern in NEEDED.items():
        if not any(fnmatch(name, pattern) for name in names):
            yield f"wheel: no {what} ({pattern})"


def wrong_in_sources(names: Collection[str], tracked: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the files of a source archive, named from its folder on."""
    for name in sorted(set(names) - set(tracked) - ADDED_TO_SOURCES):
        yield f"sources: {name} is not in the repository"
    for name in sorted({*IN_SOURCES, *filter(_in_wheel, tracked)} - set(names)):
        yield f"sources: {name} is missing"


def wrong_in_metadata(text: str, version: str) -> Iterator[str]:
    """Yield what is wrong with the metadata of a wheel, which are those of a mail."""
    told = message_from_string(text)
    for name in FIELDS:
        if not told.get(name, "").strip():
            yield f"metadata: no {name}"
    if told.get("Version") != version:
        yield f"metadata: version {told.get('Version')}, and {version} in pyproject.toml"
    if not str(told.get_payload()).strip():
        yield "metadata: no description"


def _in_wheel(name: str) -> str | None:
    """Return where a file of the repository lies in a wheel; None: it is not shipped."""
    if name == CHANGELOG[0]:
        return CHANGELOG[1]
    source, place = RECORDINGS
    if name.startswith(source):
        return place + name.removeprefix(source)
    return name if name.startswith(PACKAGES) else None
