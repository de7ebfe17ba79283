import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES = 400
BODY_LINES = 50


def sources(*endings):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: the list of source files is git's")
    names = [Path(name) for name in listed.stdout.splitlines()]
    return [name for name in names if name.suffix in endings and (ROOT / name).exists()]


def body_length(function):
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_no_source_file_is_longer_than_400_lines():
    lengths = {
        name: len((ROOT / name).read_text("utf-8").splitlines()) for name in sources(".py", ".js")
    }

    too_long = {str(name): n for name, n in lengths.items() if n > FILE_LINES}

    assert not too_long


def test_no_function_body_is_longer_than_50_lines():
    too_long = {}

    for name in sources(".py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                n = body_length(node)
                if n > BODY_LINES:
                    too_long[f"{name}:{node.name}"] = n

    assert not too_long


def test_no_file_is_named_for_nothing():
    vague = {"utils", "helpers", "common", "misc", "core", "base", "types"}

    named_so = [str(name) for name in sources(".py", ".js") if name.stem in vague]

    assert not named_so


def test_the_pins_name_no_download_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text("utf-8")
