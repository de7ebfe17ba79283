"""Who trains on this machine: one local profile, made at the first start."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, Self
from uuid import UUID, uuid4, uuid5

from tracker.errors import TrackerError
from tracker.part_file import write_text_durably

Language = Literal["en", "nl"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")


class ProfileError(TrackerError, ValueError):
    """The profile file cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The patient of this machine.

    Parameters
    ----------
    patient_id : UUID
        Made here, and never changed: the same patient in the database.
    name : str
        What lists of patients show.
    language : {"en", "nl"}
        What the coach speaks.
    side : {"left", "right"}, optional
        The affected leg, once it was told.
    band : str, optional
        The band in use, in the patient's words.

    """

    patient_id: UUID
    name: str = "Me"
    language: Language = "en"
    side: Literal["left", "right"] | None = None
    band: str | None = None

    def as_json(self) -> str:
        """Write the profile as text."""
        return json.dumps(asdict(self) | {"patient_id": str(self.patient_id)}, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a profile as `as_json` writes it.

        Raises
        ------
        ProfileError
            If the text is not a profile.

        """
        try:
            known: dict[str, Any] = json.loads(text)
            language, side = known.get("language", "en"), known.get("side")
            if language not in LANGUAGES or side not in {"left", "right", None}:
                raise ProfileError(f"language {language!r} or side {side!r} is not known.")
            patient_id, name = UUID(known["patient_id"]), str(known.get("name") or "Me")
            band = known.get("band")
            return cls(
                patient_id=patient_id,
                name=name,
                language=language,
                side=side,
                band=None if band is None else str(band),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProfileError(
                f"The profile cannot be read ({error}): mend it, or move it away to start anew."
            ) from error


def usual_language(environment: Mapping[str, str]) -> Language:
    """Return the language that the machine is set to, of those we speak."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "nl" if value.lower().startswith("nl") else "en"
    return "en"


def usual_name(language: Language) -> str:
    """Return what lists show for somebody who gave no name."""
    return "Ik" if language == "nl" else "Me"


def load_profile(path: Path, *, environment: Mapping[str, str] | None = None) -> Profile:
    """Read the profile, or make and store a new one when there is none yet.

    Raises
    ------
    ProfileError
        If the file is there, but is not a profile.

    """
    if path.exists():
        return Profile.from_json(path.read_text("utf-8"))
    known = os.environ if environment is None else environment
    language = usual_language(known)
    profile = Profile(patient_id=uuid4(), name=usual_name(language), language=language)
    save_profile(path, profile)
    return profile


def save_profile(path: Path, profile: Profile) -> None:
    """Store the profile in one step, so that a power cut leaves the old or the new one."""
    write_text_durably(path, profile.as_json())


def simulated(profile: Profile) -> Profile:
    """Return the synthetic patient of this profile: simulated data never mix with a person's."""
    patient_id = uuid5(profile.patient_id, "simulated")
    return replace(profile, patient_id=patient_id, name="Simulated patient")


def as_kept(profile: Profile, path: Path) -> Profile:
    """Return the profile with the leg and the band that the file says now.

    A program that runs on must not go on knowing what was deleted meanwhile. A file that cannot be
    read says nothing, and nothing is taken from it.
    """
    try:
        kept = Profile.from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return replace(profile, side=None, band=None)
    except (OSError, ProfileError):
        return profile
    return replace(profile, side=kept.side, band=kept.band)


def with_choices(
    profile: Profile,
    *,
    language: Language | None,
    side: Literal["left", "right"] | None,
    band: str | None = None,
) -> Profile:
    """Return the profile with what was given on the command line in its place."""
    return replace(
        profile,
        language=language or profile.language,
        side=side or profile.side,
        band=band or profile.band,
    )
