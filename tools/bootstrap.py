"""Make or refresh .venv, then run a tool in it: `bootstrap.py PROFILE [TOOL [ARGS...]]`.

Standard library only, so that it works in a fresh clone. PROFILE is `run` (what the product
needs) or `dev` (that and the test tools). The pins and hashes come from requirements/PROFILE.txt;
a stamp in .venv tells whether they, pyproject.toml or the Python changed since the last time.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST_PYTHON = (3, 11)


def digest(profile: str) -> str:
    """Fingerprint of everything that decides what belongs in .venv."""
    fingerprint = hashlib.sha256(f"{sys.version}\n{ROOT}".encode())
    for path in (ROOT / "requirements" / f"{profile}.txt", ROOT / "pyproject.toml"):
        fingerprint.update(path.read_bytes())
    return fingerprint.hexdigest()


def is_ready(profile: str) -> bool:
    """Whether .venv was made for this profile and nothing changed since."""
    stamp = VENV / f".ready-{profile}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(profile)


def make_ready(profile: str) -> None:
    """Install the locked packages and the project itself, unless that was done before."""
    if is_ready(profile) or is_ready("dev"):  # dev holds all that run does
        return
    print(
        f"Preparing .venv ({profile}), once: half a minute or so ...", file=sys.stderr, flush=True
    )
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    uv = shutil.which("uv") if os.environ.get("USE_UV") else None
    # Python compiles what it imports; compiling all that is installed takes a third of the time.
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-compile"]
    install = [uv, "pip", "install", "-q", "--python", str(PYTHON)] if uv else pip
    lock = ROOT / "requirements" / f"{profile}.txt"
    # The lock names every package. pip would look for what they need all the same, and stop at a
    # release that came after the lock where one of them asks for an extra.
    subprocess.run([*install, "--no-deps", "--require-hashes", "-r", str(lock)], check=True)
    subprocess.run([*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)
    (VENV / f".ready-{profile}").write_text(digest(profile))


def main() -> int:
    """Prepare, then hand over to the tool; its exit status is ours."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("tempo90 needs Python 3.11 or newer; try `make PYTHON=python3.11 ...`.")
    profile, *command = sys.argv[1:]
    try:
        make_ready(profile)
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"Set-up failed (exit {error.returncode}): see the lines above, "
            "then give the same command again."
        )
    if not command:
        print(f"Ready: {BIN / 'tempo90'}")
        return 0
    tool, *arguments = command
    # Some machines forbid Python to keep what it compiled. Here it would compile all that is
    # installed anew for each command, and the tests start hundreds.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        return subprocess.run([str(BIN / tool), *arguments], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:  # the tool got it too and has said its say
        return 130


if __name__ == "__main__":
    sys.exit(main())
