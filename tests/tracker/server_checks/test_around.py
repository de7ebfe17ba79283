import os
import socket
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.access.settings import MailSettings
from tracker.server_checks.around import check_backups, check_certificate, check_mail

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)


def certificate(folder, *, begins, ends):
    """A certificate file of a clinic that does not exist."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tempo.clinic.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW + begins)
        .not_valid_after(NOW + ends)
        .sign(key, hashes.SHA256())
    )
    path = folder / "chain.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(
    ("begins_days", "ends_days", "is_well", "is_needed"),
    [(-30, 60, True, False), (-70, 20, False, False), (-90, -1, False, True), (1, 90, False, True)],
)
def test_a_certificate_is_told_before_it_ends(tmp_path, begins_days, ends_days, is_well, is_needed):
    begins, ends = timedelta(days=begins_days), timedelta(days=ends_days)

    finding = check_certificate(certificate(tmp_path, begins=begins, ends=ends), NOW)

    assert (finding.is_well, finding.is_needed) == (is_well, is_needed)
    assert finding.advice


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_certificate_that_cannot_be_read_says_which_setting_names_it(tmp_path, content):
    path = tmp_path / "chain.pem"
    if content is not None:
        path.write_bytes(content)

    finding = check_certificate(path, NOW)

    assert not finding.is_well
    assert "TEMPO90_CLINIC_CERTIFICATE" in finding.advice


@pytest.mark.parametrize(("age_h", "is_well"), [(1, True), (25, True), (27, False)])
def test_the_newest_backup_counts(tmp_path, age_h, is_well):
    for name, hours in (("old/tempo90.dump", 500), ("tempo90.dump", age_h)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"rows")
        written_s = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name, (written_s, written_s))

    in_folder, as_file = check_backups(tmp_path, NOW), check_backups(tmp_path / "tempo90.dump", NOW)

    assert (in_folder.is_well, as_file.is_well) == (is_well, is_well)
    assert in_folder.found == f"the last is {age_h} h old"


@pytest.mark.parametrize("is_there", [True, False])
def test_an_empty_file_is_no_backup_and_neither_is_a_folder_that_is_not_there(tmp_path, is_there):
    place = tmp_path / "backups"
    if is_there:
        place.mkdir()
        (place / "tempo90.dump").touch()

    assert not check_backups(place, NOW).is_well


def test_a_mail_server_is_greeted_and_sent_nothing():
    class Box:
        letters = 0

        async def handle_DATA(self, *_):  # noqa: N802  # aiosmtpd's name
            self.letters += 1
            return "250 taken"

    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    told = {"host": "127.0.0.1", "port": port, "sender": "tempo90@clinic.example"}
    server.start()

    plain = check_mail(MailSettings(**told, has_start_tls=False))
    wants_tls = check_mail(MailSettings(**told))
    server.stop()
    away = check_mail(MailSettings(**told, has_start_tls=False))

    assert (plain.is_well, wants_tls.is_well, away.is_well) == (True, False, False)
    assert "TEMPO90_CLINIC_MAIL__" in away.advice
    assert box.letters == 0
