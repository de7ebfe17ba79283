"""The permission table of the patient's side: one line for each route (see `api.access.table`)."""

from collections.abc import Mapping
from typing import Final

from api.access import LOCAL_ONLY, PUBLIC, Role, Rule, Scope, clinical, of_accounts

# The running training, its sensor and its files are those of the computer the service runs on.
TRACKER_RULES: Final[Mapping[str, Rule]] = {
    "GET /live": LOCAL_ONLY,
    "GET /train": LOCAL_ONLY,
    # What makes an installed app of the pages, and knows nobody.
    "GET /manifest.webmanifest": PUBLIC,
    "GET /worker.js": PUBLIC,
    "GET /icons/{name}.png": PUBLIC,
    "GET /offline": PUBLIC,
    "GET /practice": PUBLIC,
    "GET /intervals": PUBLIC,
    "WS /ws/live": LOCAL_ONLY,
    # Looking along: a training tells its own patient's room, a clinician with consent looks on.
    "WS /ws/my-live": Rule(roles=frozenset({Role.PATIENT, Role.APP}), scope=Scope.LIVE),
    "GET /patients/{patient_id}/live": clinical(Role.CLINICIAN, scope=Scope.LIVE),
    "WS /ws/patients/{patient_id}/live": clinical(Role.CLINICIAN, scope=Scope.LIVE),
    "GET /backup": LOCAL_ONLY,
    "POST /backup": LOCAL_ONLY,
    "POST /restore": LOCAL_ONLY,
    "GET /restore/{incoming_id}": LOCAL_ONLY,
    "POST /restore/{incoming_id}": LOCAL_ONLY,
    "POST /whats-new/seen": LOCAL_ONLY,
    "GET /upload": LOCAL_ONLY,
    "POST /upload/recording": LOCAL_ONLY,
    "POST /upload/{tray}/preview": LOCAL_ONLY,
    "POST /upload/{tray}/session": LOCAL_ONLY,
    "GET /my-clinic": LOCAL_ONLY,
    "POST /my-clinic": LOCAL_ONLY,
    "POST /my-clinic/send": LOCAL_ONLY,
    "POST /my-clinic/remove": LOCAL_ONLY,
    # At home whoever sits at the computer shows a code; at a clinic the patient has a log-in.
    "GET /phone": of_accounts(Role.OWNER, Role.PATIENT),
    "WS /ws/phone": clinical(Role.PATIENT),
    "GET /pair": LOCAL_ONLY,
    "GET /pair/state": LOCAL_ONLY,
    "GET /pair/code.svg": LOCAL_ONLY,
}
