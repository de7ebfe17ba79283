"""What is known against the packages that this product is made of; run by `make audit`.

    published   holes that pip-audit knows of in the pinned versions, where its data can be reached
    installed   whether exactly the pinned versions are installed, and every file of them is
                byte for byte what its maker's list (RECORD) says
    old         pins that nobody looked at for longest, from the history of the lock

The last two need no network. Exit 1 when something is wrong; that the published holes could not be
asked for is said, and is an error only with `--strict`.
"""

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("requirements/run.txt", "requirements/dev.txt")
PIN: Final = re.compile(
    r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+))?"
)
OWN: Final = "tempo90"
TOOLS: Final = frozenset({"pip", "setuptools", "wheel"})  # they come with Python itself
ASK: Final = ("--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off")
ASK_S: Final = 300
OLD_SHOWN: Final = 10
UNASKED: Final = "Published holes could not be asked for: no answer."
REWRITTEN: Final = (".pyc", "/RECORD", "direct_url.json", "INSTALLER", "REQUESTED")


@dataclass(frozen=True)
class Pin:
    """A package in a lock, with a version for each kind of machine that it names."""

    name: str
    versions: tuple[str, ...]
    is_conditional: bool


@dataclass
class Findings:
    """What was found: `wrong` ends with exit 1, `said` does not."""

    wrong: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def normal(name: str) -> str:
    """Return the name of a package as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(*locks: str) -> dict[str, Pin]:
    """Read the pins of locks, by normal name."""
    pins: dict[str, Pin] = {}
    for found in filter(None, map(PIN.match, "\n".join(locks).splitlines())):
        name, version, condition = normal(found.group(1)), found.group(2), found.group(3)
        before = pins.get(name)
        versions = (*(before.versions if before else ()), version)
        is_conditional = condition is not None and (before is None or before.is_conditional)
        pins[name] = Pin(name, tuple(dict.fromkeys(versions)), is_conditional)
    return pins


def check_versions(pins: Mapping[str, Pin], installed: Mapping[str, str]) -> Findings:
    """Compare what is installed with what is pinned."""
    findings = Findings()
    for pin in pins.values():
        version, pinned = installed.get(pin.name), " or ".join(pin.versions)
        if version is None and not pin.is_conditional:
            findings.said.append(f"{pin.name} {pinned} is pinned and not installed")
        if version not in {None, *pin.versions} and pin.name not in TOOLS:
            findings.wrong.append(f"{pin.name} {version} is installed, {pinned} is pinned")
    extra = installed.keys() - pins.keys() - TOOLS - {OWN}
    findings.wrong += [f"{name} {installed[name]} is installed and not pinned" for name in extra]
    return findings


def altered_files(package: Distribution) -> Iterator[str]:
    """Yield the files of a package that are not what its own list says, or are gone."""
    for file in package.files or ():
        if file.hash is None or str(file).endswith(REWRITTEN):
            continue
        path = Path(str(file.locate()))
        if not path.is_file():
            yield f"{package.name}: {file} is gone"
            continue
        made = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        if base64.urlsafe_b64encode(made).rstrip(b"=").decode() != file.hash.value:
            yield f"{package.name}: {file} was altered"


def ask_published(command: Sequence[str], pins: Mapping[str, Pin]) -> Findings:
    """Ask pip-audit what is published against the pins."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "pins.txt"
        listed.write_text("".join(f"{pin.name}=={pin.versions[-1]}\n" for pin in pins.values()))
        try:
            done = subprocess.run(
                [*command, *ASK, "-r", str(listed)],
                capture_output=True,
                text=True,
                timeout=ASK_S,
                check=False,
            )
            answered = json.loads(done.stdout)["dependencies"]
        except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
            return Findings(said=[UNASKED])
    asked = [one for one in answered if "skip_reason" not in one]  # skipped is not searched
    if not asked:
        return Findings(said=[UNASKED])
    holes = [
        f"{one['name']} {one.get('version', '?')}: {hole['id']}, mended in "
        f"{', '.join(hole.get('fix_versions', ())) or 'no version yet'}"
        for one in asked
        for hole in one.get("vulns", ())
    ]
    said = [f"{len(asked)} of {len(answered)} packages asked, {len(holes)} holes."]
    return Findings(wrong=holes, said=said)


def ages(blame: str, now: datetime) -> list[tuple[int, str]]:
    """Return the pins with their age in days, oldest first, from `git blame --line-porcelain`."""
    found, at = [], now
    for line in blame.splitlines():
        if line.startswith("author-time "):
            at = datetime.fromtimestamp(int(line.split()[1]), UTC)
        elif line.startswith("\t") and (pin := PIN.match(line[1:])):
            found.append(((now - at).days, f"{pin.group(1)}=={pin.group(2)}"))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def main() -> int:
    """Look at everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--offline", action="store_true", help="ask nobody elsewhere")
    parser.add_argument("--strict", action="store_true", help="fail where nobody could be asked")
    given = parser.parse_args()
    pins = read_pins(*((ROOT / name).read_text("utf-8") for name in LOCKS))
    found = list(distributions())
    versions = check_versions(pins, {normal(one.name): one.version for one in found})
    altered = [line for one in found if normal(one.name) != OWN for line in altered_files(one)]
    published = Findings(said=["Published holes were not asked for (--offline)."])
    if not given.offline:
        published = ask_published([sys.executable, "-m", "pip_audit"], pins)
    _tell("published", published)
    _tell("installed", versions)
    _tell("files", Findings(wrong=altered, said=[f"{len(found)} packages compared."]))
    blame = ["git", "blame", "--line-porcelain", LOCKS[0]]
    history = subprocess.run(blame, cwd=ROOT, capture_output=True, text=True, check=False)
    for days, pin in ages(history.stdout, datetime.now(UTC))[:OLD_SHOWN]:
        print(f"old: {pin}, {days} days")
    is_unasked = given.strict and UNASKED in published.said
    return int(bool(versions.wrong or altered or published.wrong or is_unasked))


def _tell(title: str, findings: Findings) -> None:
    for line in sorted(findings.wrong):
        print(f"{title}: WRONG {line}")
    for line in findings.said:
        print(f"{title}: {line}")


if __name__ == "__main__":
    sys.exit(main())
