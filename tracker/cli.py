"""The command line `tempo90`: exit status 0 is done, 1 a problem told in one line, 2 wrong usage.

Importing this module imports no numpy, no web framework and no radio: `--help` is instant.
"""

import io
import os
import sys
from collections.abc import Callable
from typing import Annotated, Final

import typer

from tracker.commands.analyse import analyse
from tracker.commands.backup import backup
from tracker.commands.decode import decode
from tracker.commands.demo import demo
from tracker.commands.doctor import doctor
from tracker.commands.export import export
from tracker.commands.import_files import import_files
from tracker.commands.link import link
from tracker.commands.migrate import migrate
from tracker.commands.open import open_app
from tracker.commands.practice import practice
from tracker.commands.reanalyse import reanalyse
from tracker.commands.record import record
from tracker.commands.restore import restore
from tracker.commands.sensors import sensors
from tracker.commands.serve import serve
from tracker.commands.sync import sync
from tracker.commands.train import train
from tracker.commands.work import work

app = typer.Typer(
    name="tempo90",
    help="Coach for eccentric hamstring training with one ankle sensor.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "demo": demo,
    "train": train,
    "practice": practice,
    "sensors": sensors,
    "record": record,
    "decode": decode,
    "analyse": analyse,
    "import": import_files,
    "reanalyse": reanalyse,
    "serve": serve,
    "migrate": migrate,
    "work": work,
    "open": open_app,
    "link": link,
    "sync": sync,
    "export": export,
    "backup": backup,
    "restore": restore,
    "doctor": doctor,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        print(f"tempo90 {version('tempo90')}")
        raise typer.Exit


@app.callback()
def _global_options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Coach for eccentric hamstring training with one ankle sensor."""


def main() -> int:
    """Run the command line and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe on Windows, or an old locale, knows no bars and degrees: a mark stands for them.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="tempo90")
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if not is_told_in_one_line(error):
            raise
        print(f"tempo90: {sentence_of(error)}", file=sys.stderr)
        return 1
    return 0


def sentence_of(error: Exception) -> str:
    """Return what an error says in one line; the system's without its number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename} cannot be used: {error.strerror}."
    return " ".join(str(error).split()) or type(error).__name__


def is_told_in_one_line(error: Exception) -> bool:
    """Whether an error speaks to the user: one of the four packages', or the system's."""
    from analysis import AnalysisError
    from firmware_bridge import FirmwareBridgeError
    from tracker.errors import TrackerError

    ours = [AnalysisError, FirmwareBridgeError, TrackerError, OSError]
    if "api" in sys.modules:
        from api import ApiError

        ours.append(ApiError)
    return isinstance(error, tuple(ours))


if __name__ == "__main__":
    sys.exit(main())
