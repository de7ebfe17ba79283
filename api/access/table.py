"""The permission table of the service: one line for each route.

    clinical(roles, scope)   data of patients: the roles that may ask, each within its own reach;
                             a clinician's reach is treatment plus consent to the scope
    of_accounts(roles)       log-ins themselves; without roles, everyone who logged in
    PUBLIC                   no log-in
    LOCAL_ONLY               only at a computer that nobody else can reach

A route without a line here is `LOCAL_ONLY`, and a test fails.
"""

from collections.abc import Mapping
from typing import Final

from api.access.identity import Role, Stage
from api.access.rules import LOCAL_ONLY, PUBLIC, Rule, Scope, clinical, of_accounts

APP, PATIENT, CLINICIAN, ADMIN = Role.APP, Role.PATIENT, Role.CLINICIAN, Role.ADMINISTRATOR
ANY_STAGE: Final = frozenset(Stage)
WITH_PASSWORD: Final = frozenset({Stage.ENROL, Stage.FULL})
OF_PATIENT: Final = "/api/v1/patients/{patient_id}"
CORRECTION: Final = "/api/v1/sessions/{session_id}/sets/{number}/correction"
REP_MARK: Final = "/api/v1/sessions/{session_id}/sets/{number}/reps/{rep_number}/mark"
RESULTS: Final = "/api/v1/sessions/{session_id}/results"
PAGES_OF: Final = "/patients/{patient_id}"
CLINIC_OF: Final = "/clinic/patients/{patient_id}"
# What holds for the whole clinic and is about nobody.
OF_CLINIC: Final = Rule(roles=frozenset({Role.OWNER, CLINICIAN}))
OF_JOBS: Final = Rule(roles=frozenset({Role.OWNER, CLINICIAN, ADMIN}))
# Pages of the programme stand twice: one's own at "/today", those of one patient below PAGES_OF.
FOR_BOTH: Final = (
    "GET /today",
    "GET /calendar",
    "GET /calendar/{on}",
    "GET /intake",
    "POST /intake",
    "GET /sport",
    "GET /sport/{sport_id}/{day_id}",
    "GET /prescription",
    "GET /report",
)
# Only a clinician prescribes; at home, whoever sits at the computer.
PRESCRIBING: Final = (
    "GET /prescription/edit",
    "POST /prescription/edit",
    "POST /prescription/undo",
    "POST /prescription/templates/{template_id}/remove",
)
TOLD_BY_PATIENT: Final = (
    "POST /advice",
    "POST /advice/{answer_id}/undo",
    "POST /answers",
    "POST /check-in",
    "POST /check-in/{check_in_id}/undo",
    "POST /rest-days",
    "POST /rest-days/{rest_on}/undo",
    "GET /self-report",
    "POST /self-report",
    "POST /self-report/{report_id}/undo",
    "POST /sport/start",
    "POST /sport/undo",
    "POST /sport/diary",
    "POST /sport/diary/{entry_id}/undo",
    "POST /messages/{message_id}/seen",
    "GET /reminders",
    "GET /reminders.ics",
    "GET /my-data",
    "GET /my-data/tempo90-export.zip",
)
# Pages and forms of a clinician about one patient; % stands for the patient's address.
BY_CLINICIAN: Final = (
    "GET %",
    "POST %/marks",
    "POST %/marks/{mark_id}/undo",
    "POST %/notes",
    "POST %/notes/{note_id}/remove",
    "POST %/messages",
    "POST %/messages/{message_id}/withdraw",
    "POST %/extra-weeks",
    "POST %/extra-weeks/{week_id}/undo",
    "POST %/sport",
    "POST %/sport/undo",
    "POST %/totals",
    "POST %/totals/{total_id}/remove",
    "GET %/injuries/new",
    "GET %/injuries/{episode_id}",
    "POST %/injuries/{episode_id}",
)
# In a clinic a patient erases with the password, at /account/erase.
ERASES_AT_HOME: Final = ("GET /my-data/delete", "POST /my-data/delete")
FHIR: Final = "/api/v1/fhir"
FHIR_OF_PATIENTS: Final = (
    "Patient",
    "Patient/{patient_id}",
    "Patient/{patient_id}/$everything",
    "Condition",
    "Condition/{episode_id}",
    "ServiceRequest",
    "ServiceRequest/{prescription_id}",
    "Procedure",
    "Procedure/{session_id}",
    "Observation",
    "Observation/{observation_id}",
    "DocumentReference",
    "DocumentReference/{session_id}",
    "Provenance",
    "Provenance/{session_id}",
    "Device",
    "Device/{device_id}",
    "QuestionnaireResponse",
    "QuestionnaireResponse/{response_id}",
)
FHIR_DEFINITIONS: Final = ("CodeSystem", "ValueSet", "StructureDefinition", "Questionnaire")
RECORDING: Final = "/api/v1/sessions/{session_id}/recording"

