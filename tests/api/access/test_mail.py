import re
import socket

import pytest
from aiosmtpd.controller import Controller

from api.access import Role
from api.access.mail import Letter, send
from api.access.settings import MailSettings
from tests.api.access.people import PASSWORD, open_clinic

LOGIN = "anna@clinic.example"
SENDER = "tempo90@clinic.example"


class Box:
    """A mail server's box."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.letters.append(envelope)
        return "250 taken"


@pytest.fixture(scope="module")
def server():
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, MailSettings(host="127.0.0.1", port=port, sender=SENDER, has_start_tls=False)
    controller.stop()


@pytest.fixture
def box(server):
    server[0].letters.clear()
    return server[0]


@pytest.fixture
def clinic(server):
    with open_clinic(mail=server[1], address="https://tempo.clinic.example") as opened:
        opened.add(Role.PATIENT, LOGIN, is_in=False)
        yield opened


def ask(clinic, login=LOGIN, **headers):
    return clinic.browser().post("/password-reset", data={"login": login}, headers=headers)


def test_a_letter_brings_a_link_with_a_code_that_sets_a_new_password(clinic, box):
    ask(clinic, **{"Accept-Language": "nl"})
    (letter,) = box.letters
    text = letter.content.decode()
    code = re.search(r"invitation#([0-9A-Z-]{23})", text).group(1)

    form = {"code": code, "password": "a fresh set of words"}
    done = clinic.browser().post("/password-reset/code", data=form, follow_redirects=False)

    assert letter.rcpt_tos == [LOGIN]
    assert letter.mail_from == SENDER
    assert "Subject: Een nieuw wachtwoord voor tempo90" in text
    assert "https://tempo.clinic.example/invitation#" in text
    assert done.status_code == 303


def test_the_answer_says_not_whether_somebody_has_this_name(clinic, box):
    known, unknown = ask(clinic), ask(clinic, "nobody@clinic.example")

    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert len(box.letters) == 1


def test_nobodys_box_is_filled_with_letters(clinic, box):
    answers = {ask(clinic).status_code for _ in range(6)}

    assert answers == {200}
    assert len(box.letters) == 3


def test_a_name_that_is_no_address_and_a_clinic_without_mail_send_nothing(box):
    with open_clinic() as without:
        without.add(Role.PATIENT, LOGIN, is_in=False)
        ask(without)
        page = without.browser().get("/password-reset").text

    assert box.letters == []
    assert "Send me a code" not in page


def test_a_letter_that_cannot_be_sent_is_logged_without_address_and_text(caplog):
    away = MailSettings(host="127.0.0.1", port=1, sender=SENDER)

    send(away, Letter(to=LOGIN, subject="subject", text=f"code {PASSWORD}"))

    assert "could not be sent" in caplog.text
    assert LOGIN not in caplog.text
    assert PASSWORD not in caplog.text
