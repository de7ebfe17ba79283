"""Who may see what: log-in, roles, the permission table, consent, and the audit log."""

from api.access.accounts import has_administrator
from api.access.confinement import confine
from api.access.control import AccessControl
from api.access.door import Door, Entered, Visitor
from api.access.gate import Gate, identity_of
from api.access.identity import NOBODY, Identity, Role, Stage
from api.access.ownership import About
from api.access.rules import LOCAL_ONLY, PUBLIC, Rule, RuleBook, Scope, clinical, of_accounts
from api.access.settings import AccessSettings
from api.access.table import API_RULES
from api.access.written import note_writes

__all__ = [
    "API_RULES",
    "LOCAL_ONLY",
    "NOBODY",
    "PUBLIC",
    "About",
    "AccessControl",
    "AccessSettings",
    "Door",
    "Entered",
    "Gate",
    "Identity",
    "Role",
    "Rule",
    "RuleBook",
    "Scope",
    "Stage",
    "Visitor",
    "clinical",
    "confine",
    "has_administrator",
    "identity_of",
    "note_writes",
    "of_accounts",
]
