"""What a program asked the system to do with files: run under strace, and read from its log.

Only calls that change files or names are kept, with the bytes that were written, in the order in
which they came back.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TRACED = (
    "open,openat,creat,close,dup,dup2,dup3,fcntl,lseek,write,pwrite64,writev,ftruncate,truncate,"
    "fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    "fallocate"
)
LONGEST_BYTES = 64 * 2**20
_LINE = re.compile(r"^(\d+)\s+(.*)$")
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(.*)$")
_WHOLE = re.compile(r"^(\w+)\((.*)\)\s*=\s*(-?\d+)(?:<[^>]*>)?(?:\s.*)?$", re.DOTALL)
_PART = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?|([^,"\[\]{}]+)')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that succeeded.

    Parameters
    ----------
    name : str
        Its name.
    values : tuple
        Its arguments: bytes where a string was given, else as strace writes them.
    result : int
        What it returned.

    """

    name: str
    values: tuple[bytes | str, ...]
    result: int


def can_trace() -> bool:
    """Whether strace is there and allowed."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(
        ["strace", "-o", os.devnull, sys.executable, "-c", ""],  # noqa: S607
        check=False,
        capture_output=True,
    )
    return tried.returncode == 0


def traced(log: Path, *words: str) -> list[Call]:
    """Run a Python module with its arguments, and return what it asked for.

    Raises
    ------
    CalledProcessError
        If the program failed.

    """
    subprocess.run(
        [
            *("strace", "-f", "--seccomp-bpf", "-o", str(log), "-xx", "-s", str(LONGEST_BYTES)),
            *("-e", f"trace={TRACED}", "-e", "signal=none", sys.executable, "-m", *words),
        ],
        check=True,
        capture_output=True,
    )
    with log.open("r", encoding="ascii", errors="replace") as lines:
        return list(read_calls(lines))


def read_calls(lines: Iterator[str]) -> Iterator[Call]:
    """Read the log of strace; calls that failed are left out."""
    begun: dict[str, str] = {}
    for line in lines:
        found = _LINE.match(line.rstrip("\n"))
        if found is None:
            continue
        process, text = found.groups()
        if text.endswith("<unfinished ...>"):
            begun[process] = text.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := _RESUMED.match(text):
            text = begun.pop(process, "") + resumed.group(1)
        whole = _WHOLE.match(text)
        if whole is None:
            continue
        name, values, result = whole.groups()
        if int(result) >= 0:
            yield Call(name, tuple(_values(values)), int(result))


def _values(text: str) -> Iterator[bytes | str]:
    for written, cut, other in _PART.findall(text):
        if cut:
            raise ValueError("a write was longer than the log takes")
        if other.strip():
            yield other.strip()
        elif not other:
            yield bytes.fromhex(written.replace("\\x", ""))
