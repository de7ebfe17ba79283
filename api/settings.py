"""What the service can be told; whoever starts it reads files and environment, not this package."""

from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

from api.access.settings import AccessSettings

LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "::1")
MEBIBYTE: Final = 1024 * 1024


class OwnPatient(BaseModel):
    """The one patient of a local install, who is stored with the first thing that is told."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    language: Literal["nl", "en"] = "nl"


class ApiSettings(BaseModel):
    """Settings of one service.

    Parameters
    ----------
    recordings_dir : Path
        Where recordings are kept; made when it is missing.
    object_store : str or None
        Where they are kept instead, such as "s3://bucket/folder".
    object_store_timeout_s : float
        How long one request to it may take.
    hosts : tuple of str
        Host names this service answers to, without port; "*" answers to all. The default keeps
        a web page elsewhere from reaching a local service under a name of its own.
    is_loopback_only : bool
        Whether only this computer can reach the service. Then nobody has to log in; otherwise, or
        as soon as it answers to another name than this computer's own, everybody has to.
    own_patient : OwnPatient or None
        Whose pages stand at "/", "/calendar" and so on; None: "/" shows everyone's sessions.
    time_zone : str or None
        Zone in which pages show times, such as "Europe/Amsterdam"; None: that of the machine.
    max_body_bytes : int
        Largest JSON body. A session of three sets with traces is some 100 kB.
    max_recording_bytes : int
        Largest recording. An hour at 100 Hz is about 5 MB.
    max_patient_recording_bytes : int or None
        The most that all recordings of one patient may take; None: as much as there is room.
    access : AccessSettings
        How people get in.

    """

    model_config = ConfigDict(frozen=True)

    recordings_dir: Path
    object_store: str | None = None
    object_store_timeout_s: PositiveFloat = 10.0
    hosts: tuple[str, ...] = LOOPBACK_HOSTS
    is_loopback_only: bool = True
    own_patient: OwnPatient | None = None
    time_zone: str | None = None
    max_body_bytes: PositiveInt = 8 * MEBIBYTE
    max_recording_bytes: PositiveInt = 256 * MEBIBYTE
    max_patient_recording_bytes: PositiveInt | None = None
    access: AccessSettings = AccessSettings()

    @property
    def needs_login(self) -> bool:
        """Whether people have to log in: always, unless nobody else can get here."""
        return not self.is_loopback_only or not set(self.hosts) <= set(LOOPBACK_HOSTS)
