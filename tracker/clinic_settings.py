"""What the environment tells a clinic's service, where no list of processes shows it.

A mail server, a log-in service, another database, and what whoever runs it wants to see.
"""

from pathlib import Path
from typing import Final, Literal

from pydantic import AliasChoices, Field, NonNegativeFloat, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.access.settings import MailSettings, OidcSettings
from tracker.at_clinic.sittings import SET_ENDS_WITHIN_S

LogForm = Literal["plain", "json"]
MB: Final = 1_000_000
PATIENT_RECORDINGS_MB: Final = 4_000  # twenty times what twelve weeks of training take
SLOW_STATEMENT_MS: Final = 500.0  # longer than any page of a million sets asks for


class ClinicSettings(BaseSettings):
    """What the environment tells a clinic's service, such as TEMPO90_CLINIC_MAIL__HOST."""

    model_config = SettingsConfigDict(
        env_prefix="TEMPO90_CLINIC_",
        env_nested_delimiter="__",
        frozen=True,
        populate_by_name=True,
    )

    database_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("TEMPO90_DATABASE", "TEMPO90_CLINIC_DATABASE_URL"),
    )
    object_store: str | None = Field(
        default=None,
        validation_alias=AliasChoices("TEMPO90_OBJECT_STORE", "TEMPO90_CLINIC_OBJECT_STORE"),
    )
    time_zone: str | None = None
    drain_s: NonNegativeFloat = SET_ENDS_WITHIN_S
    patient_recordings_mb: PositiveInt = PATIENT_RECORDINGS_MB
    log: LogForm = "plain"
    slow_statement_ms: NonNegativeFloat = SLOW_STATEMENT_MS
    metrics_token: SecretStr | None = None
    certificate: Path | None = None
    backups: Path | None = None
    mail: MailSettings | None = None
    oidc: OidcSettings | None = None

    @property
    def is_told(self) -> bool:
        """Whether the environment says anything of a clinic's service."""
        return bool(self.model_fields_set)

    def kept_elsewhere(self) -> tuple[str, ...]:
        """Say of what is not in the data folder how it is backed up."""
        said = []
        if self.database_url is not None and not self.database_url.startswith("sqlite"):
            said.append("The database of the clinic is not in it: use pg_dump and pg_restore.")
        if self.object_store is not None:
            said.append("Recordings in the object store are not in it: use the store's own means.")
        return tuple(said)
