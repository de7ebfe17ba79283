"""What a page says of a job: its kind, its state in words, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.jobs.kinds import Kind
from api.jobs.queue import OPEN
from api.jobs.rows import JobItemRow, JobRow
from api.pages.language import N_, Language

TITLES: Final[Mapping[str, str]] = {
    Kind.REPORTS.value: N_("Reports of patients"),
    Kind.REANALYSIS.value: N_("Recordings analysed again"),
    Kind.IMPORT.value: N_("Recordings imported"),
    Kind.RETENTION.value: N_("Old recordings erased"),
}
STATES: Final[Mapping[str, str]] = {
    "waiting": N_("waits"),
    "running": N_("at work"),
    "done": N_("done"),
    "failed": N_("not done"),
    "cancelled": N_("stopped"),
}
# Longer than this without a beginning, and it is likely that nobody works.
UNSEEN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownJob:
    """A job on a page.

    Parameters
    ----------
    id : UUID
        Which.
    title, state, asked : str
        In words: what, how it stands, by whom and when.
    code : str
        The state, for style and programs.
    n_over, n_all : int
        Items that are done or failed, and all.
    progress : str
        The same in words.
    problem : str
        Why something is not done; empty if nothing is wrong.
    note : str
        What else there is to know.
    result : str
        Where what it made can be had; empty if there is nothing.
    refused : tuple of (str, str)
        Files that could not be used, and why.

    """

    id: UUID
    title: str
    code: str
    state: str
    asked: str
    n_over: int
    n_all: int
    progress: str
    problem: str = ""
    note: str = ""
    result: str = ""
    result_words: str = ""
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.code in OPEN

    @property
    def can_try_again(self) -> bool:
        """Whether something of it is left to do."""
        has_failed = bool(self.problem or self.refused)
        return not self.is_open and (self.code != "done" or has_failed)


def show_job(
    job: JobRow, language: Language, now: datetime, failed: Sequence[JobItemRow] = ()
) -> ShownJob:
    """Return what a page says of a job; of those that failed only files are named."""
    refused = tuple((one.file_name, one.reason) for one in failed if one.file_name)
    moment = f"{language.short_day(job.asked_at)} {language.time(job.asked_at)}"
    result, words = _result(job, language)
    return ShownJob(
        id=job.id,
        title=language.say(TITLES.get(job.kind, job.kind)),
        code=job.state,
        state=language.say(STATES[job.state]),
        asked=f"{moment} · {job.asked_name}" if job.asked_name else moment,
        n_over=job.n_done + job.n_failed,
        n_all=job.n_all,
        progress=_progress(job, language),
        problem="" if refused else job.problem,
        note=_note(job, language, now),
        result=result,
        result_words=words,
        refused=refused,
    )


def _progress(job: JobRow, language: Language) -> str:
    said = language.say(N_("%(n)s of %(all)s done"), n=job.n_done, all=job.n_all)
    if job.n_failed:
        said += ", " + language.say(N_("%(n)s not"), n=job.n_failed)
    return said


def _note(job: JobRow, language: Language, now: datetime) -> str:
    if job.state != "waiting":
        return ""
    if job.n_tries:
        return language.say(N_("Tries again at %(time)s."), time=language.time(job.not_before))
    if now - job.not_before > UNSEEN:
        return language.say(N_("Nothing works on it: is tempo90 work running?"))
    return ""


def _result(job: JobRow, language: Language) -> tuple[str, str]:
    if job.state == "done" and job.kind == Kind.REPORTS.value and job.n_done:
        return f"/jobs/{job.id}/reports.zip", language.say(N_("Get the reports"))
    if job.kind == Kind.IMPORT.value and job.n_done:
        patient_id = job.wishes.get("patient_id")
        return f"/sessions?patient_id={patient_id}", language.say(N_("To the sessions"))
    if job.kind == Kind.REANALYSIS.value and job.n_done:
        return "/results", language.say(N_("To the newer results"))
    return "", ""
