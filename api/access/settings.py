"""What can be told about log-in, mail and a log-in service of others."""

from typing import Final

from pydantic import BaseModel, ConfigDict, PositiveInt, SecretStr

from api.access.identity import STAFF, Role

HOUR_S: Final = 3600
DAY_S: Final = 24 * HOUR_S


class Argon2Cost(BaseModel):
    """What one password hash costs. The defaults are those of RFC 9106, second choice."""

    model_config = ConfigDict(frozen=True)

    memory_kib: PositiveInt = 64 * 1024
    passes: PositiveInt = 3
    lanes: PositiveInt = 4


class MailSettings(BaseModel):
    """The mail server of the clinic."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: PositiveInt = 587
    sender: str
    user: str | None = None
    password: SecretStr | None = None
    has_start_tls: bool = True


class OidcSettings(BaseModel):
    """A log-in service of others, by OpenID Connect.

    Only accounts that an invitation made can log in with it; their `login` is compared with the
    verified mail address that the service tells.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    issuer: str
    client_id: str
    client_secret: SecretStr


class AccessSettings(BaseModel):
    """How people get in.

    Parameters
    ----------
    local_name : str
        Who sits at a computer that only itself can reach, as pages show it.
    address : str or None
        Where the service is reached, such as "https://tempo.clinic.example": for links in mail
        and for a log-in service of others.
    factor_roles : frozenset of Role
        Who cannot go on without a second factor.
    staff_idle_s, staff_longest_s, patient_idle_s, patient_longest_s : int
        How long a log-in lasts without use, and at most.
    invitation_s, reset_s : int
        How long a code of each kind works.

    """

    model_config = ConfigDict(frozen=True)

    local_name: str = ""
    address: str | None = None
    factor_roles: frozenset[Role] = STAFF
    staff_idle_s: PositiveInt = HOUR_S
    staff_longest_s: PositiveInt = 12 * HOUR_S
    patient_idle_s: PositiveInt = 14 * DAY_S
    patient_longest_s: PositiveInt = 90 * DAY_S
    invitation_s: PositiveInt = 7 * DAY_S
    reset_s: PositiveInt = HOUR_S
    argon2: Argon2Cost = Argon2Cost()
    mail: MailSettings | None = None
    oidc: OidcSettings | None = None
