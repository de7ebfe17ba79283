"""What `tempo90 import` asks and shows in a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.prompt import Prompt

from analysis import load_catalogue
from tracker.analysis_table import sparkline
from tracker.file_session import ImportedSession
from tracker.import_sessions import Imported, RefusedFile
from tracker.profile import Language, Profile
from tracker.words import Text, in_language

WHICH_EXERCISE: Final = Text("What was done? (number)", "Wat is er gedaan? (nummer)")
WHICH_SIDE: Final = Text("Which leg carried the sensor?", "Om welk been zat de sensor?")
LEFT: Final = Text("left", "links")
RIGHT: Final = Text("right", "rechts")
UNKNOWN: Final = Text("unknown", "onbekend")
STORED: Final = Text(
    "{file}: {sets} sets, {reps} repetitions -> {path}",
    "{file}: {sets} series, {reps} herhalingen -> {path}",
)
STORED_BEFORE: Final = Text(
    "{file}: stored before, nothing was stored twice ({sets} sets, {reps} repetitions) -> {path}",
    "{file}: al eerder opgeslagen, niets dubbel ({sets} series, {reps} herhalingen) -> {path}",
)
REFUSED: Final = Text("{file}: {reason}", "{file}: {reason}")
TILT: Final = Text("tilt 0-{top}°", "kanteling 0-{top}°")

Side = Literal["left", "right"]


def ask_exercise(console: Console, language: Language) -> str:
    """Ask which exercise was done, and return its id."""
    known = [one for one in load_catalogue().exercises.values() if one.is_measurable]
    for number, one in enumerate(known, start=1):
        name = one.name_nl if language == "nl" else one.name_en
        console.print(f"{number:3d}  {name}  [dim]{one.id}[/dim]", highlight=False)
    numbers = [str(number) for number in range(1, len(known) + 1)]
    said = Prompt.ask(
        WHICH_EXERCISE.to(language), console=console, choices=numbers, show_choices=False
    )
    return known[int(said) - 1].id


def ask_side(console: Console, language: Language, usual: Side | None) -> Side | None:
    """Ask which leg carried the sensor; None where nobody knows."""
    words: dict[str, Side | None] = {
        LEFT.to(language): "left",
        RIGHT.to(language): "right",
        UNKNOWN.to(language): None,
    }
    default = next(word for word, side in words.items() if side == usual)
    said = Prompt.ask(
        WHICH_SIDE.to(language), console=console, choices=list(words), default=default
    )
    return words[said]


def ask_what(console: Console, profile: Profile, *, asks_side: bool) -> tuple[str, Profile]:
    """Ask what was done and, where it was not given, with which leg."""
    exercise = ask_exercise(console, profile.language)
    if asks_side:
        profile = replace(profile, side=ask_side(console, profile.language, profile.side))
    return exercise, profile


class FileProgress:
    """A bar over the files, with the name of the one that is being read."""

    def __init__(self, bar: Progress, n_files: int) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=n_files)

    def begin(self, path: Path) -> None:
        """Show which file is read now."""
        self._bar.update(self._task, description=path.name)

    def done(self) -> None:
        """Move on by a file."""
        self._bar.advance(self._task)


@contextmanager
def file_progress(console: Console, n_files: int) -> Iterator[FileProgress]:
    """Show a bar for as long as the context, where somebody is looking."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        yield FileProgress(bar, n_files)


def show(one: Imported, language: Language, *, out: Console | None, err: Console) -> None:
    """Print what became of a file: on `out`, where there is one, or why not on `err`."""
    if isinstance(one, RefusedFile):
        show_refused(err, one, language)
    elif out is not None:
        show_imported(out, one, language)


def show_imported(console: Console, one: ImportedSession, language: Language) -> None:
    """Print the signal of a file as one line, and what became of it."""
    if one.preview is not None:
        is_ascii = not console.encoding.lower().startswith("utf")
        console.print(sparkline(one.preview.tilt_deg, is_ascii=is_ascii), highlight=False)
        top = f"{one.preview.tilt_deg.max():.0f}"
        seconds = in_language(one.preview.duration_s, 1, language)
        rate = in_language(one.preview.rate_hz, 1, language)
        about = f"{TILT.with_values(top=top).to(language)}   {seconds} s   {rate} Hz"
        console.print(f"{about}   {one.preview.format}", highlight=False, style="dim")
        for note in one.preview.notes:
            console.print(f"! {note}", highlight=False)
    said = STORED if one.is_new else STORED_BEFORE
    filled = said.with_values(file=one.file, sets=one.n_sets, reps=one.n_reps, path=one.path)
    console.print(filled.to(language), highlight=False, soft_wrap=True, markup=False)


def show_refused(console: Console, one: RefusedFile, language: Language) -> None:
    """Print why a file is none of use."""
    said = REFUSED.with_values(file=one.file, reason=one.reason).to(language)
    console.print(f"tempo90: {said}", highlight=False, soft_wrap=True, markup=False)
