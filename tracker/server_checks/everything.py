"""All checks of a server, in the order in which they are told."""

from tracker.clinic_settings import ClinicSettings
from tracker.doctor import Finding, check_disk, check_folder, check_packages, check_python
from tracker.server_checks.around import check_backups, check_certificate, check_mail
from tracker.server_checks.data import Clock, check_database, check_recordings
from tracker.settings import DataFolder
from tracker.source_finding import find_source


def check_server(folder: DataFolder, settings: ClinicSettings, clock: Clock) -> list[Finding]:
    """Run every check that the settings give reason for; none raises, none changes a table.

    Parameters
    ----------
    folder : DataFolder
        The data folder of the server.
    settings : ClinicSettings
        What the environment tells its service.
    clock : callable
        Returns the time of this computer, with a zone.

    """
    source, now = find_source(folder), clock()
    findings = [check_python(), check_packages(), check_folder(folder), check_disk(folder)]
    findings += check_database(source, clock)
    findings.append(check_recordings(source))
    if settings.certificate is not None:
        findings.append(check_certificate(settings.certificate, now))
    if settings.mail is not None:
        findings.append(check_mail(settings.mail))
    if settings.backups is not None:
        findings.append(check_backups(settings.backups, now))
    return findings
