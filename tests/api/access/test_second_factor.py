import re

from api.access import Role
from tests.api.access.people import PASSWORD, heading, open_clinic

STAFF = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR})


def secret_on(page):
    return re.search(r'name="secret" value="([A-Z2-7]+)"', page.text).group(1)


def turn_on(clinic, person):
    secret = secret_on(person.client.get("/account/second-factor"))
    form = {"secret": secret, "code": clinic.digits(secret), "password": PASSWORD}
    answer = person.client.post("/account/second-factor", data=form)
    codes = re.findall(r"<li>([0-9A-Z-]{23})</li>", answer.text)
    return secret, codes


def give(person, code):
    return person.client.post("/log-in/second-factor", data={"code": code}, follow_redirects=False)


def test_a_clinician_goes_nowhere_before_the_second_step_is_set():
    with open_clinic(factor_roles=STAFF) as clinic:
        physio = clinic.add(Role.CLINICIAN, "physio")

        before = physio.client.get("/", headers={"Accept": "text/html"}, follow_redirects=False)
        program = physio.client.get("/api/v1/patients")
        _, codes = turn_on(clinic, physio)

        assert before.headers["location"] == "/account/second-factor"
        assert program.status_code == 401
        assert len(set(codes)) == 8
        assert physio.client.get("/api/v1/patients").status_code == 200


def test_the_second_step_is_set_with_the_password_and_a_code_that_fits(clinic, anna):
    secret = secret_on(anna.client.get("/account/second-factor"))
    right = {"secret": secret, "code": clinic.digits(secret), "password": PASSWORD}

    wrong_code = anna.client.post("/account/second-factor", data=right | {"code": "000000"})
    wrong_password = anna.client.post("/account/second-factor", data=right | {"password": "x"})

    assert (wrong_code.status_code, wrong_password.status_code) == (403, 403)
    assert clinic.account(anna).totp_secret is None


def test_then_the_password_alone_opens_nothing(clinic, anna):
    secret, _ = turn_on(clinic, anna)
    clinic.later(minutes=1)

    half = anna.log_in()
    reached = anna.client.get("/api/v1/me").status_code
    wrong = give(anna, "123456")
    right = give(anna, clinic.digits(secret))

    assert half.headers["location"] == "/log-in/second-factor"
    assert reached == 401
    assert (wrong.status_code, right.status_code) == (403, 303)
    assert anna.client.get("/api/v1/me").status_code == 200


def test_a_code_of_the_phone_works_once_and_half_a_minute_early_or_late(clinic, anna):
    secret, _ = turn_on(clinic, anna)
    clinic.later(minutes=2)
    code = clinic.digits(secret)
    clinic.later(seconds=-30)
    anna.log_in()
    early = give(anna, code).status_code
    anna.log_in()
    again = give(anna, code).status_code
    clinic.later(minutes=5)
    late_code = clinic.digits(secret)
    clinic.later(seconds=30)
    anna.log_in()
    late = give(anna, late_code).status_code
    clinic.later(minutes=5)
    anna.log_in()
    old = give(anna, late_code).status_code

    assert (early, again, late, old) == (303, 403, 303, 403)


def test_a_recovery_code_stands_in_once_and_only_for_its_owner(clinic, anna, bert):
    _, codes = turn_on(clinic, anna)
    turn_on(clinic, bert)
    clinic.later(minutes=1)
    bert.log_in()
    of_another = give(bert, codes[0]).status_code
    anna.log_in()
    typed = codes[0].lower().replace("-", " ").replace("0", "o")
    first = give(anna, typed).status_code
    anna.log_in()
    second = give(anna, codes[0]).status_code

    assert (of_another, first, second) == (403, 303, 403)


def test_new_recovery_codes_replace_the_old_ones(clinic, anna):
    _, old = turn_on(clinic, anna)

    refused = anna.client.post("/account/recovery-codes", data={"password": "wrong"})
    page = anna.client.post("/account/recovery-codes", data={"password": PASSWORD})
    new = re.findall(r"<li>([0-9A-Z-]{23})</li>", page.text)
    clinic.later(minutes=1)
    anna.log_in()

    assert refused.status_code == 403
    assert heading(page) == "Recovery codes"
    assert give(anna, old[0]).status_code == 403
    assert give(anna, new[0]).status_code == 303


def test_six_digits_cannot_be_guessed(clinic, anna):
    secret, _ = turn_on(clinic, anna)
    clinic.later(minutes=10)
    anna.log_in()

    statuses = [give(anna, f"{n:06}").status_code for n in range(6)]

    assert statuses == [403] * 5 + [429]
    assert give(anna, clinic.digits(secret)).status_code == 429


def test_an_administrator_helps_who_lost_the_phone(clinic, anna, admin):
    turn_on(clinic, anna)

    admin.client.post(f"/users/{anna.account_id}/forget-factor")

    assert anna.client.get("/api/v1/me").status_code == 401
    assert anna.log_in().headers["location"] == "/"
