import re
from pathlib import Path

from api.access import Role, Scope
from tracker.clinic_serving import ClinicSettings

DOCS = Path(__file__).resolve().parents[2] / "docs"


def variables(model, prefix):
    """The names of the environment variables of settings, those of nested ones too."""
    for name, field in model.model_fields.items():
        kinds = getattr(field.annotation, "__args__", (field.annotation,))
        nested = [kind for kind in kinds if hasattr(kind, "model_fields")]
        if nested:
            yield from variables(nested[0], f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def test_every_setting_of_a_clinic_is_in_the_docs_and_no_other():
    page = (DOCS / "how-to" / "run-a-clinic.md").read_text("utf-8")

    documented = set(re.findall(r"\| `(TEMPO90_CLINIC_\w+)` \|", page))

    assert documented == set(variables(ClinicSettings, "TEMPO90_CLINIC_"))


def test_every_role_and_every_consent_has_its_entry():
    page = (DOCS / "reference" / "access.md").read_text("utf-8")

    assert [one.value for one in (*Role, *Scope) if f"| `{one.value}` |" not in page] == []
