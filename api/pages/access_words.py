"""What pages say about log-in: refusals, roles, browsers, and lines of the audit log."""

from typing import Final

from api.access.errors import TooManyTriesError
from api.access.identity import Role
from api.access.rules import Scope
from api.errors import ApiError
from api.pages.language import N_, Language

REFUSALS: Final = {
    "wrong-login": N_("That does not fit. Look at it again and retry."),
    "wrong-passkey": N_("This passkey opens nothing here. Use your password."),
    "weak-password": N_("Take a longer password: ten characters or more, such as a few words."),
    "bad-login-name": N_("A log-in name is a mail address, or a word without spaces."),
    "login-taken": N_("Somebody else has this log-in name; take another."),
    "spent-code": N_("This code does not work: it is unknown, used or too old. Ask for a new one."),
    "elsewhere": N_("Logging in elsewhere did not work. Try again, or use your password here."),
    "not-allowed": N_("This is not for you: ask the person who sent you here."),
}
WAIT: Final = N_("That was tried too often. Try again in %(minutes)s min.")
OTHER: Final = N_("That did not work. Try again in a moment.")
ROLES: Final = {
    Role.OWNER: N_("owner of this computer"),
    Role.PATIENT: N_("patient"),
    Role.CLINICIAN: N_("clinician"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.APP: N_("app"),
    Role.NOBODY: N_("nobody"),
}
SCOPES: Final = {
    Scope.RESULTS: N_("My programme, sessions, pain and diary"),
    Scope.RECORDINGS: N_("The raw recordings of my sensor"),
    Scope.LIVE: N_("Looking along while I train"),
}
ACTIONS: Final = {"read": N_("looked"), "write": N_("changed"), "account": N_("account")}
# What the routes of the audit log are about: the first part that is in a route's name says it.
PLACES: Final = (
    ("/recording", N_("raw recording")),
    ("$everything", N_("everything, in one file")),
    ("/export", N_("everything, in one file")),
    ("/fhir/", N_("data as FHIR")),
    ("/from-clinic", N_("what the clinic ordered and wrote, for a linked computer")),
    ("/from-home/programme", N_("the programme, from the patient's own computer")),
    ("/need-marks", N_("set aside in the list")),
    ("/clinic/patients/{patient_id}/marks", N_("set aside in the list")),
    ("/mark", N_("a repetition marked")),
    ("/injur", N_("injury")),
    ("/prescription", N_("exercises prescribed")),
    ("/extra-weeks", N_("a week longer")),
    ("/messages", N_("messages to the patient")),
    ("/notes", N_("notes")),
    ("totals", N_("total of a questionnaire")),
    ("/results.zip", N_("results as tables")),
    ("/results", N_("newer results")),
    ("/report", N_("report")),
    ("/calendar", N_("calendar")),
    ("/today", N_("plan of the day")),
    ("/sport", N_("return to sport")),
    ("/check-in", N_("pain told without training")),
    ("/self-report", N_("what was done without measuring")),
    ("/intake", N_("start of the programme")),
    ("/clinic/patients/{patient_id}/import", N_("recordings imported")),
    ("/clinic/patients/{patient_id}", N_("overview of the patient")),
    ("/clinic", N_("list by need")),
    ("/diary", N_("diary")),
    ("/correction", N_("a set corrected")),
    ("{session_id}", N_("session")),
    ("/sessions", N_("list of sessions")),
    ("/patients/{patient_id}/", N_("programme")),
    ("/patients/{patient_id}", N_("name and language")),
    ("log-in", N_("log-in")),
    ("second factor", N_("second step")),
    ("passkey added", N_("passkey added")),
    ("passkey removed", N_("passkey removed")),
    ("recovery codes", N_("recovery codes")),
    ("password", N_("password")),
    ("reset code", N_("code for a new password")),
    ("app token", N_("key for an app")),
    ("invitation", N_("invitation")),
    ("treatment ended", N_("treatment ended")),
    ("consent", N_("consent")),
    ("erased", N_("everything removed")),
    ("account", N_("account")),
    ("GET /", N_("list of sessions")),
)
# Parts of what a browser calls itself; the first that fits names it.
SYSTEMS: Final = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
BROWSERS: Final = ("Edg", "Firefox", "Chrome", "Safari")


def refusal(error: ApiError, language: Language) -> str:
    """Say why something did not work."""
    if isinstance(error, TooManyTriesError):
        return language.say(WAIT, minutes=-(-error.wait_s // 60))
    return language.say(REFUSALS.get(error.code, OTHER))


def role(code: str, language: Language) -> str:
    """Name a role."""
    return language.say(ROLES[Role(code)])


def place(route: str, language: Language) -> str:
    """Say what a line of the audit log is about; a route without words keeps its name."""
    if route == "GET /api/v1/patients":
        return language.say(N_("list of patients"))
    return next((language.say(words) for part, words in PLACES if part in route), route)


def scopes(language: Language) -> list[tuple[str, str]]:
    """Return what can be consented to: its code and its words."""
    return [(scope.value, language.say(words)) for scope, words in SCOPES.items()]


def browser(agent: str) -> str:
    """Name a browser by what it calls itself.

    Examples
    --------
    >>> browser("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
    'Chrome, Linux'

    """
    names = [next((name for name in known if name in agent), "") for known in (BROWSERS, SYSTEMS)]
    names[0] = {"Edg": "Edge"}.get(names[0], names[0])
    return ", ".join(name for name in names if name) or agent[:40]
