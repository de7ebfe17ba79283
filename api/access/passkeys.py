"""Passkeys: a device keeps a key, and signs with it after its owner unlocked the device.

Each ceremony (W3C Web Authentication, level 2) has two steps. First the service asks for a
signature over a challenge, of which it keeps the digest; then it compares what comes back with
that challenge, its own name and the public key it knows. The device says that its owner was
verified, by a finger, a face or a code: with having the device that makes two factors, so a
passkey opens a whole log-in. Without the package `webauthn` (extra `server`) there are none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.access.codes import digest, new_token
from api.access.errors import WrongPasskeyError
from api.access.rows import AccountRow, ChallengeRow, PasskeyRow
from api.errors import NotFoundError
from api.models import LABEL

PACKAGE: Final = "webauthn"
CHALLENGE_S: Final = 5 * 60  # to find the device and unlock it
NAMELESS: Final = "passkey"
SERVICE: Final = "tempo90"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who asks for a signature, as browsers know it.

    Parameters
    ----------
    name : str
        The host name; a passkey works for this name alone.
    origin : str
        Scheme, host and port of its pages.

    """

    name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyPublic:
    """A passkey, for the list of whoever it belongs to."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


def is_offered() -> bool:
    """Whether the package is there that reads what devices sign."""
    return find_spec(PACKAGE) is not None


def ask_to_make(db: Session, account: AccountRow, party: Party, *, now: datetime) -> dict[str, Any]:
    """Return what a device is to be asked to make a new passkey."""
    webauthn = _webauthn()
    structs = webauthn.helpers.structs
    known = db.exec(select(PasskeyRow).where(PasskeyRow.account_id == account.id))
    options = webauthn.generate_registration_options(
        rp_id=party.name,
        rp_name=SERVICE,
        user_id=account.id.bytes,
        user_name=account.login,
        user_display_name=account.name,
        challenge=_new_challenge(db, account.id, now=now),
        timeout=CHALLENGE_S * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(one.credential))
            for one in known
        ],
    )
    return _as_sent(webauthn.options_to_json(options))


def ask_to_sign(db: Session, party: Party, *, now: datetime) -> dict[str, Any]:
    """Return what a device is to be asked to sign at a log-in; whose it is, the device says."""
    webauthn = _webauthn()
    options = webauthn.generate_authentication_options(
        rp_id=party.name,
        challenge=_new_challenge(db, None, now=now),
        timeout=CHALLENGE_S * 1000,
        user_verification=webauthn.helpers.structs.UserVerificationRequirement.REQUIRED,
    )
    return _as_sent(webauthn.options_to_json(options))


def keep(
    db: Session,
    account: AccountRow,
    sent: Mapping[str, Any],
    party: Party,
    *,
    challenge: bytes,
    name: str,
    now: datetime,
) -> None:
    """Keep the public half of a new passkey.

    Raises
    ------
    WrongPasskeyError
        If what the device says does not hold.

    """
    webauthn = _webauthn()
    try:
        made = webauthn.verify_registration_response(
            credential=dict(sent),
            expected_challenge=challenge,
            expected_rp_id=party.name,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as error:  # whatever a stranger sends: the reader raises anything
        raise _wrong() from error
    row = PasskeyRow(
        id=uuid4(),
        account_id=account.id,
        credential=_text(made.credential_id),
        public_key=_text(made.credential_public_key),
        uses=made.sign_count,
        name=name.strip()[:LABEL] or NAMELESS,
        created_at=now,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise _wrong() from error


def find_signer(
    db: Session, sent: Mapping[str, Any], party: Party, *, challenge: bytes, now: datetime
) -> AccountRow:
    """Return whose passkey signed.

    Raises
    ------
    WrongPasskeyError
        If the key is unknown or its account closed, the device did not verify its owner, the
        signature does not fit, or the device counts fewer uses than it did before, as a copy of
        it would.

    """
    webauthn = _webauthn()
    row = db.exec(select(PasskeyRow).where(PasskeyRow.credential == sent.get("id"))).first()
    account = db.get(AccountRow, row.account_id) if row is not None else None
    if row is None or account is None or not account.is_active:
        raise _wrong()
    try:
        signed = webauthn.verify_authentication_response(
            credential=dict(sent),
            expected_challenge=challenge,
            expected_rp_id=party.name,
            expected_origin=party.origin,
            credential_public_key=webauthn.base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.uses,
            require_user_verification=True,
        )
    except Exception as error:  # whatever a stranger sends: the reader raises anything
        raise _wrong() from error
    row.uses, row.used_at = signed.new_sign_count, now
    db.add(row)
    return account


def list_passkeys(db: Session, account_id: UUID | None) -> list[PasskeyPublic]:
    """Return the passkeys of an account, newest first."""
    rows = db.exec(
        select(PasskeyRow)
        .where(PasskeyRow.account_id == account_id)
        .order_by(col(PasskeyRow.created_at).desc(), col(PasskeyRow.id))
    )
    return [
        PasskeyPublic(id=row.id, name=row.name, created_at=row.created_at, used_at=row.used_at)
        for row in rows
    ]


def remove_passkey(db: Session, account_id: UUID | None, passkey_id: UUID) -> bool:
    """Let one passkey of an account open it no longer; False when it has no such passkey."""
    row = db.get(PasskeyRow, passkey_id)
    if row is None or row.account_id != account_id:
        return False
    db.delete(row)
    return True


def _new_challenge(db: Session, account_id: UUID | None, *, now: datetime) -> bytes:
    db.execute(delete(ChallengeRow).where(col(ChallengeRow.ends_at) <= now))
    challenge = new_token()
    ends_at = now + timedelta(seconds=CHALLENGE_S)
    db.add(ChallengeRow(sha256=digest(challenge), account_id=account_id, ends_at=ends_at))
    return challenge.encode()


def use_challenge(
    db: Session, account_id: UUID | None, sent: Mapping[str, Any], *, now: datetime
) -> bytes:
    """Return the challenge that a device says it signed, and use it up.

    Which one it is stands in what was signed, so that two log-ins can run side by side. To be
    called in a transaction of its own: it is used up even if nothing else of the answer holds.

    Raises
    ------
    WrongPasskeyError
        If this account, or for None somebody who comes in, was not asked to sign it just now.

    """
    webauthn = _webauthn()
    try:
        said = json.loads(webauthn.base64url_to_bytes(sent["response"]["clientDataJSON"]))
        challenge = bytes(webauthn.base64url_to_bytes(said["challenge"]))
        sha256 = digest(challenge.decode())
    except Exception as error:  # whatever a stranger sends: the reader raises anything
        raise _wrong() from error
    used = db.execute(
        delete(ChallengeRow)
        .where(
            col(ChallengeRow.sha256) == sha256,
            col(ChallengeRow.account_id).is_(account_id)
            if account_id is None
            else col(ChallengeRow.account_id) == account_id,
            col(ChallengeRow.ends_at) > now,
        )
        .returning(col(ChallengeRow.sha256))
    ).first()
    if used is None:
        raise _wrong()
    return challenge


def _as_sent(options: str) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(options)
    return sent


def _text(data: bytes) -> str:
    return str(_webauthn().helpers.bytes_to_base64url(data))


def _wrong() -> WrongPasskeyError:
    return WrongPasskeyError("This passkey opens nothing here.")


def _webauthn() -> Any:
    """Return the package: it is large, and only a service of a clinic has it.

    Raises
    ------
    NotFoundError
        If it is not installed.

    """
    if not is_offered():
        raise NotFoundError("This service has no passkeys.")
    import webauthn  # noqa: PLC0415  # see above

    return webauthn
