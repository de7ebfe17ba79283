"""Marks on repetitions in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.pages.language import N_, Language
from api.review.schemas import MarkPublic

REASONS: Final[Mapping[str, str]] = {
    "not_a_repetition": N_("not a repetition"),
    "other_movement": N_("another movement"),
    "helper": N_("helper did it differently"),
    "signal": N_("signal not good enough"),
    "other": N_("other reason"),
}


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark beside a repetition."""

    is_left_out: bool
    reason: str
    remark: str
    told: str
    undo_url: str


def mark_view(mark: MarkPublic, session_url: str, language: Language) -> MarkView:
    """Show a mark: why, and who made it when."""
    place = f"{session_url}/sets/{mark.set_number}/reps/{mark.rep_number}"
    told = language.say(
        N_("%(name)s, %(when)s"), name=mark.marked_by, when=language.moment(mark.marked_at)
    )
    return MarkView(
        is_left_out=mark.kind == "discarded",
        reason=language.say(REASONS[mark.reason]),
        remark=mark.remark,
        told=told,
        undo_url=f"{place}/mark/undo",
    )


def left_out_line(mark: MarkPublic, language: Language) -> str:
    """Say in one line which repetition somebody left out, for the patient's own page."""
    return language.say(
        N_("%(name)s does not count repetition %(rep)s of set %(set)s: %(reason)s."),
        name=mark.marked_by,
        rep=mark.rep_number,
        set=mark.set_number,
        reason=language.say(REASONS[mark.reason]),
    )


def history_line(mark: MarkPublic, language: Language) -> str:
    """Say in one line what was marked and taken back."""
    words = (
        N_("Set %(set)s, repetition %(rep)s: left out (%(reason)s) by %(name)s, %(when)s;")
        if mark.kind == "discarded"
        else N_("Set %(set)s, repetition %(rep)s: remark (%(reason)s) by %(name)s, %(when)s;")
    )
    first = language.say(
        words,
        set=mark.set_number,
        rep=mark.rep_number,
        reason=language.say(REASONS[mark.reason]),
        name=mark.marked_by,
        when=language.moment(mark.marked_at),
    )
    if mark.ended_at is None:
        return first.rstrip(";")
    ended = language.say(
        N_("taken back by %(name)s, %(when)s"),
        name=mark.ended_by or "",
        when=language.moment(mark.ended_at),
    )
    return f"{first} {ended}"
