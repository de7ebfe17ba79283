"""How phones differ in signs and units. The bytes do not tell: the user or the page does."""

from typing import Final, Literal, get_args

PhonePlatform = Literal["android", "ios", "standardised"]
"""`standardised` is a phone of any kind whose app or page follows the signs of Android."""

PLATFORMS: Final[tuple[PhonePlatform, ...]] = get_args(PhonePlatform)


def force_sign(platform: PhonePlatform) -> float:
    """Return the sign that makes an acceleration a specific force: iPhones have the other one."""
    return -1.0 if platform == "ios" else 1.0