API_RULES: Final[Mapping[str, Rule]] = {
    "MOUNT /static": PUBLIC,
    "GET /favicon.ico": PUBLIC,
    "GET /health": PUBLIC,
    "GET /ready": PUBLIC,
    "GET /metrics": PUBLIC,  # of this computer or with a token of its own: api.operations.reading
    "GET /api/v1/openapi.json": PUBLIC,
    "HEAD /api/v1/openapi.json": PUBLIC,
    # Pages of sessions
    "GET /": clinical(PATIENT, CLINICIAN, ADMIN),
    "GET /sessions": clinical(PATIENT, CLINICIAN),
    "GET /sessions/{session_id}": clinical(PATIENT, CLINICIAN),
    # Pages of the programme
    **dict.fromkeys((*FOR_BOTH, *TOLD_BY_PATIENT), clinical(PATIENT)),
    **{name.replace(" ", f" {PAGES_OF}", 1): clinical(PATIENT, CLINICIAN) for name in FOR_BOTH},
    **{name.replace(" ", f" {PAGES_OF}", 1): clinical(PATIENT) for name in TOLD_BY_PATIENT},
    **dict.fromkeys(ERASES_AT_HOME, LOCAL_ONLY),
    **{name.replace(" ", f" {PAGES_OF}", 1): LOCAL_ONLY for name in ERASES_AT_HOME},
    **dict.fromkeys(PRESCRIBING, LOCAL_ONLY),
    **{name.replace(" ", f" {PAGES_OF}", 1): clinical(CLINICIAN) for name in PRESCRIBING},
    "GET /good-to-know": PUBLIC,
    "GET /settings": PUBLIC,
    "POST /settings": PUBLIC,
    "POST /sessions/{session_id}/sets/{number}/correction": clinical(PATIENT),
    # The clinic
    "GET /clinic": clinical(CLINICIAN),
    **{name.replace("%", CLINIC_OF): clinical(CLINICIAN) for name in BY_CLINICIAN},
    f"GET {CLINIC_OF}/import": clinical(CLINICIAN, scope=Scope.RECORDINGS),
    f"POST {CLINIC_OF}/import/recording": clinical(CLINICIAN, scope=Scope.RECORDINGS),
    "GET /api/v1/clinic/patients": clinical(CLINICIAN),
    "GET /api/v1/clinic/thresholds": OF_CLINIC,
    f"POST {OF_PATIENT}/need-marks": clinical(CLINICIAN),
    f"DELETE {OF_PATIENT}/need-marks/{{mark_id}}": clinical(CLINICIAN),
    f"GET {OF_PATIENT}/notes": clinical(CLINICIAN),
    f"POST {OF_PATIENT}/notes": clinical(CLINICIAN),
    f"DELETE {OF_PATIENT}/notes/{{note_id}}": clinical(CLINICIAN),
    f"GET {OF_PATIENT}/messages": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/messages": clinical(CLINICIAN),
    f"DELETE {OF_PATIENT}/messages/{{message_id}}": clinical(CLINICIAN),
    f"PUT {OF_PATIENT}/messages/{{message_id}}/seen": clinical(PATIENT, APP),
    f"GET {OF_PATIENT}/questionnaire-totals": clinical(PATIENT, CLINICIAN),
    f"PUT {OF_PATIENT}/questionnaire-totals/{{total_id}}": clinical(CLINICIAN),
    f"DELETE {OF_PATIENT}/questionnaire-totals/{{total_id}}": clinical(CLINICIAN),
    f"GET {OF_PATIENT}/extra-weeks": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/extra-weeks": clinical(CLINICIAN),
    f"DELETE {OF_PATIENT}/extra-weeks/{{week_id}}": clinical(CLINICIAN),
    # Jobs: each sees only what they asked for themselves
    "GET /jobs": OF_JOBS,
    "POST /jobs/reports": clinical(CLINICIAN),
    "POST /jobs/reanalysis": clinical(CLINICIAN, scope=Scope.RECORDINGS),
    "POST /jobs/retention": of_accounts(ADMIN),
    "POST /jobs/{job_id}/{step}": OF_JOBS,
    "GET /jobs/{job_id}/reports.zip": OF_CLINIC,  # notes itself whose reports are in it
    "GET /clinic/thresholds": OF_CLINIC,
    "POST /clinic/thresholds": OF_CLINIC,
    # Patients
    "GET /api/v1/patients": clinical(PATIENT, CLINICIAN),
    "GET /api/v1/patients/{patient_id}": clinical(PATIENT, CLINICIAN),
    "PUT /api/v1/patients/{patient_id}": clinical(PATIENT),
    "DELETE /api/v1/patients/{patient_id}": clinical(PATIENT),
    "GET /api/v1/patients/{patient_id}/export": clinical(PATIENT),
    "GET /api/v1/patients/{patient_id}/sessions": clinical(PATIENT, CLINICIAN),
    "GET /api/v1/patients/{patient_id}/injury-episodes": clinical(PATIENT, CLINICIAN),
    "PUT /api/v1/patients/{patient_id}/injury-episodes/{episode_id}": clinical(PATIENT, CLINICIAN),
    "GET /api/v1/patients/{patient_id}/report.pdf": clinical(PATIENT, CLINICIAN),
    "GET /api/v1/patients/{patient_id}/results.zip": clinical(PATIENT, CLINICIAN),
    "GET /api/v1/patients/{patient_id}/data-days": clinical(PATIENT, CLINICIAN),
    # Prescriptions
    "GET /api/v1/prescriptions": clinical(PATIENT, CLINICIAN),
    "POST /api/v1/prescriptions": clinical(CLINICIAN),
    "GET /api/v1/prescriptions/{prescription_id}": clinical(PATIENT, CLINICIAN),
    f"GET {OF_PATIENT}/from-clinic": clinical(PATIENT, APP),
    f"PUT {OF_PATIENT}/from-home/programme": clinical(PATIENT, APP),
    f"GET {OF_PATIENT}/prescription": clinical(PATIENT, CLINICIAN),
    f"GET {OF_PATIENT}/prescription/versions": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/prescription/versions": clinical(CLINICIAN),
    f"POST {OF_PATIENT}/prescription/undo": clinical(CLINICIAN),
    # Sessions
    "GET /api/v1/sessions": clinical(PATIENT, CLINICIAN),
    "GET /api/v1/sessions/{session_id}": clinical(PATIENT, CLINICIAN),
    "PUT /api/v1/sessions/{session_id}": clinical(PATIENT, APP, is_noted_within=True),
    "GET /api/v1/sessions/{session_id}/sets/{number}/trace": clinical(PATIENT, CLINICIAN),
    f"GET {RECORDING}": clinical(PATIENT, CLINICIAN, scope=Scope.RECORDINGS),
    f"HEAD {RECORDING}": clinical(PATIENT, APP, CLINICIAN, scope=Scope.RECORDINGS),
    f"PUT {RECORDING}": clinical(PATIENT, APP, scope=Scope.RECORDINGS),
    f"PATCH {RECORDING}": clinical(PATIENT, APP, scope=Scope.RECORDINGS),
    # Review
    "GET /sessions/{session_id}/review": clinical(CLINICIAN),
    "POST /sessions/{session_id}/sets/{number}/marks": clinical(CLINICIAN),
    "POST /sessions/{session_id}/sets/{number}/reps/{rep_number}/mark/undo": clinical(CLINICIAN),
    "GET /api/v1/sessions/{session_id}/marks": clinical(PATIENT, CLINICIAN),
    f"PUT {REP_MARK}": clinical(CLINICIAN),
    f"DELETE {REP_MARK}": clinical(CLINICIAN),
    "GET /sessions/{session_id}/compare": clinical(CLINICIAN),
    "GET /results": clinical(CLINICIAN),
    "POST /results/accept-same": clinical(CLINICIAN),
    "GET /sessions/{session_id}/results": clinical(CLINICIAN),
    "POST /sessions/{session_id}/results": clinical(CLINICIAN, scope=Scope.RECORDINGS),
    "POST /sessions/{session_id}/results/{result_number}/{decision}": clinical(CLINICIAN),
    f"GET {RESULTS}": clinical(PATIENT, CLINICIAN),
    f"POST {RESULTS}": clinical(CLINICIAN, scope=Scope.RECORDINGS),
    f"GET {RESULTS}/{{result_number}}": clinical(PATIENT, CLINICIAN),
    f"POST {RESULTS}/{{result_number}}/accept": clinical(CLINICIAN),
    f"POST {RESULTS}/{{result_number}}/decline": clinical(CLINICIAN),
    # The programme
    f"GET {OF_PATIENT}/enrolment": clinical(PATIENT, CLINICIAN),
    f"PUT {OF_PATIENT}/enrolment": clinical(PATIENT, CLINICIAN),
    f"GET {OF_PATIENT}/today": clinical(PATIENT, CLINICIAN),
    f"GET {OF_PATIENT}/calendar": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/advice-answers": clinical(PATIENT),
    f"DELETE {OF_PATIENT}/advice-answers/{{answer_id}}": clinical(PATIENT),
    f"GET {OF_PATIENT}/rest-days": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/rest-days": clinical(PATIENT),
    f"DELETE {OF_PATIENT}/rest-days/{{rest_on}}": clinical(PATIENT),
    f"GET {OF_PATIENT}/check-ins": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/check-ins": clinical(PATIENT, APP),
    f"DELETE {OF_PATIENT}/check-ins/{{check_in_id}}": clinical(PATIENT),
    f"POST {OF_PATIENT}/answers": clinical(PATIENT, APP),
    f"GET {OF_PATIENT}/diary": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/diary": clinical(PATIENT, APP),
    f"DELETE {OF_PATIENT}/diary/{{entry_id}}": clinical(PATIENT),
    f"GET {OF_PATIENT}/self-reports": clinical(PATIENT, CLINICIAN),
    f"POST {OF_PATIENT}/self-reports": clinical(PATIENT, APP),
    f"DELETE {OF_PATIENT}/self-reports/{{report_id}}": clinical(PATIENT),
    f"PUT {CORRECTION}": clinical(PATIENT, APP),
    f"DELETE {CORRECTION}": clinical(PATIENT),
    # FHIR
    f"GET {FHIR}/metadata": PUBLIC,
    **{f"GET {FHIR}/{kind}": PUBLIC for kind in FHIR_DEFINITIONS},
    **{f"GET {FHIR}/{kind}/{{definition_id}}": PUBLIC for kind in FHIR_DEFINITIONS},
    **{f"GET {FHIR}/{path}": clinical(PATIENT, CLINICIAN) for path in FHIR_OF_PATIENTS},
    f"GET {FHIR}/Consent": clinical(PATIENT),
    f"GET {FHIR}/Consent/{{care_id}}": clinical(PATIENT),
    # Coming in and going out
    "GET /log-in": PUBLIC,
    "POST /log-in": PUBLIC,
    "GET /log-in/elsewhere": PUBLIC,
    "GET /log-in/elsewhere/back": PUBLIC,
    "POST /log-in/passkey/options": PUBLIC,
    "POST /log-in/passkey": PUBLIC,
    "GET /log-in/second-factor": of_accounts(stages=frozenset({Stage.FACTOR})),
    "POST /log-in/second-factor": of_accounts(stages=frozenset({Stage.FACTOR})),
    "POST /log-out": of_accounts(stages=ANY_STAGE),
    "GET /invitation": PUBLIC,
    "POST /invitation": PUBLIC,
    "POST /invitation/accept": PUBLIC,
    "POST /invitation/join": of_accounts(PATIENT),
    "GET /password-reset": PUBLIC,
    "POST /password-reset": PUBLIC,
    "POST /password-reset/code": PUBLIC,
    # One's own account
    "GET /api/v1/me": Rule(roles=frozenset({APP, PATIENT, CLINICIAN, ADMIN, Role.OWNER})),
    "GET /account": of_accounts(),
    "POST /account/password": of_accounts(),
    "POST /account/log-ins/{login_id}/end": of_accounts(),
    "POST /account/tokens": of_accounts(PATIENT),
    "POST /account/tokens/{token_id}/remove": of_accounts(PATIENT),
    "GET /account/second-factor": of_accounts(stages=WITH_PASSWORD),
    "POST /account/second-factor": of_accounts(stages=WITH_PASSWORD),
    "POST /account/recovery-codes": of_accounts(),
    "POST /account/passkeys/options": of_accounts(),
    "POST /account/passkeys": of_accounts(),
    "POST /account/passkeys/{passkey_id}/remove": of_accounts(),
    "GET /consent": of_accounts(PATIENT),
    "POST /consent/{care_id}": of_accounts(PATIENT),
    "POST /consent/{care_id}/end": of_accounts(PATIENT),
    "GET /account/erase": of_accounts(PATIENT),
    "POST /account/erase": of_accounts(PATIENT),
    # Others' accounts
    "GET /invitations": of_accounts(CLINICIAN, ADMIN),
    "POST /invitations": of_accounts(CLINICIAN, ADMIN),
    "POST /invitations/{invitation_id}/withdraw": of_accounts(CLINICIAN, ADMIN),
    "GET /users": of_accounts(ADMIN),
    "POST /users/{account_id}/reset": of_accounts(ADMIN),
    "POST /users/{account_id}/close": of_accounts(ADMIN),
    "POST /users/{account_id}/open": of_accounts(ADMIN),
    "POST /users/{account_id}/forget-factor": of_accounts(ADMIN),
    "GET /audit": of_accounts(PATIENT, ADMIN),
    "GET /api/v1/audit": of_accounts(PATIENT, ADMIN),
}
