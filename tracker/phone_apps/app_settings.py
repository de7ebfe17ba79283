"""What is kept of the phone between two trainings, so that its app is set up once.

`phone-app.json` in the data folder: the token of the push address, and which phone it is.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from firmware_bridge import PLATFORMS, PhonePlatform
from tracker.settings import DataFolder

FILE: Final = "phone-app.json"
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # typed on a phone: nothing looks alike
TOKEN_LENGTH: Final = 10  # 8e14 of them; a wrong one costs a quarter of a second


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAppSettings:
    """The token, and the platform once it is known."""

    token: str
    platform: PhonePlatform | None = None


def load_app_settings(folder: DataFolder) -> PhoneAppSettings:
    """Read them, or make and store new ones where there are none that can be read."""
    path = folder.root / FILE
    try:
        known = json.loads(path.read_text("utf-8"))
        token, platform = str(known["token"]), known.get("platform")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        token, platform = "", None
    if len(token) >= TOKEN_LENGTH and set(token) <= set(LETTERS):
        is_platform = platform in PLATFORMS
        return PhoneAppSettings(token=token, platform=platform if is_platform else None)
    settings = PhoneAppSettings(token=new_token())
    _save(path, settings)
    return settings


def remember_platform(folder: DataFolder, platform: PhonePlatform) -> None:
    """Store which phone it is."""
    _save(folder.root / FILE, replace(load_app_settings(folder), platform=platform))


def new_token() -> str:
    """Return a token that nobody can guess, and that can be typed."""
    return "".join(secrets.choice(LETTERS) for _ in range(TOKEN_LENGTH))


def _save(path: Path, settings: PhoneAppSettings) -> None:
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(settings), file)
    draft.replace(path)
