"""Write requirements/{dev,run}.txt: every package pinned and hashed, no download address.

Run by `make lock`. uv resolves, in a throw-away environment: nothing else here needs it.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parents[1]
COMPILE = ["pip", "compile", "--universal", "--no-header", "--generate-hashes", "--quiet"]
SOURCES = ["pyproject.toml", "requirements/build.in", "--python-version", "3.11"]


def main() -> None:
    """Resolve the larger profile first, so that the smaller one agrees with it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        binaries = pathlib.Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([binaries / "python", "-m", "pip", "install", "-q", "uv"], check=True)
        uv = str(binaries / "uv")
        dev = ["--extra", "dev", "--extra", "sim", "-o", "requirements/dev.txt"]
        run = ["--extra", "sim", "-c", "requirements/dev.txt", "-o", "requirements/run.txt"]
        for target in (dev, run):
            subprocess.run([uv, *COMPILE, *SOURCES, *target, *sys.argv[1:]], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
