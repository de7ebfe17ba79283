"""Digits that can be read from two metres: three columns by five rows of blocks."""

from typing import Final

ROWS: Final = 5
_DIGITS: Final = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
}


def big_number(number: int, block: str = "█") -> list[str]:
    """Return a number as five lines of text; each dot is two columns wide, about square.

    Examples
    --------
    >>> big_number(7, "#")
    ['######', '    ##', '    ##', '    ##', '    ##']

    """
    digits = [_DIGITS[digit] for digit in str(number)]
    return ["  ".join(_widened(digit[row], block) for digit in digits) for row in range(ROWS)]


def _widened(row: str, block: str) -> str:
    return "".join((block if dot == "#" else " ") * 2 for dot in row)
