"""What a phone that was paired once shows when it sends what it measured alone."""

import os
import secrets
from typing import Final

from tracker.settings import DataFolder

KEY_NAME: Final = "phone-key"
KEY_BYTES: Final = 32


def phone_key(folder: DataFolder) -> str:
    """Return the key of this data folder, made at the first use, readable by this user alone."""
    path = folder.root / KEY_NAME
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        file = os.open(path, flags, 0o600)
    except FileExistsError:
        known = path.read_text("ascii").strip()
        if known:
            return known
        file = os.open(path, os.O_WRONLY | os.O_TRUNC, 0o600)  # cut off while it was made
    key = secrets.token_urlsafe(KEY_BYTES)
    with os.fdopen(file, "w", encoding="ascii") as writer:
        writer.write(key + "\n")
    return key
