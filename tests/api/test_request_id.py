from uuid import UUID

import pytest

from api.request_id import HEADER


def test_a_well_formed_id_of_a_proxy_comes_back(api):
    given = "7f3c9e52-made-by-the-proxy"

    answer = api.client.get("/health", headers={HEADER: given})

    assert answer.headers[HEADER] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "Jan de Vries", "abcdefgh;ijk"])
def test_an_id_of_another_form_is_replaced_and_not_repeated(api, given):
    headers = {HEADER: given}

    answer = api.client.get("/health", headers=headers)

    assert str(UUID(answer.headers[HEADER])) == answer.headers[HEADER]


def test_two_requests_never_share_an_id(api):
    first = api.client.get("/health")
    second = api.client.get("/health")

    assert first.headers[HEADER] != second.headers[HEADER]


def test_the_answer_to_a_defect_has_the_id_under_which_the_log_tells_of_it(api, caplog):
    @api.app.get("/api/v1/defect")
    def fail():
        raise ZeroDivisionError

    answer = api.client.get("/api/v1/defect")

    api.app.router.routes.pop()
    assert answer.status_code == 500
    assert UUID(answer.headers[HEADER])
    assert answer.headers[HEADER] in answer.json()["detail"]
    assert "ZeroDivisionError" in caplog.text


def test_a_request_that_the_guard_refuses_has_an_id_too(api):
    answer = api.client.get("/health", headers={"Host": "elsewhere.example"})

    assert answer.status_code == 421
    assert UUID(answer.headers[HEADER])
