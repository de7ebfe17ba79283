"""A form that two people had open: neither overwrites what the other one changed unseen.

A form carries what its fields said when it was shown (`seen-...`). What is stored now and is not
that was changed by somebody else meanwhile. Then both changes are put together and shown again:
theirs where the writer changed nothing, the writer's own where both did.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from api.pages.language import N_, Language

SEEN: Final = "seen-"


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that somebody else changed: what it said, what it says, and what the writer wants."""

    name: str
    before: str
    now: str
    mine: str

    @property
    def is_by_both(self) -> bool:
        """Whether the writer changed it too, into something else."""
        return self.mine not in {self.before, self.now}


@dataclass(frozen=True, slots=True)
class TwoEdits:
    """What two people made of one form.

    Parameters
    ----------
    changed : list of ChangedField
        What the other one changed and the writer has not; empty where nobody is in the way.
    fields : dict
        Both changes put together, to be looked through.

    """

    changed: list[ChangedField]
    fields: dict[str, str]


def seen(stored: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return the hidden fields of a form: what it says while it is shown."""
    return {f"{SEEN}{name}": stored.get(name, "") for name in names}


def two_edits(
    given: Mapping[str, str], stored: Mapping[str, str], names: Iterable[str]
) -> TwoEdits:
    """Compare what was sent with what is stored now.

    Parameters
    ----------
    given : mapping
        The form as sent; without what it said when shown, nobody is in the way.
    stored : mapping
        What the form would say now.
    names : iterable of str
        The fields.

    """
    changed: list[ChangedField] = []
    fields = dict(given)
    for name in names:
        now, mine = stored.get(name, ""), given.get(name, "").strip()
        before = given.get(f"{SEEN}{name}", now)
        fields[name] = now if mine == before else mine
        if now not in {before, mine}:
            changed.append(ChangedField(name, before, now, mine))
    return TwoEdits(changed, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """What a page says of it: line by line, what both changed, and who it was if that is known."""

    lines: list[str]
    by_both: list[str]
    by: str = ""
    at: str = ""


def conflict_view(
    changed: Iterable[ChangedField],
    labels: Mapping[str, str],
    value: Callable[[str, str], str],
    language: Language,
    *,
    by: str = "",
    at: str = "",
) -> ConflictView:
    """Say what somebody else changed.

    Parameters
    ----------
    changed : iterable of ChangedField
        From `two_edits`.
    labels : mapping
        The fields in the reader's words.
    value : callable
        Says what a field (its name) is set to; never asked about an empty one.
    language : Language
        Of the reader.
    by, at : str
        Who and when, where that is kept.

    """
    listed = list(changed)
    nothing = language.say(N_("nothing"))
    lines = [
        language.say(
            N_("%(field)s: %(now)s in place of %(before)s"),
            field=labels[one.name],
            now=value(one.name, one.now) if one.now else nothing,
            before=value(one.name, one.before) if one.before else nothing,
        )
        for one in listed
    ]
    both = [labels[one.name] for one in listed if one.is_by_both]
    return ConflictView(lines=lines, by_both=both, by=by, at=at)
