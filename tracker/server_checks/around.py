"""What a server needs beside its data: a certificate, a mail server, backups."""

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from api.access.settings import MailSettings
from tracker.doctor import Finding

RENEW_WITHIN: Final = timedelta(days=21)  # automatic renewals come at thirty days
BACKUP_EVERY: Final = timedelta(hours=26)  # one a day, and two hours for it to be made
MAIL_TIMEOUT_S: Final = 10.0
HOUR_S: Final = 3600


def check_certificate(path: Path, now: datetime) -> Finding:
    """Check how long the certificate of HTTPS holds; of a chain the first counts."""
    advice = "Renew it, and start what uses it again (tempo90 or the proxy)."
    try:
        certificate = x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError) as error:
        found = f"cannot be read ({type(error).__name__})"
        advice = "See that TEMPO90_CLINIC_CERTIFICATE names a PEM file that this user may read."
        return Finding(name="Certificate", is_well=False, found=found, advice=advice)
    ends = certificate.not_valid_after_utc
    if now < certificate.not_valid_before_utc:
        found = f"holds only from {certificate.not_valid_before_utc:%Y-%m-%d}"
        advice = "See that the clock of this computer is right."
        return Finding(name="Certificate", is_well=False, found=found, advice=advice)
    return Finding(
        name="Certificate",
        is_well=ends - now > RENEW_WITHIN,
        found=f"{'ended' if ends <= now else 'ends'} {ends:%Y-%m-%d}",
        advice=advice,
        is_needed=ends <= now,
    )


def check_mail(settings: MailSettings) -> Finding:
    """Check that the mail server lets us in; nothing is sent."""
    try:
        with smtplib.SMTP(settings.host, settings.port, timeout=MAIL_TIMEOUT_S) as server:
            server.ehlo()
            if settings.has_start_tls:
                server.starttls(context=ssl.create_default_context())
            if settings.user is not None and settings.password is not None:
                server.login(settings.user, settings.password.get_secret_value())
    except (OSError, smtplib.SMTPException) as error:
        return Finding(
            name="Mail",
            is_well=False,
            found=f"does not let us in ({type(error).__name__})",
            advice="Compare TEMPO90_CLINIC_MAIL__... with what the mail server expects; until "
            "then new passwords come as printed codes.",
            is_needed=False,
        )
    return Finding(name="Mail", is_well=True, found="lets us in")


def check_backups(place: Path, now: datetime) -> Finding:
    """Check how old the newest file is where backups go."""
    advice = "See why none was made, and make one now: docs/how-to/operate-a-server.md."
    newest_s = max(_written_s(place), default=None)
    if newest_s is None:
        found = "none there, or not to be read"
        return Finding(name="Backup", is_well=False, found=found, advice=advice)
    age = now - datetime.fromtimestamp(newest_s, UTC)
    return Finding(
        name="Backup",
        is_well=age <= BACKUP_EVERY,
        found=f"the last is {age.total_seconds() / HOUR_S:.0f} h old",
        advice=advice,
    )


def _written_s(place: Path) -> Iterator[float]:
    """Return when each file was written that is a backup; an empty one is none."""
    files = [place] if place.is_file() else place.rglob("*")
    for file in files:
        try:
            about = file.stat()
        except OSError:  # it has just gone
            continue
        if file.is_file() and about.st_size > 0:
            yield about.st_mtime
