"""Certificates for the local network: an authority of our own, and what it signs for this computer.

A browser gives a page the motion sensor over HTTPS alone, and nobody else signs a certificate for
an address at home. The authority lives ten years in the data folder, its key readable by this user
alone. Where somebody trusts it, it can vouch only for names in `.local`, not for any site of the
internet: so says its name constraint, which browsers enforce.

Sources: RFC 5280 (profile, name constraints); browsers' limit of 398 days on a certificate.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tracker.errors import TrackerError

AUTHORITY_DAYS: Final = 3650
LEAF_DAYS: Final = 397
RENEW_BEFORE: Final = timedelta(days=30)
CLOCKS_DIFFER: Final = timedelta(days=1)
SUFFIXES: Final = ("local", "localhost")


class CertificateError(TrackerError, OSError):
    """Certificates cannot be made or kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Where the certificates of this computer are.

    Parameters
    ----------
    chain, key : Path
        Its certificate with the authority behind it, and its private key.
    authority_pem : bytes
        The authority's certificate, for those who want to trust it.
    fingerprint : str
        SHA-256 of the authority's certificate, to compare by eye.

    """

    chain: Path
    key: Path
    authority_pem: bytes
    fingerprint: str


def ensure_certificates(
    folder: Path, *, names: Sequence[str], addresses: Sequence[str], now: datetime | None = None
) -> Certificates:
    """Return certificates for names and addresses; what is missing, old or of others is made.

    Parameters
    ----------
    folder : Path
        Where they are kept; made if it is missing.
    names, addresses : sequence of str
        What the certificate is for: names in `.local`, IP addresses.
    now : datetime, optional
        The present time, with a zone.

    Raises
    ------
    CertificateError
        If the folder cannot be written.

    """
    at = now or datetime.now(UTC)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority = _find_authority(folder, at)
        chain, key = folder / "computer.pem", folder / "computer-key.pem"
        wanted = _alternatives(names, addresses)
        if not _still_serves(chain, key, authority.certificate, wanted, at):
            _write_leaf(chain, key, authority, wanted, at)
    except OSError as error:
        raise CertificateError(
            f"The certificates in {folder} cannot be kept ({error.strerror or error})."
        ) from error
    return Certificates(
        chain=chain,
        key=key,
        authority_pem=_pem(authority.certificate),
        fingerprint=authority.certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def _find_authority(folder: Path, at: datetime) -> _Authority:
    """Read the authority, or make one."""
    path, key_path = folder / "authority.pem", folder / "authority-key.pem"
    try:
        certificate, key = _read(path), _read_key(key_path)
        if certificate.not_valid_after_utc - at > timedelta(days=LEAF_DAYS):
            return _Authority(certificate, key)
    except (FileNotFoundError, ValueError):
        pass  # none yet, or damaged: a new one is made, and has to be trusted anew
    key = ec.generate_private_key(ec.SECP256R1())
    made = at.astimezone(UTC).strftime("%Y-%m-%d")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"tempo90 on this computer, {made}")])
    permitted = [x509.DNSName(suffix) for suffix in SUFFIXES]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _begun(name, name, key, at, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(key_path, _key_pem(key))
    _write(path, _pem(certificate))
    return _Authority(certificate, key)


def _write_leaf(
    chain: Path,
    key_path: Path,
    authority: _Authority,
    wanted: x509.SubjectAlternativeName,
    at: datetime,
) -> None:
    """Make the certificate of this computer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tempo90")])
    certificate = (
        _begun(subject, authority.certificate.subject, key, at, LEAF_DAYS)
        .add_extension(wanted, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )
    _write(key_path, _key_pem(key))
    _write(chain, _pem(certificate) + _pem(authority.certificate))


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    at: datetime,
    n_days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - CLOCKS_DIFFER)
        .not_valid_after(at - CLOCKS_DIFFER + timedelta(days=n_days))
    )


def _alternatives(names: Sequence[str], addresses: Sequence[str]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName(
        [
            *(x509.DNSName(name) for name in names),
            *(x509.IPAddress(ipaddress.ip_address(address)) for address in addresses),
        ]
    )


def _still_serves(
    chain: Path,
    key_path: Path,
    authority: x509.Certificate,
    wanted: x509.SubjectAlternativeName,
    at: datetime,
) -> bool:
    """Whether the certificate there is ours, for the same places, and not about to end."""
    try:
        certificate, key = _read(chain), _read_key(key_path)
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        certificate.verify_directly_issued_by(authority)
    except Exception:  # noqa: BLE001  # damaged in whatever way: a new one is made
        return False
    return (
        set(found) == set(wanted)
        and key.public_key() == certificate.public_key()
        and certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc - RENEW_BEFORE
    )


def _read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path.name} holds another kind of key.")  # noqa: TRY004  # file content
    return key


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file that only this user can read, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
