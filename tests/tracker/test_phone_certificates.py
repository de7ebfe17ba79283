import shutil
import socket
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from tracker.phone.certificates import CertificateError, ensure_certificates

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = ("localhost", "laptop.local")
HOME = ("127.0.0.1", "192.168.1.20")


def made(folder, *, names=NAMES, addresses=HOME, now=NOW):
    return ensure_certificates(folder, names=names, addresses=addresses, now=now)


def leaf(certificates):
    return x509.load_pem_x509_certificate(certificates.chain.read_bytes())


def authority(certificates):
    return x509.load_pem_x509_certificate(certificates.authority_pem)


def value(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind).value


def test_a_second_start_uses_the_same_certificates(tmp_path):
    first = made(tmp_path)
    before = first.chain.read_bytes()

    second = made(tmp_path, now=NOW + timedelta(days=30))

    assert second.chain.read_bytes() == before
    assert second.fingerprint == first.fingerprint


def test_another_network_gets_a_new_certificate_of_the_same_authority(tmp_path):
    at_home = made(tmp_path)
    before = leaf(at_home)

    elsewhere = made(tmp_path, addresses=("127.0.0.1", "10.0.0.7"))

    assert leaf(elsewhere) != before
    assert elsewhere.authority_pem == at_home.authority_pem


def test_a_certificate_about_to_end_is_renewed(tmp_path):
    before = leaf(made(tmp_path))

    after = leaf(made(tmp_path, now=NOW + timedelta(days=380)))

    assert after != before
    assert after.not_valid_after_utc > NOW + timedelta(days=700)


def test_an_authority_about_to_end_is_made_anew(tmp_path):
    before = made(tmp_path).authority_pem

    after = made(tmp_path, now=NOW + timedelta(days=3400)).authority_pem

    assert after != before


@pytest.mark.parametrize("name", ["authority.pem", "computer.pem", "computer-key.pem"])
def test_a_damaged_file_is_made_anew(tmp_path, name):
    made(tmp_path)
    (tmp_path / name).write_text("nothing of use")

    certificates = made(tmp_path)

    leaf(certificates).verify_directly_issued_by(authority(certificates))


def test_browsers_limits_are_kept(tmp_path):
    certificate = leaf(made(tmp_path))

    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    found = value(certificate, x509.SubjectAlternativeName)
    assert lifetime <= timedelta(days=398)
    assert found.get_values_for_type(x509.DNSName) == list(NAMES)
    assert [str(one) for one in found.get_values_for_type(x509.IPAddress)] == list(HOME)


def test_the_authority_can_sign_no_other_authority_and_no_site_of_the_internet(tmp_path):
    certificate = authority(made(tmp_path))

    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert value(certificate, x509.BasicConstraints).path_length == 0
    assert constraints.critical
    assert {one.value for one in constraints.value.permitted_subtrees} == {"local", "localhost"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_keys_are_readable_by_this_user_alone(tmp_path):
    made(tmp_path / "tls")

    rights = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "tls").glob("*key*")}

    assert rights == {"authority-key.pem": 0o600, "computer-key.pem": 0o600}
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CertificateError, match="cannot be kept"):
        made(tmp_path / "file" / "tls")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_finds_the_chain_sound(tmp_path):
    certificates = made(tmp_path, now=datetime.now(UTC))
    (tmp_path / "ca.pem").write_bytes(certificates.authority_pem)

    checked = subprocess.run(
        [  # noqa: S607
            "openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_ip",
            "192.168.1.20", "-CAfile", "ca.pem", certificates.chain,
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_client_that_trusts_the_authority_is_connected(tmp_path):
    certificates = made(tmp_path, now=datetime.now(UTC))
    trusting = ssl.create_default_context(cadata=certificates.authority_pem.decode())
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificates.chain, certificates.key)
    ours, theirs = socket.socketpair()

    def answer():
        with serving.wrap_socket(theirs, server_side=True) as line:
            line.sendall(b"hello")

    thread = threading.Thread(target=answer)
    thread.start()
    with trusting.wrap_socket(ours, server_hostname="laptop.local") as line:
        heard = line.recv(5)
    thread.join()

    assert heard == b"hello"
