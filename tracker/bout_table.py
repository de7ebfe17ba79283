"""The bouts of a set of sport as a table for people."""

from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from tracker.profile import Language
from tracker.words import Text, in_language

HEADS: Final = (
    Text("what", "wat"),
    Text("start s", "start s"),
    Text("length s", "duur s"),
    Text("steps or turns a minute", "passen of slagen per minuut"),
)
KIND_WORDS: Final = {
    "walk": Text("walk", "wandelen"),
    "jog": Text("jog", "joggen"),
    "walk_backward": Text("walk backward", "achteruit wandelen"),
    "jog_backward": Text("jog backward", "achteruit joggen"),
    "run_up": Text("run-up", "aanloop"),
    "sprint": Text("sprint", "sprint"),
    "run_out": Text("run-out", "uitloop"),
    "pedal": Text("pedalling", "trappen"),
}


def bout_table(one: dict[str, Any], language: Language) -> Table:
    """Return the table of a set's bouts, from its analysis document."""
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    for head in HEADS:
        table.add_column(head.to(language), justify="left" if head is HEADS[0] else "right")
    for bout in one["bouts"]:
        kind = KIND_WORDS.get(bout["kind"], Text(bout["kind"], bout["kind"]))
        cadence = bout["cadence_per_min"]
        table.add_row(
            kind.to(language),
            in_language(bout["start_s"], 1, language),
            in_language(bout["end_s"] - bout["start_s"], 1, language),
            "-" if cadence is None else in_language(cadence, 0, language),
        )
    return table
