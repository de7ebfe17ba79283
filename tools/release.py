"""Build a release, check it, and lay it in dist/; run by `make release`. It publishes nothing.

    make release                  a trial may be unreleased, or of a checkout with changes
    make release ARGS=--strict    those are failures too

Wheel and source archive, a bill of materials (CycloneDX) of the run lock, and SHA-256 sums. They
reach dist/ only when everything was right. Built twice from one commit they are the same bytes.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.releasing.contents import (  # noqa: E402
    wrong_in_metadata,
    wrong_in_sources,
    wrong_in_wheel,
)
from tools.releasing.notes import wrong_in_notes  # noqa: E402
from tools.releasing.trial import wrong_in_use  # noqa: E402
from tracker.whats_new.changelog import parse_changelog  # noqa: E402

DIST: Final = ROOT / "dist"
LOCK: Final = ROOT / "requirements" / "run.txt"
SUMS: Final = "SHA256SUMS"


def main() -> int:
    """Build and check in a folder of its own; only what is right is moved to dist/."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strict", action="store_true", help="fail where it is only a trial")
    given = parser.parse_args()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    bad_notes, trial = wrong_in_notes(
        parse_changelog((ROOT / "CHANGELOG.md").read_text("utf-8")), version
    )
    changed = "CHANGED: files differ from the commit." if git("status", "--porcelain") else None
    said = [one for one in (trial, changed) if one is not None]
    wrong = [bad_notes] if bad_notes else []
    with tempfile.TemporaryDirectory() as made:
        built = Path(made)
        build(built, version)
        wrong += check(built, version)
        if not wrong and not (given.strict and said):
            lay_down(built)
    for line in wrong:
        print(f"WRONG {line}")
    for line in said:
        print(line)
    return int(bool(wrong or (given.strict and said)))


def build(folder: Path, version: str) -> None:
    """Make the wheel from the source archive, the bill of materials, and the sums."""
    commit_time = git("log", "-1", "--format=%ct")
    environment = os.environ | {"SOURCE_DATE_EPOCH": commit_time}
    python = [sys.executable, "-W", "ignore::UserWarning", "-m"]
    bill = folder / f"tempo90-{version}.cdx.json"
    lock = ["requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml")]
    written = ["--output-reproducible", "--of", "JSON", "--validate", "-o", str(bill)]
    for command in (
        [*python, "build", "--no-isolation", "-o", str(folder)],
        [*python, "cyclonedx_py", *lock, *written],
    ):
        subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    (folder / SUMS).write_text(sums_of(folder), "utf-8")


def check(folder: Path, version: str) -> Iterator[str]:
    """Yield what is wrong with what was built."""
    tracked = git("ls-files").splitlines()
    (wheel,), (sources,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as packed:
        yield from wrong_in_wheel(packed.namelist(), tracked)
        (metadata,) = (one for one in packed.namelist() if one.endswith(".dist-info/METADATA"))
        yield from wrong_in_metadata(packed.read(metadata).decode(), version)
    with tarfile.open(sources) as packed_sources:
        names = [one.partition("/")[2] for one in packed_sources.getnames()]
        yield from wrong_in_sources(names, tracked)
    with tempfile.TemporaryDirectory() as away:
        yield from wrong_in_use(wheel, LOCK, Path(away), version)


def sums_of(folder: Path) -> str:
    """Return the SHA-256 of each file in a folder, in the form that `sha256sum -c` reads."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = (f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in files)
    return "".join(lines)


def lay_down(folder: Path) -> None:
    """Put what is right into dist/, in place of what was there."""
    shutil.rmtree(DIST, ignore_errors=True)
    shutil.copytree(folder, DIST)
    for path in sorted(DIST.iterdir()):
        print(f"dist/{path.name}  {path.stat().st_size / 1e6:.1f} MB")


def git(*words: str) -> str:
    """Return what git says of the checkout."""
    command = ["git", *words]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
