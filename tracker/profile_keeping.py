"""Keeps who this machine belongs to, also after everything about them was deleted.

With the data goes `profile.json`. Who goes on with the program that still runs is the same person
to it; their new data must be theirs at the next start too. So the profile is written again, without
what it knew, before something is stored for them.
"""

from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.profile import Profile, save_profile, usual_name

STORING: Final = frozenset({"POST", "PUT"})


class ProfileKeeper:
    """A layer of the app that looks before each request that may store something.

    Parameters
    ----------
    app : ASGIApp
        What answers.
    path : Path
        The file of the profile.
    profile : Profile
        Of whom this program serves the pages.

    """

    def __init__(self, app: ASGIApp, path: Path, profile: Profile) -> None:
        self._app = app
        self._path = path
        self._fresh = Profile(
            patient_id=profile.patient_id,
            name=usual_name(profile.language),
            language=profile.language,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look, and pass the request on."""
        if scope["type"] == "http" and scope["method"] in STORING and not self._path.exists():
            save_profile(self._path, self._fresh)
        await self._app(scope, receive, send)
