"""Sending a letter by the clinic's own mail server."""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final

from api.access.settings import MailSettings

logger = logging.getLogger(__name__)
TIMEOUT_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent to whom. Letters hold no data about anybody's health."""

    to: str
    subject: str
    text: str


def send(settings: MailSettings, letter: Letter) -> None:
    """Send one letter; a failure is logged without the address or the text.

    It runs after the answer has gone out, so that the time it takes says nothing about whether
    an account exists.
    """
    message = EmailMessage()
    message["From"], message["To"] = settings.sender, letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=settings.sender.rpartition("@")[2])
    message.set_content(letter.text)
    try:
        with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S) as server:
            if settings.has_start_tls:
                server.starttls(context=ssl.create_default_context())
            if settings.user is not None and settings.password is not None:
                server.login(settings.user, settings.password.get_secret_value())
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("A letter could not be sent: %s", type(error).__name__)
