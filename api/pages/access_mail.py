"""The words of letters."""

from api.access.mail import Letter
from api.pages.language import N_, Language

SUBJECT = N_("A new password for tempo90")
TEXT = N_(
    "Somebody asked for a new password for your account at tempo90. If it was you, open\n\n"
    "%(link)s\n\nor type this code: %(code)s\n\nIt works for one hour, once. If it was not you, "
    "leave it: nothing changes."
)


def reset_letter(to: str, link: str, code: str, language: Language) -> Letter:
    """Return the letter with a code for a new password."""
    text = language.say(TEXT, link=link, code=code)
    return Letter(to=to, subject=language.say(SUBJECT), text=text)
