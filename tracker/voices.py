"""Voices of this machine: which program speaks, and whether it speaks the language at all.

A program that is installed may still have no voice of a language, or no sound to give it to. So it
is asked for its voices first, and one that fails while speaking is not used again.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tracker.profile import Language

ANSWER_S: Final = 4.0  # PowerShell takes two seconds to start; longer is not worth waiting for
POWERSHELL: Final = ("powershell", "-NoProfile", "-NonInteractive", "-Command")
SPEECH_ASSEMBLY: Final = (
    "Add-Type -AssemblyName System.Speech;"
    "$v = New-Object System.Speech.Synthesis.SpeechSynthesizer;"
)


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """A voice that can be used.

    Parameters
    ----------
    command : tuple of str
        Speaks what it reads from its input, in UTF-8, and ends when that was said.
    takes_argument : bool
        Whether the text is the last argument in place of the input.
    stop : tuple of str
        What to run so that it falls silent, where ending the command is not enough.

    """

    command: tuple[str, ...]
    takes_argument: bool = False
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Program:
    """How a program is asked for its voices, and made to speak."""

    name: str
    asks: tuple[str, ...]
    answers: Callable[[str, Language], str | None]
    """Reads the name of a voice of a language out of the list of voices; None without one."""
    speaks: Callable[[str, str, Language], SystemVoice]
    """Makes the voice from the program's path, the voice's name and the language."""


def find_voice(
    language: Language, *, path: str | None = None, platform: str = sys.platform
) -> SystemVoice | None:
    """Return a voice of this machine that speaks a language, or None.

    It starts programs and waits for their answer: keep it out of an event loop.

    Parameters
    ----------
    language : {"nl", "en"}
        What is to be spoken.
    path : str, optional
        Where programs are looked for; that of the process by default.
    platform : str
        As `sys.platform` has it.

    """
    for program in _PROGRAMS.get(platform, _ELSEWHERE):
        found = shutil.which(program.name, path=path)
        if found is None:
            continue
        name = program.answers(_ask((found, *program.asks)), language)
        if name is not None:
            return program.speaks(found, name, language)
    return None


def _ask(command: tuple[str, ...]) -> str:
    try:
        answer = subprocess.run(  # noqa: S603  # our own words to a program of this machine
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=ANSWER_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")


def _is_of(language: Language, code: str) -> bool:
    return re.split("[-_]", code.strip().lower())[0] == language


def _in_column(number: int, separator: str) -> Callable[[str, Language], str | None]:
    """Read a table with a language code in a column; the voice is named by that code."""

    def read(table: str, language: Language) -> str | None:
        for line in table.splitlines()[1:]:
            cells = re.split(separator, line.strip())
            if len(cells) > number and _is_of(language, cells[number]):
                return cells[number]
        return None

    return read


def _of_macos(table: str, language: Language) -> str | None:
    """Read "Xander   nl_NL    # Hallo, ...": names may hold spaces, codes do not."""
    for line in table.splitlines():
        told = re.match(r"(.+?)\s+([a-z]{2,3}_\w+)\s+#", line)
        if told and _is_of(language, told[2]):
            return told[1]
    return None


def _of_windows(table: str, language: Language) -> str | None:
    """Read "nl-NL<tab>Microsoft Frank": one voice a line."""
    for line in table.splitlines():
        code, _, name = line.partition("\t")
        if name and _is_of(language, code):
            return name.strip()
    return None


def _speech_dispatcher(path: str, _name: str, language: Language) -> SystemVoice:
    command = (path, "--wait", "--language", language, "--")
    return SystemVoice(command, takes_argument=True, stop=(path, "--stop"))


def _espeak(path: str, name: str, _language: Language) -> SystemVoice:
    return SystemVoice((path, "-v", name, "--stdin"))


def _macos(path: str, name: str, _language: Language) -> SystemVoice:
    return SystemVoice((path, "-v", name, "-f", "-"))


def _windows(path: str, name: str, _language: Language) -> SystemVoice:
    quoted = name.replace("'", "''")
    script = (
        f"{SPEECH_ASSEMBLY}$v.SelectVoice('{quoted}');"
        "[Console]::InputEncoding = [Text.Encoding]::UTF8;$v.Speak([Console]::In.ReadToEnd())"
    )
    return SystemVoice((path, *POWERSHELL[1:], script))


_LIST_OF_WINDOWS: Final = (
    "[Console]::OutputEncoding = [Text.Encoding]::UTF8;"
    f"{SPEECH_ASSEMBLY}$v.GetInstalledVoices() | Where-Object Enabled | ForEach-Object "
    '{ $_.VoiceInfo.Culture.Name + "`t" + $_.VoiceInfo.Name }'
)
_ELSEWHERE: Final = (
    _Program("spd-say", ("--list-synthesis-voices",), _in_column(1, r"\s{2,}"), _speech_dispatcher),
    _Program("espeak-ng", ("--voices",), _in_column(1, r"\s+"), _espeak),
    _Program("espeak", ("--voices",), _in_column(1, r"\s+"), _espeak),
)
_PROGRAMS: Final = {
    "darwin": (_Program("say", ("-v", "?"), _of_macos, _macos),),
    "win32": (_Program("powershell", (*POWERSHELL[1:], _LIST_OF_WINDOWS), _of_windows, _windows),),
}
