import pytest

from tests import postgres
from tests.object_store import s3_service
from tools import server_demo


def test_a_clinic_on_postgresql_and_an_object_store_works_from_nothing(tmp_path):
    postgres.server()  # skips where the packages are missing
    with s3_service():
        pass
    steps = server_demo.Steps()

    server_demo.run(steps, tmp_path)

    assert len(steps.done) == 9


def test_a_wrong_step_is_told_and_ends_the_demonstration(monkeypatch, capsys):
    def fail(*_):
        raise server_demo.ProgramError("tempo90 serve ended with 2: the port is taken")

    monkeypatch.setattr(server_demo, "run", fail)
    monkeypatch.setattr("sys.argv", ["server_demo.py"])

    code = server_demo.main()

    assert code == 1
    assert "the port is taken" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["ends", "says something else"])
def test_a_program_that_does_not_come_up_says_what_it_wrote(wrong, tmp_path):
    words = ("--no-such-option",) if wrong == "ends" else ("--help",)

    with (
        pytest.raises(server_demo.ProgramError, match=r"tempo90 doctor never printed"),
        server_demo.running_tempo90("doctor", *words, env={"TEMPO90_DATA": str(tmp_path)}) as one,
    ):
        one.wait_for("listening at")
