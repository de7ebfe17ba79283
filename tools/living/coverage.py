"""What a life has to have met: every rule of the programme, and every exercise of every block."""

from typing import Final

from analysis import load_programme

SPORT_EXERCISES: Final = frozenset({"run_intervals", "run_continuous", "sprint_sets", "cycling"})


def every_rule() -> set[str]:
    """Return the codes of all rules of the programme."""
    return {rule.code for rule in load_programme().rules}


def every_exercise() -> set[tuple[int, str]]:
    """Return what must be trained through the coach: (first week of the block, exercise).

    Of exercises that one may choose between, each in one block is enough.
    """
    blocks = load_programme().blocks
    usual = {(block.weeks[0], slot[0]) for block in blocks for slot in block.slots}
    chosen = {(blocks[0].weeks[0], other) for slot in blocks[0].slots for other in slot[1:]}
    return usual | chosen | {(0, sport) for sport in SPORT_EXERCISES}


def by_block(coached: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return exercises by the first week of the block in which they were trained."""
    blocks = load_programme().blocks
    found = {(0, exercise) for _, exercise in coached if exercise in SPORT_EXERCISES}
    for week, exercise in coached:
        first = [block.weeks[0] for block in blocks if week in block.weeks]
        found |= {(one, exercise) for one in first}
    return found


def shortfalls(heard: set[str], coached: set[tuple[int, str]]) -> list[str]:
    """Say which rules never spoke, and what was never trained."""
    silent = [f"rule {code} never spoke" for code in sorted(every_rule() - heard)]
    missing = sorted(every_exercise() - by_block(coached))
    untrained = [f"{exercise} was never trained in week {week}" for week, exercise in missing]
    return silent + untrained
