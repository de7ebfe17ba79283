"""Everything that must hold before a commit lands: what `make check` and CI run.

Format, lint, types, import contracts, the tests by the very command that the README names, and a
smoke run of the built wheel outside the checkout. Branch coverage, which makes the tests half as
long again, has a target of its own: `make coverage`.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SOURCES = ["tracker", "firmware_bridge", "analysis", "api", "tests", "tools"]

# One worker more than the two cores of a small machine: tests of pages and radios often wait.
WORKERS = "-n 3 --dist loadfile"


def run(title: str, *command: str, cwd: pathlib.Path = ROOT, **environment: str) -> None:
    """Run one check, say how long it took, and stop everything if it fails."""
    print(f"== {title}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, check=False)
    print(f"== {title}: {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        sys.exit(f"{title} failed; to try it alone: {' '.join(command)}")


def check_wheel() -> None:
    """Build the wheel and use the command from it, far from the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        away = pathlib.Path(folder)
        python = sys.executable
        run("build", python, "-m", "build", "-w", "--no-isolation", "-o", folder)
        wheel = next(away.glob("*.whl"))
        target = away / "installed"
        pip = [python, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
        run("install the wheel", *pip, "--target", str(target), str(wheel), cwd=away)
        recording = target / "tracker" / "recordings" / "prone_good.csv"
        analyse = ["analyse", str(recording), "--exercise", "ecc_prone_helper", "--json"]
        command = [python, "-P", "-m", "tracker.cli", *analyse]
        run("use the wheel", *command, cwd=away, PYTHONPATH=str(target))


def main() -> None:
    """Run the checks, the quick ones first."""
    run("format", "ruff", "format", "--check", *SOURCES)
    run("lint", "ruff", "check", *SOURCES)
    run("types", "mypy")
    run("imports", "lint-imports")
    run("tests", "make", "test", PYTEST_ADDOPTS=WORKERS)
    check_wheel()
    print("All checks passed.")


if __name__ == "__main__":
    main()
