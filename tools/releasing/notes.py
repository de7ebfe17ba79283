"""Whether the changelog speaks of the version that is released."""

from collections.abc import Sequence

from tracker.whats_new.changelog import UNRELEASED, Release


def wrong_in_notes(releases: Sequence[Release], version: str) -> tuple[str | None, str | None]:
    """Compare the newest entry of a changelog with a version.

    Returns
    -------
    tuple of (str or None, str or None)
        What is wrong, and what is to be said beside: an entry without a version is a trial.

    """
    if not releases:
        return "changelog: no entry", None
    newest = releases[0]
    if not newest.lines:
        return f"changelog: nothing stands under {newest.version}", None
    if newest.version == UNRELEASED:
        return None, f"UNRELEASED: the changelog does not name {version} yet; this is a trial."
    if newest.version != version:
        return f"changelog: {newest.version} is the newest, pyproject.toml says {version}", None
    return None, None
