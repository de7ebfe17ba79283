import configparser
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.shortcut import ShortcutError, find_desktop, make_shortcut, shortcut_file

COMMAND = ["/opt/my apps/python", "-m", "tracker.cli", "open", "--data", "/home/me/50% $mine"]


def test_the_icon_on_linux_is_a_desktop_entry_that_may_be_run(tmp_path):
    path = make_shortcut(tmp_path, platform="linux")

    entry = configparser.RawConfigParser()
    entry.optionxform = str
    entry.read(path, "utf-8")
    found = dict(entry["Desktop Entry"])
    assert path.name == "tempo90.desktop"
    assert path.stat().st_mode & 0o100
    assert found["Type"] == "Application"
    assert found["Exec"].endswith('"-m" "tracker.cli" "open"')
    assert Path(found["Icon"]).is_file()


def test_signs_that_mean_something_to_a_desktop_are_escaped():
    _, text = shortcut_file(COMMAND, "linux")

    assert '"/home/me/50%% \\\\$mine"' in text


def test_the_icon_on_a_mac_is_a_script_with_the_same_words(tmp_path):
    path = make_shortcut(tmp_path, Path("/Users/me/it's here"), platform="darwin")

    first, second = path.read_text("utf-8").splitlines()
    assert path.name == "tempo90.command"
    assert first == "#!/bin/sh"
    assert shlex.split(second) == [
        "exec", sys.executable, "-m", "tracker.cli", "open", "--data", "/Users/me/it's here",
    ]  # fmt: skip


def test_the_icon_on_windows_is_a_batch_file_that_stays_open_after_an_error():
    name, text = shortcut_file(["C:\\Users\\Zoë\\50% me\\python.exe", "open"], "win32")

    assert name == "tempo90.cmd"
    assert '"C:\\Users\\Zoë\\50%% me\\python.exe" "open"\r\n' in text
    assert text.endswith("if errorlevel 1 pause\r\n")


def test_the_command_of_the_icon_starts_tempo90(tmp_path):
    path = make_shortcut(tmp_path, platform="darwin")
    command = shlex.split(path.read_text("utf-8").splitlines()[1])[1:]

    said = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)

    assert "Open the pages in the browser" in said.stdout


def test_a_desktop_that_is_not_there_is_told_with_what_to_give(tmp_path):
    with pytest.raises(ShortcutError, match="--desktop"):
        make_shortcut(tmp_path / "nowhere", platform="linux")


def test_the_desktop_of_a_dutch_linux_is_found_by_its_own_name(tmp_path, monkeypatch):
    program = tmp_path / "xdg-user-dir"
    program.write_text("#!/bin/sh\necho /home/me/Bureaublad\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert find_desktop("linux") == Path("/home/me/Bureaublad")


def test_without_that_program_it_is_called_desktop(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_desktop("linux") == Path.home() / "Desktop"
